"""The map itself: one folium map whose layers are named by URL and drawn by the modules of ``static/map/``.

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
from layers import browser_code
from layers.map.config import MAP_OPTIONS


class AtlasMap(folium.Map):
    """A folium map that needs Leaflet alone, from this server: no CDN is ever named."""

    default_js = [  # noqa: RUF012 (folium's own form)
        ("leaflet", "assets/leaflet/leaflet.js"),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_css", "assets/leaflet/leaflet.css"),
        ("atlas_css", browser_code.asset("atlas.css")),
    ]


class AtlasLayers(MacroElement):
    """Loads the map's modules and starts the drawing with an address, never with data: folium renders scripts as
    templates a second time, so a name such as ``{{7*7}}`` in the page would be run on the server.
    """

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        {% for module in this.modules %}<link rel="modulepreload" href="{{ module }}">{% endfor %}
        {% endmacro %}
        {% macro script(this, kwargs) %}
        Promise.all({{ this.drawings|tojson }}.map((drawing) => import(drawing)))
          .then(() => import({{ this.start|tojson }}))
          .then(({ start }) => start({{ this._parent.get_name() }}, {{ this.config_url|tojson }}));
        {% endmacro %}
        """
    )

    def __init__(self, config_url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AtlasLayers"
        self.config_url = config_url
        self.modules = [browser_code.asset(name) for name in browser_code.map_modules()]
        self.drawings = [
            "./" + browser_code.asset(f"map/drawings/{path.name}") for path in browser_code.drawings()
        ]
        self.start = "./" + browser_code.asset("map/start.js")


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
