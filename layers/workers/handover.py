"""What people brought, handed from the server to its workers: files in a folder that only the server's user can read.

The folder goes with the process. Its files are pickled by the server itself; nothing that came from outside is ever put there.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

_TOKEN: Final = re.compile("[a-z]+-[0-9a-f]{32}")
_PREFIX: Final = "atlas-brought-"
_own: list[tempfile.TemporaryDirectory[str]] = []
_taken_from: list[Path] = []


def folder() -> str:
    """The folder of this server, made at first use: from then on what is brought is handed over."""
    if not _own:
        _clear_after_killed_servers()
        _own.append(tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-"))
    return _own[0].name


def _clear_after_killed_servers() -> None:
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        number = path.name.removeprefix(_PREFIX).partition("-")[0]
        own = path.stat().st_uid == os.getuid()
        if number.isdigit() and own and not _alive(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def close_folder() -> None:
    """Remove the folder and all that is in it."""
    while _own:
        _own.pop().cleanup()


def take_from(path: str) -> None:
    """In a worker: the folder of its server."""
    _taken_from[:] = [Path(path)]


def hand_over(token: str, value: Any) -> None:
    """Leave what ``token`` stands for to the workers; nothing where there are none."""
    if _own and _TOKEN.fullmatch(token):
        path = Path(folder()) / token
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
        part.replace(path)


def withdraw(token: str) -> None:
    """Take away what ``token`` stands for, and how far the work on it was."""
    if _own and _TOKEN.fullmatch(token):
        for path in (Path(folder()) / token, _step_file(Path(folder()), token)):
            path.unlink(missing_ok=True)


def taken(token: str) -> Any | None:
    """In a worker: what ``token`` stands for; None where its server has no such thing, and in the server itself."""
    for path in _taken_from if _TOKEN.fullmatch(token) else ():
        file = path / token
        if file.is_file():
            return pickle.loads(file.read_bytes())  # noqa: S301 (written by our own server, in a folder of its own)
    return None


def _step_file(path: Path, token: str) -> Path:
    return path / f"{token}.step"


def step_of(token: str) -> str:
    """How far the work on ``token`` is, in the words of the worker; empty before the first, and where there are no workers."""
    try:
        return _step_file(Path(folder()), token).read_text("utf-8") if _own else ""
    except OSError:
        return ""


@dataclass(frozen=True)
class Parcel:
    """Something large that goes to a worker: as a file, beside the question that names it.

    Attributes
    ----------
    token : str
        Its name; no two parcels have the same.
    value : object
        What is in it.
    """

    token: str
    value: Any = field(compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened, (self.token,)

    def begin_step(self, message: str) -> None:
        """In a worker: how far the work is, as a message id, for whoever waits for it (:func:`step_of`)."""
        for path in _taken_from:
            part = path / f"{self.token}.step-part"
            part.write_text(message, "utf-8")
            part.replace(_step_file(path, self.token))


def _opened(token: str) -> Parcel:
    return Parcel(token, taken(token))


@contextmanager
def parcel(value: Any) -> Iterator[Parcel]:
    """A parcel of ``value``; its file goes when the block ends."""
    made = Parcel(f"parcel-{uuid4().hex}", value)
    hand_over(made.token, value)
    try:
        yield made
    finally:
        withdraw(made.token)
