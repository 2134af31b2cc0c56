"""Inside the reading process: from a file of a known kind to its layers."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from geo.errors import IngestError
from geo.reading import dxf_text
from geo.reading.archive import Member, check_archive, inspect_archive, unpack_member
from geo.reading.guards import check_geojson, check_sequence, check_ways, check_xml, rename_kml_fields
from geo.reading.kinds import kind_of
from geo.reading.limits import Limits
from geo.reading.model import Choice, Note, ObjectsWanted, ShapesWanted, joined_names
from geo.reading.osm_relations import drop_missing_members
from geo.reading.wire import RawLayer, of_layer
from geo.reading.xml_text import declare_prefixes, drop_deleted, make_utf8
from geo.text import mark as _

_KML_DRAWING: Final = frozenset({"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon"})
"""How a viewer draws an object: never data. Fields of the file's own under such a name have another until they are read."""
_KML_OPTIONAL: Final = frozenset({"id", "description", "timestamp", "begin", "end", "snippet"})
_XML: Final = ("kml", "gml", "gpx", "osm")
_WAL_VERSION: Final = 2
Answer = tuple[list[RawLayer], list[Choice], str]


def open_file(path: Path, name: str, kind: str, wanted: str | None, limits: Limits) -> Answer:
    """Layers read, layers there are, and the kind that the file turned out to be.

    ``path`` lies in a folder of its own, where what has to be unpacked goes; no name inside the file becomes a path.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    kind : str
        A key of :data:`geo.reading.kinds.FORMATS`.
    wanted : str or None
        Sheet or layer to read; None where there is only one.
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    Answer
    """
    if kind == "zip":
        return _open_archive(path, name, wanted, limits)
    if kind == "csv":
        from geo.reading.delimited import read_delimited

        layer = read_delimited(path, name, limits)
        return [_with_shapes(of_layer(layer))], [Choice(layer.name, len(layer.frame))], kind
    if kind == "workbook":
        from geo.reading.sheets import read_workbook

        if zipfile.is_zipfile(path):
            check_archive(path, name, limits)
        found, choices = read_workbook(path, name, wanted, limits)
        return [_with_shapes(layer) for layer in found], choices, kind
    if kind == "geoparquet":
        from geo.reading.parquet import read_parquet

        found, choices = read_parquet(path, name, limits)
        return [_with_shapes(layer) for layer in found], choices, kind
    return *_open_vector(path, name, kind, wanted, limits), kind


def _with_shapes(layer: RawLayer) -> RawLayer:
    from geo.reading.geometry_column import with_drawn_column

    return with_drawn_column(layer)


def _open_vector(
    path: Path, name: str, kind: str, wanted: str | None, limits: Limits
) -> tuple[list[RawLayer], list[Choice]]:
    notes, known, renamed = _guarded(path, name, kind)
    from geo.reading.vector import read_vector

    found, choices = read_vector(path, name, kind, wanted, limits)
    if kind == "shapefile":
        from geo.reading.shapefile import decoded

        found = [decoded(layer, path, name) for layer in found]
    if kind == "kml":
        for layer in found:
            layer.columns = _kml_columns(layer.columns, renamed)
    if kind.startswith("osm"):
        if not any(len(layer.numbers) for layer in found):
            raise IngestError(_("{name} 里没有数据。"), hint=_("请核对文件。"), name=name)
        found = [_with_tags(layer) for layer in found]
    for layer in found:
        layer.notes = [*notes, *layer.notes]
        layer.crs = layer.crs if known else None
    return found, choices


def open_shapes(path: Path, name: str, kind: str, wanted: ShapesWanted, limits: Limits) -> RawLayer:
    """Shapes of one layer of a vector file, without columns.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    kind : str
        A key of :data:`geo.reading.kinds.FORMATS`.
    wanted : ShapesWanted
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    RawLayer
    """
    __, known = _checked(path, name, kind)
    from geo.reading.vector import read_shapes_alone

    found = read_shapes_alone(path, name, kind, wanted, limits)
    found.crs = found.crs if known else None
    return found


def open_objects(
    path: Path, name: str, kind: str, wanted: Sequence[ObjectsWanted], limits: Limits
) -> tuple[list[RawLayer], int]:
    """Objects of an OSM extract that are wanted, with their tags, and how many that a rule wants lie outside the boxes.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    kind : str
        A key of :data:`geo.reading.kinds.FORMATS`: of an extract, or of a zip that holds one.
    wanted : sequence of ObjectsWanted
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    (list of RawLayer, int)
        One for each of ``wanted``; the first carries the notes.

    Raises
    ------
    IngestError
        No extract, a broken one, or more objects than the limit.
    """
    if kind == "zip":
        path, kind = _extract_of_archive(path, name, limits)
    notes, _known, _renamed = _guarded(path, name, kind)
    from geo.reading.osm_objects import read_osm_objects

    found = [read_osm_objects(path, name, kind, each, limits) for each in wanted]
    layers = [layer for layer, _elsewhere in found]
    layers[0].notes = [*notes, *layers[0].notes]
    return layers, sum(elsewhere for _layer, elsewhere in found)


