"""``python -m geo nation``: every output says that it is simulated."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from geo.cli.main import app

SMALL = ["--within", "3101", "--facilities", "500"]
CALLS = {
    "coverage": ["--kind", "park", "--radius", "800"],
    "matrix": ["--indicator", "park_500|circle_15"],
    "siting": ["--kind", "park|clinic", "--radius", "2000", "--k", "2", "--lang", "en"],
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("ending", ["csv", "parquet", ""])
def test_every_output_says_simulated(call: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"answer.{ending}"
    result = CliRunner().invoke(
        app, ["nation", call, *CALLS[call], *SMALL, *(["--out", str(file)] if ending else [])]
    )
    assert result.exit_code == 0, result.output
    assert "模拟" in result.stderr
    assert "Simulated" in result.stderr
    if not ending:
        assert "simulated" in result.stdout.splitlines()[0]
        return
    table = pd.read_csv(file) if ending == "csv" else pd.read_parquet(file)
    assert table["simulated"].all()
    assert {"seed", "cell_m", "facilities"} <= set(table.columns)
    assert len(table) > 15


def test_a_file_of_another_kind_is_refused_before_any_work(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["nation", "coverage", *CALLS["coverage"], "--out", str(tmp_path / "answer.exe")]
    )
    assert result.exit_code != 0
    assert not list(tmp_path.iterdir())
