"""Public functions with three or more arguments say what each argument is, what comes back and which errors they raise.

The sections are those of numpydoc. Overrides of a library's methods are described by that library, commands by the help of
their options, and kernels that numba compiles take plain arrays from the functions that are described.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("geo", "layers")
FEW = 3
COMMANDS = ("geo/cli/", "layers/report/cli.py", "layers/site/cli.py")  # the options' help describes them
OVERRIDES = ("layers/api/provider.py", "layers/api/tiles.py", "geo/store/migrations/")  # pygeoapi, alembic
KERNEL_PARTS = {"disc_terms", "edge_terms"}  # one step of union_area, chosen by the engine


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The public functions of a module, and the public methods of its public classes."""
    for node in tree.body:
        body = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        for each in body:
            if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
                yield each


def is_compiled(function: ast.FunctionDef) -> bool:
    return any("compiled" in ast.unparse(decorator) for decorator in function.decorator_list)


def arguments(function: ast.FunctionDef) -> list[str]:
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    names = [each.arg for each in every if each is not None]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def sections(text: str) -> dict[str, list[str]]:
    """Section of a numpydoc text -> its lines."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}$", text, flags=re.MULTILINE)
    return {title: body.split("\n") for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def described(lines: list[str]) -> set[str]:
    """Names before the colon of entries such as ``x, y : array_like``."""
    heads = [line.split(" : ")[0] for line in lines if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for head in heads for name in head.split(",")}


def missing(source: str) -> list[str]:
    """What the docstrings of a module leave out: ``line function: what``."""
    out = []
    for function in functions(ast.parse(source)):
        names = arguments(function)
        if len(names) < FEW or is_compiled(function) or function.name in KERNEL_PARTS:
            continue
        found = sections(ast.get_docstring(function) or "")
        unnamed = sorted(set(names) - described(found.get("Parameters", [])))
        what = [f"parameter {name}" for name in unnamed]
        gives = function.returns is None or ast.unparse(function.returns) != "None"
        if gives and not {"Returns", "Yields"} & set(found):
            what.append("Returns")
        raises = any(isinstance(node, ast.Raise) and node.exc is not None for node in ast.walk(function))
        if raises and "Raises" not in found:
            what.append("Raises")
        out += [f"{function.lineno} {function.name}: {part}" for part in what]
    return out


def invented(source: str) -> list[str]:
    """Arguments that docstrings of a module describe and that do not exist, of any function: ``line function: what``."""
    every = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [
        f"{function.lineno} {function.name}: no argument {name}"
        for function in every
        for name in sorted(
            described(sections(ast.get_docstring(function) or "").get("Parameters", []))
            - {*arguments(function), ""}
        )
    ]


def test_no_docstring_describes_an_argument_that_is_not_there() -> None:
    paths = [path for package in (*PACKAGES, "pages") for path in sorted((ROOT / package).rglob("*.py"))]
    assert [
        f"{path.relative_to(ROOT)}:{part}" for path in paths for part in invented(path.read_text("utf-8"))
    ] == []
    assert invented(WHOLE.replace("unit : str", "unit, depth : str")) == ["2 area: no argument depth"]


def test_public_functions_describe_their_arguments() -> None:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    read = [name for name in names if not name.startswith(COMMANDS + OVERRIDES)]
    assert len(read) > 200
    assert [f"{name}:{part}" for name in read for part in missing((ROOT / name).read_text("utf-8"))] == []


WHOLE = '''
def area(width, height, unit) -> float:
    """An area.

    Parameters
    ----------
    width, height : float
        Metres.
    unit : str

    Returns
    -------
    float

    Raises
    ------
    ValueError
        No unit.
    """
    if not unit:
        raise ValueError
    return width * height
'''


@pytest.mark.parametrize(
    ("cut", "what"),
    [
        ("width, height : float", "parameter height"),
        ("    unit : str\n", "parameter unit"),
        ("    Returns\n    -------\n    float\n", "Returns"),
        ("    Raises\n    ------\n    ValueError\n        No unit.\n", "Raises"),
    ],
)
def test_this_test_can_fail(cut: str, what: str) -> None:
    assert missing(WHOLE) == []
    shorter = WHOLE.replace(cut, cut.replace(", height", "") if ", height" in cut else "")
    assert [part.split(": ")[1] for part in missing(shorter)] == [what]
