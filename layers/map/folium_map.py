"""The atlas's own map: a folium map whose layers are :class:`layers.map.element.LayerElement`, with legend and buttons.

In the app its layers name their data by address, and the browser fetches each once; saved to a file it has all inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from geo.register.city import Atlas
from geo.text import mark as _
from geo.text import translate
from layers.map.basemaps import declarations_version
from layers.map.config import MAP_OPTIONS, map_config
from layers.map.element import LayerElement, MapView, as_text, served_element
from layers.map.page_code import EMBEDDED, SERVED, ModulePage, PageCode, literal, page_of
from layers.map.registry import all_layers

_CONTROL: Final = "layer_control"


class AtlasMap(folium.Map):
    """A folium map that names no other host. It starts the layers added to it; anything else of folium can be added, too."""

    default_js = []  # noqa: RUF012 (folium's own form)
    default_css = []  # noqa: RUF012

    def __init__(self, atlas: Atlas, code: PageCode, start: Mapping[str, Any], **options: Any) -> None:
        """A map of the whole city without tiles.

        Parameters
        ----------
        atlas : Atlas
            Whose bounds are shown.
        code : PageCode
            How the page gets the code that draws.
        start : mapping
            ``url`` of the declarations, or ``config`` and ``state``.
        **options
            Of ``folium.Map``.
        """
        west, south, east, north = atlas.districts.total_bounds.tolist()
        center = [(south + north) / 2, (west + east) / 2]
        defaults: dict[str, Any] = {
            "location": center,
            "zoom_start": 10,
            "tiles": None,
            "control_scale": True,
        }
        super().__init__(**(defaults | MAP_OPTIONS | options))
        self.code = code
        self.start = _Start(start)
        self.layer_control: folium.LayerControl | None = None

    @property
    def layers(self) -> list[LayerElement]:
        """The layers that the map drives."""
        return [
            child for child in self._children.values() if isinstance(child, LayerElement) and child.is_driven
        ]

    def render(self, **kwargs: Any) -> Any:
        """Folium's rendering; the start and the layer control come after all layers, whenever those were added."""
        self.code.add_to(page_of(self))
        for name, element in (("start", self.start), (_CONTROL, self.layer_control)):
            self._children.pop(name, None)
            if element is not None:
                self.add_child(element, name=name)
        return super().render(**kwargs)  # type: ignore[no-untyped-call]


class _Start(MacroElement):
    """Gives the map its legend and buttons, and draws its layers."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        atlasPage.startMap({{ this._parent.get_name() }},
          [{% for layer in this._parent.layers %}{{ layer.get_name() }}, {% endfor %}], {{ this.source }});
        {% endmacro %}
        """
    )

    def __init__(self, source: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AtlasStart"
        self.source = literal(source)


def _config_address(atlas: Atlas, lang: str) -> str:
    return f"config.json?v={declarations_version(atlas)}&lang={lang}"


def _title(atlas: Atlas, lang: str) -> str:
    return as_text(translate(_("{program}：地图"), lang).format(program=atlas.city.program_name(lang)))


def build_map(atlas: Atlas, lang: str = "zh") -> AtlasMap:
    """The app's map of ``atlas``: a base without tiles, and every declared layer by address."""
    view = AtlasMap(atlas, SERVED, {"url": _config_address(atlas, lang)})
    view.add_to(ModulePage(_title(atlas, lang), lang))
    for spec in all_layers():
        served_element(spec, atlas, lang).add_to(view)
    return view


def embed_page(
    atlas: Atlas, state: Mapping[str, Any], *, title: str, named: str, address: str, lang: str
) -> str:
    """The HTML page of a map for another site's frame, below ``/atlas/``.

    Parameters
    ----------
    atlas : Atlas
    state : mapping
        The parts of the map's state that the words of its address do not say (``static/map/state.js``).
    title : str
        Above the map.
    named : str
        Who is credited.
    address : str
        Of the whole view, relative to the page; the frame of the map is added to it.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
    """
    view = build_map(atlas, lang)
    view.start.source = literal(
        {
            "url": _config_address(atlas, lang),
            "state": dict(state),
            "embed": {"title": title, "credits": named, "address": address},
        }
    )
    page = page_of(view)
    page.title = as_text(title)
    return str(page.render())


def map_page(atlas: Atlas, lang: str = "zh") -> str:
    """The complete HTML page of the app's map, as folium writes it. Addresses in it are relative to the page."""
    return str(build_map(atlas, lang).get_root().render())


def own_map(
    atlas: Atlas, elements: Iterable[LayerElement], view: MapView, *, lang: str, **options: Any
) -> AtlasMap:
    """The same map with all data and code inside, for a notebook or a file.

    Parameters
    ----------
    atlas : Atlas
        The city.
    elements : iterable of LayerElement
        From :func:`layers.map.element.driven_element`.
    view : MapView
        Day and filter at first.
    lang : str
        Language of the legend, ``zh`` or ``en``.
    **options
        Of ``folium.Map``.

    Returns
    -------
    AtlasMap
    """
    start = {"config": map_config(atlas, lang), "state": view.state()}
    drawn = AtlasMap(atlas, EMBEDDED, start, attributionControl=True, **options)
    drawn.add_to(Figure(title=_title(atlas, lang)))
    for element in elements:
        element.add_to(drawn)
    drawn.layer_control = folium.LayerControl(position="topleft")
    return drawn
