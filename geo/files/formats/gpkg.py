"""GeoPackage: works, lines, districts, events and sources in one file that QGIS opens with names and colours."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.display.fields import labels
from geo.display.tokens import DRAWINGS, MAP
from geo.files import qml
from geo.files.content import Content
from geo.files.pieces import scratch
from geo.files.spec import FileFormat
from geo.geopackage import write_layer
from geo.text import mark as _
from geo.text import translate

_TITLES: Final = {
    "districts": _("区县界（示意）"),
    "lines": _("计划线路"),
    "works": _("计划项目"),
    "outlines": _("项目外廓"),
    "facilities": _("现状设施"),
    "events": _("事件"),
    "sources": _("来源"),
    "about": _("说明"),
    "layer_styles": _("QGIS 样式"),
}
_DISTRICT_STYLE: Final = {"fill": MAP["land"].light, "stroke": MAP["land-edge"].light}
_OUTLINE_STYLE: Final = {"fill": DRAWINGS["outline"].light, "stroke": DRAWINGS["outline-edge"].light}
_BY_STATUS: Final = {"works": "marker", "lines": "line"}
_COLUMNS_TABLE: Final = """
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
 description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
 CONSTRAINT gdc_tn UNIQUE (table_name, name))
"""
_EXTENSION: Final = (
    "gpkg_data_columns",
    None,
    "gpkg_schema",
    "http://www.geopackage.org/spec121/#extension_schema",
    "read-write",
)


def write(content: Content) -> bytes:
    """Layers ``works`` (points, and works without a place as rows without a shape) with ``lines``, or ``facilities``;
    ``districts``; tables
    ``events, sources, about`` and the styles. The times in it are the day of the state, not of the clock.
    """
    with scratch() as folder:
        path = folder / "atlas.gpkg"
        is_line = content.shape_kinds == "line"
        rows = content.features.drop(columns=["wkt", "licence"])
        write_layer(path, "districts", content.districts, geometry_type="MultiPolygon")
        if content.layer == "works":
            write_layer(path, "lines", rows[is_line], geometry_type="MultiLineString")
        write_layer(path, content.layer, rows[~is_line], geometry_type="Point")
        if len(content.outlines):
            outlines = content.outlines.rename_axis("work_id").reset_index()
            write_layer(path, "outlines", outlines, geometry_type="MultiPolygon")
        write_layer(path, "events", content.events)
        write_layer(path, "sources", content.sources)
        write_layer(path, "about", pd.DataFrame(list(content.facts.items()), columns=["label", "text"]))
        write_layer(path, "layer_styles", _styles(content))
        with closing(sqlite3.connect(path)) as base, base:
            _describe(base, content)
        with closing(sqlite3.connect(path)) as base:
            base.execute("VACUUM")
        return _counted_from_one(path.read_bytes())


def _counted_from_one(base: bytes) -> bytes:
    """``base`` with SQLite's count of changes at 1. The count depends on whether the clock's second turned while GDAL was
    writing. It stands in the header twice (offsets 24 and 92 of the file format), and both must agree.
    """
    one = (1).to_bytes(4, "big")
    return base[:24] + one + base[28:92] + one + base[96:]


def _styles(content: Content) -> pd.DataFrame:
    """What QGIS looks for: a table ``layer_styles`` with one default style a layer."""
    lang = content.lang
    aliases = labels([str(name) for name in content.frame.columns], lang)
    texts = {"districts": qml.outlines(lang, {}, **_DISTRICT_STYLE)}
    if content.layer == "works":
        texts |= {layer: qml.by_status(kind, lang, aliases) for layer, kind in _BY_STATUS.items()}
        if len(content.outlines):
            texts["outlines"] = qml.outlines(lang, {}, **_OUTLINE_STYLE)
    return pd.DataFrame(
        [
            {
                "f_table_catalog": "",
                "f_table_schema": "",
                "f_table_name": layer,
                "f_geometry_column": "geom",
                "styleName": translate(_TITLES[layer], lang),
                "styleQML": text,
                "styleSLD": "",
                "useAsDefault": True,
                "description": "",
                "owner": "",
                "ui": "",
                "update_time": f"{content.as_of.isoformat()}T00:00:00.000Z",
            }
            for layer, text in texts.items()
        ]
    )


def _describe(base: sqlite3.Connection, content: Content) -> None:
    """Names and descriptions of layers, labels of columns, the name of a system without a code, a fixed time."""
    about = "\n".join(f"{label}: {text}" for label, text in content.facts.items())
    for layer, title in _TITLES.items():
        base.execute(
            "UPDATE gpkg_contents SET identifier = ?, description = ?, last_change = ? WHERE table_name = ?",
            (translate(title, content.lang), about, _moment(content.as_of), layer),
        )
    if content.crs is None:
        used = "srs_id IN (SELECT srs_id FROM gpkg_geometry_columns)"
        base.execute(
            f"UPDATE gpkg_spatial_ref_sys SET srs_name = ?, description = ? WHERE {used}",  # noqa: S608 (no value in it)
            (content.system.name, content.system.remark(content.lang)),
        )
    base.execute(_COLUMNS_TABLE)
    base.execute("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", _EXTENSION)
    named: list[tuple[Any, ...]] = []
    for layer in (*_BY_STATUS,) if content.layer == "works" else (content.layer,):
        words = labels(
            [str(name) for name in content.frame.columns], content.lang, system=content.system.code
        )
        named += [
            (layer, name, label, label) for name, label in words.items() if name not in ("wkt", "licence")
        ]
    base.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)", named
    )


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


FORMAT = FileFormat(
    id="gpkg",
    title="GeoPackage",
    use=_("QGIS，带样式"),
    ending=".gpkg",
    mime="application/geopackage+sqlite3",
    write=write,
    order=30,
)
