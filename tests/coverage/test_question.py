"""Words become one checked question; what is wrong is named with what is allowed."""

from __future__ import annotations

from datetime import date

import pytest

from geo.atlas import load_atlas
from geo.coverage.question import demand_of, question_reach, read_question
from geo.errors import AtlasError
from geo.paths import DATA_DIR
from geo.register.indicators import get_indicator, load_indicators


def read(**words: str) -> object:
    return read_question(load_atlas(), words)


def test_the_defaults() -> None:
    question = read_question(load_atlas(), {"kind": "metro_station", "radius": "800"})
    assert question.as_of == date.today()
    assert (question.which, question.demand, question.district, question.walk) == (
        "as_of",
        "residents",
        "all",
        False,
    )


def test_an_indicator_gives_kind_and_reach_and_may_be_changed() -> None:
    question = read_question(load_atlas(), {"indicator": "metro_800"})
    assert (question.kinds, question.radius_m, question.minutes) == (("metro_station",), 800, None)
    wider = read_question(load_atlas(), {"indicator": "metro_800", "radius": "1000"})
    assert wider.radius_m == 1000


def test_a_walking_indicator_asks_for_streets() -> None:
    question = read_question(load_atlas(), {"indicator": "primary_walk_10"})
    assert (question.walk, question.minutes) == (True, 10)
    assert question.kinds == ("school_primary", "school_nine_year")
    with pytest.raises(AtlasError, match="街道"):
        question_reach(question, None)


def test_several_kinds_and_either_separator() -> None:
    for text in ("hospital_2|hospital_3", "hospital_2,hospital_3", "hospital_2|hospital_3|hospital_2"):
        question = read_question(load_atlas(), {"kind": text, "radius": "2000"})
        assert question.kinds == ("hospital_2", "hospital_3")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({}, "kind"),
        ({"kind": "metro", "radius": "1"}, "metro_station"),
        ({"kind": "metro_station"}, "radius"),
        ({"kind": "metro_station", "radius": "-1"}, "-1"),
        ({"kind": "metro_station", "radius": "nan"}, "nan"),
        ({"kind": "metro_station", "radius": "1e999"}, "1e999"),
        ({"kind": "metro_station", "radius": "far"}, "far"),
        ({"kind": "metro_station", "minutes": "0", "walk": "yes"}, "minutes"),
        ({"kind": "metro_station", "minutes": "10"}, "步行"),
        ({"kind": "metro_station", "radius": "1", "minutes": "1", "walk": "yes"}, "二者取一"),
        ({"kind": "metro_station", "radius": "1", "set": "now"}, "planned"),
        ({"kind": "metro_station", "radius": "1", "as_of": "2021-13-01"}, "2021-13-01"),
        ({"kind": "metro_station", "radius": "1", "district": "320299"}, "320214"),
        ({"kind": "metro_station", "radius": "1", "walk": "maybe"}, "maybe"),
        ({"indicator": "nothing"}, "metro_800"),
        ({"indicator": "road_density"}, "道路"),
        ({"indicator": "road_density"}, "路网密度"),
        ({"kind": "metro_station", "radius": "1", "colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(words: dict[str, str], said: str) -> None:
    with pytest.raises(AtlasError) as caught:
        read(**words)
    assert said in caught.value.text("zh")
    assert caught.value.text("en")


def test_only_the_command_line_may_name_files() -> None:
    with pytest.raises(AtlasError, match="residents、census、area"):
        demand_of(load_atlas(), "/etc/passwd")
    with pytest.raises(AtlasError, match="passwd"):
        demand_of(load_atlas(), "/etc/passwd", files=True)


def test_every_computable_indicator_reads_as_a_question() -> None:
    rows = load_indicators(DATA_DIR)
    computable = [key for key, row in rows.items() if row.computable]
    assert len(computable) >= 28
    for key in computable:
        question = read_question(load_atlas(), {"indicator": key})
        assert question.kinds == get_indicator(DATA_DIR, key).kinds
        assert (question.radius_m is None) != (question.minutes is None)


def test_an_added_row_works_at_once(pack_copy: object) -> None:
    from pathlib import Path

    from geo.atlas import load_atlas as load

    root = Path(str(pack_copy))
    path = root / "indicators.csv"
    fields = path.read_text("utf-8").splitlines()[0].split(",")
    row = dict.fromkeys(fields, "") | {
        "indicator_id": "clinic_700",
        "list_no": "8",
        "name_zh": "自定义",
        "name_en": "custom",
        "facility_kinds": "clinic",
        "reach": "straight",
        "threshold_m": "700",
        "checked": "false",
        "evidence": "K",
    }
    path.write_text(path.read_text("utf-8") + ",".join(row[name] for name in fields) + "\n", "utf-8")
    question = read_question(load(root), {"indicator": "clinic_700"})
    assert (question.kinds, question.radius_m) == (("clinic",), 700)
    path.write_text(path.read_text("utf-8").replace(",700,", ",-7,"), "utf-8")
    load_indicators.cache_clear()
    with pytest.raises(AtlasError, match="-7"):
        load_indicators(root)
