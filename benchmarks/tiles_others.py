"""The same points and polygons as pages of other libraries: FastMarkerCluster, folium's GeoJson, pydeck and lonboard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.tiles_city import invented_points, invented_polygons

_ICONS: Final = "leaflet.awesome-markers.js"  # the page asks for it and draws nothing with it


def fast_marker_cluster(points: int) -> str:
    import folium
    from folium.plugins import FastMarkerCluster

    lon, lat, _codes = invented_points(points)
    page = folium.Map([31.5, 120.2], zoom_start=9, tiles=None, maxZoom=18)
    FastMarkerCluster(np.column_stack([lat.round(6), lon.round(6)]).tolist()).add_to(page)
    return str(page.get_root().render())


def folium_geojson(polygons: int) -> str:
    import folium
    import geopandas as gpd

    shapes, codes = invented_polygons(polygons)
    frame = gpd.GeoDataFrame({"district": codes}, geometry=shapes, crs=4326)
    page = folium.Map([31.5, 120.2], zoom_start=9, tiles=None, maxZoom=18, prefer_canvas=True)
    folium.GeoJson(frame).add_to(page)
    return str(page.get_root().render())


def pydeck_points(points: int) -> str:
    import pandas as pd
    import pydeck

    lon, lat, _codes = invented_points(points)
    frame = pd.DataFrame({"lon": lon.round(6), "lat": lat.round(6)})
    layer = pydeck.Layer("ScatterplotLayer", frame, get_position=["lon", "lat"], get_radius=30, pickable=True)
    view = pydeck.ViewState(longitude=120.2, latitude=31.5, zoom=9)
    return str(
        pydeck.Deck([layer], initial_view_state=view, map_provider=None).to_html(as_string=True, offline=True)
    )


def lonboard_points(points: int) -> str:
    import geopandas as gpd
    from lonboard import Map, ScatterplotLayer

    lon, lat, _codes = invented_points(points)
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon.round(6), lat.round(6)), crs=4326)
    layer = ScatterplotLayer.from_geopandas(frame, get_radius=30, pickable=True)
    page = Map([layer], basemap=None, view_state={"longitude": 120.2, "latitude": 31.5, "zoom": 9}).to_html()
    return re.sub(
        r' integrity="[^"]+"', "", str(page)
    )  # npm has require.js as it is written, not as the CDN packs it


def local(page: str, folder: Path) -> str:
    """A page of folium with Leaflet and markercluster from this machine, since there is no network."""
    from xstatic.pkg import leaflet

    from layers import browser_code

    scripts = {
        "leaflet.js": Path(leaflet.BASE_DIR) / "leaflet.js",
        "leaflet.css": Path(leaflet.BASE_DIR) / "leaflet.css",
        "leaflet.markercluster.js": browser_code.cluster_file(),
    }
    for name, path in scripts.items():
        (folder / name).write_bytes(path.read_bytes())
    (folder / _ICONS).write_text("L.AwesomeMarkers = { icon: () => new L.Icon.Default() };", "utf-8")

    def swap(found: re.Match[str]) -> str:
        name = found[2].rsplit("/", 1)[-1]
        return f'{found[1]}="{name}"' if name in {*scripts, _ICONS} else f'{found[1]}="data:,"'

    return re.sub(r'(src|href)="(https?://[^"]+)"', swap, page[:20_000]) + page[20_000:]
