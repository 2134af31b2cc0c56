"""The share box of the public site, with the network cut: link, QR code, citation, code of a frame and pictures of one view."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import segno
from matplotlib.image import imread

from geo.display.citation import cite
from geo.display.view import Frame, frame_code
from geo.register.city import Atlas
from tests.browser.conftest import Visit
from tests.browser.until import until

VIEW = "as_of=2021-12-31&category=metro&district=320211&shade=done&work=E01"
CAPACITIES = (
    122,
    152,
    180,
    213,
    251,
    287,
)  # bytes of codes of versions 7 to 12 at level M (ISO/IEC 18004, table 7)
FRAME = "map=11.5/31.520000/120.300000"


def shared(visit: Visit) -> dict[str, str]:
    """What the box holds, opened by hand."""
    visit.page.locator("#share-open").click()
    until(visit.page, "document.getElementById('share-qr').dataset.of")
    return {
        name: visit.page.locator(f"#share-{name}").inner_text()
        for name in ("link", "embed", "text", "gbt7714", "bibtex")
    }


def test_every_field_holds_the_view(base: str, go: Callable[..., Visit], hostile: Atlas) -> None:
    visit = go(f"{base}/index.html?{VIEW}#{FRAME}").ready()
    held = shared(visit)
    words = {name: values[0] for name, values in parse_qs(urlsplit(held["link"]).query).items()}
    assert words == {name: values[0] for name, values in parse_qs(VIEW).items()}
    frame = Frame.read(urlsplit(held["link"]).fragment)
    assert frame is not None
    assert (frame.zoom, round(frame.lat, 2), round(frame.lon, 2)) == (11.5, 31.52, 120.3)
    title = "无锡城建一张图 · 地图"
    assert held["embed"] == frame_code(held["link"].replace("/index.html", "/embed.html"), title)
    citation = cite(hostile, title, date(2021, 12, 31), held["link"], accessed=date.today(), lang="zh")
    assert (held["text"], held["gbt7714"], held["bibtex"]) == (
        citation.text,
        citation.gbt7714,
        citation.bibtex,
    )
    again = go(held["link"]).ready()
    seen = "JSON.stringify([atlas.map.getZoom(), atlas.map.getPixelBounds().min, atlas.state.selected, JSON.parse(document.body.dataset.counts)])"
    assert again.page.evaluate(seen) == visit.page.evaluate(seen)
    assert visit.complaints == []


def test_the_code_is_a_qr_code_of_the_link(served: str, go: Callable[..., Visit]) -> None:
    """Another library makes the same squares, for one of the eight masks that a maker may choose.

    The link fills its code to the last letter (by a search): what fills up a code that has room is not said by all libraries alike.
    """
    visit = go(f"{served}/index.html?{VIEW}#{FRAME}").ready()
    room = len(shared(visit)["link"]) + len("&q=")
    letters = next(most - room for most in CAPACITIES if 0 < most - room <= 60)
    visit = go(f"{served}/index.html?{VIEW}&q={'x' * letters}#{FRAME}").ready()
    link = shared(visit)["link"]
    assert len(link) in CAPACITIES
    source = visit.page.evaluate(
        """async () => { const image = document.querySelector('#share-qr img'); await image.decode();
        const canvas = document.createElement('canvas'); canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
        const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
        return [canvas.width, [...context.getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 0)]]; }"""
    )
    picture = np.array(source[1]).reshape(-1, source[0]) < 128
    squares = picture[::4, ::4][4:-4, 4:-4]
    made = [
        np.array(
            segno.make(link, error="m", mask=mask, mode="byte", micro=False, boost_error=False).matrix, bool
        )
        for mask in range(8)
    ]
    assert any(each.shape == squares.shape and bool((each == squares).all()) for each in made)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pictures_show_map_legend_and_credits(
    served: str,
    go: Callable[..., Visit],
    tmp_path: Path,
    width: int,
) -> None:
    visit = go(f"{served}/index.html?{VIEW}#{FRAME}", width=width).ready()
    shared(visit)
    with visit.page.expect_download() as download:
        visit.page.locator("#share button[value=svg]").click()
    download.value.save_as(tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text("utf-8")
    for words in ("图例", "2021-12-31", "CC BY", "不作权属依据", "滨湖区"):
        assert words in text, words
    assert "atlas-bar" not in text
    with visit.page.expect_download() as download:
        visit.page.locator("#share button[value=png]").click()
    assert download.value.suggested_filename == "atlas-map-2021-12-31.png"
    download.value.save_as(tmp_path / "map.png")
    drawn = imread(io.BytesIO((tmp_path / "map.png").read_bytes()))
    assert drawn.shape[1] == pytest.approx(2 * visit.page.locator(".stage").bounding_box()["width"], abs=4)
    assert (
        len(np.unique((drawn[..., :3] * 255).astype(int).reshape(-1, 3), axis=0)) > 500
    )  # a map, no empty sheet
    assert visit.complaints == []


def test_what_is_printed_is_the_picture_alone(served: str, go: Callable[..., Visit]) -> None:
    visit = go(f"{served}/index.html?{VIEW}#{FRAME}").ready()
    shared(visit)
    visit.page.evaluate(
        # a statement, no value: playwright would call a function that comes out of it, and that is a print
        """() => {
            window.print = () => {
                window.onPaper = { body: document.body.className, last: document.body.lastElementChild.outerHTML };
            };
        }"""
    )
    visit.page.locator("#share button[value=print]").click()
    until(visit.page, "window.onPaper")
    paper = visit.page.evaluate("window.onPaper")
    assert "prints-sheet" in paper["body"].split()
    assert 'class="print-sheet"' in paper["last"]
    visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert visit.page.locator(".print-sheet").count() == 0
    visit.page.emulate_media(media="print")
    seen = visit.page.evaluate(
        """([body, last]) => {
            document.body.className = body;
            document.body.insertAdjacentHTML("beforeend", last);
            const shown = [...document.body.children].filter((node) => getComputedStyle(node).display !== "none");
            return shown.filter((node) => node.tagName !== "SCRIPT").map((node) => node.className);
        }""",
        [paper["body"], paper["last"]],
    )
    assert seen == ["print-sheet"]


def test_the_frame_has_its_title_its_credits_and_the_way_to_the_whole_view(
    served: str,
    go: Callable[..., Visit],
    hostile: Atlas,
) -> None:
    visit = go(f"{served}/embed.html?{VIEW}#{FRAME}", width=700, height=480).ready()
    assert "2021-12-31" in visit.page.locator(".atlas-embed-head h1").inner_text()
    assert hostile.city.licence.label in visit.page.locator(".atlas-embed-foot").inner_text()
    assert "不作权属依据" in visit.page.locator(".atlas-credit").inner_text()
    visit.page.evaluate("atlas.map.panBy([90, 40], { animate: false })")
    link = visit.page.locator(".atlas-embed-head a").get_attribute("href")
    assert urlsplit(link).path == "index.html"
    assert parse_qs(urlsplit(link).query) == parse_qs(VIEW)
    place = visit.page.evaluate("atlas.camera.frame()")
    assert urlsplit(link).fragment == place
    assert visit.page.locator("#map").bounding_box()["height"] > 300
    assert visit.complaints == []


def test_map_and_list_and_map_keep_the_view_and_the_frame(served: str, go: Callable[..., Visit]) -> None:
    visit = go(f"{served}/index.html?{VIEW}#{FRAME}").ready()
    visit.page.evaluate("atlas.map.panBy([80, -40], { animate: false })")
    seen = "[atlas.map.getZoom(), atlas.map.getPixelBounds().min.x, atlas.map.getPixelBounds().min.y]"
    before = visit.page.evaluate(seen)
    query = parse_qs(urlsplit(visit.page.url).query)
    visit.page.get_by_role("link", name="清单").first.click()
    visit.ready()
    visit.page.locator("#card-close").click()
    visit.page.get_by_role("link", name="地图", exact=True).first.click()
    visit.page.wait_for_url("**/index.html**")
    visit.ready()
    assert visit.page.evaluate(seen) == before
    assert parse_qs(urlsplit(visit.page.url).query) == {name: query[name] for name in query if name != "work"}
