"""The language can be changed to and fro on every page: choices stay, the address follows, and nobody sees a fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import pages
from geo.text import LANGUAGE_TAGS, translate
from pages.parts.shell.navigation import wanted_pages
from pages.parts.shell.texts import LANGUAGE_NAMES
from pages.parts.shell.widget_texts import WIDGET_TEXTS
from tests.browser.until import until

STATE = "() => [document.documentElement.lang, document.querySelectorAll('[data-testid=stException]').length]"
# texts of widgets that are in no language but English: a small Latin letter thrice, and nothing Chinese
ENGLISH = """() => {
  const isEnglish = (text) => /[a-z]{3}/.test(text) && !/\\p{Script=Han}/u.test(text);
  const out = [];
  const places = '[data-testid="stFileUploaderDropzone"], [data-testid="InputInstructions"], [data-testid="stSkipToContent"], [data-testid="stDialog"]';
  for (const place of document.querySelectorAll(places)) {
    const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('[data-testid="stIconMaterial"]')) out.push(walk.currentNode.data);
  }
  for (const node of document.querySelectorAll(".stApp :is([aria-label], [placeholder])")) {
    out.push(node.getAttribute("aria-label") || "", node.getAttribute("placeholder") || "");
  }
  return out.filter(isEnglish);
}"""
CHINESE_WIDGETS = """(texts) => [...document.querySelectorAll(".stApp :is([aria-label], [placeholder], p, span)")].flatMap(
  (node) => [node.getAttribute("aria-label"), node.getAttribute("placeholder"), node.childElementCount ? null : node.textContent]
).filter((text) => texts.includes(text))"""
OF_WIDGETS = [
    message for message in WIDGET_TEXTS if "{" not in message and translate(message, "en") != message
]
FILES = wanted_pages(pages)
ADDRESSES = [
    ("" if at == 0 else page.address or Path(file).stem) for at, (file, page) in enumerate(FILES.items())
]


@pytest.mark.parametrize("address", [*ADDRESSES, "works?scope=all&c=road", "district?d=320211"])
def test_to_and_fro(server: Any, visit: Callable[..., Any], address: str) -> None:
    watch = visit(f"{server.url}/{address}")
    page = watch.page
    watch.settle()
    given = parse_qs(urlsplit(page.url).query)
    first = page.locator("h1").first.inner_text()
    for lang in ("en", "zh", "en", "zh"):
        page.locator(".st-key-language button", has_text=LANGUAGE_NAMES[lang]).click()
        until(page, f"JSON.stringify(({STATE})()) === '[\"{LANGUAGE_TAGS[lang]}\",0]'")
        watch.settle()
        assert page.evaluate(STATE)[1] == 0
        assert (page.locator("h1").first.inner_text() == first) == (lang == "zh")
        shown = parse_qs(urlsplit(page.url).query)
        assert shown.pop("lang", ["zh"]) == [lang]
        assert shown == given
        if lang == "zh":
            until(page, f"({ENGLISH})().length === 0")
        else:
            assert page.evaluate(CHINESE_WIDGETS, OF_WIDGETS) == []


def test_a_text_is_explained_in_chinese_while_it_is_written(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/works")
    page = watch.page
    watch.settle()
    page.locator('[data-testid="stTextInput"] input').first.fill("312")
    until(
        page,
        "document.querySelector('[data-testid=\"InputInstructions\"]')?.innerText.startsWith('按回车生效')",
    )


def test_what_a_person_brings_keeps_its_name(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/plan")
    page = watch.page
    watch.settle()
    until(
        page,
        "document.querySelector('[data-testid=\"stFileUploaderDropzone\"] button').innerText.includes('选取文件')",
    )
    file = {"name": "Upload", "mimeType": "image/png", "buffer": b"1"}
    page.locator('[data-testid="stFileUploaderDropzoneInput"]').set_input_files(file)
    until(page, "document.querySelector('[data-testid=\"stFileChipName\"]')?.innerText === 'Upload'")
    until(page, f"({ENGLISH})().filter((text) => !text.startsWith('Upload')).length === 0")
