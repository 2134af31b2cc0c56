"""Names explain themselves: no public name of Python is, or holds, one of the words that once meant six things each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNCLEAR = {"told", "said", "asked", "found", "kept", "words", "look"}
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def parts_of(name: str) -> set[str]:
    """``readCellWords`` and ``read_cell_words`` -> ``{"read", "cell", "words"}``."""
    return {part.lower() for part in PART.findall(name)}


def public_names(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    """Line and name of what a module or a public class declares: constants, classes, functions and their parameters."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
            if not node.name.startswith("_"):
                arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                yield from ((argument.lineno, argument.arg) for argument in arguments)
        elif isinstance(node, ast.ClassDef):
            yield node.lineno, node.name
            if not node.name.startswith("_"):
                yield from public_names(node.body)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
            yield from ((node.lineno, name.id) for name in names)


def unclear_names(path: Path, text: str) -> list[str]:
    """Public names of a module that hold an unclear word, with their places."""
    names = [(0, path.stem), *public_names(ast.parse(text).body)]
    return [
        f"{path}:{line} {name}"
        for line, name in names
        if not name.startswith("_") and parts_of(name) & UNCLEAR
    ]


def test_no_public_name_is_unclear() -> None:
    paths = [path for part in ("geo", "layers", "pages") for path in sorted((ROOT / part).rglob("*.py"))]
    assert len(paths) > 300
    assert [
        line for path in paths for line in unclear_names(path.relative_to(ROOT), path.read_text("utf-8"))
    ] == []


def test_the_search_finds_every_kind_of_name() -> None:
    source = (
        "KEPT = 1\nclass Told:\n    def all_words(self, asked): ...\ndef look(): ...\ndef _said(words): ...\n"
    )
    places = unclear_names(Path("found.py"), source)
    assert [place.split()[1] for place in places] == ["found", "KEPT", "Told", "all_words", "asked", "look"]
