"""A phrase of a plan in its parts: the thing it is about, what is done to it, and what it is called."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from geo.plan_text.amounts import Amount
from geo.plan_text.names import NameIndex
from geo.plan_text.rules import Thing, any_of, rules

_NUMERAL: Final = "[一二三四五六七八九十]"
_CHAPTER: Final = rf"\({_NUMERAL}{{1,3}}\)|{_NUMERAL}{{1,3}}、"
CHAPTER: Final = re.compile(rf"\s*(?:{_CHAPTER})\s*")
SECTION: Final = re.compile(rf"\s*(?:{_CHAPTER}|\(\d{{1,2}}\)|\d{{1,2}}[.、](?!\d)|{_NUMERAL}{{1,3}}是)\s*")
_IN_BRACKETS: Final = re.compile(r"(?<=.)\([^()]*\)$")
_ONE_PHASE: Final = f"第?{_NUMERAL}期"
_PHASE: Final = re.compile(rf"(?:{_ONE_PHASE}[和、]?)+$")
_LETTERED: Final = (
    (re.compile(f"{_NUMERAL}中$"), "中学"),
    (re.compile(r"[A-Z]\d{1,2}线$"), "S线"),
    (re.compile(r"[GS]\d{2,4}$"), "国道"),
)
"""Names by letter and number, and the thing that each is: lines, roads, schools."""
_TIME: Final = r"(?:(?:20\d\d年)?\d{1,2}月(?:\d{1,2}日|底|末|份)?|(?:20\d\d)?年[底末内]|[上下]半年|第?[一二三四1-4]季度末?)(?:之?前)?"
EARLIER: Final = re.compile(_TIME)
_LATER: Final = re.compile(_TIME + "$")
_STRETCH: Final = re.compile(r"[\u4e00-\u9fffA-Z0-9]{0,8}(?:段|节点|标段)$")
MARKS: Final = "。;,!?、 \n\t\u3000“”"
_WORKS: Final = ("工程", "项目", "建设", "段")


@lru_cache(maxsize=16)
def matcher(kind: str) -> re.Pattern[str]:
    """A pattern of one kind of terms: ``lead_in``, ``lead``, ``end``, ``refused``, ``thing``; ``tail`` matches at the end."""
    table = rules()
    terms = {
        "lead_in": list(table.lead_ins),
        "lead": table.terms("lead"),
        "end": table.terms("end"),
        "refused": list(table.refused("lead")),
        "tail": list(table.tails),
        "thing": list(table.things),
    }[kind]
    ending = rf"(?:{any_of(terms)})"
    return re.compile(ending + "$") if kind == "tail" else re.compile(ending)


def trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """Where a phrase begins and ends, without a heading's number before it and marks around it.

    Parameters
    ----------
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    start, end : int
        Characters of it.

    Returns
    -------
    (int, int)
    """
    if heading := SECTION.match(plain, start, end):
        start = heading.end()
    while start < end and plain[start] in MARKS:
        start += 1
    while start < end and plain[end - 1] in MARKS:
        end -= 1
    return start, end


def without_amount(plain: str, start: int, end: int, amount: Amount | None) -> str:
    """A phrase without its amount; phases stay, for they are part of a name.

    Parameters
    ----------
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    start, end : int
        Characters of it.
    amount : Amount or None
        The amount that stands in it.

    Returns
    -------
    str
    """
    if amount is None or amount.unit == "期":
        return plain[start:end].strip(MARKS)
    before = plain[start : amount.start].removesuffix("达到").strip(MARKS)
    after = plain[amount.end : end].strip(MARKS)
    return before + after


def core_of(phrase: str) -> tuple[str, str]:
    """A phrase without what is done to it, and the category that this makes of it."""
    category = ""
    core = _IN_BRACKETS.sub("", before_title(phrase))
    while match := (matcher("tail").search(core) or _PHASE.search(core) or _LATER.search(core)):
        if match.start() == 0:
            break
        category = category or rules().tails.get(match[0], "")
        core = core[: match.start()].rstrip(MARKS)
    return core, category


def before_title(phrase: str) -> str:
    """A phrase up to a verb of titles inside it: ``某实验室创建国家实验室`` is about the first."""
    cuts = [at for term in ("创建", "争创", "申报") if (at := phrase.find(term)) > 2]
    return phrase[: min(cuts)] if cuts else phrase


def thing_at_end(core: str) -> tuple[Thing, str] | None:
    """The thing that a phrase ends in, and the phrase before it; one character names a road only after two to five others."""
    for pattern, term in _LETTERED:
        if pattern.search(core):
            return rules().things[term], core
    for length in range(min(len(core), 12), 0, -1):
        thing = rules().things.get(core[-length:])
        if thing is None:
            continue
        rest = core[:-length]
        if length == 1 and (not 1 <= len(rest) <= 6 or core.endswith(tuple(rules().common_ends))):
            return None
        return thing, rest if length > 1 else core
    return None


def thing_inside(core: str, phrase: str, names: NameIndex) -> tuple[Thing, str] | None:
    """The named thing whose works a phrase is about: ``某机场快速道和管制工程``, ``某运河城区段``.

    Parameters
    ----------
    core : str
        The phrase without what is done to the thing.
    phrase : str
        The whole phrase.
    names : NameIndex
        Names of the city.

    Returns
    -------
    (Thing, str) or None
        The thing, and what stands before it.
    """
    if phrase == core and not phrase.endswith(_WORKS) and not _STRETCH.search(core):
        return None
    for match in matcher("thing").finditer(core):
        if len(match[0]) > 1 and match.start() and names.names_one(core[: match.start()]):
            return rules().things[match[0]], core[: match.start()]
    return None


def phase_in(phrase: str) -> bool:
    """Whether a phrase names a phase: then it is about one work that people know (``污水处理厂二期工程``)."""
    return re.search(_ONE_PHASE, phrase) is not None


def last_thing(core: str) -> tuple[Thing, str] | None:
    """The last known thing that a phrase holds, and what stands before it: ``7条道路及沿线绿化`` is about roads.

    Parameters
    ----------
    core : str
        The phrase without its amount and without what is done to the thing.
    """
    found = [match for match in matcher("thing").finditer(core) if len(match[0]) > 1]
    return (rules().things[found[-1][0]], core[: found[-1].start()]) if found else None


def display_name(phrase: str) -> str:
    """The name of an item: its phrase without a deadline and the last word of building."""
    phrase = _LATER.sub("", before_title(phrase))
    for tail in ("工程建设", "项目建设", "建设", "工程", "工作"):
        if phrase.endswith(tail) and len(phrase) > len(tail) + 1:
            return phrase[: -len(tail)]
    return phrase
