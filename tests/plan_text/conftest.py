"""Plans as texts: the real one of the pack, and invented ones that say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.paths import DATA_DIR
from geo.plan_text.draft import Draft
from geo.plan_text.names import NameIndex, index_of
from geo.plan_text.open_plan import city_names
from geo.plan_text.read_plan import read_plan

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def city() -> NameIndex:
    return city_names(DATA_DIR)


@pytest.fixture(scope="session")
def elsewhere() -> NameIndex:
    return index_of(["清河区", "湖东县"], ["白塔镇", "青山镇"])


@pytest.fixture(scope="session")
def plan_text() -> str:
    return (DATA_DIR / "raw/plan/wuxi_plan_2021.zh-Hans.txt").read_text("utf-8")


@pytest.fixture(scope="session")
def plan(city: NameIndex, plan_text: str) -> Draft:
    return read_plan(plan_text, city, document="plan")


def invented(name: str) -> str:
    return (HERE / f"{name}.txt").read_text("utf-8")
