"""Starts the reading process, waits for it within the limits, and turns whatever becomes of it into a clear answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from geo.errors import IngestError
from geo.ingest.kinds import FORMATS
from geo.ingest.limits import Limits
from geo.ingest.model import Choice, Layer
from geo.ingest.parcel import LETTER, ORDER, unpack
from geo.text import mark as _

_ROOT: Final = Path(__file__).resolve().parents[2]
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
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Layers, choices and kind of a file, read by a process of its own.

    Raises
    ------
    IngestError
        What the reading process refused; or it ran out of time or memory, or crashed; or ``cancelled`` said so.
    """
    with tempfile.TemporaryDirectory(prefix="atlas-read-") as made:
        folder = Path(made)
        order = {
            "path": str(path.resolve()),
            "name": name,
            "kind": kind,
            "layer": layer,
            "folder": str(folder),
            "limits": asdict(limits),
        }
        (folder / ORDER).write_text(json.dumps(order), "utf-8")
        status = _run(folder, kind, limits, cancelled, name)
        letter = _letter(folder)
        if "layers" not in letter:
            raise _refusal(letter, status, name, limits)
        return *unpack(folder, letter), str(letter["kind"])


def _letter(folder: Path) -> dict[str, Any]:
    try:
        letter: dict[str, Any] = json.loads((folder / LETTER).read_text("utf-8"))
    except (OSError, ValueError):  # the process died before or while it wrote: told by its status
        return {}
    return letter


def _run(folder: Path, kind: str, limits: Limits, cancelled: Callable[[], bool] | None, name: str) -> int:
    process = subprocess.Popen(  # noqa: S603  (our own module, and a folder of our own making)
        [sys.executable, "-m", "geo.ingest.worker", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=_environment(kind),
    )
    try:
        end = time.monotonic() + limits.seconds
        while process.poll() is None:
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
        return process.returncode
    finally:
        process.kill()
        process.wait()


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


@lru_cache(maxsize=32)
def _drivers_but(driver: str) -> str:
    """Every GDAL driver but one, as GDAL_SKIP wants them: what is not registered cannot be chosen by any trick."""
    from pyogrio import list_drivers

    return ",".join(sorted(set(list_drivers()) - {driver, "MEM"})) + ","


def _environment(kind: str) -> dict[str, str]:
    """What the reading process may know: nothing of ours (passwords, addresses), and GDAL held short."""
    kept = {
        key: os.environ[key]
        for key in ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
        if key in os.environ
    }
    own = {
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "http_proxy": _NOWHERE,
        "https_proxy": _NOWHERE,
        "ALL_PROXY": _NOWHERE,
    }
    driver = FORMATS[kind].driver
    return kept | own | (_gdal(driver) if driver or kind == "zip" else {})


def _gdal(driver: str) -> dict[str, str]:
    return {
        "GDAL_SKIP": _drivers_but(driver),
        "OGR_SKIP": _drivers_but(driver),
        "GDAL_NUM_THREADS": "1",
        "GDAL_CACHEMAX": "64",
        "GDAL_HTTP_PROXY": _NOWHERE,
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_DRIVER_PATH": "disable",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "GML_SKIP_RESOLVE_ELEMS": "ALL",
        "GML_DOWNLOAD_SCHEMA": "NO",
        "GML_USE_SCHEMA_IMPORT": "NO",
        "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
        "OGR_GEOJSON_MAX_OBJ_SIZE": "0",
        "PROJ_NETWORK": "OFF",
    }
