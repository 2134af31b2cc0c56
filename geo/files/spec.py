"""What one file format is: a declaration with a writer. A new format is one new file in ``geo/files/formats``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from geo.files.content import Content
from geo.files.systems import System

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
    metres : bool
        Whether it can hold coordinates in metres; degrees every format can.
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
    metres: bool = True
    encodings: tuple[str, ...] = ("utf-8",)

    def holds(self, system: System) -> bool:
        """Whether it can hold coordinates of ``system``."""
        return self.metres or not system.metric
