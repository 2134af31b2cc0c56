"""Which column of a layer is which field before a person corrects it: page and command line both ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.ingest.cells.columns import ColumnMap, guess_mapping, unit_of_item
from geo.ingest.cells.own_columns import DECISION, PROBLEMS
from geo.ingest.plan.import_choices import accepted_columns

if TYPE_CHECKING:
    from geo.ingest.plan.recipes import Recipe
    from geo.reading.model import Layer
    from geo.register.city import Atlas


def proposed_mapping(
    layer: Layer, atlas: Atlas, *, item_id: str = "", recipe: Recipe | None = None
) -> ColumnMap:
    """What a rejected file says of its columns, else the recipe kept for these headers, else a guess.

    Parameters
    ----------
    layer : Layer
    atlas : Atlas
    item_id : str
        Item that the list belongs to: its unit says which of several quantities is meant.
    recipe : Recipe or None

    Returns
    -------
    ColumnMap
    """
    headers = tuple(str(column) for column in layer.frame.columns)
    if named := accepted_columns(layer.import_choices, headers):
        ours = {"decision": DECISION, "problems": PROBLEMS}
        named |= {name: column for name, column in ours.items() if column in headers}
        return ColumnMap({}, headers).corrected(named, layer)
    if recipe is not None:
        return recipe.mapping(headers)
    return guess_mapping(layer, atlas, unit=unit_of_item(atlas, item_id))
