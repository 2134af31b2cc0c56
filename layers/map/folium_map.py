"""The map itself: one folium map whose layers are named by URL and drawn by ``static/atlas.js``.

Folium describes the map and writes the page; the page's own element hands the layer declarations to the browser,
which fetches each layer once and then answers filters and dates by itself.
"""

from __future__ import annotations

from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.register.city import Atlas
from geo.text import mark as _
from geo.text import translate
from layers.map.config import MAP_OPTIONS


class AtlasMap(folium.Map):
    """A folium map that needs Leaflet alone, from this server: no CDN is ever named."""

    default_js = [  # noqa: RUF012 (folium's own form)
        ("leaflet", "assets/leaflet/leaflet.js"),
        ("edits", "assets/edits.js"),
        ("reach", "assets/reach.js"),
        ("siting", "assets/siting.js"),
        ("draft", "assets/draft.js"),
        ("atlas", "assets/atlas.js"),
    ]
    default_css = [("leaflet_css", "assets/leaflet/leaflet.css"), ("atlas_css", "assets/atlas.css")]  # noqa: RUF012


class AtlasLayers(MacroElement):
    """Starts the drawing with an address, never with data: folium renders scripts as templates a second time, so a
    name such as ``{{7*7}}`` in the page would be run on the server.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        Atlas.start({{ this._parent.get_name() }}, {{ this.config_url|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, config_url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AtlasLayers"
        self.config_url = config_url


def build_map(atlas: Atlas, lang: str = "zh") -> AtlasMap:
    """The folium map of ``atlas``: a base without tiles, and every declared layer by URL."""
    west, south, east, north = atlas.districts.total_bounds.tolist()
    view = AtlasMap(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=10,
        tiles=None,
        control_scale=True,
        **MAP_OPTIONS,
    )
    figure: Any = view.get_root()
    figure.title = translate(_("无锡城建一张图：地图"), lang)
    AtlasLayers(f"config.json?v={atlas.version}&lang={lang}").add_to(view)
    return view


def map_page(atlas: Atlas, lang: str = "zh") -> str:
    """The complete HTML page of the map, as folium writes it. Addresses in it are relative to the page."""
    return str(build_map(atlas, lang).get_root().render())
