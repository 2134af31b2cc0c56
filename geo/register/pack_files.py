"""The files that a pack is read from, and the digest of them: known before any of them is read as a table."""

from __future__ import annotations

import hashlib
from pathlib import Path


def pack_files(root: Path) -> list[Path]:
    """The files that a pack is read from, in the order of their names."""
    return sorted([*root.glob("*.csv"), *root.glob("*.geojson"), root / "datapackage.json"])


def pack_digest(root: Path) -> str:
    """SHA-256 over the described files, so that any change of data is a new version."""
    total = hashlib.sha256()
    for path in pack_files(root):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()
