"""Any link to any page is answered: with a page, or with plain words, never with a fault; and nothing in it becomes markup."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.depth import examples
from tests.pages.test_pages import PAGES, html_of, open_page

MARK: Final = "strangerword"
MORE: Final = ("from", "to", "w", "s", "scenario", "view", "z", "lang", "nonsense")
HOSTILE: Final = (
    "", "nan", "-1", "1e999", "9" * 400, "inf", "0", "２０", "2021-02-30", "9999-12-31", "0001-01-01", "\x00", "\u202e", "%00",
    f"<img src=x onerror={MARK}>", f"![{MARK}](http://127.0.0.1:9/x.png)", f"[{MARK}](javascript:alert(1))",
    f"$\\href{{javascript:{MARK}}}{{x}}$", f":material/{MARK}:", f":red[{MARK}]", "{0.__class__}", "${7*7}",
    "' OR 1=1 --", "../../etc/passwd", "a" * 5000, "[", "{}", "[[1,2]]", "|", ",", ";", "all", "T06", "320213", "metro",
)  # fmt: skip
values = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Every parameter that a page puts into its address when it is opened, and some that come later or never."""
    return (*sorted({name for page in PAGES for name in open_page(page).session_state["_used"]}), *MORE)


@st.composite
def links(draw: st.DrawFn) -> dict[str, str | list[str]]:
    chosen = draw(st.lists(st.sampled_from(names()), max_size=6, unique=True))
    return {name: draw(st.one_of(values, st.lists(values, min_size=2, max_size=3))) for name in chosen}


@pytest.mark.parametrize("page", PAGES)
@examples(8, suppress_health_check=list(HealthCheck))
@given(link=links())
def test_any_link_is_answered(page: str, link: dict[str, str | list[str]]) -> None:
    app = open_page(page, **link)
    assert f"onerror={MARK}" not in html_of(app).replace("&lt;img src=x onerror=", "")
    shown = [
        element.value
        for kind in (app.error, app.warning, app.info, app.markdown, app.caption)
        for element in kind
    ]
    for text in shown:
        assert f"![{MARK}" not in text, "the text would fetch a picture"
        assert f"[{MARK}](" not in text, "the text would be a link"
        assert f":red[{MARK}]" not in text
