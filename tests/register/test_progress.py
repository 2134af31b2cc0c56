"""The four numbers and the promises, against goldens counted from the raw facts by hand or by the csv module."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd
import pytest

from geo.errors import ParameterError
from geo.register.amounts import done_lower_bound
from geo.register.city import Atlas
from geo.register.progress import line_progress, progress

END = date(2021, 12, 31)
NOW = date(2026, 11, 23)


def items(atlas: Atlas, day: date) -> pd.DataFrame:
    return progress(atlas.register, day, "item")


def test_communities_as_the_facts_have_them(atlas: Atlas) -> None:
    with (atlas.pack.root / "raw/facts/communities.csv").open(encoding="utf-8", newline="") as handle:
        named = [r for r in csv.DictReader(handle) if r["year"] == "2021" and r["name_zh"] != "合计"]
    row = items(atlas, NOW).loc["U01"]
    assert row["target"] == 166
    assert row["named"] == len(named) == 21
    assert row["placed"] == sum(bool(r["lon"]) for r in named) == 20
    assert row["done_named"] == sum(r["status"].startswith("completed") for r in named) == 4
    # 梁溪 reports 106, of which two are named; 宜兴 and 江阴 have one each: 106 + 1 + 1
    assert row["done"] == 108
    assert row["done_reported"] == 104
    assert items(atlas, END).loc["U01", "done"] == 107  # 岳南新村 was reported in 2022-02


@pytest.mark.parametrize(
    ("item", "day", "promise", "kept"),
    [
        ("T06", END, "kept", True),  # 力争建成通车: opened 2021-12-17
        ("T06", date(2021, 12, 16), "pending", None),
        ("T10", date(2021, 1, 20), "kept", True),
        ("T09", END, "kept", True),
        ("T04", NOW, "kept_late", False),  # 开工: started 2023-01-06
        ("T05", NOW, "kept_late", False),
        ("T05", date(2022, 12, 31), "unknown", None),
        ("T03", NOW, "kept_late", False),  # 2024-12-27
        ("T02", NOW, "kept_late", False),  # opened 2022-11-20
        ("T07", END, "kept", True),  # 全面推进: works began 2021-02-28
        ("T07", date(2021, 2, 27), "pending", None),
        ("T08", END, "kept", True),  # tunnel works reported 2021-08-25
        ("T01", NOW, "unknown", None),  # nothing was found
        ("T12", NOW, "unknown", None),
        ("U01", NOW, "unknown", None),  # 108 of 166 is not proof of failure
        ("C03", NOW, "unknown", None),
        ("H01", NOW, "kept_late", False),  # architects chosen 2022-02-23
    ],
)
def test_promises_by_verb(atlas: Atlas, item: str, day: date, promise: str, kept: bool | None) -> None:
    row = items(atlas, day).loc[item]
    assert row["promise"] == promise
    assert row["promise_kept"] is kept


def test_schools_and_probable_ones_are_apart(atlas: Atlas) -> None:
    frame = items(atlas, NOW)
    assert frame.loc["E01", ["target", "named", "placed", "probable"]].tolist() == [18, 7, 0, 0]
    assert frame.loc["E03", ["target", "named", "probable"]].tolist() == [9, 0, 5]
    assert frame.loc["T14", ["target", "named", "done"]].tolist() == [20000, 0, 20173]
    assert frame.loc["U04", ["target", "named", "done"]].tolist() == [494, 3, 287]


def test_numbers_keep_their_order(atlas: Atlas) -> None:
    for day in (date(2019, 1, 1), END, NOW):
        frame = items(atlas, day)
        assert (frame["placed"] <= frame["named"]).all()
        assert (frame["done_named"] <= frame["done"]).all()
        assert (frame["done_named"] <= frame["named"]).all()
        assert ((frame["placed"] + frame["unplaced"]) == frame["named"]).all()
    assert (items(atlas, END)["done"] <= items(atlas, NOW)["done"]).all()


def named_rows(*rows: tuple[str, bool]) -> pd.DataFrame:
    return pd.DataFrame([{"district_code": d, "done": done, "weight": 1.0} for d, done in rows])


def totals(*rows: tuple[str | None, str | None, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["district_code", "street", "quantity_done"]).astype(
        {"quantity_done": "float64", "district_code": object, "street": object}
    )


@pytest.mark.parametrize(
    ("named", "reported", "expected"),
    [
        ([("A", True), ("A", True), ("B", False)], [], 2),
        ([("A", True), ("A", True)], [("A", None, 106)], 106),  # the total covers the named
        ([("A", True)] * 3, [("A", None, 2)], 3),
        ([("A", True), ("B", True)], [("A", None, 106)], 107),
        ([("A", True)], [("A", "s1", 2), ("A", "s2", 3)], 5),  # streets add up
        ([], [("A", "s1", 2), ("A", "s2", 3), ("A", None, 4)], 5),
        ([("A", True)], [(None, None, 287), ("A", None, 7)], 287),  # citywide competes with the sum
        ([("A", True)] * 9, [(None, None, 5)], 9),
        ([("A", False)], [], 0),
    ],
)
def test_nothing_is_counted_twice(named: list, reported: list, expected: float) -> None:
    assert (
        done_lower_bound(named_rows(*named) if named else named_rows(("A", False)), totals(*reported))
        == expected
    )


def test_by_district(atlas: Atlas) -> None:
    frame = progress(atlas.register, END, "district")
    assert len(frame) == 8
    assert frame["target"].isna().all()
    works = atlas.register.state(END)
    top = works[(works["kind"] == "work") & (works["counted"] == "yes") & works["parent_id"].isna()]
    expected = sum("320282" in str(codes) for codes in top["district_code"])
    assert frame.at["320282", "named"] == expected
    assert frame.at["320282", "named"] >= 13  # the thirteen of 宜城


def test_by_category_sums_only_what_has_one_unit(atlas: Atlas) -> None:
    frame = progress(atlas.register, NOW, "category").set_index(["category", "unit"])
    assert frame.at[("community", "个"), "target"] == 166 + 494
    assert frame.at[("community", "m2"), "target"] == 700000
    assert not (frame.index.get_level_values("unit") == "%").any()


def test_an_unknown_grouping_is_refused(atlas: Atlas) -> None:
    with pytest.raises(ParameterError, match="street"):
        progress(atlas.register, NOW, "street")


def test_lines_share_their_kilometres(atlas: Atlas) -> None:
    frame = line_progress(atlas.register, atlas.line_shares, END)
    sums = frame.groupby("work_id")[["share", "km_planned", "km_open"]].sum()
    assert sums["share"].tolist() == pytest.approx([1.0] * len(sums))
    assert sums.at["T06", "km_planned"] == pytest.approx(24.1)  # yearbook
    assert sums.at["T06", "km_open"] == pytest.approx(24.1)
    assert sums.at["T05", "km_planned"] == pytest.approx(25.4)
    assert sums.at["T05", "km_open"] == 0
    earlier = line_progress(atlas.register, atlas.line_shares, date(2021, 12, 16))
    assert earlier.loc[earlier["work_id"] == "T06", "km_open"].sum() == 0


def test_a_state_that_someone_changes_is_nobody_elses(atlas: Atlas) -> None:
    mine = atlas.register.state(END)
    before = mine["status"].copy()
    mine["status"] = "changed"
    mine.loc[:, "done"] = True
    mine.loc[mine.index[0], "name_zh"] = "changed"
    again = atlas.register.state(END)
    assert again["status"].equals(before)
    assert not again["done"].all()
    assert again["name_zh"].iloc[0] != "changed"
