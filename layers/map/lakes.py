"""Lakes: land is what is left of a district without them."""

from __future__ import annotations

from geo.display.tokens import two_themes
from geo.places.districts import load_lakes
from geo.places.english_names import display_names
from geo.text import mark as _
from layers.map.payload import feature_collection
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    lakes = load_lakes(context.atlas.pack.root)
    names = display_names(lakes, context.lang)
    properties = [
        {"id": str(lake_id), "name": name} for lake_id, name in zip(lakes.index, names, strict=True)
    ]
    return feature_collection(lakes.geometry, properties, datum=context.datum)


LAYER = LayerSpec(
    id="lakes",
    title=_("湖泊"),
    draw="areas",
    payload=_payload,
    order=20,
    of_works="none",
    optional=False,
    style={"width": 0.8, "labels": False, **two_themes(fill="lake", stroke="lake-edge")},
)
