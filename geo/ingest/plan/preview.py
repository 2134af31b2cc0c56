"""What an import would change: the four counts before and after, on a trial register that is thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.display.number_heads import NUMBER_HEADS
from geo.ingest.cells.findings import Finding
from geo.register.progress import counts_by_item, progress
from geo.register.register import Register
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.plan.made import Made
    from geo.register.city import Atlas
    from geo.register.pack import Pack

COUNTS: Final = ("target", "named", "placed", "done")
COUNT_NAMES: Final = {name: NUMBER_HEADS[name] for name in ("target", "named", "placed", "done")}


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

    @property
    def over(self) -> list[Finding]:
        """Remarks on the whole list: counts that it would raise above what is promised. A list may name works that are
        among those reported as a number alone; nothing tells which, so a person must look."""
        return [
            Finding(
                None,
                "",
                "warning",
                _(
                    "“{item}”会多于承诺的 {target:g}：点了名 {named_before:g} → {named_after:g}，知道在哪 {placed_before:g} → {placed_after:g}，证实建成 {done_before:g} → {done_after:g}。"
                ),
                _(
                    "请查重复：和已有的名称、和只报了总数的来源对一对，也可能名单里有别的年份或别的条目的项目。"
                ),
                {"item": f"{code} {row['name_zh']}", "target": row["target_after"]}
                | {
                    f"{count}_{when}": row[f"{count}_{when}"]
                    for count in COUNTS[1:]
                    for when in ("before", "after")
                },
            )
            for code, row in self.items.iterrows()
            if any(
                row[f"{count}_after"] > max(row["target_after"], row[f"{count}_before"])
                for count in COUNTS[1:]
            )
        ]


def preview_of(atlas: Atlas, made: Made, today: date) -> Preview:
    """Counts before and after what was ``made`` of a list.

    Parameters
    ----------
    atlas : Atlas
    made : Made
        What the rows become.
    today : date
        The day on which the list is brought.

    Returns
    -------
    Preview
    """
    before = atlas.register
    after = Register.from_pack(trial_pack(atlas.pack, made, today))
    items = (counts_by_item(register, today) for register in (before, after))
    districts = (progress(register, today, "district") for register in (before, after))
    return Preview(_change(*items), _change(*districts))


def _change(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
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
    """The pack with works and events added, in memory alone.

    Parameters
    ----------
    pack : Pack
    made : Made
        What the rows become.
    today : date
        The day on which the list is brought.

    Returns
    -------
    Pack
    """
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
