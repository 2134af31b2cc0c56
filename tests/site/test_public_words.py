"""The public site speaks to the public: no word of those who keep the register, on any page and in any text of its scripts."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.site.reading import table
from tests.staff_words import staff_words

SPOKEN = {"alt", "aria-label", "content", "placeholder", "title"}


class Said(HTMLParser):
    """What a page says to eyes and ears: its texts, without scripts and styles, and the attributes that are read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def test_no_page_has_a_word_of_the_staff(files: dict[str, bytes]) -> None:
    pages = {name: Said(content.decode()).texts for name, content in files.items() if name.endswith(".html")}
    assert len(pages) > 100
    assert all(sum(map(len, texts)) > 40 for name, texts in pages.items() if not name.endswith("embed.html"))
    assert {
        name: staff_words("\n".join(texts)) for name, texts in pages.items() if staff_words("\n".join(texts))
    } == {}


@pytest.mark.parametrize("name", ["core", "cards", "near", "news", "search"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_of_a_script_has_one(files: dict[str, bytes], name: str, lang: str) -> None:
    said: Any = table(files, f"{name}.{lang}")
    assert staff_words(json.dumps(said, ensure_ascii=False)) == []


def test_such_a_word_would_be_seen() -> None:
    page = '<p title="审图号：由部署单位填写">data/indicators.csv 加一行<script>ATLAS_VAR</script></p>'
    assert staff_words("\n".join(Said(page).texts)) == ["部署单位", "data/indicators.csv", "加一行"]
