"""Finds every layer: a module of this package that has a ``LAYER`` is one. No list to keep."""

from __future__ import annotations

from functools import lru_cache

import layers.map as map_layers
from geo.declarations import declared
from geo.errors import DataError, UnknownIdError
from geo.text import mark as _
from layers.map.spec import LayerSpec


@lru_cache(maxsize=1)
def all_layers() -> tuple[LayerSpec, ...]:
    """Every declared layer in drawing order; ``DataError`` when two share an id."""
    found: dict[str, LayerSpec] = {}
    for _module, spec in declared(map_layers, "LAYER"):
        if spec.id in found:
            raise DataError(_("两个图层用了同一个编号 {layer}。"), layer=spec.id)
        found[spec.id] = spec
    return tuple(sorted(found.values(), key=lambda spec: spec.order))


def get_layer(layer_id: str) -> LayerSpec:
    """The layer with that id; ``UnknownIdError`` lists the ids that exist."""
    for spec in all_layers():
        if spec.id == layer_id:
            return spec
    known = "、".join(spec.id for spec in all_layers())
    raise UnknownIdError(
        _("没有图层 {layer}。"), hint=_("可用的图层：{known}。"), layer=layer_id, known=known
    )
