"""What a site is made from, as one digest: where it is that of the last run, nothing needs to be made again."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.paths import PROJECT_DIR
from geo.register.city import Atlas
from geo.register.work_outlines import outlines_version

if TYPE_CHECKING:
    from geo.store.remarks import PublishedRemark

_KINDS: Final = {".py", ".js", ".css", ".html", ".po", ".csv", ".svg", ".lock"}


def recipe(atlas: Atlas, as_of: date, approval: str, remarks: Sequence[PublishedRemark] = ()) -> str:
    """Digest of the register, the city pack's files, the question, this program and the packages it stands on.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        The day of the state.
    approval : str
        Map approval number, if there is one.
    remarks : sequence of PublishedRemark

    Returns
    -------
    str
    """
    digest = hashlib.sha256()
    made_of = (as_of.isoformat(), approval, repr(tuple(remarks)), program_digest(), outlines_version())
    for text in (atlas.pack.digest, *made_of):
        digest.update(f"{len(text)}:{text}".encode())
    for path in sorted(path for path in atlas.pack.root.iterdir() if path.is_file()):
        digest.update(f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Digest of this program's files, of Python and of the packages that are installed."""
    digest = hashlib.sha256(platform.python_version().encode())
    for path in sorted(_sources()):
        digest.update(
            f"{path.relative_to(PROJECT_DIR)}:{hashlib.sha256(path.read_bytes()).hexdigest()}".encode()
        )
    for package in sorted(f"{one.metadata['Name']}=={one.version}" for one in distributions()):
        digest.update(package.encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for part in ("geo", "layers"):
        yield from (path for path in (PROJECT_DIR / part).rglob("*") if path.suffix in _KINDS)
