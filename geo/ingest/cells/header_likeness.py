"""How like a header is to the words of a field: the word itself, a part or a slip of it, its pinyin, a date put together."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from geo.ingest.cells.header_terms import FieldTerms, field_terms

NEAR: Final = 84.0
"""Ratio (0 to 100) from which a header is a slip of a known word."""
_PLAN: Final = "计划|预计|预期|拟定|拟|目标|合同|规划|安排|预定|原定|应|planned|plan|expected|target|scheduled|estimated|forecast"
_DONE: Final = "实际|已|实|actual|real"
_START: Final = "开工建设|开工|动工|开始|进场|开建|启动|起始|commencement|commenced|started|start|begin"
_END: Final = "竣工验收|竣工|完工|完成|建成|交付|投入使用|投用|交工|结束|通车|启用|completion|completed|complete|finished|finish|end"
_REST: Final = "年月日|年月|时间|日期|时点|节点|工期|项目|工程|期|日|年|月|date|time|month|day|of|on|the"
_DATE_PARTS: Final = re.compile(
    rf"(?P<plan>{_PLAN})|(?P<done>{_DONE})|(?P<start>{_START})|(?P<end>{_END})|(?P<rest>{_REST})|(?P<gap>[/()\-—>、,])"
)
_BRACKETS: Final = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]$")
_DATE_LETTERS: Final = re.compile(
    r"(?P<plan>jh|yj|n)?(?P<done>sj)?(?:(?P<start>kg|dg)|(?P<end>jg|wg|wc|jc))(?:sj|rq|ny|nyr)?"
)
_UNIT_LETTERS: Final = {
    "wpfm": "万平方米",
    "wpm": "万平方米",
    "wm2": "万平方米",
    "w": "万m2",
    "pfm": "平方米",
    "pm": "平方米",
    "gq": "公顷",
    "mu": "亩",
    "gl": "公里",
    "qm": "千米",
}
Likeness = tuple[float, str]


def likeness(keys: list[str], row: FieldTerms) -> Likeness:
    """How surely a header means a field, 0 to 1, and why: ``header``, ``like`` or ``pinyin``.

    Parameters
    ----------
    keys : list of str
        The header as it is compared, whole and without its unit.
    row : FieldTerms
        Words of the field.

    Returns
    -------
    (float, str)
        ``(0.0, "")`` where they are not alike.
    """
    if any(key in row.headers for key in keys):
        return 1.0, "header"
    if row.type == "date" and row.field in {date_field(one) or _grouped_date(one) for one in keys}:
        return 0.95, "like"
    own = keys[0].rpartition("/")[2]  # under the name of a group: 位置（高德）/经度
    if row.type != "date" and {own, _BRACKETS.sub("", own)} & set(row.headers):
        return 0.95, "like"
    return _partly(keys[-1], row) if keys[-1] else (0.0, "")


def _partly(key: str, row: FieldTerms) -> Likeness:
    """A word inside the header, the header cut off, its pinyin, or a slip of a word."""
    from rapidfuzz import fuzz

    inside = max((len(word) for word in row.headers if len(word) > 1 and word in key), default=0)
    if inside:
        return 0.6 + 0.3 * inside / len(key), "like"
    if cut := max((len(key) / len(word) for word in row.headers if _cut_off(key, word)), default=0.0):
        return 0.5 + 0.3 * cut, "like"
    if score := _by_letters(key, row):
        return score, "pinyin"
    near = max((fuzz.ratio(key, word) for word in row.headers if len(word) > 2), default=0.0)
    return (0.8 * near / 100, "like") if near >= NEAR else (0.0, "")


def _cut_off(key: str, word: str) -> bool:
    """Whether a header is a word that a format's short field names cut off: 10 bytes are three or five characters."""
    return word.startswith(key) and len(key) >= (5 if key.isascii() else 2)


def date_field(key: str) -> str:
    """The field of a date's header by its parts: ``计划时间/开工`` -> ``planned_start``, ``SJJG`` -> ``end_date``; else empty."""
    found = _DATE_LETTERS.fullmatch(key)
    seen = {name for name, part in found.groupdict().items() if part} if found else _date_parts(key)
    if len(seen & {"start", "end"}) != 1 or {"plan", "done"} <= seen:
        return ""
    kind = "start" if "start" in seen else "end"
    return f"planned_{kind}" if "plan" in seen else f"{kind}_date"


def _grouped_date(key: str) -> str:
    """The field of a date under the name of a group, a plan's where the group is: ``2021年计划工期/开工`` -> ``planned_start``."""
    group, slash, own = key.rpartition("/")
    field = date_field(own) if slash else ""
    planned = field.endswith("_date") and re.search(_PLAN, group) and not re.search(_DONE, group)
    return f"planned_{field.removesuffix('_date')}" if planned else field


def _date_parts(key: str) -> set[str]:
    """Kinds of the words that a header is put together of; empty where a part of it is none of them."""
    seen, at = set(), 0
    while at < len(key):
        found = _DATE_PARTS.match(key, at)
        if found is None:
            return set()
        seen.add(str(found.lastgroup))
        at = found.end()
    return seen


@lru_cache(maxsize=1)
def _letters() -> dict[tuple[str, ...], frozenset[str]]:
    """Words of a row -> the pinyin of its words, whole and as initials."""
    from geo.places.pinyin import pinyin_keys

    letters = {}
    for row in field_terms():
        chinese = [word for word in row.headers if not word.isascii()]
        keys = pinyin_keys([re.sub(r"[()（）、/]", "", word) for word in chinese])
        forms = {str(form) for column in keys.columns for form in keys[column] if len(str(form)) > 1}
        letters[row.headers] = frozenset(forms)
    return letters


def _by_letters(key: str, row: FieldTerms) -> float:
    bare = key.rstrip("0123456789")
    if not re.fullmatch(r"[a-z]{2,24}", bare):
        return 0.0
    forms = _letters()[row.headers]
    if bare in forms:
        return 0.85 if len(bare) > 3 else 0.75
    return 0.7 if row.field == "quantity" and letters_unit(key) and _stem(key) in forms else 0.0


def _stem(key: str) -> str:
    return next(
        (key.removesuffix(end) for end in _UNIT_LETTERS if key.endswith(end) and len(key) > len(end) + 1), key
    )


def letters_unit(key: str) -> str:
    """The unit at the end of a header in pinyin initials: ``jzmjwpfm`` -> ``万平方米``; else empty."""
    if not re.fullmatch(r"[a-z0-9]{4,24}", key):
        return ""
    return next((unit for end, unit in _UNIT_LETTERS.items() if key.endswith(end) and _stem(key) != key), "")
