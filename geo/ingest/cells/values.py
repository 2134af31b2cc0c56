"""Numbers with their units, degrees, status words and district names as people write them.

What could be two values is asked, never guessed. Dates are read in :mod:`geo.ingest.cells.dates`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from geo.ingest.cells.cell_reading import NO_RULES, NOTHING, CellReading, Rules, fault
from geo.ingest.cells.dates import read_date
from geo.ingest.cells.header_terms import is_blank, status_terms, tidy, units
from geo.text import mark as _
from geo.vocabulary import STATUS_LABELS

__all__ = ["read_angle", "read_date", "read_number", "read_pair", "read_status", "read_unit"]

_TIMES: Final = {"": 1.0, "十": 10.0, "百": 100.0, "千": 1000.0, "万": 1e4, "亿": 1e8}
_NUMBER: Final = re.compile(
    r"^(?P<about>约|大约|近|共|合计|计|超过?|逾|不少于|不低于|至少|>=?|≥)?\s*"
    r"(?P<digits>[+\-−]?[\d.,' ]*\d(?:[eE][+-]?\d+)?)\s*"
    r"(?P<more>[多余])?(?P<times>[十百千万亿]?)(?P<more2>[多余])?\s*"
    r"(?P<unit>[^\d\s+多余][^\s]*?)?\s*(?P<end>左右|以上|多|余)?$"
)
_CHINESE: Final = re.compile(r"^[零〇一二三四五六七八九十百千万亿两廿点]+$")
_CHINESE_HEAD: Final = re.compile(r"^([零〇一二三四五六七八九十百千万亿两廿]+)(\D*)$")
_GROUPED: Final = re.compile(r"^[+-]?\d{1,3}([, ']\d{3})+(\.\d+)?$")
_EUROPEAN: Final = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+,\d+$")
_COMMA: Final = re.compile(r"^[+-]?\d+,\d+$")
_TWO_COMMAS: Final = re.compile(r"([+-]?\d+,\d+)(?:\s*[;|/]\s*|\s+)([+-]?\d+,\d+)")
_DECIMAL: Final = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_DMS: Final = re.compile(
    r"^(?P<head>[NSEW东西南北][经纬]?)?[:：]?\s*(?P<deg>[+-]?\d{1,3}(?:\.\d+)?)\s*(?:[°度]|(?P<colon>:))\s*"
    r"(?:(?P<min>\d{1,2}(?:\.\d+)?)\s*(?:['′’分]|:)?\s*)?(?:(?P<sec>\d{1,2}(?:\.\d+)?)\s*(?:''|′′|\"|″|”|秒)?\s*)?"
    r"(?P<tail>[NSEW])?$",
    re.IGNORECASE,
)
_WRITTEN_TIMES: Final = re.compile(
    r"(?:[x×*]?10\^?4|10,?000|10k|ten-?thousand)|(?P<thousand>1,?000|thousand|k(?=sq|m2))"
)
"""Ten thousand and a thousand as figures or words before a unit: ``×10⁴m²``, ``10,000 m2``, ``thousand sqm``."""
_LETTERED: Final = re.compile(
    r"(?:(?P<head>[NSEW]|[东西]经|[南北]纬)[:\s]*)?(?P<deg>\d+(?:\.\d+)?)\s*(?P<tail>[NSEW])?", re.IGNORECASE
)
"""Decimal degrees with a letter of the compass and no sign of degrees: ``E120.305``, ``31.57 N``."""
_SOUTH_WEST: Final = re.compile(r"^[SW西南]", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"[(（\[【].*?[)）\]】]")
_NUMBER_HINT: Final = _("请写成 1200、1.2万 或 3.5公顷 这样。")
_ANGLE_HINT: Final = _("请写成 120.305 这样的十进制度。")


def read_unit(text: str) -> tuple[str, float] | None:
    """A unit word as the register's unit and a factor: ``万平方米`` -> ``("m2", 10000)``; None if it is none."""
    word = tidy(text).lower().replace(" ", "").replace(".", "").removeprefix("单位").strip(":")
    if unit_and_factor := units().get(word):
        return unit_and_factor
    if word[:1] in {"万", "亿", "千", "百"} and (rest := units().get(word[1:])):
        return rest[0], rest[1] * _TIMES[word[0]]
    if (times := _WRITTEN_TIMES.match(word)) and (rest := units().get(word[times.end() :])):
        return rest[0], rest[1] * (1e3 if times["thousand"] else 1e4)
    return None


def read_number(cell: Any, rules: Rules = NO_RULES, *, unit: str = "") -> CellReading:
    """The number of a cell, in the register's unit.

    Parameters
    ----------
    cell : Any
        ``1200``, ``"2.2万套"``, ``"３５０㎡"``, ``"1,200"``, ``"三百二十"``, ``"约500个"``.
    rules : mapping
        ``decimal_comma``: ``decimal`` or ``error``, for ``12,5``.
    unit : str
        Unit of the column, from its header; the cell's own unit goes first.

    Returns
    -------
    CellReading
        ``value`` a float, ``detail`` its unit (``""`` if none is known).
    """
    if is_blank(cell):
        return NOTHING
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return fault(_("“{value}”不是数。"), _NUMBER_HINT, value=str(cell))
    if isinstance(cell, (int, float)):
        return _measured(float(cell), "", unit, value=cell)
    return _number_text(cell, tuple(sorted(rules.items())), unit)


