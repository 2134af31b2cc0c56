"""Bringing files in: reading them safely, and telling which coordinates they hold."""

from geo.ingest.limits import LIMITS, Limits
from geo.ingest.model import Choice, Layer, Note, Opened
from geo.ingest.reading import read_file

__all__ = ["LIMITS", "Choice", "Layer", "Limits", "Note", "Opened", "read_file"]
