"""What the layers of lines share: the colour of each line, and where its name stands without touching another."""

from __future__ import annotations

import math
from typing import Any

from geo.display.line_colours import line_colours
from layers.map.payload import coordinates
from layers.map.place_names import line_names
from layers.map.spec import MapContext


def line_styles(context: MapContext) -> dict[str, dict[str, Any]]:
    """Id of a line -> ``own`` (its colour), ``short`` (its name on the map), ``at`` (where that stands, ``[x, y]`` in the datum of the
    base map) and ``from``, the zoom from which on it does; None where it finds no room.
    """
    names = line_names(context.atlas, context.lang)
    x, y = coordinates(names, context.datum)
    return {
        str(line_id): {
            "own": own,
            "short": short,
            "at": [lon, lat],
            "from": None if math.isnan(zoom) else zoom,
        }
        for line_id, own, short, lon, lat, zoom in zip(
            names.index,
            line_colours(context.atlas.pack.lines),
            names["name"],
            x,
            y,
            names["zoom"].tolist(),
            strict=True,
        )
    }
