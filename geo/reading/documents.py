"""Texts that a person brings: JSON and lines of points. No library opens them but Python's own, within a size."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo.reading.encoding import find_encoding
from geo.reading.guards import check_json
from geo.reading.isolate import staged
from geo.reading.kinds import display_name, kind_of
from geo.reading.limits import LIMITS, Limits
from geo.reading.plain_file import head_and_digest
from geo.reading.read_file import SMALL


def read_text(path: Path, *, most: int = SMALL) -> str:
    """The text of a small file (CSV, JSON) in any encoding.

    Raises
    ------
    IngestError
        Missing, larger than ``most`` bytes, not what its name says, a description of other data, or no text.
    """
    shown = display_name(path.name)
    head, __ = head_and_digest(path, shown, replace(LIMITS, file_bytes=most))
    kind_of(head, shown)
    data = path.read_bytes()
    return data.decode(find_encoding(data, shown)[0])


def read_json(path: Path, *, limits: Limits | None = None) -> Any:
    """What a JSON file holds, checked first; a large one in a process of its own.

    Raises
    ------
    IngestError
        As :func:`read_text`; or broken, with the place of the fault, or nested too deeply.
    """
    limits, shown = limits or LIMITS, display_name(path.name)
    head, __ = head_and_digest(path, shown, limits)
    kind_of(head, shown)
    if path.stat().st_size <= SMALL:
        check_json(path, shown)
    else:
        with staged(path, shown, ".json", limits=limits) as copy:
            copy.run("json")
    return json.loads(path.read_text("utf-8-sig"))
