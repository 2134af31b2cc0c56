"""What the browser needs beyond PyPI: pinned, and no reason to stop where its registry does not answer."""

from __future__ import annotations

import json
import re
from subprocess import CompletedProcess

import pytest

from layers.browser_code import tile_renderer, tile_renderer_asset
from tools import browser_packages
from tools.browser_packages import ROOT


def test_what_is_installed_is_what_is_pinned() -> None:
    (wanted,) = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"].items()
    assert wanted[0] == "protomaps-leaflet"
    assert re.fullmatch(r"\d+\.\d+\.\d+", wanted[1])
    lock = (ROOT / "bun.lock").read_text("utf-8")
    assert f'"{wanted[0]}@{wanted[1]}"' in lock
    packages = re.findall(r'^    "[^"]+": \["[^"]+@\d.*\],$', lock, re.M)
    assert len(packages) >= 10
    assert all('"sha512-' in line for line in packages)
    script = tile_renderer()
    assert script is not None, "python -m tools.browser_packages gets it"
    assert wanted[1] in tile_renderer_asset(script)


def test_a_registry_that_does_not_answer_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        browser_packages, "run_bun", lambda *_, **__: CompletedProcess([], 1, "", "ConnectionRefused")
    )
    browser_packages.main()
    words = capsys.readouterr().err
    assert "no detailed base map; all else works" in words
    assert "ConnectionRefused" in words
