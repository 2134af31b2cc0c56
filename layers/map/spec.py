"""What one map layer is: a declaration that the map, the legend and the data routes all read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from geopandas import GeoSeries

from geo.register.city import Atlas
from geo.text import translate

Payload = dict[str, Any]
ShownWorks = Literal["any", "lines", "totals", "none"]
Outlined = tuple[GeoSeries, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class MapContext:
    """What a layer may read when it makes its payload.

    Attributes
    ----------
    atlas : Atlas
        The loaded register, districts and lakes (WGS84).
    lang : str
        ``zh`` or ``en``: the language of names in the payload.
    datum : str
        ``WGS84`` or ``GCJ02``: the system coordinates are sent in, to match the base map.
    """

    atlas: Atlas
    lang: str = "zh"
    datum: str = "WGS84"


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer: one file in ``layers/map/`` with one of these, named ``LAYER``.

    Attributes
    ----------
    id : str
        Short ASCII name; also the name of its data route and its word in a link.
    title : str
        Chinese message id shown in the legend and the layer list.
    draw : str
        How it is drawn: the name of a module in ``static/map/drawings/`` (areas, symbols, lines, bubbles).
    payload : callable
        ``MapContext -> dict``: GeoJSON for areas and lines, columns for symbols and bubbles: equal-length lists such as ``id,
        name, label, category, districts, certainty, accuracy, x, y`` (:mod:`layers.map.payload` makes them). Positions go
        through ``coordinates`` or ``feature_collection`` there, which send them in the datum of the base map.
    order : int
        Drawing order, smallest first.
    counted : bool
        Whether its features are works that the legend counts.
    optional : bool
        Whether a person may switch it.
    shown : bool
        Whether it is on at first.
    of_works : {"any", "lines", "totals", "none"}
        Which works it may show something of, their records among it; it is made again only where something of those, or beside the works, changed.
    version : callable
        ``() -> str``: a word that is another one when what the layer reads beside the register has changed.
    shapes : callable or None
        ``MapContext -> (GeoSeries, list of dict)`` of a layer of shapes: outlines (WGS84) and what is known of each, from which
        ``payload`` is made, too (:func:`layers.map.payload.payload_of`).
    style : mapping
        Constants for the drawing routine (colours, widths): the look is declared here, not in JavaScript.
    """

    id: str
    title: str
    draw: str
    payload: Callable[[MapContext], Payload]
    order: int
    counted: bool = False
    optional: bool = True
    shown: bool = True
    of_works: ShownWorks = "any"
    version: Callable[[], str] = str
    shapes: Callable[[MapContext], Outlined] | None = None
    style: Mapping[str, Any] = field(default_factory=dict)


def declaration_of(spec: LayerSpec, lang: str) -> dict[str, Any]:
    """A layer's declaration as the browser reads it (JSON-serialisable), its title in ``lang``."""
    return {
        "id": spec.id,
        "title": translate(spec.title, lang),
        "draw": spec.draw,
        "order": spec.order,
        "counted": spec.counted,
        "optional": spec.optional,
        "shown": spec.shown,
        "style": dict(spec.style),
    }
