"""An invented town with streets and a timetable (nothing in it is real), and earliest arrivals by networkx on a time-expanded graph."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import networkx as nx

DAY = "20211201"
Call = tuple[int, int, int]
"""Stop, arrival and departure in seconds from midnight."""


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@dataclass
class Town:
    """Stops in degrees, and vehicles as calls in order."""

    stops: Sequence[tuple[float, float]]
    vehicles: Sequence[Sequence[Call]]
    no_boarding: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    no_alighting: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    """Vehicle and position of its call."""

    def tables(self) -> dict[str, str]:
        """The feed's tables as text."""
        stops = "".join(f"p{at},站 {at},{lat:.7f},{lon:.7f}\n" for at, (lon, lat) in enumerate(self.stops))
        trips = "".join(f"r,w,t{each}\n" for each in range(len(self.vehicles)))
        calls = "".join(
            f"t{vehicle},{clock(comes)},{clock(goes)},p{stop},{at},{int((vehicle, at) in self.no_boarding)},{int((vehicle, at) in self.no_alighting)}\n"
            for vehicle, run in enumerate(self.vehicles)
            for at, (stop, comes, goes) in enumerate(run)
        )
        return {
            "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\na,虚构公交,https://example.org,Asia/Shanghai\n",
            "stops.txt": f"stop_id,stop_name,stop_lat,stop_lon\n{stops}",
            "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nr,a,1,,3\n",
            "trips.txt": f"route_id,service_id,trip_id\n{trips}",
            "calendar_dates.txt": f"service_id,date,exception_type\nw,{DAY},1\n",
            "stop_times.txt": f"trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n{calls}",
        }

    def arrival_events(
        self,
        access: Mapping[int, float],
        changes: Mapping[tuple[int, int], float],
        departs: float,
        change_more: float = 0.0,
        cut: int = 1,
    ) -> list[tuple[int, float]]:
        """Stop and time of every call at which one may get off, of those that can be reached; by networkx.

        ``cut`` 60 cuts the seconds off, ``change_more`` are seconds that each change takes more.
        """
        graph = nx.DiGraph()
        graph.add_node("place")
        on, off = [], []
        for vehicle, run in enumerate(self.vehicles):
            for at, (stop, comes, goes) in enumerate(run):
                graph.add_edge(("comes", vehicle, at), ("goes", vehicle, at))
                if at:
                    graph.add_edge(("goes", vehicle, at - 1), ("comes", vehicle, at))
                    if (vehicle, at) not in self.no_alighting:
                        off.append((("comes", vehicle, at), stop, comes // cut * cut))
                if at < len(run) - 1 and (vehicle, at) not in self.no_boarding:
                    on.append((("goes", vehicle, at), stop, goes // cut * cut))
        for event, stop, goes in on:
            if departs + access.get(stop, float("inf")) <= goes:
                graph.add_edge("place", event)
            for other, place, comes in off:
                if comes + changes.get((place, stop), float("inf")) + change_more <= goes:
                    graph.add_edge(other, event)
        reached = nx.descendants(graph, "place")
        return [(stop, float(comes)) for event, stop, comes in off if event in reached]


def write_feed(path: Path, tables: Mapping[str, str], *, folder: str = "") -> Path:
    """A zip of tables."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            archive.writestr(f"{folder}{name}", text)
    path.write_bytes(out.getvalue())
    return path
