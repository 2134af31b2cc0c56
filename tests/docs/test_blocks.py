"""The code blocks of README and docs run: Python as it stands, commands in a folder that holds the files they speak of."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.main import app
from geo.cli.verbs import add_verbs
from geo.register.city import Atlas
from layers.report import cli as report
from layers.site import build
from layers.site import cli as site
from tests.docs.blocks import NOT_CODE, PAGES, ROOT, SHELL, Block, blocks, commands, fill_folder, is_python

NOT_RUN = {
    "python -m http.server": "waits for visitors",
    "python -m layers.api": "waits for visitors; tests/api starts it",
    "streamlit run": "waits for visitors; tests/browser starts it",
    "/usr/bin/python3 tools/qgis_check.py": "needs QGIS",
    "python -m geo --city": "wants several cities; tests/cities/test_command.py runs it",
    "python -m geo take-over": "wants several cities; tests/cities/test_take_over.py runs it",
    "cd site": "goes with the web server after it",
}
"""Beginning of a command -> why no test runs it. Nothing else is left out."""


def cases() -> list[tuple[Path, list[Block]]]:
    every = blocks()
    return [(path, mine) for path in PAGES if (mine := [block for block in every if block.path == path])]


def program(words: list[str]) -> list[str]:
    """A command without the settings before it, a ``&`` after it, and the folder of the virtual environment."""
    words = [word for word in words if word != "&"]
    while "=" in words[0] and words[0].partition("=")[0].isupper():
        words = words[1:]
    return [words[0].removeprefix(".venv/bin/"), *words[1:]]


def run_geo(arguments: list[str]) -> None:
    """As ``python -m geo`` runs it, in this process, which has loaded the city already."""
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception!r}"


@pytest.fixture(scope="module", autouse=True)
def _all_commands() -> None:
    """As ``geo/__main__.py`` joins them."""
    add_verbs(report.__name__, site.__name__)


@pytest.fixture(scope="module", autouse=True)
def _each_site_once() -> Iterator[None]:
    """Two pages publish the same site; it is the same to the byte (tests/site), so it is made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "site_files", cache(build.site_files))
        yield


def run_command(words: list[str]) -> None:
    words = program(words)
    if any(" ".join(words).startswith(beginning) for beginning in NOT_RUN):
        return
    if words[:3] == ["python", "-m", "geo"]:
        run_geo(words[3:])
    elif words[0] == "make":
        targets = [word for word in words[1:] if "=" not in word]
        assert (
            subprocess.run(["make", "-n", *targets], cwd=ROOT, capture_output=True, check=False).returncode
            == 0
        )
    elif words[:2] == ["python", "-m"] and words[2].startswith("benchmarks."):
        assert (ROOT / f"{words[2].replace('.', '/')}.py").exists()
    else:
        pytest.fail(f"what runs this? {words}")


@pytest.mark.parametrize(("page", "mine"), cases(), ids=[path.name for path, _mine in cases()])
def test_the_blocks_of_a_page_run_in_their_order(
    page: Path, mine: list[Block], atlas: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_folder(tmp_path, atlas)
    monkeypatch.chdir(tmp_path)
    for block in mine:
        if is_python(block):
            exec(compile(block.text, block.name, "exec"), {"__name__": "__main__"})  # noqa: S102 (our own docs)
        elif block.language in SHELL:
            for words in commands(block.text):
                run_command(words)
        else:
            assert block.language in NOT_CODE, f"{block.name}: what runs {block.language}?"


def test_there_are_blocks_of_each_kind() -> None:
    every = blocks()
    assert sum(map(is_python, every)) >= 3
    assert sum(block.language in SHELL and not is_python(block) for block in every) >= 8
