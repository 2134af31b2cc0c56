"""What an import would change: the four counts before and after, on a trial register that is thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.progress import progress
from geo.register import Register

if TYPE_CHECKING:
    from geo.atlas import Atlas
    from geo.ingest.to_batch import Made
    from geo.pack import Pack

COUNTS: Final = ("target", "named", "placed", "done")


@dataclass(frozen=True, eq=False)
class Preview:
    """Counts on the day of the import.

    Attributes
    ----------
    items, districts : DataFrame
        Indexed by item id or district code, only rows where something changes: ``name_zh, name_en``, ``unit`` (items), and
        for each of :data:`COUNTS` the columns ``<count>_before`` and ``<count>_after``. Districts have no target.
    """

    items: pd.DataFrame
    districts: pd.DataFrame


def preview_of(atlas: Atlas, made: Made, today: date) -> Preview:
    """Counts before and after what was ``made`` of a list."""
    before = atlas.register
    after = Register.from_pack(trial_pack(atlas.pack, made, today))
    return Preview(_change(before, after, today, "item"), _change(before, after, today, "district"))


def _change(before: Register, after: Register, today: date, by: str) -> pd.DataFrame:
    old, new = progress(before, today, by), progress(after, today, by)
    words = [name for name in ("name_zh", "name_en", "unit") if name in old]
    pairs = {
        f"{count}_{when}": frame[count]
        for count in COUNTS
        for when, frame in (("before", old), ("after", new))
    }
    both = old[words].join(pd.DataFrame(pairs))
    changed = pd.Series(False, index=both.index)
    for count in COUNTS[1:]:
        changed |= both[f"{count}_before"] != both[f"{count}_after"]
    return both[changed]


def trial_pack(pack: Pack, made: Made, today: date) -> Pack:
    """The pack with works and events added, in memory alone."""
    events = [
        event | {"event_id": f"TRIAL-{at:08d}", "recorded_at": today, "recorded_by": "trial"}
        for at, event in enumerate(made.events)
    ]
    return replace(
        pack,
        digest=f"{pack.digest}-trial",
        works=_added(pack.works, made.works, "work_id"),
        events=_added(pack.events, events, "event_id"),
        sources=_added(pack.sources, made.sources, "source_id"),
    )


def _added(frame: pd.DataFrame, rows: Sequence[Mapping[str, Any]], key: str) -> pd.DataFrame:
    """``frame`` and ``rows`` in the frame's own types: texts and None, float64 and NaN."""
    if not rows:
        return frame
    more = {}
    for name in frame.columns:
        cells = [row.get(name) for row in rows]
        more[name] = pd.Series(cells, dtype="float64" if frame[name].dtype == "float64" else object)
    new = pd.DataFrame(more)
    new.index = pd.Index([str(row[key]) for row in rows])
    # object, as packs are read: a frame of bools and texts would otherwise change its types on joining
    return pd.concat([frame.astype(new.dtypes.to_dict()), new])
