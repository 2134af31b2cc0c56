"""The command line of several cities: ``--city`` asks the one that it names, and without it the first is meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.main import app
from geo.errors import UnknownIdError
from geo.register.pack import load_pack
from tests.cities.conftest import PACKS


def districts(*before: str) -> list[str]:
    asked = [*before, "progress", "--by", "district", "--as-of", "2022-12-31", "--format", "json"]
    result = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [str(row["district_code"]) for row in json.loads(result.stdout)]


def codes_of(pack: Path) -> set[str]:
    """The districts of a pack's own table."""
    return set(load_pack(pack).works["district_code"].dropna().str.split("|").explode())


def test_a_command_asks_the_city_that_it_names(two_cities: Path) -> None:
    for slug, pack in PACKS.items():
        shown = set(districts("--city", slug))
        assert shown & codes_of(pack)
        assert not any(shown & codes_of(other) for name, other in PACKS.items() if name != slug)
    assert districts() == districts("--city", next(iter(PACKS)))


def test_a_city_that_is_none_is_refused(two_cities: Path) -> None:
    with pytest.raises(UnknownIdError, match="nowhere"):
        CliRunner().invoke(app, ["--city", "nowhere", "items"], catch_exceptions=False)


def test_the_list_names_every_city(two_cities: Path) -> None:
    result = CliRunner().invoke(app, ["cities", "--format", "json"], catch_exceptions=False)
    assert [row["slug"] for row in json.loads(result.stdout)] == list(PACKS)
