"""Inside the reading process: from a file of a known kind to its layers."""

from __future__ import annotations

from pathlib import Path

from geo.ingest.limits import Limits
from geo.ingest.model import Choice
from geo.ingest.parcel import Found, of_layer
from geo.ingest.sheets import read_workbook


def open_file(
    path: Path, name: str, kind: str, wanted: str | None, limits: Limits
) -> tuple[list[Found], list[Choice], str]:
    """Layers read, layers there are, and the kind that the file turned out to be."""
    if kind == "csv":
        from geo.ingest.delimited import read_delimited

        layer = read_delimited(path, name, limits)
        return [of_layer(layer)], [Choice(layer.name, len(layer.frame))], kind
    found, choices = read_workbook(path, name, wanted, limits)
    return found, choices, kind
