"""The process in which nigiri runs: ``python -m geo.transit.engines.nigiri_process FOLDER`` takes an order and gives journeys, both as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from geo.reading.limits import Limits
from geo.reading.worker import confine

LIMITS: Final = Limits(seconds=280, memory_bytes=4000 * 2**20)
"""No network either, and it ends with whoever asks."""


def journeys(folder: str, order: dict[str, Any]) -> list[tuple[int, list[tuple[int, int]]]]:
    """The best journeys to every end of an order.

    Parameters
    ----------
    folder : str
        Holds a feed whose stops are numbers.
    order : dict
        ``day``; ``start`` (stop and minutes to it), ``ends`` (stops), ``begin`` and ``end`` (minutes of setting out), ``limit`` and
        ``longest_walk`` (minutes).

    Returns
    -------
    list of (int, list of (int, int))
        Ends with journeys, and of each minute of setting out and of arriving.
    """
    import pynigiri

    day = datetime.strptime(order["day"], "%Y%m%d").replace(tzinfo=UTC)
    config = pynigiri.LoaderConfig()
    config.default_tz, config.link_stop_distance = "Etc/UTC", 0
    options = pynigiri.FinalizeOptions()
    options.adjust_footpaths, options.max_footpath_length = False, order["longest_walk"]
    source = pynigiri.TimetableSource("g", folder, config)
    first, last = (f"{day + timedelta(days=shift):%Y-%m-%d}" for shift in (0, 3))
    table = pynigiri.load_timetable([source], first, last, options)
    midnight = int(day.timestamp()) // 60
    query = pynigiri.Query()
    query.start_time = (midnight + order["begin"], midnight + order["end"])
    query.start = [
        pynigiri.Offset(table.find_location(str(stop)), minutes, 0) for stop, minutes in order["start"]
    ]
    query.start_match_mode = pynigiri.LocationMatchMode.INTERMODAL
    query.dest_match_mode = pynigiri.LocationMatchMode.EXACT
    query.max_travel_time = order["limit"]
    answer = []
    for end in order["ends"]:
        query.destination = [pynigiri.Offset(table.find_location(str(end)), 0, 0)]
        pairs = {
            (each.departure_time() - midnight, each.arrival_time() - midnight)
            for each in pynigiri.route(table, query)
        }
        if pairs:
            answer.append((end, sorted(pairs)))
    return answer


if __name__ == "__main__":
    confine(LIMITS)
    print(json.dumps(journeys(sys.argv[1], json.loads(sys.stdin.read()))))
