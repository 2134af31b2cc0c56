"""What each place of a list has around it: the nearest facility of each kind, and whether one lies within 5, 10, 15 minutes.

A place and a facility are each known to an error. The true distance lies within the measured one less and plus both errors, so
a facility is certainly within a walk if even the most is, and certainly not if the least is beyond it. Walks are straight lines
at the speed asked for, or along streets where these are given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.question import check_kinds
from geo.coverage.service_places import Places
from geo.kernels.network import StreetNetwork, snap, walk_distance
from geo.places.english_names import display_names
from geo.questions.services import MINUTES, ServicesQuestion
from geo.register.city import Atlas
from geo.register.completeness import is_complete
from geo.register.facilities import Facilities, facility_set, kind_counts
from geo.table import records
from geo.text import mark as _
from geo.text import translate

Floats = NDArray[np.float64]
COLUMNS: Final = (
    "place_id",
    "place",
    "district_code",
    "kind",
    "kind_name",
    "facility_id",
    "facility",
    "distance_m",
    "least_m",
    "most_m",
    *(f"within_{n}" for n in MINUTES),
    "reason",
    "why",
)
"""``distance_m`` to ``most_m``: metres to the nearest facility, and the range that the errors of both leave. ``within_5`` and the
others: ``yes``, ``no`` or ``uncertain``; ``reason`` says of the longest walk why, ``why`` the same as a text."""
_Measure = Callable[[int], tuple[Floats, Floats]]
"""Of a place by its number: metres to every facility (infinite where not known), and what they are at the least."""
_FARTHEST_MIN: Final = 60
"""Along streets nothing farther than this walk is looked for."""
REASONS: Final = {
    "sure": _("误差不影响结论。"),
    "errors": _("位置误差，或附近没有街道，使它可能在内，也可能在外。"),
    "unplaced": _("这一带还有没有位置的同类设施，可能就在内。"),
    "unlisted": _("登记没有声明这里的同类设施已列全。"),
    "no_place": _("这个地点没有位置。"),
}
"""Why an answer is what it is."""


@dataclass(frozen=True, eq=False)
class PlaceServices:
    """An answer: one row a place and kind.

    Attributes
    ----------
    table : DataFrame
        Columns :data:`COLUMNS`; distances in metres, NaN where no facility of the kind has a place or the place has none.
    inputs : dict
        What made it: enough to ask again.
    """

    table: pd.DataFrame
    inputs: dict[str, Any]

    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values, distances to the metre."""
        return records(self.rounded())

    def rounded(self) -> pd.DataFrame:
        """The table rounded once, for page, command, API and files."""
        return self.table.round({"distance_m": 0, "least_m": 0, "most_m": 0})


def place_services(
    atlas: Atlas,
    places: Places,
    question: ServicesQuestion | None = None,
    *,
    streets: StreetNetwork | None = None,
    lang: str = "zh",
) -> PlaceServices:
    """The nearest facility of each kind to each place, and what lies within 5, 10 and 15 minutes.

    Parameters
    ----------
    atlas : Atlas
    places : Places
        From :mod:`geo.coverage.service_places`: works of the register, or places of your own.
    question : ServicesQuestion or None
        Which kinds, of which set and day, how fast one walks; all kinds today by default.
    streets : StreetNetwork or None
        Walks follow them; straight lines by default.
    lang : str
        Language of names and reasons.

    Returns
    -------
    PlaceServices

    Raises
    ------
    ParameterError
        A kind that the register does not know.
    """
    question = question or ServicesQuestion.read({})
    atlas = atlas.for_question(question.plan, question.items)
    kinds = _kinds(atlas, question.kinds)
    sets = [facility_set(atlas.register, (kind,), question.which, question.as_of) for kind in kinds]
    limits = np.array(MINUTES) * question.speed_m_min
    names = atlas.names("kinds", lang)
    parts = [
        _rows(atlas, places, facilities, nearest, limits, lang).assign(
            kind=kind, kind_name=names.get(kind, kind)
        )
        for kind, facilities, nearest in zip(
            kinds, sets, _nearest(places, sets, streets, _FARTHEST_MIN * question.speed_m_min), strict=True
        )
    ]
    table = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    inputs = {
        "as_of": question.as_of.isoformat(),
        "set": question.which,
        "places": places.inputs,
        "kinds": list(kinds),
        "streets": None if streets is None else streets.report.get("source"),
        "speed_m_min": question.speed_m_min,
        "minutes": list(MINUTES),
        "version": atlas.version,
    } | atlas.pack.plan_inputs
    return PlaceServices(table[list(COLUMNS)], inputs)


def _kinds(atlas: Atlas, asked: Sequence[str]) -> tuple[str, ...]:
    """The kinds asked for; by default all that the register knows, in the order of the pack's list."""
    check_kinds(atlas, asked, ServicesQuestion)
    have = kind_counts(atlas.register).index
    return tuple(asked) or tuple(str(kind) for kind in atlas.vocabulary("kinds").index if kind in have)


@dataclass(frozen=True, eq=False)
class _Nearest:
    """To the facilities of one kind, by place: number of the nearest (-1 for none), metres to it, and the ends of the range.

    The range is of all facilities: another than the nearest may be the one that is certainly, or possibly, within.
    """

    facility: NDArray[np.int64]
    metres: Floats
    least: Floats
    most: Floats


