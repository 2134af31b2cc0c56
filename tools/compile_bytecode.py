"""Compiles this program's modules once, at set-up: ``python -m tools.compile_bytecode``.

Python does so by itself at the first start, but not where ``PYTHONDONTWRITEBYTECODE`` is set, as it is in many containers: then every start would
compile everything anew, which takes half a second of the processor. A file that has changed since is compiled as ever.
"""

from __future__ import annotations

import compileall
from typing import Final

from geo.paths import PROJECT_DIR

_ROOMS: Final = ("geo", "layers", "pages")


def compile_bytecode() -> None:
    """Compile what has changed since it was compiled last."""
    for room in _ROOMS:
        compileall.compile_dir(PROJECT_DIR / room, quiet=2)
    compileall.compile_file(PROJECT_DIR / "app.py", quiet=2)


if __name__ == "__main__":
    compile_bytecode()
