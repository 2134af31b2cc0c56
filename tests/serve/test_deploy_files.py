"""The unit of systemd and the container file start what is there, with arguments that it takes."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path

import pytest

from tools.serve import ROOT, read_arguments

DEPLOY = ROOT / "tools" / "deploy"
SHELL = re.compile(r"^(RUN|COPY|FROM|WORKDIR|ENV|USER|EXPOSE|CMD|#)")


def container_lines() -> list[tuple[str, str]]:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines if line and line[0] != "#"]


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False)
    read.optionxform = str  # type: ignore[method-assign, assignment]  # systemd's names have capitals
    read.read_string((DEPLOY / "atlas.service").read_text("utf-8"))
    return read


@pytest.mark.parametrize(
    "command",
    [
        shlex.split(unit()["Service"]["ExecStart"].replace("/opt/atlas/", "")),
        json.loads(dict(container_lines())["CMD"]),
    ],
)
def test_what_is_started_is_there_and_takes_its_arguments(command: list[str]) -> None:
    assert command[:3] == [".venv/bin/python", "-m", "tools.serve"]
    assert read_arguments(command[3:]).listen.endswith("8501")


def test_the_unit_restarts_and_may_write_only_its_own_folder() -> None:
    service = unit()["Service"]
    assert service["Restart"] == "always"
    assert service["ProtectSystem"] == "strict"
    folders = {part.partition("=")[2].split("/numba")[0] for part in service["Environment"].split()}
    assert folders == {service["ReadWritePaths"]}


def test_the_container_file_installs_what_serving_needs_and_runs_as_nobody_special() -> None:
    lines = container_lines()
    assert all(SHELL.match(name) for name, _rest in lines)
    run = "\n".join(rest for name, rest in lines if name == "RUN")
    assert "nginx-light" in run
    for name, rest in lines:
        for source in rest.split()[:-1] if name == "COPY" else ():
            assert (ROOT / source).exists(), source
    names = [name for name, _rest in lines]
    assert names.index("USER") < names.index("CMD")
    assert dict(lines)["FROM"].endswith("python:3.11-slim-bookworm"), "the Python that the Makefile asks for"
    assert Path(ROOT / ".containerignore").read_text("utf-8").split() == [".venv", "var", ".git"]
