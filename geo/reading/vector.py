"""Vector files through GDAL, one driver at a time, inside the reading process."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import IngestError
from geo.reading import gdal
from geo.reading.geometry import clean
from geo.reading.kinds import FORMATS
from geo.reading.limits import Limits
from geo.reading.model import Choice, Note, ShapesWanted, joined_names
from geo.reading.refusals import refusals, without_path
from geo.reading.shapefile import deleted_rows, deletion_notes
from geo.reading.wire import RawLayer
from geo.text import mark as _

_OSM_LAYERS: Final = ("points", "lines", "multilinestrings", "multipolygons")
_OSM_LAYER_OF: Final = {"Point": "points", "LineString": "lines", "Polygon": "multipolygons"}
_CURVES: Final = ("Curve", "Circular", "Surface")
_OTHER: Final = "other_tags"
"""Where GDAL puts the tags of an object of OSM that have no column of their own."""
_WARNINGS: Final = 5


def read_vector(
    path: Path, name: str, kind: str, wanted: str | None, limits: Limits
) -> tuple[list[RawLayer], list[Choice]]:
    """The layer wanted, or the only one there is (all of an OSM extract); and the list of layers.

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
    (list of RawLayer, list of Choice)

    Raises
    ------
    IngestError
        GDAL cannot read it, there is no layer, no such layer, or more rows than the limit.
    """
    gdal.only(FORMATS[kind].driver)
    with warnings.catch_warnings(record=True) as said, refusals(path, name, kind):
        warnings.simplefilter("always")
        choices = _choices(path, kind)
        chosen = _chosen(choices, kind, path.stem if wanted == Path(name).stem else wanted, name)
        found = [_read(path, layer, name, kind, limits) for layer in chosen]
    told = dict.fromkeys(without_path(str(warning.message), path) for warning in said)
    notes = [Note(_("读取程序提示：{detail}"), {"detail": text[:300]}) for text in list(told)[:_WARNINGS]]
    for layer in found:
        layer.name = Path(name).stem if layer.name == path.stem else layer.name
        layer.notes = [*layer.notes, *notes]
    return found, [
        replace(each, name=Path(name).stem) if each.name == path.stem else each for each in choices
    ]


def read_shapes_alone(path: Path, name: str, kind: str, wanted: ShapesWanted, limits: Limits) -> RawLayer:
    """Shapes of one layer as they are in the file, with few columns: what a network or an area needs, and quick.

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

    Raises
    ------
    IngestError
        As :func:`read_vector`; or no layer has shapes.
    """
    import shapely

    gdal.only(FORMATS[kind].driver)
    from pyogrio.raw import read

    is_osm = kind.startswith("osm")
    with warnings.catch_warnings(), refusals(path, name, kind):
        warnings.simplefilter("ignore")
        choice = _layer_with(path, name, kind, wanted)
        if choice.rows > limits.rows:
            raise too_many(name, choice.rows, limits)
        meta, __, wkb, cells = read(
            path,
            layer=None if kind == "geojson" else choice.name,
            columns=[*wanted.tags, *([_OTHER] if wanted.tags and is_osm else [])],
            where=_filter(wanted) if is_osm else None,
            max_features=limits.rows + 1,
            **open_options(kind),
        )
        shapely.from_wkb(wkb)  # what GEOS cannot build is refused here
    if len(wkb) > limits.rows:
        raise too_many(name, len(wkb), limits)
    if len(wkb) < choice.rows:
        raise _incomplete(name, choice.rows, len(wkb))
    columns = _tags(dict(zip(map(str, meta["fields"]), cells, strict=True)), wanted.tags)
    return RawLayer(choice.name, columns, range(1, len(wkb) + 1), wkb, meta["crs"] or None)


def _tags(cells: dict[str, NDArray[Any]], tags: Sequence[str]) -> dict[str, list[str | None]]:
    """Columns as texts, None for nothing; of an OSM extract also the tags that have no column of their own."""
    others = [json.loads(text) if text else {} for text in cells.get(_OTHER, ())]
    columns = {name: [_text(value) for value in cells[name]] for name in tags if name in cells}
    rest = [name for name in tags if name not in cells] if others else []
    return columns | {name: [each.get(name) for each in others] for name in rest}


def _text(value: Any) -> str | None:
    is_missing = value is None or value != value  # noqa: PLR0124 (not a number)
    return None if is_missing else str(value)


def _layer_with(path: Path, name: str, kind: str, wanted: ShapesWanted) -> Choice:
    """The first layer with shapes of the kind that is wanted, else the first with any."""
    from pyogrio import list_layers, read_info

    if kind.startswith("osm"):
        return Choice(_OSM_LAYER_OF[wanted.geometry])
    if kind == "geojson":
        return Choice(path.stem)
    shaped = [(str(layer), str(shape)) for layer, shape in list_layers(path) if shape]
    if not shaped:
        raise IngestError(_("{name} 里没有几何图层。"), hint=_("请核对文件。"), name=name)
    chosen = next((layer for layer, shape in shaped if wanted.geometry in shape), shaped[0][0])
    return Choice(chosen, int(read_info(path, layer=chosen, encoding=_raw_encoding(kind))["features"]))


def _filter(wanted: ShapesWanted) -> str | None:
    """The tags of an OSM extract's rows as GDAL's filter; a tag without a column of its own stands in ``other_tags``."""
    terms = [f'"{wanted.needed}" IS NOT NULL'] if wanted.needed else []
    for tag, values in wanted.refused.items():
        if tag == wanted.needed:
            terms.append(f'"{tag}" NOT IN ({", ".join(map(quoted, values))})')
        else:
            terms += [
                f"(other_tags IS NULL OR NOT other_tags LIKE {quoted(f'%{json.dumps(tag)}:{json.dumps(value)}%')})"
                for value in values
            ]
    return " AND ".join(terms) or None


def quoted(text: str) -> str:
    """A text as GDAL's filters have it."""
    return "'" + text.replace("'", "''") + "'"


