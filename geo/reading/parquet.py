"""GeoParquet: sizes are read from its own description before anything is unpacked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from geo.errors import IngestError
from geo.reading.geometry import clean
from geo.reading.limits import Limits
from geo.reading.model import Choice, Note, joined_names
from geo.reading.wire import RawLayer
from geo.text import mark as _
from geo.values import is_unknown


def read_parquet(path: Path, name: str, limits: Limits) -> tuple[list[RawLayer], list[Choice]]:
    """The one table of a Parquet file, with geometry where it is GeoParquet.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    (list of RawLayer, list of Choice)

    Raises
    ------
    IngestError
        Broken, beyond the limits, or with geometry that is not described.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        meta = pq.read_metadata(path)
        size = sum(meta.row_group(at).total_byte_size for at in range(meta.num_row_groups))
        if meta.num_rows > limits.rows or size > limits.memory_bytes // 2:
            raise IngestError(
                _("{name} 有 {n} 行、解开后 {size} MB，超过上限（{limit} 行、{most} MB）。"),
                hint=_("请拆成几个文件。"),
                name=name,
                n=meta.num_rows,
                size=size >> 20,
                limit=limits.rows,
                most=limits.memory_bytes // 2 >> 20,
            )
        return _read(path, name, spatial=b"geo" in (meta.metadata or {}))
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise IngestError(
            _("读不了 {name}（{format}）：{detail}。"),
            hint=_("文件可能不完整；请用原来的软件重新导出。"),
            name=name,
            format="GeoParquet",
            detail=str(error)[:300],
        ) from error


def _read(path: Path, name: str, *, spatial: bool) -> tuple[list[RawLayer], list[Choice]]:
    import geopandas as gpd
    import pandas as pd
    import shapely

    stem = Path(name).stem
    frame = gpd.read_parquet(path) if spatial else _plain(path)
    frame = frame.reset_index(drop=frame.index.name is None)
    numbers = list(range(1, len(frame) + 1))
    geometry, crs = None, None
    notes: list[Note] = []
    if isinstance(frame, gpd.GeoDataFrame):
        wkb = np.asarray(shapely.to_wkb(frame.geometry.to_numpy()), dtype=object)
        shapes, notes = clean(wkb, numbers)
        geometry = np.asarray(shapely.to_wkb(shapes), dtype=object)
        crs = frame.crs.to_string() if frame.crs is not None else None
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    columns = {str(title): [_cell(value) for value in frame[title].astype(object)] for title in frame.columns}
    nested = [str(title) for title in frame.columns if any(map(_is_nested, frame[title].astype(object)))]
    if nested:
        notes = [
            *notes,
            Note(
                _("{n} 列是列表或结构，写成 JSON 文字：{names}。"),
                {"n": len(nested), "names": joined_names(nested)},
            ),
        ]
    return [RawLayer(stem, columns, numbers, geometry, crs, notes)], [Choice(stem, len(frame))]


def _plain(path: Path) -> Any:
    """A table without geometry; of columns under one name the later ones get a number."""
    import pyarrow.parquet as pq

    from geo.reading.header import unique_names

    table = pq.ParquetFile(path).read()
    return table.rename_columns(unique_names(table.column_names)).to_pandas()


def _is_nested(value: Any) -> bool:
    return isinstance(value, (list, tuple, dict, np.ndarray))


def _json_value(value: Any) -> Any:
    """What JSON can hold of a value inside a list or a structure."""
    if isinstance(value, dict):
        return {str(key): _json_value(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_json_value(each) for each in value]
    return _cell(value)


def _cell(value: Any) -> Any:
    if _is_nested(value):
        return json.dumps(_json_value(value), ensure_ascii=False, default=str)
    if is_unknown(value):
        return None
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    elif hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, (str, int, float, date)):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)
