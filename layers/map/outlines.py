"""Outlines of works as lists brought them, beneath their symbols: no work is counted twice by them."""

from __future__ import annotations

import numpy as np

from geo.register.outline_files import outlines_version
from geo.register.work_outlines import work_outlines
from geo.text import mark as _
from geo.vocabulary import NAMED_WORK_KINDS
from layers.map.payload import payload_of, work_fields
from layers.map.spec import LayerSpec, MapContext, Outlined


def _shapes(context: MapContext) -> Outlined:
    rows, fields = work_fields(context, NAMED_WORK_KINDS)
    outlines = work_outlines(context.atlas.register).geometry
    drawn = np.flatnonzero(rows.index.isin(outlines.index))
    properties = [{name: values[at] for name, values in fields.items()} for at in drawn.tolist()]
    return outlines.loc[rows.index[drawn]], properties


LAYER = LayerSpec(
    id="outlines",
    title=_("项目外廓"),
    draw="outlines",
    payload=payload_of(_shapes),
    shapes=_shapes,
    order=45,
    version=outlines_version,
    optional=False,
    style={"width": 2},
)
