"""Pictures of the map for docs/images: ``python -m tools.map_pictures`` makes one strip a width and theme, a frame a zoom.

Each strip shows the app's page at zooms 9, 12, 15 and 17 side by side, in the headless Chromium with the network cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from PIL import Image
from playwright.sync_api import sync_playwright

from tools.serving import CHROMIUM, PATIENCE_S, ROOT, SWITCHES, streamlit

FOLDER: Final = ROOT / "docs" / "images" / "map"
SIZES: Final = {390: 844, 820: 1000, 1100: 800, 1440: 900}
THEMES: Final = ("light", "dark")
ZOOMS: Final = (9, 12, 15, 17)
_FRAME_PIXELS: Final = 480
"""Width of one frame of a strip."""


@contextmanager
def _pages(browser: Any, width: int, theme: str) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=theme,
        locale="zh-CN",
        has_touch=width < 500,  # a phone
    )
    context.set_default_timeout(PATIENCE_S * 1000)
    yield context.new_page()
    context.close()


def picture(page: Any, address: str) -> Image.Image:
    """The page at an address, once its map is drawn and the map stands in the picture."""
    page.goto("about:blank")
    page.goto(address)
    holder = page.wait_for_selector("iframe.atlas-frame")
    frame = holder.content_frame()
    frame.wait_for_selector('body[data-ready="1"]')
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    holder.evaluate("(node) => node.scrollIntoView({ block: 'end' })")
    frame.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def strip(frames: list[Image.Image]) -> Image.Image:
    """Frames side by side, each made ``_FRAME_PIXELS`` wide at most."""
    width = min(_FRAME_PIXELS, frames[0].width)
    height = round(frames[0].height * width / frames[0].width)
    joined = Image.new("RGB", ((width + 8) * len(frames) - 8, height), "#888")
    for place, frame in enumerate(frames):
        joined.paste(frame.resize((width, height), Image.Resampling.LANCZOS), (place * (width + 8), 0))
    return joined


def main() -> None:
    """Make all strips."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory() as var,
        streamlit(env={"ATLAS_VAR": var}) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for width in SIZES:
            for theme in THEMES:
                with _pages(browser, width, theme) as page:
                    addresses = [
                        f"{server.url}/?as_of=2021-12-31#map={zoom}/31.56500/120.30500" for zoom in ZOOMS
                    ]
                    frames = [picture(page, address) for address in addresses]
                strip(frames).save(Path(FOLDER) / f"{width}-{theme}.webp", quality=62)
        browser.close()


if __name__ == "__main__":
    main()
