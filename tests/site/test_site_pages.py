"""Pages of the public site: complete, in both languages, safe with any name, asking nobody else."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.display.tokens import contrast
from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.report.compare.measures import measures
from geo.vocabulary import STATUSES
from layers.site.pages import POLICY
from layers.site.tables import as_script
from tests.depth import examples
from tests.site.hostile import NAMES
from tests.site.reading import table
from tests.site.site_days import DAY


class Page(HTMLParser):
    """What a page loads, links to and runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.policy = ""
        self.inline: list[str] = []
        self.alts: list[str | None] = []
        self.lang = ""
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {found["id"] or ""} if "id" in found else set()
        if tag == "html":
            self.lang = found.get("lang") or ""
        if tag in {"script", "img", "iframe"}:
            self.loads += [found["src"] or ""] if "src" in found else []
        if tag == "img":
            self.alts.append(found.get("alt"))
        if tag == "script" and "src" not in found:
            self.inline.append("script")
        if tag == "link" and found.get("rel") in {"stylesheet", "icon"}:
            self.loads.append(found["href"] or "")
        if tag == "a":
            self.links.append(found["href"] or "")
        if tag == "style" or "style" in found:
            self.inline.append(f"style in {tag}")
        self.inline += [name for name in found if name.startswith("on")]
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""
        self.loads += [
            found[name] or "" for name in found if name.startswith("data-") and name == "data-cards"
        ]


def pages(files: dict[str, bytes]) -> dict[str, Page]:
    return {name: Page(content.decode()) for name, content in files.items() if name.endswith(".html")}


def target(page: str, link: str) -> str:
    """Path of what a relative link of a page leads to."""
    parts: list[str] = list(PurePosixPath(page).parent.parts)
    for part in PurePosixPath(unquote(urlsplit(link).path)).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_every_page_stands_in_both_languages(files: dict[str, bytes], atlas: Atlas) -> None:
    names = {"index", "near", "list", "embed", "sources", "downloads", "districts/index", "promises/index"}
    names |= {f"districts/{code}" for code in atlas.districts.index}
    names |= {f"districts/by-{measure}" for measure in measures(atlas) if measure != FIRST_MEASURE}
    names |= {f"promises/{item_id}" for item_id in atlas.pack.plan_items.index}
    assert {name for name in files if name.endswith(".html")} == {
        f"{folder}{name}.html" for name in names for folder in ("", "en/")
    }
    for name, page in pages(files).items():
        assert page.lang == ("en" if name.startswith("en/") else "zh-CN")


def test_the_policy_stands_on_each_page_and_nothing_inline_breaks_it(files: dict[str, bytes]) -> None:
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY
    for name, page in pages(files).items():
        assert page.policy == POLICY, name
        assert page.inline == [], name
        assert None not in page.alts, name


def test_headers_allow_frames_for_one_page_alone(files: dict[str, bytes]) -> None:
    text = files["_headers"].decode()
    for name in pages(files):
        block = text.split(f"\n/{name}\n")[1].split("\n")[0]
        allowed = "frame-ancestors *" if name.endswith("embed.html") else "frame-ancestors 'self'"
        assert block.strip() == f"Content-Security-Policy: {POLICY}; {allowed}"


def test_links_and_loads_resolve_and_nothing_comes_from_elsewhere(files: dict[str, bytes]) -> None:
    found = pages(files)
    for name, page in found.items():
        for load in page.loads:
            if load.startswith("data:image/svg+xml;base64,"):  # a drawing inside the page
                continue
            assert not urlsplit(load).scheme, (name, load)
            assert not load.startswith("//"), (name, load)
            assert target(name, load) in files, (name, load)
        for link in page.links:
            if urlsplit(link).scheme in {"http", "https"}:
                continue
            assert not urlsplit(link).scheme, (name, link)
            path = urlsplit(link).path
            assert not path or target(name, link) in files, (name, link)
            if not path and urlsplit(link).fragment:
                assert urlsplit(link).fragment in page.ids, (name, link)


def test_scripts_and_styles_ask_nobody_else(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        text = content.decode() if name.endswith((".js", ".css", ".svg")) else ""
        if name.endswith(".css"):
            assert "@import" not in text
            for address in re.findall(r"url\(([^)]+)\)", text):
                link = address.strip("\"'")
                assert link.startswith(("#", "data:")) or target(name, link) in files, (name, link)
        if name.startswith("assets/atlas") and name.endswith(".js"):
            assert "https://" not in text.replace("http://www.w3.org/2000/svg", "")
            assert "eval(" not in text
        if name.endswith(".svg"):
            assert not re.findall(r"""(?:href|src)\s*=\s*["'](?!#)""", text), name


@examples(60)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_table_in_a_script_is_never_code(text: str) -> None:
    script = as_script("core", {"name": text}).decode()
    body = script.removeprefix("atlasTable('core','").removesuffix("');\n")
    assert re.fullmatch(r"(?:[^'\\\n\r\u2028\u2029<]|\\\\|\\'|\\x3c|\\u2028|\\u2029)*", body)


def test_hostile_names_stay_text(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith(".html"):
            assert "__xss=1</script>" not in content.decode(), name
            assert "<img src=x" not in content.decode(), name
        if name.startswith("data/"):
            assert b"<" not in content, name
    names = [row[1] for row in table(files, "core.zh")["works"]["first"]]
    assert set(NAMES) <= set(names)
    text = files[f"downloads/zh/wuxi-works-{DAY}_WGS84.csv"].decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert f"'{NAMES[4]}" in cells
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)


def test_small_letters_on_a_status_can_be_read(files: dict[str, bytes]) -> None:
    style = next(
        content.decode() for name, content in files.items() if re.fullmatch(r"assets/atlas\..+\.css", name)
    )
    rules = re.findall(r"\.st-(\w+) \{ background: (#\w{6}); color: (#\w{6}); \}", style)
    assert [rule[0] for rule in rules] == list(STATUSES)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert min(contrast(fill, ink) for _id, fill, ink in rules) >= 4.5
