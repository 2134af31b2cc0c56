"""No benchmark rots: CI runs the quick form of each, and the bound beside a figure is that of what must be touched."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import stream

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = sorted((ROOT / "benchmarks").glob("bench_*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=[path.stem for path in BENCHMARKS])
def test_every_benchmark_has_a_quick_form_that_records_nothing(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.search(r"is_quick\(|--quick", text)
    assert "quick=False" not in text, "a quick run would replace the record"


def test_ci_runs_the_quick_forms() -> None:
    assert "make bench-quick" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_the_bound_is_the_bytes_over_the_bandwidth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "bandwidth", lambda: {"best": 1e9})
    touched = stream.nbytes(np.zeros(1000), np.zeros(1000, "int32"))
    assert touched == 12_000
    assert stream.beside_bound(0.036, touched) == pytest.approx(
        {"bytes_touched": 12_000, "bound_ms": 0.012, "times_bound": 3.0}
    )
