"""A coverage question on a map: what facilities serve, and who is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd

from geo.atlas import load_atlas
from geo.coverage.answer import Coverage
from geo.coverage.gaps import gaps as measured_gaps
from geo.coverage.question import demand_of, question_facilities, question_reach, read_question
from geo.errors import ParameterError
from geo.places.gazetteer import Gazetteer
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.text import mark as _
from layers.analysis.points import facility_columns, gap_collection
from layers.map.element import LayerElement, MapView, Switch, own_element
from layers.map.spec import LayerSpec, MapContext
from layers.notebook.choices import checked_datum, checked_language, day_of

_REACH_ORDER: Final = 15  # over the districts, under the lakes, as in the app
_GAPS_ORDER: Final = 70
_GAPS_SHOWN: Final = 10


def coverage(
    source: Atlas | Coverage | Facilities | None = None,
    *,
    lang: str = "zh",
    datum: str = "WGS84",
    name: str | None = None,
    overlay: bool = True,
    control: bool = True,
    show: bool = True,
    atlas: Atlas | None = None,
    **question: Any,
) -> LayerElement:
    """What facilities serve: possibly (R + error of place), as stated (R), certainly (R - error).

    Parameters
    ----------
    source : Atlas, Coverage or Facilities, optional
        The register that is asked, the installation's own where nothing is given; an answer of
        :func:`geo.coverage.answer.coverage`, which is asked again; or places of your own
        (:meth:`geo.register.facilities.Facilities.from_frame`), with ``radius``.
    lang : str
        Language of names, ``zh`` or ``en``.
    datum : str
        System of coordinates of the map's tiles, ``WGS84`` or ``GCJ02``.
    name, overlay, control, show
        As folium's layers have them.
    atlas : Atlas, optional
        The register of an answer; the installation's own where it is not given.
    **question
        The words of :func:`geo.coverage.question.read_question`: ``kind``, ``radius`` (metres), ``indicator``, ``set``,
        ``as_of`` and so on.

    Returns
    -------
    LayerElement
        Along streets reach is no circle: then facilities are drawn without it, and :func:`gaps` has the land.

    Raises
    ------
    ParameterError
        The question is not complete, or the answer was not asked of this register.
    """
    city = _register(source, atlas)
    if isinstance(source, Facilities):
        facilities, style = source, {"radius": float(question["radius"]), "walk": False}
    else:
        asked = read_question(city, _parameters(source, question, city))
        facilities = question_facilities(city, asked)
        style = {"radius": asked.radius_m or 0.0, "walk": asked.walk}
    spec = _spec("reach", _("服务范围"), _REACH_ORDER, style, lambda c: facility_columns(facilities, c))
    return _element(spec, city, lang, datum, Switch(name, overlay, control, show))


def gaps(
    source: Atlas | Coverage | gpd.GeoDataFrame | None = None,
    *,
    count: int = _GAPS_SHOWN,
    lang: str = "zh",
    datum: str = "WGS84",
    name: str | None = None,
    overlay: bool = True,
    control: bool = True,
    show: bool = True,
    atlas: Atlas | None = None,
    **question: Any,
) -> LayerElement:
    """Who is left out: the largest gaps, with their rank.

    Parameters
    ----------
    source : Atlas, Coverage or GeoDataFrame, optional
        As for :func:`coverage`; or the gaps themselves, as :func:`geo.coverage.gaps.gaps` returns them.
    count : int
        How many are drawn.
    lang, datum, name, overlay, control, show, atlas, **question
        As for :func:`coverage`.

    Returns
    -------
    LayerElement

    Raises
    ------
    ParameterError
        As for :func:`coverage`; and for a question along streets, which needs its streets:
        ask :func:`geo.coverage.gaps.gaps` with them and give what it returns.
    """
    city = _register(source, atlas)
    if isinstance(source, gpd.GeoDataFrame):
        found = source
    else:
        asked = read_question(city, _parameters(source, question, city))
        demand = demand_of(city, asked.demand)
        places = Gazetteer.from_package(city.districts, city.pack.root)
        found = measured_gaps(question_facilities(city, asked), demand, question_reach(asked, None), places)
    style = {"count": count, "walk": False}
    spec = _spec("gaps", _("服务空白"), _GAPS_ORDER, style, lambda c: gap_collection(found, c.datum))
    return _element(spec, city, lang, datum, Switch(name, overlay, control, show))


def _register(source: object, atlas: Atlas | None) -> Atlas:
    if isinstance(source, Atlas):
        return source
    return atlas or load_atlas()


def _parameters(source: object, question: Mapping[str, Any], atlas: Atlas) -> dict[str, str]:
    """The words of a question, those of an answer among them."""
    words = {name: str(value) for name, value in question.items() if value is not None}
    if not isinstance(source, Coverage):
        return words
    inputs = source.inputs
    if not inputs.get("kinds") or inputs.get("scenario") or inputs.get("version") != atlas.version:
        raise ParameterError(
            _("这个答案不是向这份登记直接提问得到的，不能重画。"),
            hint=_("请给出设施（Facilities）和半径，或给出答案所属的登记（atlas）。"),
        )
    asked = {
        "kind": "|".join(inputs["kinds"]),
        "set": inputs["set"],
        "as_of": inputs["as_of"],
        "demand": inputs["demand"],
        "walk": "yes" if inputs["reach"] == "walk" else "no",
    }
    reach = "minutes" if inputs.get("minutes") is not None else "radius"
    return asked | {reach: str(inputs["minutes" if reach == "minutes" else "radius_m"])} | words


def _spec(layer_id: str, title: str, order: int, style: Mapping[str, Any], payload: Any) -> LayerSpec:
    return LayerSpec(id=layer_id, title=title, draw=layer_id, payload=payload, order=order, style=style)


def _element(spec: LayerSpec, atlas: Atlas, lang: str, datum: str, switch: Switch) -> LayerElement:
    context = MapContext(atlas, checked_language(lang), checked_datum(datum))
    return own_element(spec, context, MapView(day_of(None)), switch)
