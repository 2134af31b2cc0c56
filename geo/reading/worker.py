"""The reading process: opens one file inside limits of memory and time and without a network, then ends.

``python -m geo.reading.worker FOLDER`` finds a JSON order in the folder and leaves Arrow files and a letter there. A format's library that crashes, loops or eats memory takes this process with it and no other.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from geo.errors import AtlasError
from geo.reading.limits import Limits
from geo.reading.wire import LETTER, ORDER, pack

_NEW_USER_AND_NETWORK: Final = 0x10000000 | 0x40000000


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
        # a second wall: no driver that asks a network is registered. Kernels may refuse; then the first wall stands alone
        ctypes.CDLL(None).unshare(_NEW_USER_AND_NETWORK)


def work(order: dict[str, Any]) -> None:
    """Read the file of an order and write what was found, or the error, into its folder."""
    from geo.reading import gdal
    from geo.reading.open_file import open_file

    folder, limits = Path(order["folder"]), Limits(**order["limits"])
    try:
        gdal.prepare(order["drivers"])
        found, choices, kind = open_file(
            Path(order["path"]), order["name"], order["kind"], order["layer"], limits
        )
        pack(folder, found, choices, kind)
    except AtlasError as error:
        _fail(folder, error.message, error.hint, {key: _simple(value) for key, value in error.params.items()})
    except (MemoryError, RecursionError):
        _fail(folder, "", "", {"memory": True})


def _simple(value: object) -> object:
    return value if isinstance(value, (str, int, float)) else str(value)


def _fail(folder: Path, message: str, hint: str, params: dict[str, Any]) -> None:
    letter = {"error": {"message": message, "hint": hint, "params": params}}
    (folder / LETTER).write_text(json.dumps(letter), "utf-8")


if __name__ == "__main__":
    request = json.loads((Path(sys.argv[1]) / ORDER).read_text("utf-8"))
    confine(Limits(**request["limits"]))
    work(request)
