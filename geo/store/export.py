"""The store as files: a city pack that loads to the same register, and a GeoPackage of any day for QGIS."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection

from geo.errors import ParameterError
from geo.geopackage import write_layer
from geo.places.crs import STORAGE_CRS
from geo.register.pack import Pack, table_schemas
from geo.register.photos import PHOTO_SIZES, photo_file
from geo.register.register import Register
from geo.store.engine import translated_errors
from geo.store.photos import picture
from geo.store.read import Tables, read_tables
from geo.text import mark as _
from geo.text_tables import table_bytes
from geo.values import json_value


def export_pack(connection: Connection, root: Path, folder: Path) -> None:
    """Write the register as a city pack into the new folder ``folder``.

    ``python -m geo check --pack`` accepts it, and a store that loads it has the same state on every day. Word lists,
    lakes, raw facts and the description are the current pack's own.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    root : Path
        Folder of the pack.
    folder : Path
        Where files are written.

    Raises
    ------
    ParameterError
        The folder cannot be written.
    """
    if folder.exists():
        raise ParameterError(_("{path} 已存在。"), hint=_("请换一个文件名。"), path=str(folder))
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        with translated_errors():
            shutil.copytree(root, part)
            schemas = table_schemas(root)
            _write_tables(part, read_tables(connection), schemas)
            _describe(part, schemas)
            _write_photos(part, connection)
            part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write_tables(folder: Path, tables: Tables, schemas: Mapping[str, Mapping[str, Any]]) -> None:
    for name, texts in tables.rows.items():
        columns = [str(field["name"]) for field in schemas[name]["fields"]]
        (folder / f"{name}.csv").write_bytes(table_bytes(texts.reindex(columns=columns, fill_value="")))
    features = [{**feature, "id": feature["properties"]["line_id"]} for feature in tables.features]
    collection = {"type": "FeatureCollection", "name": "lines", "features": features}
    (folder / "lines.geojson").write_text(
        json.dumps(collection, ensure_ascii=False, indent=0) + "\n", "utf-8"
    )


def _write_photos(folder: Path, connection: Connection) -> None:
    """The pictures of the photos that count, as files beside the tables."""
    shown = set(read_tables(connection).rows["photos"].get("photo_id", []))
    if shown:
        photo_file(folder, "", "small").parent.mkdir(exist_ok=True)
    for photo_id in sorted(shown):
        for size in PHOTO_SIZES:
            photo_file(folder, photo_id, size).write_bytes(picture(connection, photo_id, size))


def _describe(folder: Path, schemas: Mapping[str, Mapping[str, Any]]) -> None:
    """Say in the pack's own description which columns its tables have now: a pack need not have named every one."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    for resource in package["resources"]:
        if resource["name"] in schemas and "schema" in resource:
            resource["schema"]["fields"] = list(schemas[resource["name"]]["fields"])
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8")


def export_geopackage(pack: Pack, path: Path, as_of: date) -> None:
    """Write the register on a day as a GeoPackage (EPSG:4326) that QGIS opens.

    Layers ``works`` (points with the state; without geometry where there is no place), ``lines`` (with the state of
    the work they belong to), ``facilities``, and the tables ``events`` and ``sources``.

    Parameters
    ----------
    pack : Pack
    path : Path
        The file to write or read.
    as_of : date
        The day of the state.

    Raises
    ------
    ParameterError
        The file cannot be written.
    """
    if path.exists():
        raise ParameterError(_("{path} 已存在。"), hint=_("请换一个文件名。"), path=str(path))
    register = Register.from_pack(pack)
    state = register.state(as_of)
    words = state.loc[state["line_id"].notna() & (state["kind"] != "station")]
    words = words.drop_duplicates("line_id").set_index("line_id")[["work_id", "status", "status_date"]]
    known = register.events["date"].map(lambda day: day <= as_of).astype(bool)
    layers = {
        "works": _points(state.assign(as_of=as_of)),
        "lines": pack.lines.join(words),
        "facilities": _points(register.facilities_on(as_of)),
        "events": register.events[known],
        "sources": pack.sources,
    }
    part = path.with_name(f".{path.stem}.{os.getpid()}.gpkg")
    try:
        with translated_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            for name, frame in layers.items():
                _write_layer(frame, part, name)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _points(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), index=frame.index, crs=STORAGE_CRS)
    return gpd.GeoDataFrame(frame, geometry=points.where(frame["lon"].notna(), None), crs=STORAGE_CRS)


def _write_layer(frame: pd.DataFrame, path: Path, name: str) -> None:
    flat = frame.copy()
    for column in flat.columns:
        if column != "geometry" and flat[column].dtype == object:
            texts = [None if json_value(value) is None else str(json_value(value)) for value in flat[column]]
            flat[column] = pd.array(texts, dtype="string")
    kind = {"works": "Point", "facilities": "Point", "lines": None}.get(name)
    write_layer(path, name, flat, geometry_type=kind)
