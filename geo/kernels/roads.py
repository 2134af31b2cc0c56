"""Driving and cycling: a directed network of the roads that a vehicle may use, with speeds by class of road.

What an edge costs is written in metres at the speed of the last stretch between street and place (``speed``), so that a time
and a distance are one thing: minutes times that speed. Speeds are assumed (``road_speeds.csv``, a row a class with its
reason), ``maxspeed`` of a road lowers them; queues and lights are not known.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.kernels.line_nodes import grid_nodes
from geo.kernels.network import StreetNetwork, summary
from geo.text import mark as _

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]

TAGS: Final = (
    "highway", "oneway", "junction", "maxspeed", "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot",
    "oneway:bicycle", "cycleway",
)  # fmt: skip
"""Tags of a line that decide what may travel on it."""
BARRIER_TAGS: Final = ("barrier", "access", "vehicle", "motor_vehicle", "motorcar", "bicycle")
_PERMISSIONS: Final = {
    "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
    "cycle": ("bicycle", "vehicle", "access"),
}
"""Tags that say whether a vehicle may pass, the one that counts most first."""
_CLOSED: Final = (
    "no",
    "private",
    "agricultural",
    "forestry",
    "delivery",
    "emergency",
    "military",
    "use_sidepath",
)
_BLOCKS: Final = {
    "drive": ("bollard", "block", "jersey_barrier", "cycle_barrier", "chain", "log", "planter", "stile", "turnstile", "kissing_gate",
              "motorcycle_barrier", "debris", "barrier", "sally_port", "horse_stile", "full-height_turnstile"),
    "cycle": ("stile", "turnstile", "kissing_gate", "full-height_turnstile", "horse_stile"),
}  # fmt: skip
"""Barriers that a vehicle does not pass unless a tag of the barrier allows it."""
_ONE_WAY: Final = ("yes", "true", "1")
_BACKWARD: Final = ("-1", "reverse")


@cache
def speeds(mode: str) -> Mapping[str, float]:
    """Metres a minute by class of road (``highway``) of a mode; under the empty class that of the last stretch to a place."""
    with (Path(__file__).parent / "road_speeds.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["mode"] == mode]
    return {row["highway"]: float(row["km_h"]) * 1000 / 60 for row in rows}


@dataclass(frozen=True, eq=False)
class RoadNetwork(StreetNetwork):
    """Roads that a vehicle may use.

    Attributes
    ----------
    costs : ndarray (2, edges)
        From ``u`` to ``v`` and back, in metres at ``speed``; infinite where that way is closed.
    mode : {"drive", "cycle"}
    speed : float
        Metres a minute between a street and a place.
    """

    costs: Floats
    mode: str
    speed: float

    @property
    def forward(self) -> Floats:
        """What each edge costs from ``u`` to ``v``."""
        ahead: Floats = self.costs[0]
        return ahead

    @property
    def backward(self) -> Floats:
        """What each edge costs from ``v`` to ``u``."""
        back: Floats = self.costs[1]
        return back

    @cached_property
    def matrix(self) -> csr_array:
        """Costs between nodes, shape (n, n), in the directions that are open."""
        from scipy.sparse import coo_array

        n = len(self.nodes)
        ends = np.stack([np.concatenate([self.u, self.v]), np.concatenate([self.v, self.u])]).astype("int32")
        cost = self.costs.ravel()
        is_open = np.isfinite(cost)
        return coo_array((cost[is_open], tuple(ends[:, is_open])), shape=(n, n)).tocsr()


@dataclass(frozen=True, eq=False)
class TaggedStreets(StreetNetwork):
    """Streets to walk on, with all roads and their tags beside them.

    Attributes
    ----------
    roads : ndarray of object (roads,)
        Single lines in metres, drawn in the direction that ``oneway`` speaks of.
    tags : dict
        Tag of :data:`TAGS` -> text of each road, "" where it has none.
    barriers : ndarray (barriers, 2)
        Where things stand in the way, metres.
    barrier_tags : dict
        Tag of :data:`BARRIER_TAGS` -> text of each.
    """

    roads: Texts
    tags: dict[str, Texts]
    barriers: Floats
    barrier_tags: dict[str, Texts]
    made: dict[tuple[str, bool], RoadNetwork] = field(default_factory=dict, repr=False)

    def by(self, mode: str, *, away: bool = False) -> StreetNetwork:
        """The network for a way of travelling; made once.

        Parameters
        ----------
        mode : {"walk", "drive", "cycle"}
        away : bool
            Whether one travels from the origins; by default to them.

        Returns
        -------
        StreetNetwork

        Raises
        ------
        ParameterError
            No road that may be used so.
        """
        if mode == "walk":
            return self
        if (mode, away) not in self.made:
            self.made[mode, away] = _road_network(self, mode, away=away)
        return self.made[mode, away]


def _road_network(streets: TaggedStreets, mode: str, *, away: bool) -> RoadNetwork:
    rates = speeds(mode)
    rate = _rates(streets.tags, rates, mode)
    used = np.flatnonzero(rate > 0)
    if not used.size:
        raise ParameterError(
            _("街道 {source} 里没有一条可以这样走的路。"), source=streets.report.get("source") or "—"
        )
    xy, part = shapely.get_coordinates(streets.roads[used], return_index=True)
    nodes, start, end, road = _segments(xy, part, _blocking(streets, mode))
    length = np.hypot(*(nodes[start] - nodes[end]).T)
    cost = length * rates[""] / rate[used][road]
    ahead, back = _directions({key: texts[used] for key, texts in streets.tags.items()}, mode)
    if not away:  # one travels to the origins, and the search goes out from them
        ahead, back = back, ahead
    u, v, length, costs = _edges(start, end, length, np.where([ahead[road], back[road]], cost, np.inf))
    report = dict(streets.report) | {"mode": mode, "barriers": len(streets.barriers)}
    network = RoadNetwork(nodes, u, v, length, report, costs, mode, rates[""])
    report.update(summary(network))
    return network


def _segments(xy: Floats, part: Ints, blocked: Floats) -> tuple[Floats, Ints, Ints, Ints]:
    """Nodes, the ends of each segment with a length, and its road; at a place that is blocked each segment has an end of its own."""
    first, node = grid_nodes(np.concatenate([blocked, xy]))
    shut = np.unique(node[: len(blocked)])
    node, places = node[len(blocked) :], np.concatenate([blocked, xy])[first]
    runs = (part[:-1] == part[1:]) & (node[:-1] != node[1:])
    start, end, road = node[:-1][runs], node[1:][runs], part[:-1][runs]
    ends = np.concatenate([start, end])
    alone = np.isin(ends, shut)
    places = np.concatenate([places, places[ends[alone]]])
    ends[alone] = len(first) + np.arange(int(alone.sum()))
    used, ends = np.unique(ends, return_inverse=True)
    start, end = ends.reshape(2, -1)
    return places[used], start, end, road


def _edges(start: Ints, end: Ints, length: Floats, cost: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Each pair of nodes once (``u < v``), with the least cost each way of all the roads between them."""
    turned = start > end
    u, v = np.where(turned, end, start), np.where(turned, start, end)
    cost = np.where(turned, cost[::-1], cost)
    pairs, first, which = np.unique(np.column_stack([u, v]), axis=0, return_index=True, return_inverse=True)
    least = np.full((2, len(pairs)), np.inf)
    for way in range(2):
        np.minimum.at(least[way], which.ravel(), cost[way])
    return pairs[:, 0].copy(), pairs[:, 1].copy(), length[first], least


