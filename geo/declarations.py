"""Things that are found by themselves: a module of a package that has a certain name declares one. No list to keep."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any


def declared(package: ModuleType, name: str) -> Iterator[tuple[ModuleType, Any]]:
    """Every module of ``package`` (not of packages in it) that has ``name``, and what it declares under it.

    ``declared(layers.map, "LAYER")`` gives each layer; the same serves file formats and pages.
    """
    for info in pkgutil.iter_modules(package.__path__):
        if info.ispkg:
            continue
        module = import_module(f"{package.__name__}.{info.name}")
        if hasattr(module, name):
            yield module, getattr(module, name)
