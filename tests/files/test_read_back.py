"""The atlas's own reader takes the atlas's own files: every field by name, the declared system, the same works."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyproj import CRS

from geo.atlas import Atlas
from geo.crs import system_name
from geo.fields import FIELDS, field_of
from geo.files import Content, FileFormat, all_formats, file_name, get_system, write_file
from geo.ingest.reading import read_file

DAY = date(2021, 12, 31)
OTHERS = {"districts", "events", "sources", "about", "layer_styles", "事件", "来源", "文件说明"}
PLACED = {"lon", "lat", "x", "y"}


@pytest.fixture(scope="module")
def content(atlas: Atlas) -> Content:
    state = atlas.register.state(DAY)
    some = state.groupby(["kind", "certainty"]).head(2)
    return Content(atlas, some, DAY, get_system("WGS84"))


@pytest.mark.parametrize("form", all_formats(), ids=lambda form: form.id)
def test_the_importer_reads_every_export(content: Content, tmp_path: Path, form: FileFormat) -> None:
    system, encoding = form.systems[-1], form.encodings[-1]  # the hardest: GCJ-02, GBK
    asked = replace(content, system=get_system(system), encoding=encoding)
    path = tmp_path / file_name("works", asked, form)
    path.write_bytes(write_file(asked, form.id))
    opened = read_file(path)
    names = [layer.name for layer in opened.layers] or [choice.name for choice in opened.choices]
    names = [name for name in names if name not in OTHERS]
    found: dict[str, str] = {}
    for name in names:
        layers = opened.layers or read_file(path, layer=name).layers
        for layer in layers:
            fields = {header: field_of(str(header)) for header in layer.frame.columns}
            columns = {field.name: header for header, field in fields.items() if field}
            if "work_id" not in columns or "name_zh" not in columns:
                continue  # events, sources, notes
            lost = {field.name for field in FIELDS if not field.derived} - set(columns) - PLACED
            assert not lost or form.id == "kml", lost  # KML leaves out what is empty
            frame = layer.frame
            found |= dict(zip(frame[columns["work_id"]], frame[columns["name_zh"]], strict=True))
            assert {system_name(word) for word in frame[columns["crs"]]} == {system}
            if layer.crs and form.id not in {"kml", "geojson"}:
                assert CRS.from_user_input(layer.crs).to_epsg() is None, "GCJ-02 passes for another system"
    assert found == dict(zip(content.state.index, content.state["name_zh"], strict=True))
