"""Public names explain themselves: none is a word, or holds a word, that this project once used in a sense of its own.

``told`` or ``found`` names no thing; ``words`` had six meanings. A name says what the thing is: ``evidence``, ``parameters``,
``labels``. Data values and addresses of pages are strings, not names, and are not looked at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("geo", "layers", "pages")
BANNED = frozenset(
    {"told", "tell", "tells", "said", "say", "says", "asked", "ask", "asks", "found", "kept", "keep"}
    | {"word", "words", "look", "looks", "spoken"}
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def words_in(name: str) -> set[str]:
    """``plainWordsOf_it`` -> plain, words, of, it."""
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def names_in(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    """Line and name of what a module or a public class offers, with the parameters of its functions."""
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from names_in(node.body + node.orelse)
        elif isinstance(node, Function) and not node.name.startswith("_"):
            yield node.lineno, node.name
            yield from parameters(node)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.lineno, node.name
            yield from names_in(node.body)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (part for target in targets for part in ast.walk(target)):
                if isinstance(name, ast.Name) and not name.id.startswith("_"):
                    yield name.lineno, name.id


def parameters(function: Function) -> Iterator[tuple[int, str]]:
    given = function.args
    for each in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if each is not None and not each.arg.startswith("_"):
            yield each.lineno, each.arg


def unexplained(module: str, source: str) -> list[str]:
    """The public names of a module that hold a banned word, each with its line."""
    places = [(1, Path(module).stem), *names_in(ast.parse(source).body)]
    return [f"{module}:{line} {name}" for line, name in places if words_in(name) & BANNED]


def test_public_names_explain_themselves() -> None:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(paths) > 200
    wrong = [
        name
        for path in paths
        for name in unexplained(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("geo/told.py", ""),
        ("geo/x.py", "class Told: ..."),
        ("geo/x.py", "def rows_of(told): ..."),
        ("geo/x.py", "def rows_of(*, found=None): ..."),
        ("geo/x.py", "class Layer:\n    told: dict"),
        ("geo/x.py", "class Store:\n    def said(self): ..."),
        ("geo/x.py", "MAX_WORDS = 3"),
        ("geo/x.py", "try:\n    LOOK = 1\nexcept OSError:\n    pass"),
        ("geo/x.py", "async def keptRows(): ..."),
    ],
)
def test_this_test_can_fail(module: str, source: str) -> None:
    assert unexplained(module, source)


def test_private_names_and_other_words_pass() -> None:
    assert not unexplained("geo/x.py", "def _told(found): ...\nfoundation = 1\nclass Outlook: ...")
