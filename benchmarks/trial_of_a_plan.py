"""From the text of a plan alone to a running map of its items, as somebody new would: through the page of plans in a browser.

The register that the page stands on has outlines, names and facilities of the city, and no item, work or event. Seconds are those of
the machine, plus an allowance for a person by the Keystroke-Level Model as in :mod:`benchmarks.trial_of_jobs`, and for reading, which
that model does not have. It is no trial with people. Prints a Markdown table:
``python -m benchmarks.trial_of_a_plan TEXT [FOLDER]``; the folder gets a picture of each step.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Final

from benchmarks.trial_of_jobs import KEY_S, SIZES, THINK_S, Hands
from geo.paths import DATA_DIR
from tools.serving import CHROMIUM, PATIENCE_S, ROOT, SWITCHES, streamlit

READ_CHARACTERS_S: Final = 5.0  # slow, careful reading: 300 characters a minute; an assumption
FIELDS: Final = 7  # what is looked at beside each quote: name, category, number, due date, verb, unit, scope
EMPTIED: Final = (
    "plan_items", "works", "events", "citations", "promises", "photos", "disagreements", "completeness_events",
    "facility_events", "place_matches", "raw_fates",
)  # fmt: skip
TYPED: Final = {
    "计划名称": "无锡市2021年国民经济和社会发展计划",
    "发布者": "无锡市发展和改革委员会",
    "发布日期": "2021-02-18",
    "索引号": "014006438/2021-00796",
}
COMMANDS: Final = (
    "unzip plan-2021.zip -d next",
    "python -m geo check --pack next",
    "ATLAS_DATA=next make run",
)
IN_HAND = "document.querySelector('.plan-text [aria-current]')?.textContent"
WAITING = "document.querySelectorAll('.plan-text mark.drafted').length"


def without_register(out: Path) -> None:
    """A copy of the city's pack in which nothing was ever promised, built or learnt."""
    shutil.copytree(DATA_DIR, out)
    for name in EMPTIED:
        path = out / f"{name}.csv"
        if path.exists():
            path.write_text(path.read_text("utf-8-sig").splitlines()[0] + "\n", "utf-8")


def review(hands: Hands, text: Path, pictures: Path) -> tuple[Path, int]:
    """Bring the text, accept every item by its key, and take the pack.

    Parameters
    ----------
    hands : Hands
        On the page of plans.
    text, pictures : Path

    Returns
    -------
    (Path, int)
        The pack as a file, and how many items were accepted.
    """
    page = hands.page
    hands.bring(page.locator("[data-testid='stFileUploader'] button").first)
    page.locator("input[type=file]").set_input_files(text)
    hands.presses += 3  # the button, the file in the dialog, its button
    hands.begun = time.monotonic()
    hands.wait(page.locator(".plan-text mark").first, hands.begun)
    picture(page, pictures, "review")
    number = page.evaluate(WAITING)
    for left in range(number - 1, -1, -1):
        page.keyboard.press("a")
        hands.keys += 1
        begun = time.monotonic()
        page.wait_for_function(f"() => {WAITING} === {left}")
        hands.wait(page.locator(".plan-text mark").first, begun)
    hands.press(page.get_by_text("这份计划的出处"))
    for label, value in TYPED.items():
        field = page.get_by_role("textbox", name=label)
        hands.press(field)
        field.fill("")
        page.keyboard.type(value)
        hands.characters += len(value)
        page.keyboard.press("Tab")
        hands.keys += 1
    button = hands.bring(page.get_by_role("button", name="下载资料包"))
    with page.expect_download() as download:
        hands.press(button)
    path = pictures / download.value.suggested_filename
    download.value.save_as(path)
    return path, number


def picture(page: Any, folder: Path, name: str) -> None:
    """What is seen, in both sizes."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(1500)
        page.screenshot(path=folder / f"{name}-{size}.png")
    width, height = SIZES["desktop"]
    page.set_viewport_size({"width": width, "height": height})


def main() -> None:
    """Try it, and print what it took."""
    from playwright.sync_api import sync_playwright

    text = Path(sys.argv[1])
    pictures = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty, pack = Path(folder) / "empty", Path(folder) / "next"
        without_register(empty)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        context = browser.new_context(viewport=dict(zip(("width", "height"), SIZES["desktop"], strict=True)))
        context.set_default_timeout(PATIENCE_S * 1000)
        hands = Hands(context.new_page(), time.monotonic())
        with streamlit(data=empty, env={"ATLAS_VAR": f"{folder}/var"}) as server:
            hands.page.goto(f"{server.url}/plan")
            file, number = review(hands, text, pictures)
        begun = time.monotonic()
        with zipfile.ZipFile(file) as archive:
            archive.extractall(pack)
        checked = subprocess.run(
            [sys.executable, "-m", "geo", "check", "--pack", str(pack)], cwd=ROOT, capture_output=True, text=True, check=True
        )  # fmt: skip
        hands.waits.append(time.monotonic() - begun)
        hands.characters += sum(map(len, COMMANDS))
        hands.keys += len(COMMANDS)
        begun = time.monotonic()
        with streamlit(data=pack, env={"ATLAS_VAR": f"{folder}/var-next"}) as server:
            hands.page.goto(f"{server.url}/")
            hands.wait(hands.page.locator("iframe.atlas-frame").first, begun)
            shown = hands.page.locator(".st-key-home_panel").inner_text()
            picture(hands.page, pictures, "map")
            hands.page.goto(f"{server.url}/promise")
            promises = hands.page.locator("ul.promises li")
            hands.wait(promises.first, time.monotonic())
            listed = promises.count()
            picture(hands.page, pictures, "promises")
        browser.close()
    reading = len(text.read_text("utf-8")) / READ_CHARACTERS_S
    looking = number * (FIELDS + 1) * THINK_S
    deciding = number * THINK_S  # before each key that accepts
    machine = sum(hands.waits[1:])
    keys = hands.person_s + deciding
    print(
        "| items | presses | keys | characters typed | first page s | machine s | keys and presses s | looking s | reading s | sum min |"
    )
    print("| --- " * 10 + "|")
    cost = (hands.waits[0], machine, keys, looking, reading)
    total = (machine + keys + looking + reading) / 60
    cells = [listed, hands.presses, hands.keys, hands.characters, *(f"{s:.1f}" for s in cost), f"{total:.1f}"]
    print(f"| {' | '.join(map(str, cells))} |")
    print(f"accepted {number}; {checked.stdout.strip()}; a key {KEY_S} s; {shown[:200]!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
