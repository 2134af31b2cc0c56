"""One declared layer as a folium element: it can be added to any ``folium.Map``, and stands in folium's layer control.

On the app's own map the element names its data by address; in a notebook or a saved page the data is inside. Class and
drawing code are the same.
"""

from __future__ import annotations

import copy
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import folium
from folium.map import Layer
from folium.template import Template

from geo.register.city import Atlas
from geo.register.selection import Selection
from layers.map.config import map_config
from layers.map.page_code import EMBEDDED, SERVED, PageCode, literal, page_of
from layers.map.payload import day_number
from layers.map.spec import LayerSpec, MapContext, Payload, declaration_of


@dataclass(frozen=True, slots=True)
class MapView:
    """What a map shows: a day, a filter and, for districts, how dark each is.

    Attributes
    ----------
    as_of : date
        The day that statuses are shown on.
    selection : Selection
        Which works are shown.
    shade : mapping, optional
        District code -> 0 (light) to 1 (dark).
    """

    as_of: date
    selection: Selection = field(default_factory=Selection)
    shade: Mapping[str, float] | None = None

    def state(self) -> dict[str, Any]:
        """The same in the words of ``static/map/state.js``."""
        chosen = self.selection
        return {
            "day": day_number(self.as_of),
            "categories": list(chosen.categories) or None,
            "districts": list(chosen.districts) or None,
            "statuses": list(chosen.statuses) or None,
            "certainties": list(chosen.certainties) or None,
            "scope": chosen.scope,
            "shade": None if self.shade is None else dict(self.shade),
        }


@dataclass(frozen=True, slots=True)
class ByAddress:
    """Data that the browser fetches from this server, for a map that drives its layers."""

    url: str

    @property
    def code(self) -> PageCode:
        """Code by address, too."""
        return SERVED

    def script(self, declaration: Mapping[str, Any]) -> str:
        """The call that makes the layer in the browser."""
        return f"atlasPage.servedLayer({literal(declaration)}, {literal(self.url)})"


@dataclass(frozen=True, slots=True)
class Inside:
    """Data inside the page. ``alone`` holds declarations and state for a map that does not drive its layers."""

    payload: Payload
    alone: Mapping[str, Any] | None = None

    @property
    def code(self) -> PageCode:
        """Code inside the page, too."""
        return EMBEDDED

    def script(self, declaration: Mapping[str, Any]) -> str:
        """The call that makes the layer in the browser."""
        arguments = (declaration, self.payload, self.alone)
        return f"atlasPage.embeddedLayer({', '.join(map(literal, arguments))})"


@dataclass(frozen=True, slots=True)
class Switch:
    """How the layer stands in folium's layer control; the words are folium's own.

    Attributes
    ----------
    name : str, optional
        Its name there; the declared title if it is None. Written as text, never as HTML.
    overlay, control, show : bool
        Whether it lies over a base map, stands in the control at all, and is on at first.
    """

    name: str | None = None
    overlay: bool = True
    control: bool = True
    show: bool = True


class LayerElement(Layer):
    """A layer of the atlas on a folium map."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = {{ this.source.script(this.declaration) }};
        {% endmacro %}
        """
    )

    def __init__(
        self, declaration: Mapping[str, Any], source: ByAddress | Inside, switch: Switch | None = None
    ) -> None:
        """A layer.

        Parameters
        ----------
        declaration : mapping
            From :func:`layers.map.spec.declaration_of`.
        source : ByAddress or Inside
            Where its data is.
        switch : Switch, optional
            How it stands in folium's layer control.
        """
        chosen = switch or Switch()
        name = chosen.name if chosen.name is not None else str(declaration["title"])
        super().__init__(name=as_text(name), overlay=chosen.overlay, control=chosen.control, show=chosen.show)
        self._name = "AtlasLayer"
        self.declaration = declaration
        self.source = source

    @property
    def is_driven(self) -> bool:
        """Whether the map it is on says when to draw and what (:class:`layers.map.folium_map.AtlasMap`)."""
        return isinstance(self.source, ByAddress) or self.source.alone is None

    def render(self, **kwargs: Any) -> Any:
        """Folium's rendering, and the code that draws, once a page."""
        self.source.code.add_to(page_of(self))
        return super().render(**kwargs)  # type: ignore[no-untyped-call]

    def _repr_html_(self, **kwargs: Any) -> str:
        """The layer on a map of its own, where it is the last line of a notebook's cell."""
        page = folium.Map(tiles=None)
        copy.copy(self).add_to(page)
        page.fit_bounds(self._get_self_bounds())  # type: ignore[arg-type]
        return page._repr_html_(**kwargs)

    def _get_self_bounds(self) -> list[list[float | None]]:
        """South-west and north-east corner of the data, for ``Map.fit_bounds``; all None where it is not inside."""
        points = list(_points(self.source.payload)) if isinstance(self.source, Inside) else []
        if not points:
            return [[None, None], [None, None]]
        x, y = zip(*points, strict=True)
        return [[min(y), min(x)], [max(y), max(x)]]


def as_text(name: str) -> str:
    """A name that Leaflet may write as HTML and folium may render as a template."""
    return html.escape(name).replace("{", "&#123;")


def _points(payload: Payload) -> Iterator[tuple[float, float]]:
    if "columns" in payload:
        columns = payload["columns"]
        yield from ((x, y) for x, y in zip(columns["x"], columns["y"], strict=True) if x is not None)
        return
    for feature in payload["features"]:
        yield from _corners(feature["geometry"]["coordinates"])


def _corners(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
    else:
        for part in coordinates:
            yield from _corners(part)


def _credited(spec: LayerSpec, context: MapContext) -> dict[str, Any]:
    """The declaration with what Leaflet's line of credits, which takes HTML, says while the layer is on."""
    credit = html.escape(context.atlas.city.credit_line(context.lang))
    return declaration_of(spec, context.lang) | {"attribution": credit}


def served_element(spec: LayerSpec, atlas: Atlas, lang: str) -> LayerElement:
    """The layer on the app's own map: its data has an address that changes with the register.

    Parameters
    ----------
    spec : LayerSpec
    atlas : Atlas
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    LayerElement
    """
    plan = f"&plan={atlas.plan_parameter}" if atlas.plan_parameter else ""
    source = ByAddress(f"layers/{spec.id}.json?v={atlas.version}{spec.version()}&lang={lang}{plan}")
    return LayerElement(declaration_of(spec, lang), source, Switch(control=spec.optional, show=_is_on(spec)))


def driven_element(spec: LayerSpec, context: MapContext) -> LayerElement:
    """The layer, data inside, on a map that drives its layers (:class:`layers.map.folium_map.AtlasMap`)."""
    declaration = _credited(spec, context)
    switch = Switch(control=spec.optional, show=_is_on(spec))
    return LayerElement(declaration, Inside(spec.payload(context)), switch)


def _is_on(spec: LayerSpec) -> bool:
    return spec.shown or not spec.optional


def own_element(
    spec: LayerSpec, context: MapContext, view: MapView, switch: Switch | None = None
) -> LayerElement:
    """The layer, data inside, on a map of anybody's.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    context : MapContext
        The atlas, the language of names, and the system of coordinates of the map's tiles.
    view : MapView
        Day and filter.
    switch : Switch, optional
        How it stands in folium's layer control.

    Returns
    -------
    LayerElement
    """
    alone = {"config": map_config(context.atlas, context.lang), "state": view.state()}
    declaration = _credited(spec, context)
    return LayerElement(declaration, Inside(spec.payload(context), alone), switch)
