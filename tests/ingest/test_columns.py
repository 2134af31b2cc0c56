"""Which column is which field: from headers, near words and values; corrected by a person; kept as a recipe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.display.fields import IN_FILES
from geo.errors import AtlasError
from geo.ingest.cells.columns import guess_mapping
from geo.ingest.cells.header_terms import field_labels, field_terms
from geo.ingest.plan.options import Options
from geo.ingest.plan.recipes import (
    Recipe,
    headers_key,
    read_recipe,
    recipe_for,
    recipe_of,
    save_recipe,
)
from geo.register.city import Atlas

LIST = {
    "序号": [1, 2],
    "小区名称": ["甲新村", "乙苑"],
    "所属区": ["梁溪区", "滨湖"],
    "街道（镇）": ["清名桥街道", "蠡园"],
    "详细地址": ["永乐路1号", "湖滨路2号"],
    "经度（高德）": [120.3, 120.25],
    "纬度（高德）": [31.5, 31.55],
    "户数（户）": [120, "350"],
    "改造面积（万平方米）": [1.2, "3"],
    "开工时间": ["2021.3", "2021年4月"],
    "竣工时间": ["2021年12月", "2021-10"],
    "目前状态": ["已完工", "在建"],
    "备注": ["", None],
}


def test_chinese_headers(atlas: Atlas, layer_of) -> None:
    mapping = guess_mapping(layer_of(LIST), atlas, unit="m2")
    assert mapping.columns == {
        "name_zh": "小区名称",
        "address": "详细地址",
        "street": "街道（镇）",
        "district_code": "所属区",
        "lon": "经度（高德）",
        "lat": "纬度（高德）",
        "quantity": "改造面积（万平方米）",
        "status": "目前状态",
        "start_date": "开工时间",
        "end_date": "竣工时间",
        "note_zh": "备注",
    }
    assert mapping.unit("quantity") == "万平方米"
    assert mapping.unused == ("序号", "户数（户）")
    assert mapping.guesses["name_zh"].samples == ("甲新村", "乙苑")
    assert 0 < mapping.guesses["status"].confidence < mapping.guesses["name_zh"].confidence


def test_the_quantity_is_the_one_the_item_counts_in(atlas: Atlas, layer_of) -> None:
    assert guess_mapping(layer_of(LIST), atlas, unit="户").columns["quantity"] == "户数（户）"


@pytest.mark.parametrize(
    ("header", "field", "cells"),
    [
        ("项目名称", "name_zh", ["甲", "乙"]),
        ("停车泊位数", "quantity", [20, 30]),
        ("Longitude", "lon", [120.3, 120.2]),
        ("X", "lon", [405000.5, 405100.5]),
        ("Y坐标", "lat", [3490000.5, 3490010.5]),
        ("District", "district_code", ["320213", "320211"]),
        ("完工日期", "end_date", ["2021-10-01", "2021-11-01"]),
        ("计划竣工时间", "planned_end", ["2021-10-01", "2021年底"]),
        ("项目名稱", "name_zh", ["甲", "乙"]),
        ("年度", "year", [2021, 2021]),
        ("数据来源", "source_text", ["甲", "乙"]),
        ("经纬度", "lonlat", ["120.3,31.5", "120.2,31.6"]),
    ],
)
def test_single_headers(atlas: Atlas, layer_of, header: str, field: str, cells: list[object]) -> None:
    assert guess_mapping(layer_of({header: cells}), atlas).columns == {field: header}


def test_values_speak_where_headers_do_not(atlas: Atlas, layer_of) -> None:
    silent = {
        "a": [120.3, 120.2],
        "b": [31.5, 31.4],
        "c": ["梁溪", "滨湖区"],
        "d": ["在建", "完工"],
        "e": [1, 2],
    }
    mapping = guess_mapping(layer_of(silent), atlas)
    assert mapping.columns == {"lon": "a", "lat": "b", "district_code": "c", "status": "d"}
    assert all(guess.why == "values" and guess.confidence <= 0.6 for guess in mapping.guesses.values())


def test_cells_that_cannot_be_it_make_a_header_doubtful(atlas: Atlas, layer_of) -> None:
    mapping = guess_mapping(
        layer_of({"经度": ["甲", "乙"], "编号": [1, 2], "竣工日期": ["张三", "李四"]}), atlas
    )
    assert mapping.columns == {
        "lon": "经度",
        "end_date": "竣工日期",
    }  # said outright: their bad cells are to be named
    assert all(guess.confidence <= 0.6 for guess in mapping.guesses.values())


def test_our_own_exports_are_known_by_every_header(atlas: Atlas, layer_of) -> None:
    cells = {"work_id": "U01-2021-001", "lon": 120.3, "lat": 31.5, "quantity": 3, "status": "completed",
             "status_date": "2021-12-31", "district_code": "320213", "accuracy_m": 100, "year": "2021"}  # fmt: skip
    for header_of in (lambda f: f.name, lambda f: f.short, lambda f: f.zh, lambda f: f.en):
        headers = {
            header_of(field): [cells.get(field.name, "x")] for field in IN_FILES if field.name in cells
        }
        found = guess_mapping(layer_of(headers), atlas).columns
        assert set(found) == set(cells)


def test_every_word_belongs_to_one_field() -> None:
    words = [(word, row.field) for row in field_terms() for word in row.headers]
    assert len({word for word, _field in words}) == len({*words})


def test_corrections(atlas: Atlas, layer_of) -> None:
    layer = layer_of(LIST)
    mapping = guess_mapping(layer, atlas)
    changed = mapping.corrected(
        {"quantity": "改造面积（万平方米）", "note_zh": None, "name_en": "小区名称"}, layer
    )
    assert changed.columns["quantity"] == "改造面积（万平方米）"
    assert changed.unit("quantity") == "万平方米"
    assert "note_zh" not in changed.columns
    assert "name_zh" not in changed.columns  # a column is one field
    assert mapping.columns["name_zh"] == "小区名称"  # the guess stays as it was
    with pytest.raises(AtlasError, match="小区名称"):
        mapping.corrected({"name_zh": "没有的列"})
    with pytest.raises(AtlasError, match="name_zh"):
        mapping.corrected({"colour": "备注"})


def test_a_recipe_is_found_by_the_headers_of_the_next_file(atlas: Atlas, layer_of) -> None:
    layer = layer_of(LIST)
    mapping = guess_mapping(layer, atlas).corrected({"quantity": "户数（户）"})
    recipe = recipe_of(
        "老旧小区/../月报", mapping, Options(crs="GCJ02", item_id="U01", rules={"date_order": "dmy"})
    )
    path = save_recipe(recipe)
    assert path.name == f"{recipe.key}.json"  # the name of a person never becomes a path
    assert recipe_for([" 小区名称 ", *list(LIST)[:1], *list(LIST)[2:]]) == recipe
    assert recipe_for(["小区名称"]) is None
    again = recipe.mapping(LIST)
    assert again.columns == mapping.columns
    assert {guess.why for guess in again.guesses.values()} == {"recipe"}
    save_recipe(recipe_of("新名", mapping, Options()))
    assert [read_recipe(one).name for one in path.parent.glob("*.json")] == ["新名"], (
        "it took the other's place"
    )


def test_what_is_no_recipe_is_said(tmp_path: Path) -> None:
    for text in ("", "[]", "{}", '{"version": 2}', json.dumps({"version": 1, "columns": 3})):
        with pytest.raises(AtlasError, match="配方"):
            Recipe.from_json(text)
    with pytest.raises(AtlasError, match=r"none\.json"):
        read_recipe(tmp_path / "none.json")
    assert headers_key(["甲", "乙 "]) == headers_key(["乙", "甲"])


def test_fields_have_names_in_both_languages() -> None:
    for name, chinese in field_labels("zh").items():
        assert chinese != name
        assert field_labels("en")[name] not in {"", chinese}
