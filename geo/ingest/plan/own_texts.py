"""What a list holds that the register has no field for, as text beside the work: 户数, 楼栋, 投资, 标段 (decisions/0036)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.ingest.cells.header_terms import header_key, is_blank, is_formula_error
from geo.ingest.cells.own_columns import OWN

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap

_NUMBERS: Final = frozenset(map(header_key, ("序号", "no", "id", "fid", "objectid", "备用", *OWN)))
_DRAWING: Final = frozenset(
    map(
        header_key,
        (
            "PaperSpace",
            "SubClasses",
            "Linetype",
            "EntityHandle",
            "osm_id",
            "osm_way_id",
            "shape_leng",
            "shape_area",
        ),
    )
)
_LONGEST: Final = 200


def own_texts(frame: pd.DataFrame, mapping: ColumnMap) -> np.ndarray[Any, np.dtype[Any]]:
    """``列名：值`` of every cell in columns that no field takes, joined by ``；``; None where a row has none.

    Row numbers and what programs write for themselves are left out; a cell is cut at 200 characters.
    """
    columns = [
        name for name in mapping.unused if header_key(name) not in _NUMBERS | _DRAWING and name in frame
    ]
    out = np.empty(len(frame), dtype=object)
    for at, cells in enumerate(frame[columns].to_numpy(object)):
        texts = [
            f"{' '.join(name.split())}：{' '.join(str(value).split())[:_LONGEST]}"
            for name, value in zip(columns, cells, strict=True)
            if not is_blank(value) and not is_formula_error(value)
        ]
        out[at] = "；".join(texts) or None
    return out
