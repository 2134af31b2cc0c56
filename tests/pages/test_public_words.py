"""The app's pages for the public say no word of those who keep the register, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import pages
from pages.parts.shell.navigation import find_pages
from tests.site.test_public_words import Said
from tests.staff_words import staff_words

PUBLIC = [Path(file).name for file, page in find_pages(pages).items() if not page.for_work]
KINDS = ("caption", "markdown", "info", "warning", "error", "success", "title", "header", "subheader", "button", "selectbox", "text_input")  # fmt: skip


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_public_page_has_no_word_of_the_staff(page: Callable[..., AppTest], name: str, lang: str) -> None:
    app = page(name, lang=lang)
    texts = [text for element in app.get("html") for text in Said(element.proto.body).texts]
    for kind in KINDS:
        texts += [
            str(getattr(each, part, "") or "")
            for each in app.get(kind)
            for part in ("value", "label", "help")
        ]
    assert sum(map(len, texts)) > 100
    assert staff_words("\n".join(texts)) == []
