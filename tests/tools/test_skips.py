"""A skipped test is seen: loudly on any machine, as a failure in continuous integration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = """
import pytest
@pytest.mark.skip(reason="no such machine")
def test_by_mark(): pass
def test_by_call(): pytest.skip("no such program")
@pytest.mark.xfail(reason="known", strict=True)
def test_expected(): assert False
"""


@pytest.mark.parametrize(
    ("ci", "summary"), [("", "2 skipped, 1 xfailed"), ("1", "1 failed, 1 xfailed, 1 error")]
)
def test_a_skip_is_a_failure_in_ci_and_loud_elsewhere(tmp_path: Path, ci: str, summary: str) -> None:
    shutil.copy(ROOT / "tests" / "skips.py", tmp_path / "conftest.py")
    (tmp_path / "test_it.py").write_text(SKIPPED, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert summary in done.stdout, done.stdout + done.stderr
    assert ("2 TESTS ARE LEFT OUT" in done.stdout) is (not ci)
