"""After ``make setup`` no kernel is left to compile: the first question waits for none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo.kernels.compiling import ENGINE
from tools.compile_kernels import kernels

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys
from pathlib import Path
from numba.core import event
from geo.kernels.compiling import CACHE
from layers.analysis.answers import coverage_answer
from layers.analysis.questions import parameters_of
from tools.compile_kernels import not_compiled
with event.install_recorder("numba:compile") as compiled:
    coverage_answer(parameters_of({"kind": "metro_station", "radius": "800"}), "zh")
print(len(compiled.buffer), *not_compiled(Path(CACHE)))
"""


@pytest.mark.skipif(ENGINE != "numba", reason="numba is not installed")
def test_the_cache_of_set_up_holds_every_kernel(tmp_path: Path) -> None:
    fresh = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "ATLAS_VAR": str(tmp_path / "var")}
    assert len(list(kernels())) > 50
    done = [
        subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=fresh, capture_output=True, text=True, check=True
        )
        for arguments in (["-m", "tools.compile_kernels"], ["-c", ASK])
    ]
    assert done[0].stderr == ""
    compiled, *left = done[1].stdout.split()
    assert left == []
    assert compiled == "0", "the first question compiled something"
