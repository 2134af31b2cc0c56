"""What the browser tests of maps with thousands of features share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.register.city import Atlas
from geo.register.selection import Selection
from geo.vocabulary import NAMED_WORK_KINDS
from tools.serving import Server, streamlit

UPDATE = "(news) => window.atlas.update(news)"
"""Ends when it is drawn."""


def layer_of(layer_id: str) -> str:
    """JavaScript: a layer of the map."""
    return f"window.atlas.layers.find(({{ declaration }}) => declaration.id === '{layer_id}')"


def is_settled(layer_id: str) -> str:
    """JavaScript: whether all tiles of a layer are there."""
    drawing = f"{layer_of(layer_id)}.drawing"
    return f"Boolean({drawing}?.grid) && !{drawing}.grid.layer.isLoading()"


@contextmanager
def served(atlas: Atlas, folders: pytest.TempPathFactory) -> Iterator[Server]:
    """The app of a pack, with a place of its own for what it writes."""
    with streamlit(data=Path(atlas.pack.root), env={"ATLAS_VAR": str(folders.mktemp("var"))}) as server:
        yield server


def rows_on(atlas: Atlas, day: date) -> pd.DataFrame:
    """Works and sections with all that is known of them, in the status of a day."""
    state = atlas.register.state(date(9999, 12, 31))
    rows = state[state["kind"].isin(NAMED_WORK_KINDS)]
    return rows.assign(status=atlas.register.state(day)["status"].reindex(rows.index).fillna("unknown"))


def news_of(day: date, selection: Selection) -> dict[str, Any]:
    """What the page says to the map of a day and a filter."""
    filters = {
        name: list(getattr(selection, name)) or None for name in ("districts", "statuses", "certainties")
    }
    return {"day": int(f"{day:%Y%m%d}"), "scope": selection.scope} | filters


def spot_of(page: Any, lat: float, lon: float) -> dict[str, float]:
    """Where a place is on the map, pixels."""
    spot: dict[str, float] = page.evaluate("(at) => window.atlas.map.latLngToContainerPoint(at)", [lat, lon])
    return spot
