"""A planner's list of what stands already: facilities of the register, never works; known ones stay as they are."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.main import app
from geo.errors import ParameterError
from geo.ingest.plan import facility_ids
from geo.ingest.plan.facility_rows import match_facilities
from geo.register.city import Atlas, atlas_of
from geo.register.facilities import facility_set
from geo.register.facility_editing import facility_changes
from geo.store import Actor, Role, open_store
from tests.ingest.row_findings import findings_of

HOW = {"into": "facilities", "item_id": "", "facility_kind": "car_park", "crs": "GCJ02"}
LIST = {
    "停车场名称": ["试验甲停车场", "试验乙停车场", "试验丙小学", "试验丁停车场"],
    "所属区": ["梁溪区", "宜兴市", "梁溪区", "锡山区"],
    "经度": [120.3136, 119.8241, 120.3150, None],
    "纬度": [31.5501, 31.3603, 31.5510, None],
    "泊位数": [120, 80, None, 60],
    "建成时间": ["2019年5月", "2014-12-31", None, "2015"],
    "设施类型": [None, None, "小学", "car_park"],
}


def test_rows_become_facilities_with_their_size_and_day(plan_of, atlas: Atlas) -> None:
    plan = plan_of(LIST, **HOW)
    assert (plan.counts["new"], plan.counts["rejected"], plan.counts["question"]) == (4, 0, 0)
    assert not plan.made.works
    assert not plan.made.events
    assert plan.preview.items.empty
    assert plan.kinds == {"car_park": 3, "school_primary": 1}
    first, second, third, fourth = plan.made.facilities
    assert (first["opened"], first["opened_precision"]) == ("2019-05-31", "month")
    assert (first["note_zh"], first["capacity"], first["capacity_unit"]) == (None, 120, "个")
    assert (first["crs_original"], first["x_original"]) == ("GCJ02", "120.3136")
    assert first["lon"] == pytest.approx(120.3092, abs=0.001)
    assert (second["opened"], second["opened_precision"]) == ("2014-12-31", "day")
    assert third["kind"] == "school_primary"
    assert (fourth["lon"], fourth["location_basis"]) == (None, "none")


def test_they_go_in_once_and_serve_at_once(plan_of, atlas: Atlas, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'atlas.db'}")
    plan = plan_of(LIST, **HOW)
    assert store.apply(Actor("tester", Role.editor), plan.batch()).facilities == 4
    grown = atlas_of(store.pack())
    store.engine.dispose()
    before = facility_set(grown.register, ("car_park",), "before", date(2026, 11, 23))
    names = set(before.frame["name_zh"])
    assert {"试验甲停车场", "试验丁停车场", "试验乙停车场"} <= names
    assert "试验甲停车场" in set(before.placed["name_zh"])
    again = match_facilities(plan.rows.drop(columns=["matched", "likeness", "score", "distance_m"]), grown)
    assert set(again["likeness"]) == {"sure"}


def test_known_ones_are_not_doubled_and_like_names_are_asked(plan_of, atlas: Atlas) -> None:
    school = atlas.pack.facilities.query("kind == 'school_primary' and lon == lon").iloc[0]
    name, lon, lat = school["name_zh"], school["lon"], school["lat"]
    rows = {"名称": [name, f"{name}东校区", name], "经度": [lon, lon, lon], "纬度": [lat, lat, lat + 0.2]}
    plan = plan_of(rows, **HOW | {"facility_kind": "school_primary", "crs": "WGS84"})
    assert plan.rows["verdict"].tolist() == [
        "known",
        "question",
        "new",
    ]  # the third has the name of the first and lies in another district
    assert plan.rows["target"].tolist()[0] == school.name
    assert name in findings_of(plan, 3)[0].text()
    kept = plan_of(
        rows, **HOW | {"facility_kind": "school_primary", "crs": "WGS84", "decisions": {3: "keep"}}
    )
    assert kept.kinds == {"school_primary": 2}
    assert len({row["facility_id"] for row in kept.made.facilities}) == 2


def test_no_kind_and_lines_are_refused_by_row(plan_of) -> None:
    import shapely

    line = shapely.LineString([(120.30, 31.55), (120.31, 31.55)])
    area = shapely.box(120.30, 31.55, 120.302, 31.552)
    rows = {"名称": ["线", "面", "城堡"], "设施类型": ["greenway", "park", "castle"]}
    plan = plan_of(rows, shapes=[line, area, area], **HOW | {"facility_kind": "", "crs": "WGS84"})
    assert plan.rows["verdict"].tolist() == ["rejected", "new", "rejected"]
    assert plan.made.facilities[0]["accuracy_m"] > 100
    bare = plan_of({"名称": ["某处"]}, **HOW | {"facility_kind": ""})
    assert [found.field for found in bare.findings if found.level == "error"] == ["facility_kind"]
    ahead = plan_of({"名称": ["某处"], "竣工日期": ["2023-12-31"]}, **HOW)
    assert "还没有到" in ahead.findings[0].text()
    for words in ({"facility_kind": "castle"}, {"into": "castles"}):
        with pytest.raises(ParameterError):
            plan_of({"名称": ["某处"]}, **HOW | words)


@pytest.mark.usefixtures("filled")
def test_the_command_line_brings_facilities(tmp_path: Path) -> None:
    path = tmp_path / "车场.csv"
    path.write_text(
        "停车场名称,所属区,经度,纬度,泊位数\n试验甲停车场,梁溪区,120.3136,31.5501,120\n", "gb18030"
    )
    words = ["import", str(path), "--as", "facilities", "--kind", "car_park", "--crs", "高德"]
    told = CliRunner().invoke(app, [*words, "--publisher", "城管局", "--format", "json"])
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    assert answer["facilities"] == {"car_park": 1}
    assert answer["written"]["facilities"] == 1
    row = open_store().pack().facilities.query("name_zh == '试验甲停车场'").iloc[0]
    assert (row["capacity"], row["capacity_unit"]) == (120, "个")
    again = CliRunner().invoke(app, [*words, "--publisher", "城管局"])
    assert "nothing written" in again.stdout
    assert again.exit_code == 0


SIZES = {
    "设施名称": ["无锡市扬名中心小学", "试验医院"],
    "设施类型": ["school_primary", "hospital_3"],
    "所属区": ["梁溪区", "梁溪区"],
    "经度": [120.2951, 120.3150],
    "纬度": [31.5611, 31.5550],
    "误差（米）": [20, 20],
    "等级": ["", "三级甲等"],
    "床位数": [None, 1200],
    "服务人口": [8000, 300000],
}


def test_a_known_school_that_brings_coordinates_gets_them_and_sizes_are_fields(
    plan_of, atlas: Atlas, tmp_path: Path
) -> None:
    """A better place than the bus stop that it had: an event, which can be taken back."""
    plan = plan_of(SIZES, **HOW)
    (hospital,) = plan.made.facilities
    assert (hospital["capacity"], hospital["capacity_unit"], hospital["level"]) == (1200, "床", "三级甲等")
    assert hospital["service_population"] == 300000
    store = open_store(f"sqlite:///{tmp_path / 'atlas.db'}")
    applied = store.apply(Actor("tester", Role.editor), plan.batch())
    grown = atlas_of(store.pack())
    assert atlas.register.facilities.at["F-054", "accuracy_m"] == 250
    now = grown.register.facilities.loc["F-054"]
    assert (now["accuracy_m"], now["service_population"]) == (20, 8000)
    assert changes_again(grown) == 0
    store.undo_batch(Actor("tester", Role.editor), applied.batch_id, "x")
    assert store.pack().facilities.index.isin([hospital["facility_id"]]).any()
    back = atlas_of(store.pack()).register.facilities
    assert back.at["F-054", "accuracy_m"] == 250
    assert hospital["facility_id"] not in back.index
    store.engine.dispose()


def changes_again(grown: Atlas) -> int:
    """How many events the same place and size would add to what is known by now."""
    row = grown.register.facilities.loc["F-054"]
    fields = {name: row[name] for name in ("lon", "lat", "accuracy_m", "service_population")}
    return len(facility_changes("F-054", fields, grown, "S-PLAN"))


def test_a_namesake_in_the_same_district_far_away_is_asked(plan_of, atlas: Atlas) -> None:
    """A school that the register has 5 km off is not silently a second one."""
    known = atlas.register.facilities.loc["F-022"]
    rows = {"学校名称": [known["name_zh"]], "区县": ["梁溪区"], "经度": [120.315], "纬度": [31.5701]}
    plan = plan_of(rows, into="facilities", facility_kind="school_primary", item_id="")
    assert plan.counts["question"] == 1
    (question,) = plan.row_questions
    assert (question.group, question.findings[0].params["work_id"]) == ("likely_facility", "F-022")
    kept = plan_of(
        rows, into="facilities", facility_kind="school_primary", item_id="", rules={"likely_facility": "keep"}
    )
    assert kept.counts["new"] == 1


def test_two_facilities_whose_short_ids_are_one_have_two(
    plan_of, atlas: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a million ids of ten digits two are the same as often as not; here all short ones are."""
    real = facility_ids.facility_id_of
    monkeypatch.setattr(facility_ids, "_short_ids", lambda rows: ["F-same"] * len(rows))
    monkeypatch.setattr(
        facility_ids,
        "facility_id_of",
        lambda cells, digits=10: "F-same" if digits == 10 else real(cells, digits),
    )
    plan = plan_of(LIST, **HOW)
    ids = [row["facility_id"] for row in plan.made.facilities]
    assert ids[0] == "F-same"
    assert len(set(ids)) == 4
    store = open_store(f"sqlite:///{tmp_path / 'atlas.db'}")
    assert store.apply(Actor("tester", Role.editor), plan.batch()).facilities == 4
    grown = atlas_of(store.pack())
    store.engine.dispose()
    again = match_facilities(plan.rows.drop(columns=["matched", "likeness", "score", "distance_m"]), grown)
    assert again["matched"].tolist() == ids