def _rates(tags: Mapping[str, Texts], known: Mapping[str, float], mode: str) -> Floats:
    """Metres a minute on each road; 0 where the vehicle may not go."""
    rate = np.array([known.get(text, 0.0) if text else 0.0 for text in tags["highway"]], "float64")
    limit = np.array(
        [float(text) if text.isdigit() and int(text) > 0 else np.inf for text in tags["maxspeed"]]
    )
    return np.where(_closed(tags, mode), 0.0, np.minimum(rate, limit * 1000 / 60))


def _closed(tags: Mapping[str, Texts], mode: str) -> Flags:
    """Whether the tag that counts most, of those that are there, forbids the vehicle."""
    return np.isin(_permission(tags, mode), _CLOSED)


def _permission(tags: Mapping[str, Texts], mode: str) -> NDArray[np.str_]:
    """What the tag that counts most says of the vehicle, "" where none says anything."""
    decides = np.full(len(next(iter(tags.values()))), "", object)
    for tag in reversed(_PERMISSIONS[mode]):
        decides = np.where(tags[tag] != "", tags[tag], decides)
    return decides.astype(str)


def _directions(tags: Mapping[str, Texts], mode: str) -> tuple[Flags, Flags]:
    """Whether each road may be used in the direction in which it is drawn, and against it."""
    one_way = np.isin(tags["oneway"].astype(str), _ONE_WAY)
    backward = np.isin(tags["oneway"].astype(str), _BACKWARD)
    untold = tags["oneway"] == ""
    one_way |= untold & np.isin(tags["junction"].astype(str), ("roundabout", "circular"))
    one_way |= untold & np.isin(tags["highway"].astype(str), ("motorway", "motorway_link"))
    if mode == "cycle":
        both = (tags["oneway:bicycle"] == "no") | np.char.startswith(tags["cycleway"].astype(str), "opposite")
        one_way, backward = one_way & ~both, backward & ~both
    return ~backward, ~one_way


def _blocking(streets: TaggedStreets, mode: str) -> Floats:
    """Places that the vehicle cannot pass through."""
    tags = streets.barrier_tags
    if not len(streets.barriers):
        return streets.barriers
    closed = _closed(tags, mode)
    blocks = np.isin(tags["barrier"].astype(str), _BLOCKS[mode]) & (_permission(tags, mode) == "")
    there: Floats = streets.barriers[blocks | closed]
    return there
