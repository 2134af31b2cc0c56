"""What one file format is: a declaration with a writer. A new format is one new file in ``geo/files/formats``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from geo.files.content import Content
from geo.files.systems import SYSTEMS

ENCODINGS: Final = ("utf-8", "gbk")


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One format.

    Attributes
    ----------
    id : str
        Its word on the command line and in links.
    title : str
        As people know it.
    use : str
        What it is good for, in a few words; a message id.
    ending, mime : str
        Of the file that leaves (``.shp.zip`` for a set of files in a zip).
    write : callable
        ``Content -> bytes``. The same content gives the same bytes.
    order : int
        Place in lists, smallest first.
    systems : tuple of str
        Ids of the systems it can hold.
    encodings : tuple of str
        Encodings it can hold; the first is the default.
    """

    id: str
    title: str
    use: str
    ending: str
    mime: str
    write: Callable[[Content], bytes]
    order: int
    systems: tuple[str, ...] = tuple(system.id for system in SYSTEMS)
    encodings: tuple[str, ...] = ("utf-8",)
