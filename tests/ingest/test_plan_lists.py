"""Whole lists: the demonstration list, rejected rows that come back, and that nothing is doubled."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pandas as pd
import pytest

from geo.errors import AtlasError
from geo.ingest.cells.columns import guess_mapping
from geo.ingest.plan.import_plan import ImportPlan, Options, make_plan
from geo.ingest.plan.preview import trial_pack
from geo.reading.model import Layer
from geo.register.city import Atlas
from geo.register.register import Register
from tests.ingest.one_row import one
from tests.ingest.row_findings import findings_of

TODAY = date(2023, 6, 30)


def test_the_demonstration_list(atlas: Atlas, plan_of, make_list, layer_of) -> None:
    frame = make_list.communities(atlas)
    plan = plan_of(_layer(frame), crs="GCJ02")
    assert plan.counts | {} == {
        "new": 142,
        "update": 21,
        "known": 0,
        "question": 0,
        "rejected": 3,
        "skipped": 0,
        "blank": 0,
    }
    before_after = plan.preview.items.loc["U01"]
    assert (before_after["named_before"], before_after["named_after"]) == (21, 163)
    assert before_after["placed_after"] == 163
    assert plan.preview.districts["named_after"].sum() - plan.preview.districts["named_before"].sum() == 142
    (over,) = (
        plan.preview.over
    )  # 126 done elsewhere, and the 106 of one district that are reported as a number alone
    assert (over.params["item"], over.params["target"]) == ("U01 老旧小区整治", 166)
    assert (over.params["done_before"], over.params["named_after"]) == (108, 163)
    assert over.params["done_after"] > 166
    assert "多于承诺的 166" in over.text()
    placed_by_town = [work for work in plan.made.works if work["location_basis"] == "place_point"]
    assert len(placed_by_town) == len(make_list.UNPLACED)


def test_the_rejected_rows_come_back_mended(atlas: Atlas, plan_of, make_list) -> None:
    plan = plan_of(_layer(make_list.communities(atlas)), crs="GCJ02")
    for form, read in (("xlsx", pd.read_excel), ("csv", pd.read_csv)):
        frame = read(io.BytesIO(plan.rejected_file(form)))
        assert len(frame) == 3
        assert frame["导入问题"].str.len().min() > 10
        assert plan_of(_layer(frame), crs="GCJ02").counts["rejected"] == 3
        swapped, impossible, negative = frame.index
        frame.loc[swapped, ["经度", "纬度"]] = frame.loc[swapped, ["纬度", "经度"]].to_numpy()
        frame.loc[impossible, "竣工日期"] = "2021-11-30"
        frame.loc[negative, "户数"] *= -1
        assert plan_of(_layer(frame), crs="GCJ02").counts["new"] == 3
    with pytest.raises(AtlasError, match="xlsx"):
        plan.rejected_file("pdf")


def test_formulas_in_rejected_rows_stay_text(plan_of) -> None:
    plan = plan_of(one(小区名称="=1+1", 户数=-1))
    assert "'=1+1" in plan.rejected_file("csv").decode("utf-8-sig")
    from openpyxl import load_workbook

    cell = load_workbook(io.BytesIO(plan.rejected_file("xlsx"))).active["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_list_imported_again_says_nothing_new(atlas: Atlas, gazetteer, make_list) -> None:
    """Works and events of the first import are in the register: the second one adds none, whatever its options."""
    layer = _layer(make_list.communities(atlas, corrected=True))
    options = Options(
        item_id="U01", crs="GCJ02", source={"title": "甲", "published": "2022-01-31"}, today=TODAY
    )
    mapping = guess_mapping(layer, atlas, unit="个")
    first = make_plan(layer, mapping, options, atlas, gazetteer)
    assert first.counts["new"] == 145
    from dataclasses import replace

    pack = trial_pack(atlas.pack, first.made, TODAY)
    grown = replace(atlas, pack=pack, register=Register.from_pack(pack))
    again = make_plan(layer, mapping, options, grown, gazetteer)
    assert again.counts["known"] == 166
    assert again.empty
    assert again.preview.items.empty


def test_the_same_list_gives_the_same_events_in_any_order(plan_of, atlas: Atlas, make_list) -> None:
    frame = make_list.communities(atlas, corrected=True).head(60)
    one_way, other = plan_of(_layer(frame), crs="GCJ02"), plan_of(_layer(frame.iloc[::-1]), crs="GCJ02")

    def told(plan: ImportPlan) -> set[tuple[Any, ...]]:
        return {
            tuple(event[name] for name in ("work_id", "date", "kind", "value", "confirmed"))
            for event in plan.made.events
        }

    assert told(one_way) == told(other)
    assert {w["work_id"] for w in one_way.made.works} == {w["work_id"] for w in other.made.works}


def test_work_can_be_called_off(layer_of, atlas: Atlas, gazetteer) -> None:
    layer = layer_of(one())
    mapping = guess_mapping(layer, atlas)
    seen: list[float] = []

    def stop(share: float) -> bool:
        seen.append(share)
        return share < 0.6

    with pytest.raises(AtlasError, match="取消"):
        make_plan(layer, mapping, Options(item_id="U01", crs="WGS84"), atlas, gazetteer, progress=stop)
    assert seen == sorted(seen)


def test_options_that_cannot_be_are_refused(plan_of) -> None:
    for words in (
        {"item_id": "Z99"},
        {"crs": "月球坐标"},
        {"counted": "maybe"},
        {"category": "castle"},
        {"basis": "felt"},
    ):
        with pytest.raises(AtlasError):
            plan_of(one(), **words)


def test_empty_rows_are_nothing(plan_of) -> None:
    plan = plan_of({"小区名称": ["", None], "区县": [None, " "]})
    assert plan.counts["blank"] == 2
    assert not plan.findings


def _layer(frame: pd.DataFrame) -> Layer:
    cells = frame.astype(object).where(frame.notna(), None)
    cells.index = pd.RangeIndex(2, 2 + len(cells))
    return Layer("老旧小区", cells)


def test_years_from_to_are_read_as_the_register_writes_them(plan_of) -> None:
    years = ["2020-2022", "2021—2023年", "2022至2023", "2021", "2021-2021", "2023-2021", "二〇二一年"]
    plan = plan_of({"名称": [f"跨年{at}村" for at in range(7)], "年份": years, "区县": ["梁溪区"] * 7})
    assert plan.rows["year"].tolist()[:5] == ["2020-2022", "2021-2023", "2022-2023", "2021", "2021"]
    assert [found.line() for found in plan.findings if found.level == "error"] == [
        found.line() for found in findings_of(plan, 7) if found.level == "error"
    ]
    counted = {work["name_zh"]: work["counted"] for work in plan.made.works}
    assert counted == {
        "跨年0村": "yes",
        "跨年1村": "yes",
        "跨年2村": "no",
        "跨年3村": "yes",
        "跨年4村": "yes",
        "跨年6村": "yes",
    }
