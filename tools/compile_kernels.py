"""Compiles every kernel into the cache of this installation, so that nobody's first question waits for it.

``python -m tools.compile_kernels``: what ``make run`` does once after an installation or a change of a kernel. It answers one
question of each kind, for a kernel is compiled for the kinds of numbers that it is called with. A kernel that none of those
questions needs is named: whoever asks for it first waits for it (tests/tools/test_compile_kernels.py sees that there is none).
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import geo.kernels
from geo.kernels.compiling import CACHE
from layers.analysis import warm


def kernels() -> Iterator[Any]:
    """Every compiled function of ``geo.kernels``, as numba holds it."""
    for info in pkgutil.iter_modules(geo.kernels.__path__, f"{geo.kernels.__name__}."):
        for each in vars(import_module(info.name)).values():
            if hasattr(each, "py_func") and each.__module__ == info.name:
                yield each


def cached_as(kernel: Any) -> str:
    """How the names of a kernel's files in the cache begin: the module's last name, the function and its line."""
    code = kernel.py_func.__code__
    return f"{Path(code.co_filename).stem}.{kernel.py_func.__qualname__}-{code.co_firstlineno}."


def not_compiled(folder: Path) -> list[str]:
    """Kernels of which the cache in a folder holds nothing."""
    there = {path.name for path in folder.rglob("*.nbi")}
    return sorted(
        name.rstrip(".")
        for name in map(cached_as, kernels())
        if not any(each.startswith(name) for each in there)
    )


def main() -> None:
    """Compile, and say what is left."""
    if not CACHE:  # without numba there is nothing to compile
        return
    warm.start().join()
    left = not_compiled(Path(CACHE))
    if left:
        print(
            f"no question of layers/analysis/warm.py needs these kernels: {', '.join(left)}", file=sys.stderr
        )


if __name__ == "__main__":
    main()