def open_options(kind: str) -> dict[str, Any]:
    """How GDAL opens a file of a kind: tags of an OSM extract as JSON, texts in its own encoding."""
    return {"TAGS_FORMAT": "JSON"} if kind.startswith("osm") else {"encoding": _raw_encoding(kind)}


_UNCOUNTED: Final = ("gpx",)
"""Formats whose number of features GDAL does not say unless it is made to count."""


def _choices(path: Path, kind: str) -> list[Choice]:
    from pyogrio import list_layers, read_info

    if kind == "geojson":  # one layer by its nature; counting would read the whole file once more
        return [Choice(path.stem)]
    choices = []
    for layer, shape in list_layers(path):
        if kind.startswith("osm"):
            if layer in _OSM_LAYERS:
                choices.append(Choice(str(layer), geometry=str(shape)))
            continue
        if kind == "gpx" and str(layer).endswith("_points"):
            continue  # the points of tracks and routes, which are read as lines
        rows = int(
            read_info(
                path, layer=layer, encoding=_raw_encoding(kind), force_feature_count=kind in _UNCOUNTED
            )["features"]
        )
        choices.append(Choice(str(layer), rows, str(shape or "")))
    return choices


def _raw_encoding(kind: str) -> str | None:
    """Shapefiles are read byte by byte as Latin-1: what the bytes mean is decided afterwards, strictly."""
    return "ISO-8859-1" if kind == "shapefile" else None


def _chosen(choices: list[Choice], kind: str, wanted: str | None, name: str) -> list[Choice]:
    if not choices:
        raise IngestError(_("{name} 里没有图层。"), hint=_("请核对文件。"), name=name)
    if wanted is not None:
        found = [choice for choice in choices if choice.name == wanted]
        if not found:
            raise IngestError(
                _("{name} 里没有图层“{wanted}”。"),
                hint=_("有：{choices}。"),
                name=name,
                wanted=wanted,
                choices=joined_names(choice.name for choice in choices),
            )
        return found
    if kind.startswith("osm") or len(choices) == 1:
        return choices
    full = [choice for choice in choices if choice.rows and choice.geometry]
    return full if len(full) == 1 else []


def _read(path: Path, choice: Choice, name: str, kind: str, limits: Limits) -> RawLayer:
    from pyogrio.raw import read

    if choice.rows > limits.rows:
        raise too_many(name, choice.rows, limits)
    meta, __, wkb, fields = read(
        path,
        layer=None if kind == "geojson" else choice.name,
        max_features=limits.rows + 1,
        **open_options(kind),
    )
    count = len(wkb) if wkb is not None else len(fields[0]) if len(fields) else 0
    if count > limits.rows:
        raise too_many(name, count, limits)
    deleted = deleted_rows(path) if kind == "shapefile" and count < choice.rows else []
    if count + len(deleted) < choice.rows:
        raise _incomplete(name, choice.rows, count)
    numbers = np.setdiff1d(np.arange(1, count + len(deleted) + 1), deleted)
    notes: list[Note] = deletion_notes(deleted)
    columns = {str(title): python_cells(values) for title, values in zip(meta["fields"], fields, strict=True)}
    geometry = None
    if wkb is not None:
        geometry, found = clean(np.asarray(wkb, dtype=object), numbers.tolist())
        notes += found
    if any(word in str(meta["geometry_type"]) for word in _CURVES):
        notes.append(Note(_("曲线（圆弧）已化为折线，每 4 度一点。")))
    crs = meta["crs"]
    return RawLayer(choice.name, columns, numbers.tolist(), _wkb(geometry), crs or None, notes)


def _incomplete(name: str, whole: int, count: int) -> IngestError:
    return IngestError(
        _("{name} 不完整：应有 {whole} 行，只读到 {n} 行。"),
        hint=_("文件没有传完或已损坏，请重新导出。"),
        name=name,
        whole=whole,
        n=count,
    )


def too_many(name: str, count: int, limits: Limits) -> IngestError:
    """What is said of a file with more rows than the limit.

    Parameters
    ----------
    name : str
        What the person calls the file.
    count : int
        How many rows there are at least.
    limits : Limits

    Returns
    -------
    IngestError
    """
    return IngestError(
        _("{name} 有 {n} 行以上，超过上限 {limit}。"),
        hint=_("请拆成几个文件。"),
        name=name,
        n=count,
        limit=limits.rows,
    )


def _wkb(geometry: NDArray[np.object_] | None) -> NDArray[np.object_] | None:
    import shapely

    return None if geometry is None else np.asarray(shapely.to_wkb(geometry), dtype=object)


def python_cells(values: NDArray[Any]) -> list[Any]:
    """A field's values as plain Python: days as dates, moments as datetimes, nothing as None."""
    if values.dtype.kind == "M":
        days = values.dtype == np.dtype("datetime64[D]")
        stamps = values.astype("datetime64[D]" if days else "datetime64[us]").tolist()
        return [None if stamp is None else stamp for stamp in stamps]
    if values.dtype.kind == "f":
        return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124  (NaN is nothing)
    return [_cell(value) for value in values.tolist()]


def _cell(value: Any) -> Any:
    """One value of a text, yes-or-no or list field; a list as its text, bytes as hexadecimal digits."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)
