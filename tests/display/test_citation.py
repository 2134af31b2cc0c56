"""Citations hold the title, the day, the address and the licence, in every form, whatever stands in them."""

from __future__ import annotations

from datetime import date

import pytest

from geo.display.citation import Citation, cite
from geo.register.city import Atlas


def made(atlas: Atlas, title: str = "无锡城建一张图 · 清单", lang: str = "zh") -> Citation:
    url = "http://127.0.0.1/works?as_of=2021-12-31&q={x}"
    return cite(atlas, title, date(2021, 12, 31), url, accessed=date(2026, 11, 24), lang=lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_has_title_days_and_address(atlas: Atlas, lang: str) -> None:
    words = made(atlas, lang=lang)
    for text in (words.text, words.gbt7714, words.bibtex):
        for part in ("清单", "2021-12-31", "2026-11-24", "http://127.0.0.1/works"):
            assert part in text
    assert atlas.version in words.text
    assert "CC BY 4.0" in words.text
    assert "[EB/OL]. (2021-12-31)[2026-11-24]. http" in words.gbt7714


def test_bibtex_holds_together_whatever_the_title_is(atlas: Atlas) -> None:
    text = made(atlas, title=r"} \input{x} % # & {").bibtex
    assert text.count("{") == text.count("}")
    assert "\\" not in text
    assert "%7Bx%7D" in text
