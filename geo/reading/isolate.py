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
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from geo.errors import IngestError
from geo.paths import PROJECT_DIR
from geo.reading.kinds import FORMATS, TABLES
from geo.reading.limits import Limits
from geo.reading.model import Choice, Layer
from geo.reading.wire import LETTER, ORDER, unpack
from geo.text import mark as _

_log: Final = logging.getLogger(__name__)
_POLL_SECONDS: Final = 0.05
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
    with tempfile.TemporaryDirectory(prefix="atlas-read-") as made:
        folder = Path(made)
        order = {
            "path": str(_copied(path, kind, parts, folder)),
            "name": name,
            "kind": kind,
            "layer": layer,
            "folder": str(folder),
            "drivers": [] if kind in TABLES else _drivers(),
            "limits": asdict(limits),
        }
        (folder / ORDER).write_text(json.dumps(order), "utf-8")
        status = _run(folder, limits, cancelled, name)
        letter = _letter(folder)
        if "layers" not in letter:
            raise _refusal(letter, status, name, limits)
        return *unpack(folder, letter), str(letter["kind"])


def _copied(path: Path, kind: str, parts: Mapping[str, Path], folder: Path) -> Path:
    """The file under a name of our own, in a folder where nothing else lies that a driver could pick up."""
    ending = FORMATS[kind].endings[0]
    copy = folder / f"input{ending}"
    for source, target in ((path, copy), *((part, folder / f"input{end}") for end, part in parts.items())):
        shutil.copyfile(source, target)
    return copy


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
        if cancelled is not None and cancelled():
            raise IngestError(_("已取消读取 {name}。"), name=name)
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
