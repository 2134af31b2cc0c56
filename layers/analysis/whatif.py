"""Answers with edits: the last few questions are kept in a form that follows single edits."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock, RLock
from typing import Final, NamedTuple

from geo.atlas import load_atlas
from geo.coverage import Coverage
from geo.edits import Outcome
from geo.facilities import Facilities
from geo.reach import Reach
from geo.scenario import Scenario
from geo.scenario_store import scenario_at
from geo.whatif import WhatIf, edited_reach
from layers.analysis import answers

_KEEP: Final = 3  # each holds some 40 MB for a city of a million cells


class Changed(NamedTuple):
    """An answer before and after the edits, and what the edits came to."""

    before: Coverage
    after: Coverage
    result: Outcome
    facilities: Facilities
    reach: Reach


class _Kept(NamedTuple):
    engine: WhatIf
    reach: Reach
    lock: RLock


_engines: OrderedDict[tuple[str, answers.Words], _Kept] = OrderedDict()
_lock = Lock()


def base_of(words: answers.Words) -> answers.Words:
    """The question without its scenario; language and district do not change what is measured."""
    return tuple(pair for pair in words if pair[0] not in (answers.SCENARIO, "district"))


def scenario_of(words: answers.Words) -> Scenario | None:
    """The scenario that the words name."""
    word = dict(words).get(answers.SCENARIO)
    return scenario_at(word) if word else None


def changed_answer(words: answers.Words, scenario: Scenario, lang: str) -> Changed:
    """What ``scenario`` makes of a question; only what differs from the edits asked last is computed.

    Raises
    ------
    AtlasError
        As :func:`geo.edits.outcome`, or as the question itself.
    """
    base = base_of(words)
    kept = _engine(base)
    with kept.lock:
        kept.engine.show(scenario.edits)
        result = kept.engine.result
        return Changed(
            answers.coverage_answer(base, lang),
            kept.engine.answer(lang=lang),
            result,
            kept.engine.facilities,
            edited_reach(kept.reach, result),
        )


def _engine(base: answers.Words) -> _Kept:
    atlas = load_atlas()
    key = (atlas.version, base)
    with _lock:
        if key in _engines:
            _engines.move_to_end(key)
            return _engines[key]
    question, demand, streets = answers.read(base)
    reach = question.reach(streets)
    made = _Kept(WhatIf(atlas, question.facilities(atlas), demand, reach), reach, RLock())
    with _lock:
        kept = _engines.setdefault(key, made)
        while len(_engines) > _KEEP:
            _engines.popitem(last=False)
        return kept
