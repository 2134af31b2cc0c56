"""One clause of a plan: which promises it makes, or why it makes none.

A clause is read as lead-in (``力争``), verb (``新增``), a list of things with amounts, and an ending (``建成通车``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from geo.plan_text.amounts import Amount
from geo.plan_text.list_members import UNKNOWN_THING, Member, Verb, amount_alone, members_of, with_amount
from geo.plan_text.names import NameIndex
from geo.plan_text.passages import Clause
from geo.plan_text.phrases import CHAPTER, EARLIER, core_of, matcher, trimmed
from geo.plan_text.rules import Thing, rules

LONGEST_CLAUSE: Final = 600
"""Characters between two commas beyond which nothing is read: no sentence is so long, and lists are compared pair by pair."""


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
    sure: float


@dataclass(frozen=True, slots=True)
class Before:
    """What the clauses before of the same sentence leave open.

    ``verb`` is one that amounts without a verb go on with; ``thing`` what they speak of, for an amount that stands without it.
    """

    verb: Verb | None = None
    thing: Thing | None = None


def promises(
    plain: str, clause: Clause, names: NameIndex, before: Before
) -> tuple[list[Promise], str, Before]:
    """The promises of one clause, and where there are none the reason.

    Parameters
    ----------
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    clause : Clause
        Part of it.
    names : NameIndex
        Names of the city.
    before : Before
        What the clauses before leave open; nothing at the first of a sentence.

    Returns
    -------
    (list of Promise, str, Before)
        The second is a key of :data:`geo.plan_text.draft.LEFT_OUT_LABELS`, empty where there are promises; the third is for the next clause.
    """
    start, end = trimmed(plain, clause.start, clause.end)
    if start >= end or _is_heading(plain, clause):
        return [], "heading", Before()
    if end - start > LONGEST_CLAUSE:
        return [], "long", Before()
    opening, mode, start_of_verb = _lead_ins(plain, start, end, names)
    refusal = matcher("refused").match(plain, start_of_verb, end)
    lead = matcher("lead").match(plain, start_of_verb, end) or matcher("lead").match(plain, opening, end)
    if refusal and (lead is None or refusal.end() > lead.end()):
        return [], rules().refused("lead")[refusal[0]], Before(thing=before.thing)
    begin = lead.end() if lead else start_of_verb
    verb = Verb(lead[0], "lead", lead.start(), lead.end(), mode, 1.0) if lead else None
    ending = _ending(plain, begin, end, mode)
    body_end = _without_and(plain, ending.start) if ending else end
    read = members_of(plain, begin, body_end, names, end)
    if not read and verb and before.thing:
        read = amount_alone(plain, begin, body_end, before.thing)
    if not read:
        return [], _why_none(plain, begin, end), Before(thing=before.thing)
    if ending:
        read = [with_amount(one, plain, ending, end) for one in read]
    made = list(_promised(read, verb, ending, before.verb, end, start))
    known = [one.thing for one in read if one.thing is not None]
    after = Before(made[-1].verb if made else None, known[-1] if known else before.thing)
    return made, "" if made else _why_no_promise(read), after


def _is_heading(plain: str, clause: Clause) -> bool:
    """Whether a clause is a line of its own, numbered 一、 or (一), without a full stop; lines numbered 1. may be a list of promises."""
    text = plain[clause.start : clause.end]
    return clause.first and text.endswith("\n") and "。" not in text and bool(CHAPTER.match(text))


def _lead_ins(plain: str, start: int, end: int, names: NameIndex) -> tuple[int, str, int]:
    """Where the last lead-in begins (a verb may hold it: ``加快打通``), the 力争 or 确保 among them, and where they end."""
    opening, mode, at = start, "", start
    while match := (matcher("lead_in").match(plain, at, end) or EARLIER.match(plain, at, end)):
        opening, at = at, match.end()
        verb = matcher("lead").match(plain, opening, end)
        if verb and verb.end() > match.end():
            return opening, mode, opening
        mode = mode or (match[0] if rules().lead_ins.get(match[0], "plain") != "plain" else "")
    behind = names.after_district(plain, at, end)
    return (at, mode, behind) if matcher("lead").match(plain, behind, end) else (opening, mode, at)


def _ending(plain: str, start: int, end: int, mode: str) -> Verb | None:
    """The verb that closes a clause: the first after a thing; what follows it is its own."""
    every = matcher("end").finditer(plain, start + 1, end)
    match = next((one for one in every if _closes(plain, one.start(), one.end())), None)
    if match is None:
        return None
    begin = match.start()
    before = next((term for term in rules().lead_ins if plain.endswith(term, start, begin)), "")
    if rules().lead_ins.get(before, "plain") != "plain":
        mode = before
    return Verb(match[0], "end", begin - len(before), match.end(), mode, 1.0)


def _is_built(verb: Verb, one: Member) -> bool:
    """Whether a verb alone makes of a member without a known thing something that is built."""
    builds = rules().builds.get(verb.term, "no")
    of_places = one.amount is not None and one.amount.of_places
    return builds == "yes" or (builds == "works" and (one.named or of_places))


def _without_and(plain: str, at: int) -> int:
    """Where a phrase ends before an ending with an ``and`` of its own (``建成某中心并投入运营``)."""
    return at - 1 if plain[at - 1] == "并" else at


def _closes(plain: str, start: int, end: int) -> bool:
    """Whether a verb closes a clause: not as part of a list, and not as part of a share (``开工率``)."""
    return plain[start - 1] not in "、和及与" and plain[end : end + 1] != "率"


def _promised(
    read: list[Member], verb: Verb | None, ending: Verb | None, before: Verb | None, end: int, start: int
) -> Iterator[Promise]:
    """Each member with the verb it goes with: the ending's, its own, that of the member before, that of the clause before."""
    current = verb
    for number, one in enumerate(read):
        current = one.verb or current
        chosen = ending or current
        if chosen is None and before is not None and one.amount is not None:
            chosen = replace(before, sure=0.5)
        if (
            chosen is None
            and one.amount is not None
            and one.name != ""
            and one.thing is not None
            and one.sure == 1
        ):
            chosen = Verb("实施", "lead", one.start, one.start, "", 0.4)
        if chosen is None or not (one.named or one.amount is not None):
            continue
        if one.sure < UNKNOWN_THING and not (chosen in (ending, current) and _is_built(chosen, one)):
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
            chosen if own else replace(chosen, sure=min(chosen.sure, 0.9)), one.named, one.sure,
        )  # fmt: skip


def _why_none(plain: str, start: int, end: int) -> str:
    """Why a clause holds nothing that can be placed."""
    phrase = plain[start:end]
    core = core_of(phrase)[0]
    for ending, code in rules().refused("ending").items():
        if core.endswith(ending) or phrase.endswith(ending):
            return code
    for term, code in rules().refused("object").items():
        if term in phrase:
            return code
    return "no_place"


def _why_no_promise(read: list[Member]) -> str:
    named = any(one.named or one.amount is not None for one in read)
    return "no_verb" if named else "general"
