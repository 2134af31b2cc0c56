"""Files that tests write themselves, brought as a person's, and what is read off their plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from geo.ingest.plan.import_plan import ImportPlan, Options, make_plan
from geo.ingest.plan.proposed_mapping import proposed_mapping
from geo.places.gazetteer import Gazetteer
from geo.reading.read_file import read_file
from geo.register.city import Atlas

DAY: Final = date(2026, 11, 30)
PLACES: Final = ((120.301, 31.571), (120.306, 31.5732), (120.3121, 31.5764))
NAMES: Final = ("试验甲村", "试验乙村", "试验丙村")
BringFile = Callable[..., ImportPlan]
SOURCE: Final = {"title": "试验清单", "publisher": "试验局", "published": "2022-01-31"}


def bringing(atlas: Atlas, gazetteer: Gazetteer, folder: Path) -> BringFile:
    """Makes the plan of a file of this content in a folder, or of one that is there; other words are options."""

    def make(name: str, content: str | bytes | None = None, **words: Any) -> ImportPlan:
        path = folder / name
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        layer = read_file(path).only()
        usual: dict[str, Any] = {"item_id": "U02", "source": SOURCE, "today": DAY, "file_name": name}
        options = Options(**(usual | words))
        mapping = proposed_mapping(layer, atlas, item_id=options.item_id)
        return make_plan(layer, mapping, options, atlas, gazetteer)

    return make


def lies_right(plan: ImportPlan, metres: float = 1.5) -> bool:
    """Whether every row lies where it was made."""
    right = np.array(PLACES)
    off = np.abs(plan.rows[["lon", "lat"]].to_numpy("float64") - right)
    return bool((off < metres * 1e-5).all())


def remarks(plan: ImportPlan) -> str:
    notes = [*plan.layer.notes, *plan.system.notes]
    return "\n".join([note.text() for note in notes] + [one.line() for one in plan.findings])
