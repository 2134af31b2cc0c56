"""Indicators of a planner's own, written in one line: a name, kinds of facilities, a reach, and from which share on it is met; or a
rule over single indicators of the pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geo.coverage.question import not_allowed
from geo.errors import ParameterError
from geo.questions.coverage import MAX_REACH_M, MAX_WALK_MIN, MODES
from geo.questions.matrix import MatrixQuestion
from geo.register.city import Atlas
from geo.register.indicators import OWN, RULES, Indicator, joined, load_indicators
from geo.text import mark as _
from geo.text import translate
from geo.values import is_number, read_number

MOST: Final = 20
LONGEST_NAME: Final = 40
REACHES: Final = ("straight", *MODES, *RULES)
"""How a row of one's own reaches: the kinds are then kinds of facilities, or indicators of the pack with a rule."""
STANDARD: Final = _("自定，未核对标准")
_ROWS, _CELLS, _KINDS = ";", "~", "+"


def own_indicators(atlas: Atlas, text: str) -> list[Indicator]:
    """The indicators that a text says, in order.

    Parameters
    ----------
    atlas : Atlas
    text : str
        Rows joined by ``;``, each ``name~kind+kind~straight~metres~percent``, ``name~kind~walk~minutes~percent`` (or ``cycle``, ``drive``), or
        ``name~indicator+indicator~all~~percent`` (or ``any``); the percentage may be left out. ``公园 400 米~park~straight~400~80``.

    Returns
    -------
    list of Indicator
        ``own-1``, ``own-2`` and so on; none is ``checked``.

    Raises
    ------
    ParameterError
        Names the row and what is wrong with it.
    """
    rows = [row for row in text.split(_ROWS) if row.strip()]
    if len(rows) > MOST:
        raise ParameterError(_("自己的指标超过 {most} 个。"), hint=_("请分几次问。"), most=MOST)
    return [_read(atlas, number, row) for number, row in enumerate(rows, 1)]


def own_text(rows: Sequence[tuple[str, Sequence[str], str, float | None, float | None]]) -> str:
    """The text of rows of name, kinds or parts, reach, metres or minutes, and percentage: what :func:`own_indicators` reads."""
    return _ROWS.join(
        _CELLS.join((_plain(name), _KINDS.join(kinds), reach, _figure(far), _figure(mark)))
        for name, kinds, reach, far, mark in rows
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _plain(name: str) -> str:
    """A name without the signs that separate."""
    return name.replace(_ROWS, "；").replace(_CELLS, "～").strip()[:LONGEST_NAME]


def _read(atlas: Atlas, number: int, row: str) -> Indicator:
    cells = [cell.strip() for cell in row.split(_CELLS)]
    if len(cells) not in (4, 5) or not cells[0]:
        raise ParameterError(
            _("自己的指标第 {row} 个写得不对。"),
            hint=_(
                "写成：名称~设施类型~straight~米数~达标百分数，名称~设施类型~walk~分钟数~达标百分数，或 名称~指标+指标~all~~达标百分数。"
            ),
            row=number,
        )
    name, kinds, reach, far, mark = (*cells, "")[:5]
    if reach not in REACHES:
        raise not_allowed(MatrixQuestion, "own", reach, REACHES)
    share = _number(number, mark, 100) if mark else None
    row_of_own = Indicator(
        indicator_id=f"own-{number}",
        name_zh=name[:LONGEST_NAME],
        name_en=name[:LONGEST_NAME],
        kinds=(),
        reach=reach,
        threshold_m=None,
        threshold_min=None,
        denominator="residents",
        pass_mark="" if share is None else f">={share:g}%",
        standard=translate(STANDARD, "zh"),
        clause="",
        checked=False,
        evidence=OWN,
        note_zh="",
        note_en="",
    )
    listed = tuple(kinds.split(_KINDS))
    if reach in RULES:
        single = {key: each for key, each in load_indicators(atlas.pack.root).items() if each.computable}
        _check_known(listed, list(single))
        return joined(replace(row_of_own, parts=listed), single)
    _check_known(listed, list(map(str, atlas.vocabulary("kinds").index)))
    if reach == "straight":
        return replace(row_of_own, kinds=listed, threshold_m=_number(number, far, MAX_REACH_M))
    return replace(row_of_own, kinds=listed, threshold_min=_number(number, far, MAX_WALK_MIN))


def _check_known(listed: Sequence[str], known: Sequence[str]) -> None:
    wrong = [each for each in listed if each not in known]
    if wrong:
        raise not_allowed(MatrixQuestion, "own", _KINDS.join(wrong), known)


def _number(row: int, text: str, most: float) -> float:
    value = read_number(text) if is_number(text) else float("nan")
    if not 0 < value <= most:
        raise ParameterError(
            _("自己的指标第 {row} 个：{value} 不在 0 到 {most} 之间。"),
            row=row,
            value=text[:40],
            most=f"{most:g}",
        )
    return value
