"""Every text for people is in the English catalogue, with the same fields."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from geo.errors import AtlasError
from geo.text import LOCALE_DIR, translate

ROOT = Path(__file__).resolve().parent.parent
_CALLS = {"_", "t", "mark"}
_CHINESE = re.compile("[\u4e00-\u9fff]")


def marked_texts() -> set[str]:
    texts = set()
    for part in ("geo", "layers", "pages"):
        for path in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _CALLS and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        texts.add(first.value)
        for path in (ROOT / part).rglob("*.html"):
            texts |= set(re.findall(r"""\bt\((?:"([^"]+)"|'[^']+')""", path.read_text("utf-8"))) - {""}
    return {text for text in texts if _CHINESE.search(text)}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_are_texts() -> None:
    assert len(marked_texts()) > 200


@pytest.mark.parametrize("text", sorted(marked_texts()))
def test_has_english_with_the_same_fields(text: str) -> None:
    english = translate(text, "en")
    assert english != text
    assert not _CHINESE.search(english)
    assert fields(english) == fields(text)


def test_chinese_is_the_text_itself_and_unknown_languages_read_chinese() -> None:
    assert translate("地图", "zh") == "地图"
    assert translate("地图", "xx") == "地图"
    assert (LOCALE_DIR / "en" / "LC_MESSAGES" / "atlas.po").exists()


def test_an_error_speaks_both_languages_and_shows_data_as_data() -> None:
    error = AtlasError("不认识坐标系 {name}。", hint="可用：{known}。", name="{evil} %s", known="WGS84")
    assert str(error) == "不认识坐标系 {evil} %s。 可用：WGS84。"
    assert error.text("en") == "Unknown coordinate system {evil} %s. Use one of: WGS84."
