"""One clause of a plan: which promises it makes, or why it makes none.

A clause is read as lead-in (``力争``), verb (``新增``), a list of things with amounts, and an ending (``建成通车``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from geo.plan_text.amounts import Amount, amounts, phases
from geo.plan_text.names import NameIndex
from geo.plan_text.passages import Clause, members
from geo.plan_text.rules import Thing, any_of, rules

_SECTION: Final = re.compile(
    r"\s*(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、](?!\d))\s*"
)
_CLOSING: Final = re.compile(r"(?<![中高同优平初])等(?!级|于|待|次)[^、]*$")
_LISTED: Final = re.compile(r"(?:项目|工程)(?:建设)?[。;,!?\s]*$")
_JOIN: Final = re.compile(r"以及|和|及|与")
_PHASE: Final = re.compile(r"(?:第?[一二三四五六七八九十]期[和、]?)+$")
_LETTERED: Final = ((re.compile(r"[A-Z]\d{1,2}线$"), "S线"), (re.compile(r"[GS]\d{2,4}$"), "国道"))
"""Names of lines and roads by letter and number, and the thing that each is."""
_TIME: Final = r"(?:(?:20\d\d年)?\d{1,2}月(?:\d{1,2}日|底|末|份)?|(?:20\d\d)?年[底末内]|[上下]半年|第?[一二三四1-4]季度末?)(?:之?前)?"
_EARLIER: Final = re.compile(_TIME)
_LATER: Final = re.compile(_TIME + "$")
_STRETCH: Final = re.compile(r"[\u4e00-\u9fffA-Z0-9]{0,8}(?:段|节点|标段)$")
LONGEST_CLAUSE: Final = 600
"""Characters between two commas beyond which nothing is read: no sentence is so long, and lists are compared pair by pair."""
_MARKS: Final = "。;,!?、 \n\t\u3000“”"
_WORKS: Final = ("工程", "项目", "建设", "段")


@dataclass(frozen=True, slots=True)
class Verb:
    """The verb of a member: as written, where its characters are, the 力争 or 确保 before it, and how sure it is its own."""

    term: str
    position: str
    start: int
    end: int
    mode: str
    sure: float


@dataclass(frozen=True, slots=True)
class Promise:
    """What a member of a list promises; ``start`` and ``end`` are its quote, ``core`` the thing without what is done to it."""

    start: int
    end: int
    core: tuple[int, int]
    name: str
    thing: Thing | None
    category: str
    amount: Amount | None
    verb: Verb
    named: bool


@dataclass(frozen=True, slots=True)
class _Member:
    start: int
    end: int
    core: tuple[int, int]
    name: str
    thing: Thing | None
    category: str
    amount: Amount | None
    named: bool
    verb: Verb | None


@lru_cache(maxsize=16)
def _matcher(kind: str) -> re.Pattern[str]:
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


def promises(plain: str, clause: Clause, names: NameIndex, before: Verb | None) -> tuple[list[Promise], str]:
    """The promises of one clause, and where there are none the reason.

    Parameters
    ----------
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    clause : Clause
        Part of it.
    names : NameIndex
        Names of the city.
    before : Verb or None
        The verb of the clause before, of the same sentence, that a clause of amounts without a verb goes on with.

    Returns
    -------
    (list of Promise, str)
        The second is a key of :data:`geo.plan_text.draft.LEFT_OUT_LABELS`, empty where there are promises.
    """
    start, end = _trimmed(plain, clause.start, clause.end)
    if start >= end or _is_heading(plain, clause):
        return [], "heading"
    if end - start > LONGEST_CLAUSE:
        return [], "long"
    opening, mode, start_of_verb = _lead_ins(plain, start, end, names)
    refusal = _matcher("refused").match(plain, start_of_verb, end)
    lead = _matcher("lead").match(plain, start_of_verb, end) or _matcher("lead").match(plain, opening, end)
    if refusal and (lead is None or refusal.end() > lead.end()):
        return [], rules().refused("lead")[refusal[0]]
    begin = lead.end() if lead else start_of_verb
    verb = Verb(lead[0], "lead", lead.start(), lead.end(), mode, 1.0) if lead else None
    ending = _ending(plain, begin, end, mode)
    body_end = ending.start if ending else end
    read = _members(plain, begin, body_end, names, end)
    if not read:
        return [], _why_none(plain, begin, end)
    if ending:
        read = [_with_amount(one, plain, ending, end) for one in read]
    made = list(_promised(read, verb, ending, before, end, start))
    if made:
        return made, ""
    return [], _why_no_promise(read)


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    if heading := _SECTION.match(plain, start, end):
        start = heading.end()
    while start < end and plain[start] in _MARKS:
        start += 1
    while start < end and plain[end - 1] in _MARKS:
        end -= 1
    return start, end


def _is_heading(plain: str, clause: Clause) -> bool:
    """Whether a clause is a numbered line of its own, without a full stop."""
    text = plain[clause.start : clause.end]
    return clause.first and text.endswith("\n") and "。" not in text and bool(_SECTION.match(text))


def _lead_ins(plain: str, start: int, end: int, names: NameIndex) -> tuple[int, str, int]:
    """Where the last lead-in begins (a verb may hold it: ``加快打通``), the 力争 or 确保 among them, and where they end."""
    opening, mode, at = start, "", start
    while match := (_matcher("lead_in").match(plain, at, end) or _EARLIER.match(plain, at, end)):
        opening, at = at, match.end()
        verb = _matcher("lead").match(plain, opening, end)
        if verb and verb.end() > match.end():
            return opening, mode, opening
        mode = mode or (match[0] if rules().lead_ins.get(match[0], "plain") != "plain" else "")
    behind = names.after_district(plain, at, end)
    return (at, mode, behind) if _matcher("lead").match(plain, behind, end) else (opening, mode, at)


def _ending(plain: str, start: int, end: int, mode: str) -> Verb | None:
    """The verb that closes a clause: the first after a thing; what follows it is its own."""
    every = _matcher("end").finditer(plain, start + 1, end)
    match = next((one for one in every if plain[one.start() - 1] not in "、和及与"), None)
    if match is None:
        return None
    begin = match.start()
    before = next((term for term in rules().lead_ins if plain.endswith(term, start, begin)), "")
    if rules().lead_ins.get(before, "plain") != "plain":
        mode = before
    return Verb(match[0], "end", begin - len(before), match.end(), mode, 1.0)


def _members(plain: str, start: int, end: int, names: NameIndex, clause_end: int) -> list[_Member]:
    """Members of the list that can be placed, each with its thing; a list that closes with 等重点项目 may hold bare names."""
    closing = _CLOSING.search(plain, start, end)
    listed = closing is not None and _LISTED.search(plain, closing.start(), clause_end) is not None
    parts = members(plain, start, closing.start() if closing else end)
    whole = [part for first, last in parts for part in _joined(plain, first, last, names)]
    read = [_member(plain, first, last, names) for first, last in whole]
    kind = _kind_of_list(plain, closing.start() + 1, end) if closing else None
    if kind or (listed and any(one is not None and one.named for one in read)):
        read = [
            one if one is not None else _bare(plain, *part, names, kind)
            for one, part in zip(read, whole, strict=True)
        ]
    return [one for one in read if one is not None]


def _joined(plain: str, start: int, end: int, names: NameIndex) -> list[tuple[int, int]]:
    """``甲高速和乙高速`` as two members: only where both sides end in a thing, and the second says which or how many."""
    for match in _JOIN.finditer(plain, start + 2, end - 1):
        left = _member(plain, start, match.start(), names)
        right = _member(plain, match.end(), end, names)
        if left and right and left.thing and right.thing and (right.named or right.amount):
            return [(start, match.start()), *_joined(plain, match.end(), end, names)]
    return [(start, end)]


def _member(plain: str, start: int, end: int, names: NameIndex) -> _Member | None:
    first, last = _trimmed(plain, start, end)
    own = _matcher("lead").match(plain, first, last)
    if own and own.end() + 1 >= last:
        own = None  # a road that is called after a verb, such as 建设路
    begin = own.end() if own else first
    counted = amounts(plain, begin, last)
    amount = counted[0] if counted else phases(plain, begin, last)
    phrase = _without(plain, begin, last, amount)
    core, category = _core(phrase)
    found = _thing(core) or _thing_inside(core, phrase, names)
    if found is None:
        return None
    thing, own_part = found
    if any(term in core for term in rules().refused("object")) or core.endswith(
        tuple(rules().refused("ending"))
    ):
        return None
    at = plain.find(core, begin, last) if core else -1
    span = (at, at + len(core)) if at >= 0 else (begin, last)
    verb = Verb(own[0], "lead", own.start(), own.end(), "", 1.0) if own else None
    return _Member(
        first, last, span, _shown(phrase), thing, category or thing.category, amount,
        names.names_one(own_part), verb,
    )  # fmt: skip


def _without(plain: str, start: int, end: int, amount: Amount | None) -> str:
    """A phrase without its amount; phases stay, for they are part of a name."""
    if amount is None or amount.unit == "期":
        return plain[start:end].strip(_MARKS)
    before = plain[start : amount.start].removesuffix("达到").strip(_MARKS)
    after = plain[amount.end : end].strip(_MARKS)
    return before + after


def _core(phrase: str) -> tuple[str, str]:
    """A phrase without what is done to it, and the category that this makes of it."""
    category = ""
    core = _inner_cut(phrase)
    while match := (_matcher("tail").search(core) or _PHASE.search(core) or _LATER.search(core)):
        if match.start() == 0:
            break
        category = category or rules().tails.get(match[0], "")
        core = core[: match.start()].rstrip(_MARKS)
    return core, category


def _inner_cut(phrase: str) -> str:
    """A phrase up to a verb of titles inside it: ``某实验室创建国家实验室`` is about the first."""
    cuts = [at for term in ("创建", "争创", "申报") if (at := phrase.find(term)) > 2]
    return phrase[: min(cuts)] if cuts else phrase


def _thing(core: str) -> tuple[Thing, str] | None:
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


def _thing_inside(core: str, phrase: str, names: NameIndex) -> tuple[Thing, str] | None:
    """The named thing whose works a phrase is about: ``某机场快速道和管制工程``, ``某运河城区段``."""
    if not phrase.endswith(_WORKS) and not _STRETCH.search(core):
        return None
    for match in _matcher("thing").finditer(core):
        if len(match[0]) > 1 and match.start() and names.names_one(core[: match.start()]):
            return rules().things[match[0]], core[: match.start()]
    return None


def _kind_of_list(plain: str, start: int, end: int) -> Thing | None:
    """The thing that a list closes with: ``甲河、乙河等河道治理``."""
    found = _thing(_core(plain[start:end].strip(_MARKS))[0])
    return found[0] if found and len(found[0].term) > 1 else None


def _bare(plain: str, start: int, end: int, names: NameIndex, kind: Thing | None) -> _Member | None:
    """A member of a list of named works whose own name holds no known thing; ``kind`` is what the list closes with."""
    first, last = _trimmed(plain, start, end)
    core = _core(plain[first:last])[0]
    if not names.reads_as_name(core):
        return None
    return _Member(
        first,
        last,
        (first, first + len(core)),
        plain[first:last],
        kind,
        kind.category if kind else "",
        None,
        True,
        None,
    )


def _shown(phrase: str) -> str:
    """The name of an item: its phrase without a deadline and the last word of building."""
    phrase = _LATER.sub("", _inner_cut(phrase))
    for tail in ("工程建设", "项目建设", "建设", "工程", "工作"):
        if phrase.endswith(tail) and len(phrase) > len(tail) + 1:
            return phrase[: -len(tail)]
    return phrase


def _with_amount(one: _Member, plain: str, ending: Verb, end: int) -> _Member:
    """The amount that an ending reaches (``覆盖率达到50%``), for one that needs an amount."""
    if one.amount is not None or (ending.term, ending.position, False) in rules().verbs:
        return one
    after = amounts(plain, ending.end, end)
    return replace(one, amount=after[0]) if after else one


def _promised(
    read: list[_Member], verb: Verb | None, ending: Verb | None, before: Verb | None, end: int, start: int
) -> Iterator[Promise]:
    """Each member with the verb it goes with: the ending's, its own, that of the member before, that of the clause before."""
    current = verb
    for number, one in enumerate(read):
        current = one.verb or current
        chosen = ending or current
        if chosen is None and before is not None and one.amount is not None:
            chosen = replace(before, sure=0.5)
        if chosen is None and one.amount is not None and one.name != "" and one.thing is not None:
            chosen = Verb("实施", "lead", one.start, one.start, "", 0.4)
        if chosen is None or not (one.named or one.amount is not None):
            continue
        if (
            not one.named
            and one.amount is not None
            and one.amount.measure == "share"
            and chosen is not ending
        ):
            continue
        first = start if number == 0 and (verb or ending) else one.start
        last = end if ending and number == len(read) - 1 else one.end
        own = one.verb is not None or ending is not None or number == 0
        yield Promise(
            first, last, one.core, one.name, one.thing, one.category, one.amount,
            chosen if own else replace(chosen, sure=min(chosen.sure, 0.9)), one.named,
        )  # fmt: skip


def _why_none(plain: str, start: int, end: int) -> str:
    """Why a clause holds nothing that can be placed."""
    phrase = plain[start:end]
    core = _core(phrase)[0]
    for ending, code in rules().refused("ending").items():
        if core.endswith(ending) or phrase.endswith(ending):
            return code
    for term, code in rules().refused("object").items():
        if term in phrase:
            return code
    return "no_place"


def _why_no_promise(read: list[_Member]) -> str:
    named = any(one.named or one.amount is not None for one in read)
    return "no_verb" if named else "general"
