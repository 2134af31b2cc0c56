"""The one error family. Every message names what was given, what is allowed and the way out."""

from __future__ import annotations

import copyreg
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

from geo.installation import known_folders
from geo.text import Message, translate

_FOLDERS: Final = re.compile(r"(?<![\w.:/])/([^\s/'\"“”]+)(?:/[^\s/'\"“”，。；、:]+)*/(?=[^\s/])")
_DRIVE: Final = re.compile(r"\b[A-Za-z]:\\(?:[^\s\\'\"“”]+\\)*")


def without_folders(text: str) -> str:
    """``text`` with every absolute path of this machine cut to the name at its end.

    Folders that are known are cut whole, spaces and all; of other paths, those that begin with a folder of this machine.
    Addresses of the API (``/api/coverage``) begin with none.
    """
    known = {str(path.resolve()) for path in (*known_folders(), Path(gettempdir()), Path.home())}
    for folder in sorted(known, key=len, reverse=True):
        text = text.replace(f"{folder}/", "") if len(folder) > 1 else text
    text = _FOLDERS.sub(lambda found: "" if Path(f"/{found[1]}").is_dir() else found[0], text)
    return _DRIVE.sub("", text)


class AtlasError(Exception):
    """Base of everything this project raises on purpose.

    Parameters
    ----------
    message : str
        Chinese message id of the catalogue, with ``{name}`` fields filled from ``params``.
    hint : str, keyword-only
        What the person can do next; also a message id.
    **params
        Values for the fields of both texts. They are data: shown, never interpreted; only a ``Message`` is translated.
    """

    def __init__(self, message: str, *, hint: str = "", **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]  # whole, also from another process

    def text(self, lang: str = "zh") -> str:
        """The message and its hint as one text in ``lang`` (``zh`` or ``en``)."""
        values = {
            name: translate(value, lang) if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        parts = [translate(part, lang).format(**values) for part in (self.message, self.hint) if part]
        return " ".join(parts)

    def public_text(self, lang: str = "zh") -> str:
        """The text for whoever asks over the network: files of this machine by their names, without their folders."""
        return without_folders(self.text(lang))

    def __str__(self) -> str:
        return self.text("zh")


class DataError(AtlasError):
    """A file of the city pack is missing, broken or contradicts its description."""


class IngestError(DataError):
    """A file that a person brought cannot be read, or is not safe to read. Names the file, the row and the remedy."""


class CrsError(AtlasError, ValueError):
    """Coordinates without a known system, swapped, or out of the system's range."""


class ParameterError(AtlasError, ValueError):
    """A value that a person or program passed is outside what is allowed."""


class UnknownIdError(AtlasError, LookupError):
    """An id that the register, the layer registry or the gazetteer does not know."""


class AccessError(AtlasError):
    """Someone may not do what was asked: checked where data is written."""


class ConflictError(AtlasError):
    """Someone else changed the same work in the meantime; says what, who and when.

    Attributes
    ----------
    changes : tuple of dict
        The events that were recorded meanwhile, as the log has them.
    """

    def __init__(
        self, message: str, *, changes: Sequence[Mapping[str, Any]], hint: str = "", **params: object
    ) -> None:
        super().__init__(message, hint=hint, **params)
        self.changes = tuple(changes)


class StoreError(AtlasError):
    """The database cannot be opened, read or written."""


class TooLargeError(AtlasError):
    """More than is taken at once; the message says how much is."""


class RateError(AtlasError):
    """Someone asks more often than is allowed."""


class BusyError(AtlasError):
    """Too much is being worked out at once; to ask again a little later may do."""


class CalledOffError(BusyError):
    """Work was called off before it gave an answer."""


class WorkerError(BusyError):
    """The process that worked something out ended before it gave an answer."""


class TooLongError(AtlasError):
    """An answer would take longer than is allowed; the work was stopped."""
