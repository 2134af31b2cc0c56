"""The reading process: opens one file inside limits of memory and time and without a network, then ends.

``python -m geo.reading.worker FOLDER`` finds a JSON order in the folder and leaves Arrow files and a letter there. A format's library that crashes, loops or eats memory takes this process with it and no other.
"""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from geo.errors import AtlasError
from geo.reading.limits import Limits
from geo.reading.model import ObjectsWanted, ShapesWanted, TagRule
from geo.reading.wire import LETTER, ORDER, pack

_NEW_USER_AND_NETWORK: Final = 0x10000000 | 0x40000000
_SIGNAL_AFTER_PARENT: Final = 1  # PR_SET_PDEATHSIG
Details = dict[str, Any]


def confine(limits: Limits) -> None:
    """Limits of memory, processor time and file size; and no network where the system allows that to be given up."""
    for what, most in (
        (resource.RLIMIT_DATA, limits.memory_bytes),
        # threads use several seconds of processor in one of the clock: the clock of the other side stops it first and says so
        (resource.RLIMIT_CPU, 4 * limits.seconds),
        (resource.RLIMIT_FSIZE, limits.archive_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard),) * 2)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(
            _SIGNAL_AFTER_PARENT, signal.SIGKILL
        )  # who waits may be killed, and could stop nobody
        # a second wall: no driver that asks a network is registered. Kernels may refuse; then the first wall stands alone
        ctypes.CDLL(None).unshare(_NEW_USER_AND_NETWORK)


def work(order: dict[str, Any]) -> None:
    """Do the job of an order and write what was found, or the error, into its folder."""
    from geo.reading import gdal

    folder = Path(order["folder"])
    try:
        gdal.prepare(order["drivers"])
        letter = JOBS[order["job"]](
            folder, Path(order["path"]), order["name"], Limits(**order["limits"]), order["details"]
        )
        (folder / LETTER).write_text(json.dumps(letter, ensure_ascii=False), "utf-8")
    except AtlasError as error:
        _fail(folder, error.message, error.hint, {key: _simple(value) for key, value in error.params.items()})
    except (MemoryError, RecursionError):
        _fail(folder, "", "", {"memory": True})


def _layers(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:
    from geo.reading.open_file import open_file

    found, choices, kind = open_file(path, name, details["kind"], details["layer"], limits)
    return pack(folder, found, choices, kind)


def _shapes(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:
    from geo.reading.open_file import open_shapes

    found = open_shapes(path, name, details["kind"], ShapesWanted(**details["wanted"]), limits)
    return pack(folder, [found], [], details["kind"])


def _objects(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:
    from geo.reading.open_file import open_objects

    wanted = [
        ObjectsWanted(**each | {"rules": [TagRule(**rule) for rule in each["rules"]]})
        for each in details["wanted"]
    ]
    found, elsewhere = open_objects(path, name, details["kind"], wanted, limits)
    return pack(folder, found, [], details["kind"]) | {"elsewhere": elsewhere}


def _json(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:  # noqa: ARG001
    from geo.reading.guards import check_json

    check_json(path, name)
    return {}


def _raster(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:  # noqa: ARG001
    from geo.reading.raster_file import describe

    return describe(path, name)


def _cells(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:  # noqa: ARG001
    from geo.reading.raster_file import write_cells

    write_cells(folder, path, name, tuple(details["window"]), details["step"])
    return {"window": details["window"]}


def _unpacked(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:
    from geo.reading.archive import unpack_named

    unpack_named(path, name, limits, {member: folder / member for member in details["members"]})
    return {"members": details["members"]}


def _prose(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:  # noqa: ARG001
    from geo.reading.prose_text import text_of

    return {"text": text_of(path, name, details["kind"], limits)}


def _timetable(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:
    from datetime import date

    from geo.reading.timetable import open_timetable

    day = date.fromisoformat(details["day"])
    tables, facts = open_timetable(path, name, day, details["begin"], details["end"], limits)
    return pack(folder, tables, [], "zip") | {"facts": facts}


def _picture(folder: Path, path: Path, name: str, limits: Limits, details: Details) -> Details:  # noqa: ARG001
    from geo.reading.picture import shrink

    return shrink(folder, path, name)


JOBS: Final[dict[str, Callable[[Path, Path, str, Limits, Details], Details]]] = {
    "layers": _layers,
    "shapes": _shapes,
    "objects": _objects,
    "json": _json,
    "raster": _raster,
    "cells": _cells,
    "unpacked": _unpacked,
    "prose": _prose,
    "timetable": _timetable,
    "picture": _picture,
}


def _simple(value: object) -> object:
    return value if isinstance(value, (str, int, float)) else str(value)


def _fail(folder: Path, message: str, hint: str, params: dict[str, Any]) -> None:
    letter = {"error": {"message": message, "hint": hint, "params": params}}
    (folder / LETTER).write_text(json.dumps(letter), "utf-8")


if __name__ == "__main__":
    request = json.loads((Path(sys.argv[1]) / ORDER).read_text("utf-8"))
    confine(Limits(**request["limits"]))
    work(request)