@lru_cache(maxsize=8192)
def _number_text(raw: str, rules: tuple[tuple[str, str], ...], unit: str) -> CellReading:
    text = _latin(tidy(raw))
    match = _NUMBER.match(text)
    if match is None:
        return fault(_("“{value}”不是数。"), _NUMBER_HINT, value=raw)
    number = _digits(match["digits"].strip(), dict(rules), raw)
    if isinstance(number, CellReading):
        return number
    about = any(match[name] for name in ("about", "more", "more2", "end")) and match["about"] not in {
        "共",
        "合计",
        "计",
    }
    reading = _measured(number * _TIMES[match["times"] or ""], match["unit"] or "", unit, value=raw)
    if about and not reading.level:
        return CellReading(
            reading.value,
            reading.detail,
            level="warning",
            message=_("“{value}”是概数，按 {number:g} 记。"),
            params={"value": raw, "number": reading.value},
        )
    return reading


def _latin(text: str) -> str:
    """A number written in Chinese numerals as digits; anything else as it stands."""
    import cn2an

    match = _CHINESE_HEAD.match(text)
    if not match or not _CHINESE.match(match[1]) or match[1] in _TIMES:
        return text
    try:
        return f"{cn2an.cn2an(match[1], 'normal'):g}{match[2]}"
    except ValueError:  # 千万, 一二 and the like are no numerals: the caller says so
        return text


def _digits(text: str, rules: dict[str, str], raw: str) -> float | CellReading:
    text = text.replace("−", "-")
    if _GROUPED.match(text):
        return float(re.sub(r"[, ']", "", text))
    if _EUROPEAN.match(text):
        return float(text.replace(".", "").replace(",", "."))
    if _DECIMAL.match(text):
        return float(text)
    if _COMMA.match(text):
        return _decimal_comma(text, rules, raw)
    return fault(_("“{value}”不是数。"), _NUMBER_HINT, value=raw)


def _decimal_comma(text: str, rules: dict[str, str], raw: str) -> float | CellReading:
    number = float(text.replace(",", "."))
    if rules.get("decimal_comma") == "decimal":
        return number
    if rules.get("decimal_comma") == "error":
        return fault(_("“{value}”不是数。"), _NUMBER_HINT, value=raw)
    return CellReading(
        level="question",
        message=_("“{value}”里的逗号像是小数点。"),
        hint=_("请确认，或在文件里用小数点。"),
        params={"value": raw},
        rule="decimal_comma",
        choices=(("decimal", f"{number:g}"), ("error", "—")),
    )


def _measured(number: float, own: str, column: str, *, value: Any) -> CellReading:
    if not math.isfinite(number):
        return fault(_("“{value}”不是有限的数。"), _NUMBER_HINT, value=str(value))
    chosen = read_unit(own) if own else None
    if own and chosen is None:
        return fault(_("不认识“{value}”里的单位“{unit}”。"), _NUMBER_HINT, value=str(value), unit=own)
    chosen = chosen or (read_unit(column) if column else None)
    if chosen is None:
        return CellReading(number)
    # ten digits: 3.5 mu in square metres is no number with sixteen of them
    return CellReading(float(f"{number * chosen[1]:.10g}"), chosen[0])


def read_angle(cell: Any, rules: Rules = NO_RULES) -> CellReading:
    """A coordinate: decimal degrees, degrees-minutes-seconds (``120°18′18″E``, ``东经120度18分``), or metres."""
    if is_blank(cell):
        return NOTHING
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return fault(_("“{value}”不是坐标。"), _ANGLE_HINT, value=str(cell))
    if isinstance(cell, str):
        return _angle_text(cell, tuple(sorted(rules.items())))
    number = float(cell)
    return (
        CellReading(number)
        if math.isfinite(number)
        else fault(_("“{value}”不是有限的数。"), _ANGLE_HINT, value=str(cell))
    )


