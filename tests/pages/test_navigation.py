"""Pages are found by themselves, and their addresses stay what links of today have."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import pages
from geo.declarations import declared
from pages.parts.shell.navigation import find_pages
from tools.serving import PATIENCE_S

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
PUBLIC = ("map", "promise", "near", "works", "district", "about")
WORK = ("coverage", "matrix", "siting", "register", "import", "plan")
ADDRESSES = (
    "map",
    "promise",
    "near",
    "works",
    "district",
    "coverage",
    "matrix",
    "siting",
    "register",
    "import",
    "plan",
    "about",
)
NEW_PAGE = '''"""A page of one file."""
import streamlit as st

from pages.parts.shell.navigation import Page

PAGE = Page(title="清单", icon=":material/list:", order=25)

if __name__ == "__main__":
    st.title("A new page")
'''


def page_links(app: AppTest) -> list[str]:
    return [element.proto.page for element in app.get("page_link")]


def test_addresses_are_those_that_links_have() -> None:
    addresses = [page.address or Path(file).stem for file, page in find_pages(pages).items()]
    assert [address for address in addresses if address in ADDRESSES] == list(ADDRESSES)


def test_no_text_of_the_code_is_written_on_a_page() -> None:
    """Streamlit's magic would write each text that stands alone, such as a note on a constant of the frame."""
    settings = tomllib.loads((Path(FRAME).parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["runner"]["magicEnabled"] is False


def test_a_page_is_declared_as_its_module_has_it() -> None:
    """The menu is made without running the pages: it must not know another one than they are."""
    read = {str(module.__file__): page for module, page in declared(pages, "PAGE")}
    assert find_pages(pages) == read
    assert len(read) > 10


def test_every_page_is_found() -> None:
    files = {path.stem for path in Path(FRAME).parent.glob("*.py")}
    assert {Path(file).stem for file in find_pages(pages)} == files - {"__init__", "frame"}


def test_no_two_pages_share_a_title_or_a_place_in_the_menu() -> None:
    found = find_pages(pages).values()
    assert len({page.order for page in found}) == len(found)
    assert len({page.title for page in found}) == len(found)


def test_a_new_file_is_a_new_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "extra.py").write_text(NEW_PAGE, "utf-8")
    monkeypatch.setattr(pages, "__path__", [*pages.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "pages.extra", raising=False)
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S).run()
    assert not app.exception
    assert page_links(app)[:7] == ["", *PUBLIC[1:4], "extra", *PUBLIC[4:]]
    app.switch_page(str(tmp_path / "extra.py")).run()
    assert [title.value for title in app.title] == ["A new page"]
    assert "pages.extra" not in sys.modules  # what a page says of itself is known without running it


@pytest.mark.parametrize("address", [*PUBLIC, *WORK])
def test_the_public_sees_its_own_menu_and_who_works_a_second_one(address: str) -> None:
    files = {page.address or Path(file).stem: file for file, page in find_pages(pages).items()}
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    app.switch_page(files[address]).run()
    assert not app.exception
    into_work = [WORK[0], *(WORK if address in WORK else ())]
    in_menus = [element.proto.page for element in app.get("page_link") if element.proto.label in titles()]
    assert in_menus == ["", *PUBLIC[1:], *into_work]


def titles() -> set[str]:
    """What links of the menus are called in the first language."""
    return {"规划与登记", *(page.title for page in find_pages(pages).values())}
