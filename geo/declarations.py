"""Things that are found by themselves: a module of a package that has a certain name declares one. No list to keep.

And names that a package has, whose modules are read when one of them is used.
"""

from __future__ import annotations

import ast
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any


def declared(package: ModuleType, name: str) -> Iterator[tuple[ModuleType, Any]]:
    """Every module of ``package`` (not of packages in it) that has ``name``, and what it declares under it.

    ``declared(layers.map, "LAYER")`` gives each layer; the same serves file formats and pages. A module whose text has no such word is not read.
    """
    for each in _modules(package):
        file = _file_of(each)
        if file is not None and not re.search(rf"\b{re.escape(name)}\b", file.read_text("utf-8")):
            continue
        module = import_module(each)
        if hasattr(module, name):
            yield module, getattr(module, name)


def declared_alone(package: ModuleType, name: str) -> Iterator[tuple[Path, Any]]:
    """As :func:`declared`, with the file instead of the module: of each nothing is run but the declaration and the imports that it names."""
    for each in _modules(package):
        file = _file_of(each)
        found = [] if file is None else _run_alone(file, each, name)
        if file is not None and found:
            yield file, found[0]


def _modules(package: ModuleType) -> list[str]:
    return [
        f"{package.__name__}.{info.name}" for info in pkgutil.iter_modules(package.__path__) if not info.ispkg
    ]


def _file_of(module: str) -> Path | None:
    spec = find_spec(module)
    return Path(spec.origin) if spec and spec.origin else None


@lru_cache(maxsize=256)
def _run_alone(file: Path, module: str, name: str) -> tuple[Any, ...]:
    """The one value that a file gives ``name`` at its top; nothing where it has none."""
    statements = ast.parse(file.read_text("utf-8")).body
    given = next(
        (each for each in statements if name in _bound_by(each) and isinstance(each, ast.Assign)), None
    )
    if given is None:
        return ()
    used = {each.id for each in ast.walk(given.value) if isinstance(each, ast.Name)}
    needed = [each for each in statements if _bound_by(each) & used]
    if not all(
        isinstance(each, ast.Import | ast.ImportFrom) for each in needed
    ):  # it is made by code of its own module
        return (getattr(import_module(module), name),)
    scope: dict[str, Any] = {"__name__": module}
    exec(compile(ast.Module([*needed, given], []), str(file), "exec"), scope)  # noqa: S102  (a file of this program)
    return (scope[name],)


def _bound_by(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a meaning."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {each.asname or each.name.partition(".")[0] for each in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    return {
        each.id
        for each in ast.walk(statement)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def read_when_used(package: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's ``__getattr__``.

    Parameters
    ----------
    package : str
        Its name.
    names : mapping
        What it has, and the module of the package that each is read from at first use.

    Returns
    -------
    callable
    """

    def read(name: str) -> Any:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{names[name]}"), name)

    return read
