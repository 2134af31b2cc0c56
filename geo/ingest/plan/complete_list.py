"""A list that is complete for its districts and its year: it takes the place of what was reported there as a number alone.

The numbers stay in the register with their sources; they count no more, and how they differ from the list is said, by sum and by
name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.ingest.cells.findings import Finding
from geo.ingest.plan.to_batch import add_correction
from geo.register.amounts import weights
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown

if TYPE_CHECKING:
    from geo.ingest.plan.made import Made
    from geo.ingest.plan.options import Options
    from geo.register.city import Atlas

_LISTED = 12
_REPLACED = _("由完整清单“{title}”代替，不再计入")


def complete_findings(rows: pd.DataFrame, options: Options, atlas: Atlas) -> list[Finding]:
    """How a complete list differs from what the register holds of its item, districts and year.

    Parameters
    ----------
    rows : DataFrame
        Typed and matched rows of the list.
    options : Options
    atlas : Atlas

    Returns
    -------
    list of Finding
        None where the list is not said to be complete.
    """
    if not _is_complete(options):
        return []
    state = atlas.register.state(options.today)
    entries = _entries(rows, options.item_id)
    return [*_sums(entries, state, options, atlas), *_names(entries, state, options, atlas)]


def replace_totals(made: Made, rows: pd.DataFrame, options: Options, atlas: Atlas) -> None:
    """Add to ``made`` that the reported totals of the list's districts and year count no more.

    Parameters
    ----------
    made : Made
        What the rows become.
    rows : DataFrame
        Typed and matched rows of the list.
    options : Options
    atlas : Atlas
    """
    if not _is_complete(options):
        return
    state = atlas.register.state(options.today)
    entries = _entries(rows, options.item_id)
    title = str(options.source_row()["title"])
    for work_id, _total, _mine in _totals(entries, state, options.item_id):
        notes = {
            f"count_note_{lang}": translate(_REPLACED, lang).format(title=title) for lang in ("zh", "en")
        }
        add_correction(made, work_id, {"counted": "no", **notes}, options)
    if made.events:
        source = options.source_row()
        known = {row["source_id"] for row in made.sources} | set(atlas.pack.sources.index)
        made.sources.extend([] if source["source_id"] in known else [source])


def _is_complete(options: Options) -> bool:
    return options.complete and bool(options.item_id) and options.into == "works"


def _entries(rows: pd.DataFrame, item_id: str) -> pd.DataFrame:
    """Rows of the item that are no blanks and were not skipped, with the one district each lies in."""
    district = rows["district_code"].where(rows["district_code"].notna(), rows["district_found"])
    live = ~rows["blank"] & ~rows["skip"].astype(bool) & (rows["item_id"] == item_id)
    return rows.assign(district=district)[live]


def _totals(
    entries: pd.DataFrame, state: pd.DataFrame, item_id: str
) -> Iterator[tuple[str, pd.Series[Any], pd.DataFrame]]:
    """Each counted total of a district and year that the list covers, and the list's rows there."""
    totals = state[
        (state["kind"] == "aggregate") & (state["item_id"] == item_id) & (state["counted"] == "yes")
    ]
    for work_id, total in totals.iterrows():
        same_year = entries["year"].isna() | (entries["year"] == total["year"])
        mine = entries[(entries["district"] == total["district_code"]) & same_year]
        if len(mine):
            yield str(work_id), total, mine


def _sums(entries: pd.DataFrame, state: pd.DataFrame, options: Options, atlas: Atlas) -> Iterator[Finding]:
    measure = str(atlas.pack.plan_items.at[options.item_id, "measure"])
    names = atlas.districts["name_zh"]
    for _work_id, total, mine in _totals(entries, state, options.item_id):
        reported = total["quantity_done"] if not is_unknown(total["quantity_done"]) else total["quantity"]
        listed = float(weights(mine.assign(counted="yes"), measure).sum())
        yield Finding(
            None,
            "quantity",
            "warning",
            _(
                "{district}：以前只报了总数 {reported:g}，这份完整清单有 {listed:g}，相差 {difference:+g}；那个总数不再计入。"
            ),
            _("请核对清单是否真的完整；撤销这一批，总数就恢复。"),
            {
                "district": str(names.get(total["district_code"], total["district_code"])),
                "reported": float(reported) if not is_unknown(reported) else 0.0,
                "listed": listed,
                "difference": listed - (float(reported) if not is_unknown(reported) else 0.0),
            },
        )


def _names(entries: pd.DataFrame, state: pd.DataFrame, options: Options, atlas: Atlas) -> Iterator[Finding]:
    """Works that the register counts in the list's districts and year, and that the list does not name."""
    named = state[
        (state["kind"] == "work") & (state["item_id"] == options.item_id) & (state["counted"] == "yes")
    ]
    years = set(entries["year"].dropna())
    missing = named[
        named["district_code"].isin(set(entries["district"].dropna()))
        & (named["year"].isin(years) if years else True)
        & ~named.index.isin(entries["matched"].dropna())
    ]
    names = atlas.districts["name_zh"]
    for code, works in missing.groupby("district_code"):
        texts = [str(name) for name in works["name_zh"]]
        yield Finding(
            None,
            "name_zh",
            "warning",
            _("{district}：登记里有 {n} 个项目，这份完整清单里没有：{names}。"),
            _("请核对名称；它们仍然计入。"),
            {
                "district": str(names.get(code, code)),
                "n": len(texts),
                "names": "、".join(texts[:_LISTED]) + ("…" if len(texts) > _LISTED else ""),
            },
        )
