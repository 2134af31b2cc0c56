"""Works with a point or an approximate place: pins only where the place is known to 150 m, soft discs elsewhere."""

from __future__ import annotations

from geo.text import mark as _
from geo.vocabulary import NAMED_WORK_KINDS
from layers.map.payload import work_columns
from layers.map.spec import LayerSpec, MapContext, Payload


def _payload(context: MapContext) -> Payload:
    return work_columns(context, NAMED_WORK_KINDS)


LAYER = LayerSpec(
    id="works",
    title=_("计划项目"),
    draw="symbols",
    payload=_payload,
    order=60,
    counted=True,
    optional=False,
    style={"size": 24, "glyph": True},
)
