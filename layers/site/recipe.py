"""What a site is made from, as one digest: where it is that of the last run, nothing needs to be made again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from geo.register.city import Atlas
from geo.register.outline_files import outlines_version
from layers.program_digest import program_digest

if TYPE_CHECKING:
    from geo.store.remarks import PublishedRemark


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
