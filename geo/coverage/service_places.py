"""Places whose surroundings are asked about: works of the register, or a person's own points and outlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.zone_file import usual_column
from geo.errors import ParameterError
from geo.places.crs import convert
from geo.places.districts import district_of
from geo.places.english_names import display_names
from geo.questions.services import MOST_PLACES, ServicesQuestion
from geo.register.city import Atlas
from geo.register.plan_items import require_items
from geo.register.selection import Selection
from geo.text import mark as _
from geo.vocabulary import NAMED_WORK_KINDS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Floats = NDArray[np.float64]
_NAMES: Final = ("name_zh", "name", "名称", "小区", "小区名称", "NAME", "Name")


@dataclass(frozen=True, eq=False)
class Places:
    """Places, in metres of the city's projected system.

    Attributes
    ----------
    frame : DataFrame
        By id of the place: ``name, district_code`` (several joined by ``|``, empty if not known).
    x, y, accuracy_m : ndarray, shape (places,)
        Metres; ``x`` and ``y`` are NaN of a place that nobody knows.
    inputs : dict
        What made them.
    """

    frame: pd.DataFrame
    x: Floats
    y: Floats
    accuracy_m: Floats
    inputs: dict[str, Any]


def work_places(atlas: Atlas, question: ServicesQuestion, lang: str = "zh") -> Places:
    """The named works that a question means, those without a place too; lines and areas of a city stand for no place.

    Parameters
    ----------
    atlas : Atlas
    question : ServicesQuestion
        Items, scope and day.
    lang : str
        Language of the names.

    Returns
    -------
    Places

    Raises
    ------
    ParameterError
        An item that the plan does not have.
    """
    atlas = atlas.for_question(question.plan, question.items)
    require_items(question.items, atlas.pack.plan_items, ParameterError)
    state = Selection(items=question.items, scope=question.scope).apply(atlas.register.state(question.as_of))
    rows = state[state["kind"].isin(NAMED_WORK_KINDS) & state["line_id"].fillna("").eq("")]
    frame = pd.DataFrame(
        {"name": display_names(rows, lang), "district_code": rows["district_code"].fillna("").astype(str)}
    )
    x, y = convert(
        rows["lon"].to_numpy("float64"),
        rows["lat"].to_numpy("float64"),
        source="WGS84",
        target=atlas.city.projected_crs,
    )
    return Places(
        frame,
        x,
        y,
        rows["accuracy_m"].fillna(0.0).to_numpy("float64"),
        {"items": list(question.items), "scope": question.scope},
    )


def own_places(atlas: Atlas, shapes: GeoDataFrame) -> Places:
    """Points of your own, or outlines, which stand for their middle with the distance to their farthest corner as error.

    Parameters
    ----------
    atlas : Atlas
    shapes : GeoDataFrame
        Any CRS; a column ``accuracy_m`` is the radius of error of points, 0 where there is none.

    Returns
    -------
    Places
        One a row, by its number from 1; a shape that is empty has no place.

    Raises
    ------
    ParameterError
        No CRS, or too many rows.
    """
    if shapes.crs is None:
        raise ParameterError(_("这份地点数据没有坐标系。"), hint=_("请先说明坐标系（如 EPSG:4326）。"))
    if len(shapes) > MOST_PLACES:
        raise ParameterError(_("地点超过 {most} 个。"), hint=_("请分几次问。"), most=MOST_PLACES)
    metres = shapes.geometry.to_crs(atlas.city.projected_crs)
    middle = metres.representative_point()
    radius = metres.hausdorff_distance(middle).fillna(0.0)
    stated = pd.to_numeric(shapes["accuracy_m"], errors="coerce") if "accuracy_m" in shapes else 0.0
    numbers = pd.Index([str(row) for row in range(1, len(shapes) + 1)], name="place_id")
    column = usual_column(list(map(str, shapes.columns)), _NAMES)
    names = shapes[column].fillna("").astype(str).to_numpy(object) if column else numbers.to_numpy(object)
    degrees = middle.to_crs(4326)
    lon, lat = degrees.x.to_numpy("float64"), degrees.y.to_numpy("float64")
    frame = pd.DataFrame(
        {"name": names, "district_code": district_of(lon, lat, atlas.districts)}, index=numbers
    )
    error = np.maximum(radius.to_numpy("float64"), np.asarray(stated, "float64"))
    return Places(
        frame,
        middle.x.to_numpy("float64"),
        middle.y.to_numpy("float64"),
        np.nan_to_num(error),
        {"rows": len(shapes)},
    )
