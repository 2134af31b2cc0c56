"""The members of a list in a clause: each with its thing, its amount and perhaps a verb of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from geo.plan_text.amounts import Amount, amounts, phases
from geo.plan_text.names import NameIndex
from geo.plan_text.passages import members
from geo.plan_text.phrases import (
    MARKS,
    core_of,
    display_name,
    last_thing,
    matcher,
    phase_in,
    thing_at_end,
    thing_inside,
    trimmed,
    without_amount,
)
from geo.plan_text.rules import Thing, rules

_CLOSING: Final = re.compile(r"(?<![中高同优平初])等(?!级|于|待|次)[^、]*$")
_LISTED: Final = re.compile(r"(?:项目|工程)(?:建设)?[。;,!?\s]*$")
_JOIN: Final = re.compile(r"以及|和|及|与")
_INSIDE: Final = 0.55
"""How sure it is that a counted phrase is about the thing that it holds, but does not end in."""
UNKNOWN_THING: Final = 0.5
_SHORTENED: Final = 4
"""Characters of a name whose last word stands only behind the next: ``甲乙、丙丁铁路``."""


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
class Member:
    """A member of a list: its range, its thing without what is done to it, and how it is called.

    ``named`` where it says which one. ``sure``: how sure the thing is what it is about; below :data:`UNKNOWN_THING` it has none of the known
    things, and only a verb of building makes a promise of it.
    """

    start: int
    end: int
    core: tuple[int, int]
    name: str
    thing: Thing | None
    category: str
    amount: Amount | None
    named: bool
    verb: Verb | None
    sure: float = 1.0


def members_of(plain: str, start: int, end: int, names: NameIndex, clause_end: int) -> list[Member]:
    """Members of the list that can be placed, each with its thing; a list that closes with 等重点项目 may hold bare names.

    Parameters
    ----------
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    start, end : int
        Characters of it.
    names : NameIndex
        Names of the city.
    clause_end : int
        Where the clause ends, with what follows the list.

    Returns
    -------
    list of Member
    """
    closing = _CLOSING.search(plain, start, end)
    listed = closing is not None and _LISTED.search(plain, closing.start(), clause_end) is not None
    parts = members(plain, start, closing.start() if closing else end)
    if closing and (total := _total(plain, parts, (closing.start() + 1, end), names)):
        return [total]
    whole = [part for first, last in parts for part in _joined(plain, first, last, names)]
    read = [_member(plain, first, last, names) for first, last in whole]
    kind = _kind_of_list(plain, closing.start() + 1, end) if closing else None
    if kind or (listed and any(one is not None and one.named for one in read)):
        read = [
            one if one is not None and one.sure >= UNKNOWN_THING else _bare(plain, *part, names, kind) or one
            for one, part in zip(read, whole, strict=True)
        ]
    return _together([one for one in _shortened(plain, whole, read, names) if one is not None])


def _total(
    plain: str, parts: list[tuple[int, int]], rest: tuple[int, int], names: NameIndex
) -> Member | None:
    """``甲路、乙路等3条道路``: one member with the number that the list closes with, where no other number stands before it."""
    counted = amounts(plain, *rest)
    if not counted or amounts(plain, parts[0][0], parts[-1][1]):
        return None
    kind = _kind_of_list(plain, counted[0].end, rest[1])
    first = _member(plain, *parts[0], names)
    thing = kind or (first.thing if first else None)
    start, end = trimmed(plain, parts[0][0], rest[1])
    name = display_name(plain[start:end])
    category, sure = (thing.category, 1.0) if thing else ("", _INSIDE)
    return Member(start, end, (start, end), name, thing, category, counted[0], True, None, sure)


def _shortened(
    plain: str, parts: list[tuple[int, int]], read: list[Member | None], names: NameIndex
) -> list[Member | None]:
    """``甲乙、丙丁铁路``: a short name without a thing, before one of a line, is of the same kind."""
    out = list(read)
    for at in range(len(out) - 2, -1, -1):
        following = out[at + 1]
        if out[at] is not None or following is None or following.thing is None or following.amount:
            continue
        first, last = trimmed(plain, *parts[at])
        if following.thing.geometry == "line" and last - first <= _SHORTENED:
            out[at] = _bare(plain, *parts[at], names, following.thing)
    return out


def _together(read: list[Member]) -> list[Member]:
    """``幼儿园、中小学20所``: a kind without a number, before another of its category with one, is counted with it."""
    out: list[Member] = []
    for one in read:
        if out and _counted_with(out[-1], one):
            first = out.pop()
            name, verb = f"{first.name}、{one.name}", first.verb or one.verb
            out.append(replace(one, start=first.start, name=name, verb=verb))
        else:
            out.append(one)
    return out


def _counted_with(one: Member, following: Member) -> bool:
    return (
        one.amount is None
        and not one.named
        and following.amount is not None
        and following.amount.measure == "count"
        and one.thing is not None
        and one.category == following.category
    )


def _joined(plain: str, start: int, end: int, names: NameIndex) -> list[tuple[int, int]]:
    """``甲高速和乙高速`` as two members: only where both sides end in a thing, and the second says which or how many."""
    for match in _JOIN.finditer(plain, start + 2, end - 1):
        left = _member(plain, start, match.start(), names)
        right = _member(plain, match.end(), end, names)
        if left and right and left.thing and right.thing and (right.named or right.amount):
            return [(start, match.start()), *_joined(plain, match.end(), end, names)]
    return [(start, end)]


def _member(plain: str, start: int, end: int, names: NameIndex) -> Member | None:
    first, last = trimmed(plain, start, end)
    own = matcher("lead").match(plain, first, last)
    if own and own.end() + 1 >= last:
        own = None  # a road that is called after a verb, such as 建设路
    begin = own.end() if own else first
    amount = _counted(plain, begin, last, names) or phases(plain, begin, last)
    phrase = without_amount(plain, begin, last, amount)
    core, category = core_of(phrase)
    found = thing_at_end(core) or thing_inside(core, phrase, names)
    sure = 1.0
    if found is None and amount is not None and (within := last_thing(core)):
        found, sure = within, _INSIDE
    verb = Verb(own[0], "lead", own.start(), own.end(), "", 1.0) if own else None
    if any(term in core for term in rules().refused("object")) or core.endswith(
        tuple(rules().refused("ending"))
    ):
        return None
    at = plain.find(core, begin, last) if core else -1
    span = (at, at + len(core)) if at >= 0 else (begin, last)
    if found is None:
        return _unknown(
            Member(first, last, span, display_name(phrase), None, category, amount, False, verb),
            phrase,
            names,
        )
    thing, own_part = found
    named = names.names_one(own_part) or (amount is None and phase_in(phrase))
    return Member(
        first, last, span, display_name(phrase), thing, category or thing.category, amount, named, verb, sure
    )


def _counted(plain: str, begin: int, last: int, names: NameIndex) -> Amount | None:
    """The first amount of a phrase that ends where a word does; the phrase is cut into words only where it has one."""
    stated = amounts(plain, begin, last)
    ends = names.token_ends(plain[begin:last]) if stated else frozenset()
    return next((one for one in stated if one.end - begin in ends), None)


def _unknown(one: Member, phrase: str, names: NameIndex) -> Member | None:
    """A member that holds no known thing: some of what can stand on a map, by its unit or by how its name ends; to be asked about."""
    built = phrase.endswith(tuple(rules().building_ends)) and names.names_one(phrase)
    amount = one.amount if len(phrase) > 1 and phrase not in rules().tails else None
    counted = amount is not None and (amount.of_places or amount.measure == "count")
    if not (built or counted):
        return None
    within = last_thing(phrase)
    thing = within[0] if within else None
    category = one.category or (thing.category if thing else "")
    return replace(
        one, thing=thing, category=category, named=built and one.amount is None, sure=UNKNOWN_THING / 2
    )


def _kind_of_list(plain: str, start: int, end: int) -> Thing | None:
    """The thing that a list closes with: ``甲河、乙河等河道治理``."""
    found = thing_at_end(core_of(plain[start:end].strip(MARKS))[0])
    return found[0] if found and len(found[0].term) > 1 else None


def _bare(plain: str, start: int, end: int, names: NameIndex, kind: Thing | None) -> Member | None:
    """A member of a list of named works whose own name holds no known thing; ``kind`` is what the list closes with."""
    first, last = trimmed(plain, start, end)
    core = core_of(plain[first:last])[0]
    if not names.reads_as_name(core):
        return None
    return Member(
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


def amount_alone(plain: str, start: int, end: int, thing: Thing) -> list[Member]:
    """An amount that stands without its thing (``治理20条``), of what the sentence speaks of; empty where something else stands there.

    Parameters
    ----------
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    start, end : int
        Characters of it.
    thing : Thing
        What the clauses before speak of.

    Returns
    -------
    list of Member
    """
    first, last = trimmed(plain, start, end)
    counted = amounts(plain, first, last)
    if len(counted) != 1:
        return []
    amount = counted[0]
    phrase = without_amount(plain, first, last, amount)
    if phrase not in rules().tails and phrase not in {"", *rules().terms("lead")}:
        return []
    return [
        Member(first, last, (first, last), thing.term, thing, thing.category, amount, False, None, _INSIDE)
    ]


def with_amount(one: Member, plain: str, ending: Verb, end: int) -> Member:
    """The amount that an ending reaches (``覆盖率达到50%``), for one that needs an amount.

    Parameters
    ----------
    one : Member
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    ending : Verb
        The verb that closes the clause.
    end : int
        Where the clause ends.

    Returns
    -------
    Member
    """
    if one.amount is not None or (ending.term, ending.position, False) in rules().verbs:
        return one
    after = amounts(plain, ending.end, end)
    return replace(one, amount=after[0]) if after else one
