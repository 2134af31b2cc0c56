"""Starts the reading process, waits for it within the limits, and turns whatever becomes of it into a clear answer."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

from geo.errors import IngestError
from geo.paths import PROJECT_DIR
from geo.reading.kinds import FORMATS, TABLES
from geo.reading.limits import LIMITS, Limits
from geo.reading.model import Choice, Layer
from geo.reading.wire import LETTER, ORDER, unpack
from geo.text import mark as _

_log: Final = logging.getLogger(__name__)
_POLL_SECONDS: Final = 0.05
_PLACES: Final = BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Reading processes of this one at a time."""
_WITHOUT_GDAL: Final = ("prose", "timetable")
_NOWHERE: Final = "http://127.0.0.1:9"
Answer = tuple[tuple[Layer, ...], tuple[Choice, ...], str]


def read_apart(
    path: Path,
    name: str,
    kind: str,
    layer: str | None,
    *,
    limits: Limits,
    parts: Mapping[str, Path],
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Layers, choices and kind of a file, read by a process of its own.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    kind : str
        A key of :data:`geo.reading.kinds.FORMATS`.
    layer : str or None
        Sheet or layer to read, if one is chosen.
    limits : Limits
        Beyond which a file is refused.
    parts : mapping
        Other parts of a loose shapefile by ending.
    cancelled : callable or None
        Called often; True stops the reading.

    Returns
    -------
    Answer

    Raises
    ------
    IngestError
        What the reading process refused; or it ran out of time or memory, or crashed; or ``cancelled`` returned True.
    """
    with staged(path, name, FORMATS[kind].endings[0], limits=limits, parts=parts) as copy:
        letter = copy.run("layers", cancelled, kind=kind, layer=layer)
        return *unpack(copy.folder, letter), str(letter["kind"])


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a person's file in a folder where nothing else lies, about which reading processes may be asked."""

    folder: Path
    path: Path
    name: str
    limits: Limits

    def run(
        self,
        job: str,
        cancelled: Callable[[], bool] | None = None,
        *,
        drivers: Sequence[str] = (),
        **details: Any,
    ) -> dict[str, Any]:
        """What a process of its own finds in the file; its arrays and tables lie in :attr:`folder`.

        Parameters
        ----------
        job : str
            A key of :data:`geo.reading.worker.JOBS`.
        cancelled : callable or None
            Called often; True stops the reading.
        drivers : sequence of str
            Names of the drivers of the GDAL that will be used, for a job whose GDAL is not pyogrio's.
        **details
            What the job must know: plain values, written as JSON.

        Returns
        -------
        dict

        Raises
        ------
        IngestError
            As :func:`read_apart`.
        """
        without = job in _WITHOUT_GDAL or details.get("kind") in TABLES
        in_use = list(drivers) or ([] if without else _drivers())
        order = {
            "job": job,
            "path": str(self.path),
            "name": self.name,
            "folder": str(self.folder),
            "drivers": in_use,
            "limits": asdict(self.limits),
            "details": details,
        }
        (self.folder / LETTER).unlink(missing_ok=True)
        (self.folder / ORDER).write_text(json.dumps(order), "utf-8")
        with _place(self.limits, cancelled, self.name):
            status = _run(self.folder, self.limits, cancelled, self.name)
        letter = _letter(self.folder)
        if "error" in letter or not letter:
            raise _refusal(letter, status, self.name, self.limits)
        return letter


@contextmanager
def staged(
    path: Path, name: str, ending: str, *, limits: Limits, parts: Mapping[str, Path] | None = None
) -> Iterator[Copy]:
    """A copy of a file under a name of our own, for as long as it is asked about.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    ending : str
        Of the copy's name.
    limits : Limits
        Beyond which a file is refused.
    parts : mapping or None
        Other parts of a loose shapefile by ending.

    Yields
    ------
    Copy
    """
    with tempfile.TemporaryDirectory(prefix="atlas-read-") as made:
        folder = Path(made)
        for end, source in ((ending, path), *(parts or {}).items()):
            if source.stat().st_size > LIMITS.file_bytes:  # of a publisher: no second copy of gigabytes
                (folder / f"input{end}").symlink_to(source.resolve())
            else:
                shutil.copyfile(source, folder / f"input{end}")
        yield Copy(folder, folder / f"input{ending}", name, limits)


@contextmanager
def _place(limits: Limits, cancelled: Callable[[], bool] | None, name: str) -> Iterator[None]:
    """One of the few places for reading processes: files that take long must not take every core."""
    end = time.monotonic() + limits.seconds
    while not _PLACES.acquire(timeout=_POLL_SECONDS):
        _check_cancelled(cancelled, name)
        if time.monotonic() > end:
            raise IngestError(
                _("正在读别的文件，等了 {seconds} 秒还没有轮到 {name}。"),
                hint=_("请稍后再试。"),
                seconds=limits.seconds,
                name=name,
            )
    try:
        yield
    finally:
        _PLACES.release()


def _check_cancelled(cancelled: Callable[[], bool] | None, name: str) -> None:
    if cancelled is not None and cancelled():
        raise IngestError(_("已取消读取 {name}。"), name=name)


def _letter(folder: Path) -> dict[str, Any]:
    try:
        letter: dict[str, Any] = json.loads((folder / LETTER).read_text("utf-8"))
    except (OSError, ValueError):  # the process died before or while it wrote: its exit status says so
        return {}
    return letter


def _run(folder: Path, limits: Limits, cancelled: Callable[[], bool] | None, name: str) -> int:
    """Run the process to its end, or to ours; its exit status."""
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(  # noqa: S603  (our own module, and a folder of our own making)
            [sys.executable, "-m", "geo.reading.worker", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            cwd=PROJECT_DIR,
            env=_environment(folder),
        )
    try:
        status = _wait(process, limits, cancelled, name)
    finally:
        process.kill()
        process.wait()
    if status:
        words = (folder / "said.txt").read_bytes()[-2000:].decode("utf-8", errors="replace")
        _log.warning("the process that read %r ended with %d: %s", name, status, words)
    return status


def _wait(
    process: subprocess.Popen[bytes], limits: Limits, cancelled: Callable[[], bool] | None, name: str
) -> int:
    end = time.monotonic() + limits.seconds
    while (status := process.poll()) is None:
        if time.monotonic() > end:
            raise IngestError(
                _("{name} 读了 {seconds} 秒还没有读完，已停止。"),
                hint=_("请拆成几个文件，或转成 GeoPackage、CSV 再导入。"),
                name=name,
                seconds=limits.seconds,
            )
        _check_cancelled(cancelled, name)
        time.sleep(_POLL_SECONDS)
    return status


def _refusal(letter: dict[str, Any], status: int, name: str, limits: Limits) -> IngestError:
    error = letter.get("error", {"params": {}})
    if error.get("message"):
        return IngestError(error["message"], hint=error["hint"], **error["params"])
    if error["params"].get("memory") or status:
        return IngestError(
            _("读 {name} 的程序用尽了内存（上限 {limit} MB）或崩溃了；其余一切不受影响，什么也没有写入。"),
            hint=_("文件可能已损坏，或大得异常；请拆小，或用原来的软件打开后重新导出。"),
            name=name,
            limit=limits.memory_bytes // 2**20,
            status=status,
        )
    return IngestError(_("读不了 {name}。"), hint=_("请核对文件。"), name=name)


@lru_cache(maxsize=1)
def _drivers() -> list[str]:
    """Every driver of the installed GDAL: the reading process puts all but one out of use."""
    from pyogrio import list_drivers

    return sorted(list_drivers())


def _environment(folder: Path) -> dict[str, str]:
    """What the reading process may know: nothing of ours (passwords, addresses)."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT") if key in os.environ}
    own = {
        "PYTHONPATH": str(PROJECT_DIR),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "TMPDIR": str(folder),
        "http_proxy": _NOWHERE,
        "https_proxy": _NOWHERE,
        "ALL_PROXY": _NOWHERE,
    }
    return kept | own