def _extract_of_archive(path: Path, name: str, limits: Limits) -> tuple[Path, str]:
    """Where the one extract of a zip is unpacked, and its kind."""
    members, _notes = inspect_archive(path, name, limits)
    if len(members) > 1 or not members[0].kind.startswith("osm"):
        raise IngestError(_("{name} 不是 OSM 摘录。"), hint=_("请给出 .osm 或 .osm.pbf 文件。"), name=name)
    main = unpack_member(path, members[0], path.parent)
    with main.open("rb") as handle:
        return main, kind_of(handle.read(4096), members[0].name.rpartition("/")[2]).key


def _checked(path: Path, name: str, kind: str) -> tuple[list[Note], bool]:
    """Refuse what no driver may see, whatever is read of the file: notes, and whether its system is known."""
    if kind in _XML:
        notes = make_utf8(path, name)
        notes += declare_prefixes(path) if kind in {"kml", "gml", "gpx"} else []
        notes += check_xml(path, name)
        return [*notes, *(drop_deleted(path, name) if kind == "osm" else [])], True
    if kind == "dxf":
        return dxf_text.make_utf8(path, name), True
    if kind == "geojsonseq":
        check_sequence(path, name)
    return check_geojson(path, name) if kind == "geojson" else ([], True)


def _guarded(path: Path, name: str, kind: str) -> tuple[list[Note], bool, dict[str, str]]:
    """What must be looked at before the driver sees the file: notes, whether its system is known, renamed fields."""
    notes, known = _checked(path, name, kind)
    if kind == "osm":
        notes += [*check_ways(path), *drop_missing_members(path)]
    renamed = rename_kml_fields(path, name) if kind == "kml" else {}
    if kind == "gpkg":
        notes += _journal(path)
    if kind == "shapefile" and path.suffix == ".shp" and not path.with_suffix(".shx").exists():
        notes = [Note(_("缺少 .shx 文件，已从 .shp 重建。"))]
    return notes, known, renamed


def _journal(path: Path) -> list[Note]:
    """What a GeoPackage says of changes that stand in a file of their own (bytes 18 and 19 of SQLite's header)."""
    with path.open("rb") as handle:
        head = handle.read(20)
    if len(head) < 20 or head[18] != _WAL_VERSION:
        return []
    if path.with_name(f"{path.name}-wal").exists():
        return [Note(_("连同旁边的 -wal 文件一起读，最近的修改也在内。"))]
    return [
        Note(
            _(
                "文件头写明用过 -wal 日志，旁边却没有这个文件：最近的修改可能不在里面；请关闭制图软件后再导入，或把 -wal 一起选上。"
            )
        )
    ]


def _kml_columns(columns: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
    """Fields under their own names, without the driver's settings of drawing that no row uses."""
    return {
        renamed.get(title, title): cells
        for title, cells in columns.items()
        if title not in _KML_DRAWING
        and (title not in _KML_OPTIONAL or any(cell not in {None, "", -1, 0} for cell in cells))
    }


def _with_tags(layer: RawLayer) -> RawLayer:
    """An OSM layer with all tags of a row in one column ``tags`` (a JSON object) beside ``osm_id`` and ``name``."""
    kept = {key: layer.columns[key] for key in ("osm_id", "osm_way_id", "name") if key in layer.columns}
    split = {
        key: cells
        for key, cells in layer.columns.items()
        if key not in {"osm_id", "osm_way_id", "other_tags", "z_order"}
    }
    others = layer.columns.get("other_tags", [None] * len(layer.numbers))
    tags = []
    for at, other in enumerate(others):
        row: dict[str, Any] = {key: cells[at] for key, cells in split.items() if cells[at] not in {None, ""}}
        tags.append(json.dumps(row | (json.loads(other) if other else {}), ensure_ascii=False))
    return RawLayer(layer.name, kept | {"tags": tags}, layer.numbers, layer.geometry, layer.crs, layer.notes)


def _open_archive(path: Path, name: str, wanted: str | None, limits: Limits) -> Answer:
    members, notes = inspect_archive(path, name, limits)
    choices = [Choice(member.name) for member in members]
    if len(members) > 1:
        member = next((each for each in members if wanted and f"{wanted}/".startswith(f"{each.name}/")), None)
        if member is None and wanted is not None:
            raise IngestError(
                _("{name} 里没有图层“{wanted}”。"),
                hint=_("有：{choices}。"),
                name=name,
                wanted=wanted,
                choices=joined_names(each.name for each in members),
            )
        if member is None:
            return [], choices, "zip"
        inner = (wanted or "").removeprefix(member.name).removeprefix("/") or None
        found, within, kind = _open_member(path, member, inner, limits)
        choices = (
            choices if found else [Choice(f"{member.name}/{c.name}", c.rows, c.geometry) for c in within]
        )
    else:
        found, choices, kind = _open_member(path, members[0], wanted, limits)
    for layer in found:
        layer.notes = [*notes, *layer.notes]
    return found, choices, kind


def _open_member(path: Path, member: Member, wanted: str | None, limits: Limits) -> Answer:
    main = unpack_member(path, member, path.parent)
    shown = member.name.rpartition("/")[2]
    if member.kind == "gdb":
        return open_file(main, shown, "gdb", wanted, limits)
    if member.kind != "shapefile":
        with main.open("rb") as handle:
            kind = kind_of(handle.read(4096), shown).key
        return open_file(main, shown, kind, wanted, limits)
    with main.open("rb") as handle:
        if main.suffix == ".shp":
            kind_of(handle.read(4096), f"{shown}.shp")
    return open_file(main, f"{shown}.shp", "shapefile", None, limits)
