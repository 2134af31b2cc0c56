"""What the columns of a parcel file say: names, classes of land, costs, capacities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.zone_file import usual_column as usual_name
from geo.errors import ParameterError
from geo.questions.siting import SiteQuestion
from geo.siting.points import some
from geo.text import mark as _
from geo.values import is_number, is_unknown, read_number

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Floats = NDArray[np.float64]
_USUAL: Final = {
    "parcel_name": (
        "name_zh",
        "name",
        "parcel",
        "parcel_id",
        "地块编号",
        "地块",
        "地块名称",
        "名称",
        "编号",
        "DKBH",
    ),
    "land_use_column": (
        "land_use",
        "用地代码",
        "用地性质代码",
        "用地性质",
        "地类编码",
        "DLBM",
        "YDDM",
        "YDXZDM",
    ),
    "cost_column": ("cost", "造价", "费用", "投资", "建设费用", "成本"),
}
"""Parameters and the columns that they usually name."""
_YES: Final = ("是", "yes", "y", "true", "1", "1.0")
_NO: Final = ("", "否", "no", "n", "false", "0", "0.0")


def columns_of(polygons: GeoDataFrame) -> list[str]:
    """The columns of a parcel file beside its shapes."""
    return [str(each) for each in polygons.columns if each != polygons.geometry.name]


def land_uses(polygons: GeoDataFrame, column: str = "") -> dict[str, int]:
    """Classes of land in a parcel file with the number of parcels of each; of the usual column where none is named."""
    chosen = column or usual_column(polygons, "land_use_column")
    codes = pd.Series(_texts(pd.Series(polygons[chosen])) if chosen else [], dtype=object)
    return {str(code): int(number) for code, number in codes[codes != ""].value_counts().sort_index().items()}


def usual_column(polygons: GeoDataFrame, parameter: str) -> str:
    """The first of the columns that a parameter usually names; empty where the file has none of them."""
    return usual_name(columns_of(polygons), _USUAL.get(parameter, ()))


def attributes_of(polygons: GeoDataFrame, question: SiteQuestion) -> pd.DataFrame:
    """Row (from 1), name, class, cost and capacity of each parcel: NaN or empty where nothing is said.

    Raises
    ------
    ParameterError
        A column that there is not, or cells that are no numbers.
    """
    name = _column(polygons, "parcel_name", question)
    land_use = _column(polygons, "land_use_column", question)
    if question.land_use and land_use is None:
        raise ParameterError(
            _("地块文件里没有用地代码列。"),
            hint=_("请用 land_use_column 说明是哪一列；有：{known}。"),
            known="、".join(columns_of(polygons))[:200] or "—",
        )
    priced = bool(question.budget is not None or question.cost_column)
    cost = _numbers(_column(polygons, "cost_column", question), "cost_column") if priced else None
    if question.budget is not None and cost is None:
        raise ParameterError(
            _("预算要有每处的费用，地块文件里没有费用列。"),
            hint=_("请用 cost_column 说明是哪一列；有：{known}。"),
            known="、".join(columns_of(polygons))[:200] or "—",
        )
    given = question.capacity_column
    capacity = _numbers(_column(polygons, "capacity_column", question), "capacity_column") if given else None
    rows = pd.DataFrame({"parcel_row": np.arange(1, len(polygons) + 1)})
    rows["parcel"] = [str(number) for number in range(1, len(polygons) + 1)] if name is None else _texts(name)
    rows["land_use"] = "" if land_use is None else _texts(land_use)
    rows["cost"] = np.nan if cost is None else cost
    rows["capacity"] = np.nan if capacity is None else capacity
    mixed = _column(polygons, "mixed_column", question) if question.mixed_column else None
    rows["mixed"] = False if mixed is None else _flags(mixed)
    return rows


def _column(polygons: GeoDataFrame, parameter: str, question: SiteQuestion) -> pd.Series[Any] | None:
    """The column that a parameter names, or the first of the usual ones; None where there is none."""
    named, known = getattr(question, parameter), columns_of(polygons)
    if named and named not in known:
        raise ParameterError(
            _("地块文件里没有“{name}”这一列。"),
            hint=_("可用：{known}。"),
            name=named[:40],
            known="、".join(known)[:200] or "—",
        )
    chosen = named or usual_column(polygons, parameter)
    return pd.Series(polygons[chosen]).reset_index(drop=True) if chosen else None


def _texts(column: pd.Series[Any]) -> list[str]:
    return ["" if is_unknown(value) else str(value).strip()[:80] for value in column]


def _flags(column: pd.Series[Any]) -> list[bool]:
    """Cells that say yes or no; empty is no, and what is neither is refused."""
    texts = [text.lower() for text in _texts(column)]
    wrong = [str(row) for row, text in enumerate(texts, start=1) if text not in (*_YES, *_NO)]
    if wrong:
        raise ParameterError(
            _("地块第 {rows} 行的“{column}”既不是“是”也不是“否”。"),
            hint=_("请写 是、否、yes、no、1 或 0；空即否。"),
            rows=some(wrong),
            column=str(column.name)[:40],
        )
    return [text in _YES for text in texts]


def _numbers(column: pd.Series[Any] | None, parameter: str) -> Floats | None:
    """Numbers of a column, NaN where a cell is empty."""
    if column is None:
        return None
    texts = _texts(column)
    wrong = [
        str(row)
        for row, text in enumerate(texts, start=1)
        if text and (not is_number(text) or read_number(text) < 0)
    ]
    if wrong:
        raise ParameterError(
            _("地块第 {rows} 行的“{column}”不是数或小于零。"),
            hint=_("请改正这些行，或换一列（{parameter}）。"),
            rows=some(wrong),
            column=str(column.name)[:40],
            parameter=parameter,
        )
    return np.array([read_number(text) if text else np.nan for text in texts], "float64")
