"""Answers with edits: the last few questions are kept in a form that follows single edits."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock, RLock
from typing import Final, NamedTuple

from geo.atlas import load_atlas
from geo.cities import current_slug
from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand
from geo.coverage.question import question_facilities, question_reach
from geo.coverage.reach import Reach
from geo.register.facilities import Facilities
from geo.whatif.edits import EditedSet, apply_edits, edited_facilities, edits_of_set, with_scenario
from geo.whatif.scenario import Scenario
from geo.whatif.what_if import WhatIf, edited_reach, kind_of
from layers.analysis.questions import Parameters, base_of, coverage_without_scenario, read

_REMEMBER: Final = 500
_MAX_ANSWERS: Final = 3  # each holds some 40 MB for a city of a million cells


class Changed(NamedTuple):
    """An answer before and after the edits, and what the edits came to."""

    before: Coverage
    after: Coverage
    result: EditedSet
    facilities: Facilities
    reach: Reach


class _CachedAnswer(NamedTuple):
    engine: WhatIf
    lock: RLock


_engines: OrderedDict[tuple[str, str, Parameters], _CachedAnswer] = OrderedDict()
_once: OrderedDict[tuple[str, str, Parameters], None] = OrderedDict()
_lock = Lock()


def changed_answer(parameters: Parameters, scenario: Scenario, lang: str) -> Changed:
    """What ``scenario`` makes of a question; only what differs from the edits asked last is computed.

    Parameters
    ----------
    parameters : Parameters
        Names and values of the question.
    scenario : Scenario
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Changed

    Raises
    ------
    AtlasError
        As :func:`geo.whatif.edits.apply_edits`, or as the question itself.
    """
    base = base_of(parameters)
    question, demand, streets = read(base)
    reach, facilities = question_reach(question, streets), question_facilities(load_atlas(), question)
    edits, left = edits_of_set(load_atlas(), question, facilities, scenario.edits)
    kept = _engine(base, facilities, demand, reach)
    if kept is None:
        result = apply_edits(load_atlas(), facilities, edits, reach.network)
        after = edited_facilities(facilities, result, kind_of(facilities))
        changed = edited_reach(reach, result)
        answer = coverage(load_atlas(), after, demand, changed, lang=lang)
    else:
        with kept.lock:
            kept.engine.show(edits)
            result, after, answer = kept.engine.result, kept.engine.facilities, kept.engine.answer(lang=lang)
        changed = edited_reach(reach, result)
    told = with_scenario(answer, scenario, left) if scenario.edits else answer
    return Changed(coverage_without_scenario(base, lang), told, result, after, changed)


def _engine(base: Parameters, facilities: Facilities, demand: Demand, reach: Reach) -> _CachedAnswer | None:
    """What follows single edits of a question: made when it is asked a second time.

    A radius that a slider passes over is asked once, and a plain answer is the quickest there.
    """
    key = (current_slug(), load_atlas().version, base)
    with _lock:
        if key in _engines:
            _engines.move_to_end(key)
            return _engines[key]
        if key not in _once:
            _once[key] = None
            while len(_once) > _REMEMBER:
                _once.popitem(last=False)
            return None
    made = _CachedAnswer(WhatIf(load_atlas(), facilities, demand, reach), RLock())
    with _lock:
        kept = _engines.setdefault(key, made)
        while len(_engines) > _MAX_ANSWERS:
            _engines.popitem(last=False)
        return kept
