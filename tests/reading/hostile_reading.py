"""What tests of hostile files share."""

from __future__ import annotations

from geo.reading.model import Layer


def texts(layer: Layer) -> str:
    return "\n".join(note.text() for note in layer.notes)
