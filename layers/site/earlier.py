"""Parts of earlier builds, by what they were made of: after one event only those are made again that the event changes.

A part (a picture, the files of a page, the card of a work) is found again by a digest of everything it is made of, this program and its
packages among them; so a build that finds some is the same to the byte as one that makes all. They lie in ``ATLAS_VAR``, beside each
other those of one site, and those that its last build did not use go.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.paths import var_dir
from geo.places.english_names import written_before
from layers.program_digest import digest, program_digest
from layers.whole_files import read_whole, write_whole


@dataclass(frozen=True, eq=False)
class Earlier:
    """What earlier builds of one site made; with no folder, nothing is found and nothing written down."""

    folder: Path | None = None
    used: set[str] = field(default_factory=set)
    _within: list[set[str]] = field(default_factory=list)

    @classmethod
    def of_site(cls, out: Path) -> Earlier:
        """Of the site in a folder."""
        return cls(var_dir() / "site" / hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16])

    def made(self, *made_of: str, make: Callable[[], bytes]) -> bytes:
        """What an earlier build made of the same, else what ``make`` makes now."""
        return self.files(*made_of, make=lambda: {"": make()})[""]

    def files(self, *made_of: str, make: Callable[[], dict[str, bytes]]) -> dict[str, bytes]:
        """The files (path -> content) that an earlier build made of the same, else those that ``make`` makes now.

        What ``make`` itself looks up stays as long as what was made with it: a page may be made again while its drawing is the same.
        """
        if self.folder is None:
            return make()
        name = digest(program_digest(), *made_of)
        found = _unpacked(read_whole(self.folder / name))
        if found is None:
            with self._noting() as inner:
                made = make()
            found = made, inner
            write_whole(self.folder / name, _packed(made, inner))
        made, inner = found
        self._use({name, *inner})
        return made

    def pieces(
        self,
        kind: str,
        made_of: Mapping[str, str],
        make: Callable[[list[str]], dict[str, Any]],
    ) -> dict[str, Any]:
        """Many small parts of one kind, in one file.

        Parameters
        ----------
        kind : str
            What they are.
        made_of : mapping
            Name of each -> digest of what it is made of.
        make : callable
            Names -> what is made now of those that no earlier build made of the same: lists, objects, texts, numbers of JSON.

        Returns
        -------
        dict
            Name -> the part.
        """
        name = digest("pieces", kind)
        before = self._pieces(name)
        keys = {each: digest(program_digest(), kind, each, key) for each, key in made_of.items()}
        found = {each: before[key] for each, key in keys.items() if key in before}
        missing = [each for each in made_of if each not in found]
        if missing:
            found |= make(missing)
        self._use({name})
        if self.folder is not None and (missing or len(before) != len(keys)):
            text = json.dumps({keys[each]: found[each] for each in made_of}, ensure_ascii=False)
            write_whole(self.folder / name, text.encode())
        return found

    def _pieces(self, name: str) -> dict[str, Any]:
        content = None if self.folder is None else read_whole(self.folder / name)
        return {} if content is None else dict(json.loads(content))

    @contextmanager
    def names(self) -> Iterator[None]:
        """Until the end, English names are those that an earlier build of this program wrote."""
        path = None if self.folder is None else self.folder / digest("names", program_digest())
        content = None if path is None else read_whole(path)
        names: dict[str, str] = {} if content is None else json.loads(content)
        before = len(names)
        with written_before(names):
            yield
        if path is not None:
            self._use({path.name})
            if len(names) != before:
                write_whole(path, json.dumps(names, ensure_ascii=False).encode())

    @contextmanager
    def _noting(self) -> Iterator[set[str]]:
        """The names that are used until the end."""
        self._within.append(set())
        try:
            yield self._within[-1]
        finally:
            self._within.pop()

    def _use(self, names: set[str]) -> None:
        self.used.update(names)
        for noted in self._within:
            noted.update(names)

    def forget_unused(self) -> None:
        """Remove what this build did not ask for."""
        if self.folder is not None and self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in self.used:
                    path.unlink(missing_ok=True)


def _packed(files: Mapping[str, bytes], inner: set[str]) -> bytes:
    """Files as one: a line of JSON with their lengths and the names that were used for them, then what is in them."""
    head = {"files": [[path, len(content)] for path, content in files.items()], "uses": sorted(inner)}
    return b"".join([json.dumps(head).encode(), b"\n", *files.values()])


def _unpacked(content: bytes | None) -> tuple[dict[str, bytes], set[str]] | None:
    if content is None:
        return None
    line, _end, rest = content.partition(b"\n")
    head, at = json.loads(line), 0
    files: dict[str, bytes] = {}
    for path, length in head["files"]:
        files[str(path)] = rest[at : at + length]
        at += length
    return files, set(head["uses"])