@lru_cache(maxsize=8192)
def _angle_text(raw: str, rules: tuple[tuple[str, str], ...]) -> CellReading:
    text = tidy(raw)
    if _DECIMAL.match(text) or (_GROUPED.match(text) and "." in text):
        return read_angle(float(re.sub(r"[, ']", "", text)))
    if re.match(r"^[+-]?\d+,\d+$", text):
        number = _decimal_comma(text, dict(rules), raw)
        return number if isinstance(number, CellReading) else CellReading(number)
    match = _DMS.match(text)
    if match is None and (lettered := _LETTERED.fullmatch(text)):
        back = any(_SOUTH_WEST.match(lettered[name] or "") for name in ("head", "tail"))
        return CellReading(-float(lettered["deg"]) if back else float(lettered["deg"]))
    if match is None:
        return fault(_("“{value}”不是坐标。"), _ANGLE_HINT, value=raw)
    minutes, seconds = float(match["min"] or 0), float(match["sec"] or 0)
    if minutes >= 60 or seconds >= 60:
        return fault(_("“{value}”的分或秒达到了 60。"), _ANGLE_HINT, value=raw)
    degrees = abs(float(match["deg"])) + minutes / 60 + seconds / 3600
    back = float(match["deg"]) < 0 or any(_SOUTH_WEST.match(match[name] or "") for name in ("head", "tail"))
    return CellReading(round(-degrees if back else degrees, 9))


def read_pair(cell: Any, rules: Rules = NO_RULES) -> tuple[CellReading, CellReading]:
    """Two coordinates in one cell, in the order they stand: ``"120.3, 31.5"``, ``"(120.3；31.5)"``."""
    if is_blank(cell):
        return NOTHING, NOTHING
    text = tidy(cell).strip("()[]").removeprefix("POINT").strip(" ()")
    commas = _TWO_COMMAS.fullmatch(text)
    parts = list(commas.groups()) if commas else [part for part in re.split(r"[,;、|\s]+", text) if part]
    if len(parts) != 2:
        wrong = fault(_("“{value}”不是两个坐标。"), _("请写成 120.305,31.573 这样。"), value=str(cell))
        return wrong, wrong
    return read_angle(parts[0], rules), read_angle(parts[1], rules)


def read_status(
    cell: Any, rules: Rules = NO_RULES, *, yes_means_done: bool = False, unlike_too: bool = False
) -> CellReading:
    """A status in any of the known words as the register's word; a near word is asked (rule ``status:<word>``).

    ``yes_means_done``: the column asks "is it finished?", so that 是 means completed; 否 says nothing of how far it is.

    Parameters
    ----------
    cell : any
        As the file has it.
    rules : Rules
        Answers that hold for the whole file.
    yes_means_done : bool
    unlike_too : bool
        Whether a word that is like none is asked too, as in a column of statuses; else it is a fault.

    Returns
    -------
    CellReading
    """
    if is_blank(cell):
        return NOTHING
    text = tidy(cell)
    if yes_means_done and text in {"是", "已", "√", "✓", "Y", "y", "yes", "Yes", "True", "true", "1"}:
        return CellReading("completed")
    if yes_means_done and text in {"否", "未", "×", "N", "n", "no", "No", "False", "false", "0"}:
        return NOTHING
    key = _BRACKETS.sub("", text).lower().strip(" 。.!！")
    if word := status_terms().get(key) or status_terms().get(rules.get(f"status:{key}"[:80], "")):
        return CellReading(word)
    return _near_status(text, key, unlike_too=unlike_too)


def _near_status(text: str, key: str, *, unlike_too: bool) -> CellReading:
    from rapidfuzz import fuzz, process

    near = process.extractOne(key, list(status_terms()), scorer=fuzz.ratio, score_cutoff=60)
    hint = _("请改成：拟建、未开工、在建、收尾、已完工、暂停、取消。")
    if near is None and not unlike_too:
        return fault(_("不认识状态“{value}”。"), hint, value=text)
    return CellReading(
        level="question",
        message=_("不认识状态“{value}”，它像“{word}”。") if near else _("不认识状态“{value}”。"),
        hint=hint,
        params={"value": text, "word": near[0] if near else ""},
        rule=f"status:{key}"[:80],
        choices=tuple((word, STATUS_LABELS[word]) for word in dict.fromkeys(status_terms().values())),
    )


def read_district(cell: Any, names: Mapping[str, str], aliases: Mapping[str, str]) -> CellReading:
    """A district by code or name as its code; several joined by ``|``.

    Parameters
    ----------
    cell : any
        As the file has it.
    names : mapping
        Code -> Chinese name.
    aliases : mapping
        Other name -> code: functional areas and former names, rows of the pack.

    Returns
    -------
    CellReading
    """
    if is_blank(cell):
        return NOTHING
    text = tidy(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    codes = [_district(part, names, aliases) for part in re.split(r"[|、,/;\s]+", text) if part]
    if not all(codes):
        return fault(
            _("不认识区县“{value}”。"), _("可用：{known}。"), value=text, known="、".join(names.values())
        )
    return CellReading("|".join(dict.fromkeys(filter(None, codes))))


def _district(text: str, names: Mapping[str, str], aliases: Mapping[str, str]) -> str | None:
    if text in names:
        return text
    for code, name in _longest_first(names.items()):
        if text in {name, name[:-1]} or text.endswith(name):
            return code
    return next(
        (code for code, name in _longest_first((c, n) for n, c in aliases.items()) if text.endswith(name)),
        None,
    )


def _longest_first(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: -len(pair[1]))
