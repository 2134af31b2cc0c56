"""Second plans beside the real one. All in them is invented: items, works, events and that a work was promised again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from geo.register.amounts import whole_works
from geo.register.pack import Pack
from geo.vocabulary import STATUSES, VERB_LABELS

PLAN = "2023-invented"


@dataclass(frozen=True)
class Invented:
    """A plan that never was: its items and works as rows, works that it promises again, and what happened to its works."""

    items: tuple[dict[str, Any], ...]
    works: tuple[dict[str, Any], ...]
    again: tuple[tuple[str, str], ...]
    events: tuple[dict[str, Any], ...]


def item(number: int, **more: Any) -> dict[str, Any]:
    return {
        "item_id": f"Z{number:02d}", "plan_section": "模拟", "category": "road", "name_zh": f"虚构条目{number}", "name_en": None,
        "quote_zh": f"虚构条目{number}", "target": 1.0, "unit": "项", "verb": "start", "action_zh": "开工", "geometry_expected": "line",
        "measure": "count", "due_date": date(2023, 12, 31), "headline": True, "note_zh": "模拟", "note_en": None,
        "source_id": "S-PLAN", "plan_id": PLAN,
    } | more  # fmt: skip


def beside(pack: Pack, plan: Invented) -> Pack:
    """The pack of every plan: the real one, and the invented one behind it."""
    row = pack.plans.iloc[0].to_dict() | {
        "plan_id": PLAN,
        "year": 2023.0,
        "name_zh": "虚构的计划",
        "text_file": None,
    }
    promises = [
        {"promise_id": f"{work}.{item}", "work_id": work, "item_id": item, "basis": "模拟", "decided_by": "模拟",
         "decided_on": date(2026, 1, 1)}
        for work, item in plan.again
    ]  # fmt: skip
    return dataclasses.replace(
        pack,
        plans=grown(pack.plans, [row], "plan_id"),
        plan_items=grown(pack.plan_items, plan.items, "item_id"),
        works=grown(pack.works, plan.works, "work_id"),
        events=grown(pack.events, plan.events, "event_id"),
        promises=grown(pack.promises, promises, "promise_id"),
    )


def grown(frame: pd.DataFrame, rows: Any, key: str) -> pd.DataFrame:
    """A table with more rows, typed as it is."""
    if not rows:
        return frame
    new = pd.DataFrame([dict.fromkeys(frame.columns) | row for row in rows], columns=frame.columns).set_index(
        key, drop=False
    )
    new = new.astype({name: kind for name, kind in frame.dtypes.items() if str(kind) in {"float64", "bool"}})
    grown = pd.concat([frame, new]) if len(frame) else new
    grown.index = grown.index.astype(frame.index.dtype)
    return grown.rename_axis(None).astype(frame.dtypes.to_dict())


@st.composite
def invented_plans(draw: st.DrawFn, pack: Pack) -> Invented:
    """Items of any verb and amount; new works with events and parts, and known works that they promise again."""
    numbers = range(1, draw(st.integers(1, 4)) + 1)
    items = [
        item(
            number,
            category=draw(st.sampled_from(sorted(pack.plan_items["category"].unique()))),
            verb=draw(st.sampled_from(list(VERB_LABELS))),
            target=float(draw(st.sampled_from([1, 3, 166, 20000]))),
            measure=draw(st.sampled_from(["count", "quantity"])),
        )
        for number in numbers
    ]
    keys = [each["item_id"] for each in items]
    known = st.sampled_from(sorted(whole_works(pack.works).index))
    again = draw(st.lists(known, max_size=6, unique=True))
    works, events = [], []
    base = dict.fromkeys(pack.works.columns)
    for number in range(draw(st.integers(0, 5))):
        row = base | {
            "work_id": f"Z-{number}", "item_id": draw(st.sampled_from(keys)), "category": "road", "kind": draw(st.sampled_from(["work", "aggregate"])),
            "counted": draw(st.sampled_from(["yes", "probable", "no"])), "name_zh": f"虚构项目{number}", "reach": "specific",
            "district_code": draw(st.sampled_from([None, "320213", "320211|320282"])), "quantity": 3.0, "location_basis": "approximate",
            "lon": 120.3, "lat": 31.5, "accuracy_m": 500.0, "source_id": "S-PLAN",
            "facility_kind": draw(st.sampled_from([None, "school_primary", "metro_station"])),
        }  # fmt: skip
        works += [
            row,
            row
            | {"work_id": f"Z-{number}-a", "parent_id": row["work_id"], "kind": "section", "item_id": None},
        ]
        events.append(
            dict.fromkeys(pack.events.columns)
            | {
                "event_id": f"EZ{number}", "work_id": row["work_id"], "date": draw(st.dates(date(2020, 2, 1), date(2026, 11, 1))),
                "date_precision": "day", "kind": "status", "value": draw(st.sampled_from(STATUSES)), "confirmed": True,
                "source_id": "S-PLAN", "recorded_at": date(2026, 11, 23), "recorded_by": "模拟",
            }
        )  # fmt: skip
    promised = tuple((work, draw(st.sampled_from(keys))) for work in again)
    return Invented(tuple(items), tuple(works), promised, tuple(events))
