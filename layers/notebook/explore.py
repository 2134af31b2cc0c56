"""A whole map in one line: districts, lakes, lines, stations, works, legend and credits, on the register's or on any works."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import geopandas as gpd

from geo.atlas import load_atlas
from geo.register.city import Atlas
from layers.map.element import LayerElement, driven_element
from layers.map.folium_map import AtlasMap, own_map
from layers.map.registry import all_layers, get_layer
from layers.map.spec import MapContext
from layers.notebook.choices import checked_language, checked_view
from layers.notebook.works_frame import frame_elements


def explore(
    works: Atlas | gpd.GeoDataFrame | None = None,
    *,
    as_of: date | str | None = None,
    lang: str = "zh",
    categories: Iterable[str] | str = (),
    districts: Iterable[str] | str = (),
    statuses: Iterable[str] | str = (),
    certainties: Iterable[str] | str = (),
    scope: str = "plan",
    **options: Any,
) -> AtlasMap:
    """A map that is ready to look at and to save: ``layers.explore(as_of="2021-12-31").save("works.html")``.

    Everything is inside: the saved page draws with no network, shows cards, counts what passes the filter and plays the
    register month by month.

    Parameters
    ----------
    works : Atlas or GeoDataFrame, optional
        A register, the installation's own where nothing is given; or works of your own in any system of coordinates, with
        columns as :func:`layers.notebook.works_frame.frame_elements` reads them, drawn over the installation's districts.
    as_of : date or str, optional
        The day that statuses are shown on, such as ``"2021-12-31"``; today where it is not given.
    lang : str
        ``zh`` or ``en``.
    categories, districts, statuses, certainties : iterable of str or str
        Ids of what is shown at first; all where none is named.
    scope : str
        ``plan``, ``probable`` or ``all``.
    **options
        Of ``folium.Map``, such as ``width`` and ``height``.

    Returns
    -------
    AtlasMap
        A ``folium.Map``: other elements can be added to it, and a notebook shows it.

    Raises
    ------
    ParameterError, UnknownIdError
        A word that cannot be asked for, or works that cannot be placed; the message says which.
    """
    atlas = works if isinstance(works, Atlas) else load_atlas()
    context = MapContext(atlas, checked_language(lang))
    lists = {
        "categories": categories,
        "districts": districts,
        "statuses": statuses,
        "certainties": certainties,
    }
    view = checked_view(atlas, as_of, lists, scope=scope)
    if isinstance(works, gpd.GeoDataFrame):
        elements = [*_land(context), *frame_elements(works, context)]
    else:
        elements = [driven_element(spec, context) for spec in all_layers()]
    return own_map(atlas, elements, view, lang=lang, **options)


def _land(context: MapContext) -> list[LayerElement]:
    return [
        driven_element(get_layer(name), context) for name in ("districts", "lakes", "ways", "place_names")
    ]
