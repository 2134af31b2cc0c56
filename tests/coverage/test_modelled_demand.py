"""Residents by the pack's model: nobody is lost, the second model stands beside it, and a pack without one works."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand, census_demand, land_demand, modelled_demand
from geo.coverage.question import answer_coverage, demand_of, read_question
from geo.coverage.reach import Reach
from geo.errors import DataError
from geo.paths import DATA_DIR
from geo.questions.coverage import CoverageQuestion
from geo.register.city import Atlas, atlas_of
from geo.register.facilities import facility_set
from geo.register.pack import load_pack
from geo.register.residents import load_residents_model
from tests.depth import examples

DAY = date(2020, 12, 31)


def metro(demand: Demand, radius: float) -> Coverage:
    atlas = load_atlas()
    facilities = facility_set(atlas.register, ("metro_station",), "planned", DAY)
    return coverage(atlas, facilities, demand, Reach.straight(radius))


def test_the_model_holds_every_resident_of_the_census() -> None:
    demand = modelled_demand(load_atlas())
    assert np.allclose(demand.lattice.totals, load_atlas().districts["residents_2020"], rtol=1e-12)
    assert (demand.lattice.weight[demand.lattice.zone < 0] == 0).all()


def test_a_coarse_cell_of_the_table_has_its_residents_on_the_lattice() -> None:
    """Summed up again by 500 m, from the file as the csv module reads it."""
    lattice = modelled_demand(load_atlas()).lattice
    rows, columns = np.nonzero(lattice.zone >= 0)
    east, north = lattice.centres()
    fine = pd.DataFrame(
        {
            "district_code": np.array(lattice.codes)[lattice.zone[rows, columns]],
            "east_m": (east[columns] // 500 * 500).astype(int),
            "north_m": (north[rows] // 500 * 500).astype(int),
            "residents": lattice.weight[rows, columns],
        }
    )
    summed = fine.groupby(["district_code", "east_m", "north_m"])["residents"].sum()
    table = pd.read_csv(DATA_DIR / "residents.csv", dtype={"district_code": str})
    theirs = table.set_index(["district_code", "east_m", "north_m"])["residents"]
    assert np.allclose(summed, theirs.reindex(summed.index), rtol=1e-9, atol=1e-6)


@examples(8)
@given(st.floats(150, 5000))
def test_the_two_models_name_each_other_and_their_range_holds_both(radius: float) -> None:
    own, even = (metro(demand(load_atlas()), radius).table for demand in (modelled_demand, census_demand))
    assert np.allclose(own["share_residents_other"], even["share_residents"], rtol=1e-9)
    assert np.allclose(even["share_residents_other"], own["share_residents"], rtol=1e-9)
    for table in (own, even):
        for share in (
            "share_residents",
            "share_residents_low",
            "share_residents_high",
            "share_residents_other",
        ):
            assert (table["share_residents_least"] <= table[share] + 1e-12).all()
            assert (table["share_residents_most"] >= table[share] - 1e-12).all()


def test_the_default_is_the_model_and_says_so_in_both_languages() -> None:
    atlas = load_atlas()
    question = read_question(atlas, {"kind": "metro_station", "radius": "800"})
    assert CoverageQuestion.read({}).demand == "residents"
    answer = answer_coverage(atlas, question, demand_of(atlas, question.demand))
    assert answer.inputs["demand"] == "modelled"
    chinese, english = ("\n".join(answer.messages(lang)) for lang in ("zh", "en"))
    city = answer.table.iloc[-1]
    for name in ("share_residents", "share_residents_other", "share_residents_least", "share_residents_most"):
        assert f"{100 * city[name]:.1f}%" in chinese
        assert f"{100 * city[name]:.1f}%" in english
    assert "模型估算" in chinese
    assert "江阴市、宜兴市" in chinese
    assert "modelled" in english
    assert "Jiangyin, Yixing" in english


def test_land_alone_has_no_model() -> None:
    table = metro(land_demand(load_atlas()), 800).table
    assert table[[name for name in table if "residents" in name]].isna().all().all()


def copied(folder: Path) -> Path:
    root = folder / "pack"
    root.mkdir()
    for path in [*DATA_DIR.glob("*.csv"), *DATA_DIR.glob("*.geojson"), DATA_DIR / "datapackage.json"]:
        shutil.copy(path, root)
    return root


def without_the_table(folder: Path) -> Atlas:
    root = copied(folder)
    (root / "residents.csv").unlink()
    package = json.loads((root / "datapackage.json").read_text("utf-8"))
    package["resources"] = [one for one in package["resources"] if one["name"] != "residents"]
    (root / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return atlas_of(load_pack(root))


def test_a_pack_without_the_table_spreads_residents_evenly(tmp_path: Path) -> None:
    atlas = without_the_table(tmp_path)
    demand = demand_of(atlas, "residents")
    assert demand is census_demand(atlas)
    assert demand.second_kind == ""
    facilities = facility_set(atlas.register, ("metro_station",), "before", DAY)
    answer = coverage(atlas, facilities, demand, Reach.straight(800))
    assert answer.table["share_residents_other"].isna().all()
    assert (answer.table["share_residents_least"] == answer.table["share_residents_low"]).all()


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda package, _root: package["model"].pop("cell_m"), "cell_m"),
        (lambda _package, root: (root / "residents.csv").unlink(), "residents.csv"),
        (
            lambda _package, root: (root / "residents.csv").write_text("district_code,east_m\n", "utf-8"),
            "north_m",
        ),
    ],
)
def test_a_model_that_cannot_be_read_is_explained(tmp_path: Path, spoil: object, named: str) -> None:
    root = copied(tmp_path)
    package = json.loads((root / "datapackage.json").read_text("utf-8"))
    spoil(next(one for one in package["resources"] if one["name"] == "residents"), root)  # type: ignore[operator]
    (root / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises(DataError) as error:
        load_residents_model(root)
    assert named in str(error.value) + str(error.value.params)
