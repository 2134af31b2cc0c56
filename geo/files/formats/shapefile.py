"""Shapefiles in a zip, split by shape because one file holds one kind: points, lines, and works without a place (dbf).

A dbf has no room for long texts (254 bytes) or long names (ten letters): names are the short ones of
:mod:`geo.display.fields`, and texts that had to be cut are whole in the CSV of the same zip, as the README says.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.columns import each_once
from geo.display.fields import get_field, labels
from geo.files.content import Content, columns_of_type
from geo.files.formats import csv_file
from geo.files.pieces import readme, scratch, zipped
from geo.files.spec import ENCODINGS, FileFormat
from geo.text import mark as _
from geo.text import translate

_ROOM: Final = 254  # bytes of a text in a dbf
_MOST_BYTES: Final = 4  # of a letter, in each encoding that there is
_PARTS: Final = {"point": "point", "line": "line", "noplace": "none"}
"""Ending of a file's name -> the shapes in it."""
_DROPPED: Final = ("wkt", "licence")


def write(content: Content) -> bytes:
    """A zip: ``works_point``, ``works_line``, ``works_noplace`` (or ``facilities_``...), the whole table as CSV, and a README."""
    cut = _cut_texts(content.features.drop(columns=list(_DROPPED)), content.codec)
    files: dict[str, bytes] = {"README.txt": readme(content, more=_explained(content, cut.shortened))}
    files[f"{content.layer}.csv"] = csv_file.write(content)
    with scratch() as folder:
        for ending, kind in _PARTS.items():
            name = f"{content.layer}_{ending}"
            rows = cut.frame[content.shape_kinds == kind]
            if rows.empty:
                continue
            _write_part(rows, folder / name, content, kind)
            files |= {path.name: path.read_bytes() for path in sorted(folder.glob(f"{name}.*"))}
    return zipped(files)


class _Cut:
    """A frame whose texts fit, and the names of the fields that did not."""

    def __init__(self, frame: gpd.GeoDataFrame, shortened: list[str]) -> None:
        self.frame = frame
        self.shortened = shortened


def _cut_texts(frame: gpd.GeoDataFrame, encoding: str) -> _Cut:
    shortened = []
    out = frame.copy()
    for name in columns_of_type(pd.DataFrame(frame.drop(columns="geometry")), "text"):
        cells = frame[name].to_numpy(object)
        long = np.flatnonzero([isinstance(cell, str) and len(cell) * _MOST_BYTES > _ROOM for cell in cells])
        fitted = cells.copy()
        fitted[long] = each_once(lambda cell: _fit(cell, encoding), cells[long])
        if (fitted[long] != cells[long]).any():
            shortened.append(name)
        out[name] = pd.Series(fitted, index=frame.index, dtype=object)
    return _Cut(out, shortened)


def _fit(cell: Any, encoding: str) -> Any:
    """The text in at most :data:`_ROOM` bytes, cut between letters, with an ellipsis where something is missing."""
    if not isinstance(cell, str) or len(cell.encode(encoding)) <= _ROOM:
        return cell
    tail = "…"
    room = _ROOM - len(tail.encode(encoding))
    return cell.encode(encoding)[:room].decode(encoding, "ignore") + tail


def _write_part(rows: gpd.GeoDataFrame, path: Any, content: Content, kind: str) -> None:
    import pyogrio

    short = rows.rename(columns={name: get_field(name).short for name in rows.columns if name != "geometry"})
    frame = pd.DataFrame(short.drop(columns="geometry")) if kind == "none" else short
    ending = ".dbf" if kind == "none" else ".shp"
    more = {} if kind == "none" else {"geometry_type": {"point": "Point", "line": "MultiLineString"}[kind]}
    with warnings.catch_warnings():  # a layer in GCJ-02 has no CRS on purpose
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        pyogrio.write_dataframe(
            frame,
            path.with_suffix(ending),
            driver="ESRI Shapefile",
            encoding=content.codec.upper(),
            layer_options={"DBF_DATE_LAST_UPDATE": content.as_of.isoformat()},
            promote_to_multi=kind == "line" or None,
            **more,
        )


def _explained(content: Content, shortened: list[str]) -> str:
    lang = content.lang
    lines = [translate(_("字段"), lang)]
    lines += [
        f"{get_field(name).short} = {name} = {label}"
        for name, label in labels([str(name) for name in content.frame.columns], lang).items()
        if name not in _DROPPED
    ]
    lines += ["", translate(_("编码：{encoding}（见 .cpg）。"), lang).format(encoding=content.codec.upper())]
    if content.codec == "gb18030":
        lines.append(
            translate(_("有 GBK 没有的字，所以用它的扩充 GB18030；不认识 GB18030 的软件请改用 UTF-8。"), lang)
        )
    if content.crs is None:
        lines.append(translate(_("没有 .prj：这个坐标系没有标准的写法，写上别的就错了。"), lang))
    if shortened:
        text = translate(_("dbf 放不下的长文字以“…”截短，全文在 {file}：{names}。"), lang)
        lines.append(text.format(file=f"{content.layer}.csv", names=", ".join(shortened)))
    return "\r\n".join(lines)


FORMAT = FileFormat(
    id="shapefile",
    title="Shapefile",
    use=_("传统 GIS"),
    ending=".shp.zip",
    mime="application/zip",
    write=write,
    order=50,
    encodings=ENCODINGS,
)
