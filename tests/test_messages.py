"""Every text for people is in the English catalogue, with the same fields."""

from __future__ import annotations

import re
import string
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from geo.errors import AtlasError
from geo.text import LOCALE_DIR, translate

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "t": None,
    "mark": None,
}  # as `make messages` has them
_CHINESE = re.compile("[\u4e00-\u9fff]")
_ANY_CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")  # with its punctuation


@cache
def marked_texts() -> frozenset[str]:
    """Texts marked in Python and in templates, read by the extractor that `make messages` uses."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = {
        text
        for part in ("geo", "layers", "pages")
        for _, _, text, _, _ in extract_from_dir(ROOT / part, methods, options, KEYWORDS)
    }
    return frozenset(text for text in found if isinstance(text, str) and _ANY_CHINESE.search(text))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def fault(text: str, english: str) -> str:
    """What is wrong with a translation; empty if nothing is."""
    if english == text:
        return "has no English"
    if _CHINESE.search(english):
        return f"has Chinese in its English {english!r}"
    if fields(english) != fields(text):
        return f"has other fields than its English {english!r}"
    return ""


def test_there_are_texts() -> None:
    assert len(marked_texts()) > 1700


def test_the_extractor_reads_both_kinds_of_quotes_and_templates(tmp_path: Path) -> None:
    """Attributes of HTML are in double quotes, so the texts in them are in single ones."""
    marked = {
        "app.py": "_('一') + t(\"二\")",
        "templates/a.html": '<a title="{{ t(\'三\') }}">{{ _("四") }}</a>',
    }
    for name, content in marked.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = {text for _, _, text, _, _ in extract_from_dir(tmp_path, methods, options, KEYWORDS)}
    assert found == set("一二三四")


def test_every_text_has_english_with_the_same_fields() -> None:
    faults = {text: fault(text, translate(text, "en")) for text in marked_texts()}
    assert {text: words for text, words in faults.items() if words} == {}


def test_a_missing_or_a_wrong_translation_is_seen() -> None:
    assert fault("共 {n} 项", "共 {n} 项")
    assert fault("共 {n} 项", "{n} 项 works")
    assert fault("共 {n} 项", "{m} works")
    assert not fault("共 {n} 项", "{n} works")


def test_chinese_is_the_text_itself_and_unknown_languages_read_chinese() -> None:
    assert translate("地图", "zh") == "地图"
    assert translate("地图", "xx") == "地图"
    assert (LOCALE_DIR / "en" / "LC_MESSAGES" / "atlas.po").exists()


def test_an_error_speaks_both_languages_and_shows_data_as_data() -> None:
    error = AtlasError("不认识坐标系 {name}。", hint="可用：{known}。", name="{evil} %s", known="WGS84")
    assert str(error) == "不认识坐标系 {evil} %s。 可用：WGS84。"
    assert error.text("en") == "Unknown coordinate system {evil} %s. Use one of: WGS84."
