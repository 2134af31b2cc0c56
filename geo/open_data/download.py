"""Fetches one large file: goes on where it was broken off, starts anew when the file has changed, checks length and sum.

Beside ``file`` stands ``file.json`` with address, day, size, SHA-256 and what the server calls this version. While it is on its way
it is ``file.part``. One of the modules that ask the network, and only when a person asks for it.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import DataError
from geo.text import mark as _

if TYPE_CHECKING:
    import requests

TRIES: Final = 6
STALL_S: Final = 30.0
MOST_BYTES: Final = 20_000_000_000
_CHUNK: Final = 1 << 16
_AGENT: Final = "wuxi-works-atlas"
_MD5: Final = re.compile(r"\b[0-9a-f]{32}\b")

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched: address, day (ISO 8601), bytes, SHA-256, and the server's name of this version."""

    url: str
    day: str
    size: int
    sha256: str
    version: str


class _BrokenOffError(Exception):
    """The answer ended too early; what came is kept."""


def fetched_before(path: Path) -> Fetched | None:
    """What stands beside ``path`` of an earlier download; None where there is none or it cannot be read."""
    try:
        stated: dict[str, Any] = json.loads(_description(path).read_text("utf-8"))
        return Fetched(**stated) if path.is_file() else None
    except (OSError, ValueError, TypeError):
        return None


def fetch(
    url: str,
    path: Path,
    *,
    md5_url: str = "",
    progress: Progress | None = None,
    stall_s: float = STALL_S,
    wait_s: float = 1.0,
) -> Fetched:
    """Fetch ``url`` into ``path``; where the server says that nothing changed since the last time, nothing is fetched.

    Parameters
    ----------
    url : str
        ``https`` (or ``http``) address; redirects are followed, never from ``https`` to ``http``.
    path : Path
        Written when all is there and right, not before.
    md5_url : str
        Address of a text that holds the file's MD5 sum; empty for none.
    progress : callable or None
        Called with bytes so far and bytes in all (None where the server does not say).
    stall_s : float
        Seconds without a byte after which the connection is given up and tried again.
    wait_s : float
        Seconds before the second try; each further one waits twice as long.

    Returns
    -------
    Fetched

    Raises
    ------
    DataError
        It cannot be had, or its sum is not the one the publisher gives; what came so far is kept for the next time, but
        for a wrong sum.
    """
    import requests

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    reason = ""
    for number in range(TRIES):
        if number:
            time.sleep(wait_s * 2 ** (number - 1))
            if progress is not None:  # whoever waits may end it between two tries
                progress(part.stat().st_size if part.is_file() else 0, None)
        try:
            with requests.Session() as session:
                version = _attempt(session, url, path, part, progress, stall_s)
                if version is None:
                    earlier = fetched_before(path)
                    if earlier is not None:
                        return earlier
                    continue
                sums = _md5(session, md5_url, stall_s)
        except (requests.RequestException, _BrokenOffError) as error:
            reason = str(error)[:200] or type(error).__name__
            continue
        return _finished(url, path, part, version, sums)
    raise DataError(
        _("下载不了 {url}：{detail}。"),
        hint=_("可再运行一次，会接着下；没有网络时请把文件放进一个文件夹，用 --folder 给出。"),
        url=url,
        detail=reason,
    )


def _description(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _version(answer: requests.Response) -> str:
    return answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""


def _attempt(
    session: requests.Session, url: str, path: Path, part: Path, progress: Progress | None, stall_s: float
) -> str | None:
    """One request; the version of the whole file in ``part``, or None where what is there already is the newest."""
    mark_file = part.with_name(part.name + ".version")
    begun = part.stat().st_size if part.is_file() and mark_file.is_file() else 0
    version = mark_file.read_text("utf-8") if begun else ""
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    earlier = fetched_before(path)
    if begun and version and not version.startswith("W/"):
        headers |= {"Range": f"bytes={begun}-", "If-Range": version}
    elif earlier is not None and earlier.version and earlier.url == url:
        name = "If-Modified-Since" if earlier.version[-3:] == "GMT" else "If-None-Match"
        headers[name] = earlier.version
    with session.get(url, headers=headers, stream=True, timeout=(stall_s, stall_s)) as answer:
        if answer.status_code == 304:
            return None
        if answer.status_code == 416:  # the part is longer than the file now is
            part.unlink()
            raise _BrokenOffError(answer.reason)
        answer.raise_for_status()
        if url.startswith("https:") and not answer.url.startswith("https:"):
            raise DataError(_("{url} 被转到不加密的地址，未下载。"), url=url)
        goes_on = answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(
            f"bytes {begun}-"
        )
        if not goes_on:
            begun = 0
        mark_file.write_text(_version(answer), "utf-8")
        length = answer.headers.get("Content-Length")
        whole = begun + int(length) if length and length.isdigit() else None
        _write(answer, part, begun, whole, progress)
        mark_file.unlink(missing_ok=True)
        return _version(answer)


def _write(
    answer: requests.Response, part: Path, begun: int, whole: int | None, progress: Progress | None
) -> None:
    size = begun
    with part.open("ab" if begun else "wb") as handle:
        for chunk in answer.iter_content(_CHUNK):
            handle.write(chunk)
            size += len(chunk)
            if size > MOST_BYTES:
                raise DataError(_("{url} 大得不合常理，未下载。"), url=answer.url)
            if progress is not None:
                progress(size, whole)
    if whole is not None and size < whole:
        raise _BrokenOffError(f"{size} / {whole}")


def _md5(session: requests.Session, md5_url: str, stall_s: float) -> str:
    """The sum that the publisher gives; empty where none is asked for."""
    if not md5_url:
        return ""
    answer = session.get(md5_url, headers={"User-Agent": _AGENT}, timeout=(stall_s, stall_s))
    answer.raise_for_status()
    match = _MD5.search(answer.text[:1000].lower())
    if match is None:
        raise DataError(_("{url} 里没有 MD5 校验和。"), url=md5_url)
    return match.group()


def _finished(url: str, path: Path, part: Path, version: str, md5: str) -> Fetched:
    own, sums = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with part.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            own.update(chunk)
            sums.update(chunk)
    if md5 and sums.hexdigest() != md5:
        part.unlink()
        raise DataError(
            _("{name} 的校验和与发布者给出的不同，已丢弃。"), hint=_("请再下载一次。"), name=path.name
        )
    done = Fetched(url, date.today().isoformat(), part.stat().st_size, own.hexdigest(), version)
    part.replace(path)
    draft = _description(path).with_name(path.name + ".json.part")
    draft.write_text(json.dumps(asdict(done), ensure_ascii=False), "utf-8")
    draft.replace(_description(path))
    return done