def _nearest(
    places: Places, sets: Sequence[Facilities], streets: StreetNetwork | None, farthest: float
) -> list[_Nearest]:
    """For each set of facilities; distances of all sets are measured from a place at once."""
    count = len(places.frame)
    answers = [_Nearest(np.full(count, -1), *(np.full(count, np.inf) for _each in range(3))) for _set in sets]
    x, y = (np.concatenate([each.xy[axis] for each in sets]) for axis in (0, 1))
    errors = np.concatenate([each.accuracy_m for each in sets])
    ends = np.cumsum([len(each.placed) for each in sets])
    metres_from = _straight(places, x, y) if streets is None else _along(places, streets, x, y, farthest)
    for at in np.flatnonzero(np.isfinite(places.x)):
        (metres, floor), error = metres_from(int(at)), errors + places.accuracy_m[at]
        for answer, end, size in zip(answers, ends, np.diff(ends, prepend=0), strict=True):
            here = slice(end - size, end)
            if not size:
                continue
            answer.least[at] = np.maximum(floor[here] - error[here], 0.0).min()
            answer.most[at] = (metres[here] + error[here]).min()
            answer.metres[at] = metres[here].min()
            if np.isfinite(answer.metres[at]):
                answer.facility[at] = np.argmin(metres[here])
    return answers


def _straight(places: Places, x: Floats, y: Floats) -> _Measure:
    def metres_from(at: int) -> tuple[Floats, Floats]:
        metres = np.hypot(x - places.x[at], y - places.y[at])
        return metres, metres

    return metres_from


def _along(places: Places, streets: StreetNetwork, x: Floats, y: Floats, farthest: float) -> _Measure:
    """Of what no street comes near the walk is not known; that it is no shorter than the straight line is."""
    targets, straight = snap(streets, x, y), _straight(places, x, y)

    def metres_from(at: int) -> tuple[Floats, Floats]:
        here = snap(streets, places.x[at : at + 1], places.y[at : at + 1])
        metres = walk_distance(streets, here, targets, limit=farthest)
        is_joined = (targets.edge >= 0) & (here.edge[0] >= 0)
        return metres, np.where(is_joined, metres, straight(at)[0])

    return metres_from


def _rows(
    atlas: Atlas, places: Places, facilities: Facilities, nearest: _Nearest, limits: Floats, lang: str
) -> pd.DataFrame:
    """The rows of one kind, by the number of the place."""
    frame = facilities.placed
    verdicts, reasons = _verdicts(nearest, limits, np.isfinite(places.x), _doubts(atlas, places, facilities))
    return pd.DataFrame(
        {
            "place_id": places.frame.index.to_numpy(object),
            "place": places.frame["name"].to_numpy(object),
            "district_code": places.frame["district_code"].to_numpy(object),
            "facility_id": _taken(frame.index.to_numpy(object), nearest.facility),
            "facility": _taken(np.array(display_names(frame, lang), object), nearest.facility),
            **{
                f"{name}_m": np.where(np.isfinite(metres), metres, np.nan)
                for name, metres in (
                    ("distance", nearest.metres),
                    ("least", nearest.least),
                    ("most", nearest.most),
                )
            },
            **{f"within_{n}": verdicts[:, at] for at, n in enumerate(MINUTES)},
            "reason": reasons,
            "why": [translate(REASONS[each], lang) for each in reasons],
        }
    )


def _taken(values: NDArray[Any], numbers: NDArray[np.int64]) -> NDArray[Any]:
    """``values`` by number; an empty text for -1."""
    return np.append(values, "")[numbers]


def _verdicts(
    nearest: _Nearest, limits: Floats, is_placed: NDArray[np.bool_], doubts: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """``yes``, ``no`` or ``uncertain`` of each place and walk, shape (places, walks), and why of the longest walk."""
    inside, may = (each[:, None] <= limits for each in (nearest.most, nearest.least))
    in_doubt = doubts != ""
    verdicts = np.where(inside, "yes", np.where(may | in_doubt[:, None], "uncertain", "no"))
    reasons = np.where(
        inside[:, -1], "sure", np.where(may[:, -1], "errors", np.where(in_doubt, doubts, "sure"))
    )
    verdicts[~is_placed], reasons[~is_placed] = "uncertain", "no_place"
    return verdicts.astype(object), reasons.astype(object)


def _doubts(atlas: Atlas, places: Places, facilities: Facilities) -> NDArray[Any]:
    """Of each place why a "no" cannot be given: ``unplaced``, ``unlisted``, or empty where it can."""
    kinds, everywhere = tuple(facilities.inputs["kinds"]), frozenset(map(str, atlas.districts.index))
    doubts: dict[str, str] = {}
    for code in places.frame["district_code"].unique():
        districts = frozenset(filter(None, str(code).split("|"))) or everywhere
        if facilities.unplaced_in(districts):
            doubts[code] = "unplaced"
        else:
            listed = all(is_complete(atlas.register, kinds, each) for each in districts)
            doubts[code] = "" if listed else "unlisted"
    return places.frame["district_code"].map(doubts).to_numpy(dtype="U8")
