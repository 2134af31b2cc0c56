"""Which rows of a list are its entries, and what headings between them say of the entries below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.ingest.cells.columns import ColumnMap, atlas_district, district_aliases
from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import objects
from geo.ingest.cells.total_rows import (
    HEADING,
    heading_text,
    only_texts,
    rows_text,
    set_aside,
    without_brackets,
)
from geo.ingest.plan.registered_facilities import is_registered
from geo.ingest.plan.verdicts import decided_entries
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.plan.options import Options
    from geo.reading.model import Layer
    from geo.register.city import Atlas


@dataclass(frozen=True, eq=False)
class Entries:
    """The entries of a list.

    Attributes
    ----------
    layer : Layer
        Without totals, headings and notes.
    findings : list of Finding
        What to say of those.
    districts : Series
        District code that the heading above each entry names, None where none does.
    """

    layer: Layer
    findings: list[Finding]
    districts: pd.Series[Any]


def entries_of(layer: Layer, mapping: ColumnMap, options: Options, atlas: Atlas) -> Entries:
    """The layer without totals, headings and notes. A row with the id of a known work is an entry.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
        Which column holds which field.
    options : Options
        With the rows that a person decided on.
    atlas : Atlas

    Returns
    -------
    Entries
    """
    columns, index = mapping.columns, layer.frame.index
    decided = layer.frame[[columns["decision"]]] if "decision" in columns else None
    entries = decided_entries(decided, options.decisions)
    if "work_id" in columns:
        known = is_registered(layer.frame[columns["work_id"]], atlas)
        entries |= {int(row) for row in index[known]}
    alone = only_texts(layer.frame) if layer.geometry is None else {}
    headings = _named_districts(alone, atlas) if layer.geometry is None else None
    aside = set_aside(layer.frame, columns.get("name_zh", ""), entries, headings=headings, alone=alone)
    if not aside.rows:
        return Entries(layer, [], pd.Series(None, index=index, dtype=object))
    districts, remarks = _districts(layer.frame, aside.rows, atlas)
    entry = ~index.isin(list(aside.rows))
    geometry = layer.geometry[entry] if layer.geometry is not None else None
    kept = replace(layer, frame=layer.frame[entry], geometry=geometry)
    return Entries(kept, [*aside.findings, *remarks], districts[entry])


def _named_districts(alone: Mapping[int, str], atlas: Atlas) -> list[int]:
    """Rows that hold the name of a district and nothing more: they head what stands below."""
    names = {str(name) for name in atlas.districts["name_zh"]}
    names |= {name[:-1] for name in names} | set(district_aliases(atlas))
    return [row for row, text in alone.items() if without_brackets(text) in names]


def _districts(
    frame: pd.DataFrame, aside: dict[int, str], atlas: Atlas
) -> tuple[pd.Series[Any], list[Finding]]:
    """The district of the last heading above each row, and a remark where headings name any."""
    current, codes, named = None, [], []
    for key, cells in frame.iterrows():
        row = int(str(key))
        if aside.get(row) == HEADING:
            current = atlas_district(atlas, heading_text(cells)).value
            named += [row] if current else []
        codes.append(current)
    message = _("分区的标题（第 {rows} 行）写着区县：下面没写区县的行按它记。")
    remarks = [Finding(None, "district_code", "warning", message, "", {"rows": rows_text(named)})]
    return pd.Series(objects(codes, frame.index), frame.index, dtype=object), remarks if named else []
