"""Every change of status of every work at once, in arrays: its own records, and those of its sections where it has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.register.fold import SECTION, Fold, folded_status
from geo.register.order_of_events import Array
from geo.vocabulary import STAGES, UNKNOWN


@dataclass(frozen=True, slots=True)
class _Rows:
    first: Array
    positions: Array
    parents: Array
    statuses: Array


@dataclass(frozen=True, slots=True)
class _Changes:
    works: Array
    positions: Array
    codes: Array


def status_changes(fold: Fold) -> pd.DataFrame:
    """Every change of status: ``work_id, date, status`` by work and day; see :meth:`geo.register.register.Register.intervals`."""
    words, own = _status_words(fold)
    folded = _folded_changes(fold, own)
    works = np.concatenate([fold.statuses.works, folded.works])
    positions = np.concatenate([fold.statuses.positions, folded.positions])
    is_own = np.arange(len(works)) < len(own)
    at = np.lexsort([positions, works])
    works, positions, is_own = works[at], positions[at], is_own[at]
    codes = np.concatenate([own, folded.codes])[at]
    first = np.r_[True, works[1:] != works[:-1]] if len(works) else np.zeros(0, bool)
    unknown = words.index(UNKNOWN)
    mine = _filled(np.where(is_own, codes, unknown), is_own, first, unknown)
    parts = _filled(np.where(is_own, unknown, codes), ~is_own, first, unknown)
    status = np.where(mine == unknown, parts, mine)
    days = fold.days[positions]
    ends = np.flatnonzero(np.r_[(works[1:] != works[:-1]) | (days[1:] != days[:-1]), True][: len(works)])
    works, status, positions = works[ends], status[ends], positions[ends]
    first = np.r_[True, works[1:] != works[:-1]][: len(works)]
    before = np.where(first, unknown, np.r_[unknown, status[:-1]][: len(works)])
    new = np.flatnonzero(status != before)
    new = new[np.argsort(fold.works.index.argsort().argsort()[works[new]], kind="stable")]
    return pd.DataFrame(
        {
            "work_id": fold.works.index.to_numpy(object)[works[new]],
            "date": fold.dates[positions[new]],
            "status": np.array(words, object)[status[new]],
        },
        dtype=object,
    )


def _status_words(fold: Fold) -> tuple[list[str], Array]:
    """The words of statuses, stages first, and the place among them of each event's."""
    codes, found = pd.factorize(fold.contents[fold.statuses.positions])
    words = [*STAGES, UNKNOWN, *(word for word in found if word not in {*STAGES, UNKNOWN})]
    return words, np.array([words.index(word) for word in found], np.int64)[codes]


def _folded_changes(fold: Fold, statuses: Array) -> _Changes:
    """What the sections of a work make of it after every event that may change it; ``statuses`` of :meth:`_status_words`."""
    rows = _section_rows(fold, statuses)
    # each row adds its section to a parent, and takes away what the section's row before it added
    later = np.flatnonzero(~rows.first)
    parents = np.concatenate([rows.parents, rows.parents[later - 1]])
    ranks = np.concatenate([rows.statuses, rows.statuses[later - 1]])
    positions = np.concatenate([rows.positions, rows.positions[later]])
    step = np.repeat([1, -1], [len(rows.parents), len(later)])
    kept = np.flatnonzero(parents >= 0)
    kept = kept[np.lexsort([positions[kept], parents[kept]])]
    parents, positions, ranks, step = parents[kept], positions[kept], ranks[kept], step[kept]
    ends = np.flatnonzero(
        np.r_[(parents[1:] != parents[:-1]) | (positions[1:] != positions[:-1]), True][: len(parents)]
    )
    # over all parents at once: every section that a parent had is taken from the sums where the next parent begins
    counts = np.stack([np.cumsum(step * (ranks == rank))[ends] for rank in range(len(STAGES))], axis=1)
    total = np.cumsum(step)[ends]
    parents, positions = parents[ends], positions[ends]
    begins = np.flatnonzero(np.r_[True, parents[1:] != parents[:-1]][: len(parents)])
    sizes = np.diff(np.r_[begins, len(parents)])
    earlier = np.repeat(np.maximum(begins - 1, 0), sizes)
    has_earlier = np.repeat(begins > 0, sizes)
    counts = counts - np.where(has_earlier[:, None], counts[earlier], 0)
    total = total - np.where(has_earlier, total[earlier], 0)
    codes = folded_status(counts, total)
    real = positions >= 0  # before the first event nothing is known of anything
    return _Changes(parents[real], positions[real], codes[real])


def _section_rows(fold: Fold, statuses: Array) -> _Rows:
    """Parent and status of every work that ever was a section, at first and after each event that changed one of them."""
    count = len(fold.works)
    kinds = (fold.works["kind"] == SECTION).to_numpy(bool)
    parents = fold.places_of(fold.works["parent_id"])
    ever = kinds.copy()
    # what is known of a work, and by which record: 0 before the first, 1 its status, 2 its kind, 3 its parent
    tracks = [
        (np.full(count, -1), np.arange(count), 0, kinds),
        (fold.statuses.positions, fold.statuses.works, 1, statuses),
    ]
    if (field := fold.fields.get("kind")) is not None:
        becomes = np.array(field.contents == SECTION, bool)
        ever[field.track.works[becomes]] = True
        tracks.append((field.track.positions, field.track.works, 2, becomes))
    if (field := fold.fields.get("parent_id")) is not None:
        moved = fold.places_of(pd.Series(field.contents, dtype=object))
        tracks.append((field.track.positions, field.track.works, 3, moved))
    positions = np.concatenate([each[0] for each in tracks])
    works = np.concatenate([each[1] for each in tracks])
    given = np.repeat([each[2] for each in tracks], [len(each[0]) for each in tracks])
    value = np.concatenate([np.asarray(each[3], np.int64) for each in tracks])
    kept = np.flatnonzero(ever[works])
    kept = kept[np.lexsort([positions[kept], works[kept]])]
    works, given, value = works[kept], given[kept], value[kept]
    first = given == 0
    is_section = _carried(np.where(first, kinds[works], value), first | (given == 2))
    parent = _carried(np.where(first, parents[works], value), first | (given == 3))
    status = _carried(np.where(first, len(STAGES), value), first | (given == 1))
    return _Rows(first, positions[kept], np.where(is_section.astype(bool), parent, -1), status)


def _carried(values: Array, given: Array) -> Array:
    """Each value that is not given is the last given one before it; the first one is."""
    return values[np.maximum.accumulate(np.where(given, np.arange(len(values)), 0))]


def _filled(values: Array, given: Array, first: Array, start: int) -> Array:
    """:func:`_carried` within groups; ``start`` before the first given one of a group."""
    return _carried(np.where(given, values, start), given | first)
