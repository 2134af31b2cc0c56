"""Pictures of earlier builds, by what they were made of: after one event only those are drawn again that the event changes.

A picture is found again by a digest of everything it is drawn from, this program and its packages among them; so a build that finds some
is the same to the byte as one that draws all. They lie in ``ATLAS_VAR``, beside each other those of one site, and those that its last
build did not use go.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geo.paths import var_dir
from geo.register.city import Atlas
from geo.table import records
from layers.program_digest import digest, program_digest
from layers.whole_files import read_whole, write_whole

_NOT_DRAWN: Final = {"works.csv", "events.csv", "citations.csv", "sources.csv"}
"""Files of a pack of which a map shows only what is among its rows."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """What earlier builds of one site made; with no folder, nothing is found and nothing written down."""

    folder: Path | None = None
    used: set[str] = field(default_factory=set)

    @classmethod
    def of_site(cls, out: Path) -> Earlier:
        """Of the site in a folder."""
        return cls(var_dir() / "site" / hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16])

    def made(self, *made_of: str, make: Callable[[], bytes]) -> bytes:
        """What an earlier build made of the same, else what ``make`` makes now."""
        if self.folder is None:
            return make()
        name = digest(program_digest(), *made_of)
        self.used.add(name)
        content = read_whole(self.folder / name)
        if content is None:
            content = make()
            write_whole(self.folder / name, content)
        return content

    def forget_unused(self) -> None:
        """Remove what this build did not ask for."""
        if self.folder is not None and self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in self.used:
                    path.unlink(missing_ok=True)


def table_text(frame: pd.DataFrame) -> str:
    """All of a table, its rows in their order, as one text."""
    whole: list[Any] = [list(map(str, frame.columns)), list(map(str, frame.index)), records(frame)]
    return json.dumps(whole, ensure_ascii=False)


def drawn_besides(atlas: Atlas) -> str:
    """Digest of what a printed map shows besides the works of its rows: outlines, lines, facilities, words of the pack."""
    files = sorted(
        path for path in atlas.pack.root.iterdir() if path.is_file() and path.name not in _NOT_DRAWN
    )
    return digest(
        *(f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files),
        json.dumps(atlas.pack.line_features.features, ensure_ascii=False),
        table_text(atlas.register.facilities),
        atlas.pack.plan,
    )
