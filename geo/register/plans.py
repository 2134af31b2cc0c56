"""The plans of a pack: what the table says, what a pack from before that table says instead, and which plan is asked for."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from geo.errors import DataError, ParameterError
from geo.register.city_facts import City
from geo.text import mark as _

ALL_PLANS: Final = "all"
"""Asked for instead of a plan's id: every plan."""
PLAN_ID: Final = "plan_id"


def _field(
    name: str, title: str, description: str, kind: str = "string", **constraints: Any
) -> dict[str, Any]:
    field = {"name": name, "type": kind, "title": title, "description": description}
    return field | ({"constraints": constraints} if constraints else {})


_ID: Final = "^(?!all$)[A-Za-z0-9-]{1,40}$"
PLAN_FIELD: Final = _field(PLAN_ID, "计划", "Plan of the promise; empty in a pack of one plan", pattern=_ID)
"""Field of ``plan_items``, where a pack from before does not describe it."""
PLANS_SCHEMA: Final[dict[str, Any]] = {
    "fields": [
        _field(PLAN_ID, "计划编号", "Id of the plan; `all` is none", required=True, unique=True, pattern=_ID),
        _field("city_code", "城市代码", "Whose plan: the city's code, or a division's", required=True, pattern=r"^\d{6}$"),
        _field("year", "年份", "Year of the plan", "integer", required=True, minimum=1900, maximum=2200),
        _field("name_zh", "中文名", "Title of the document", required=True, maxLength=200),
        _field("name_en", "英文名", "The same in English, empty if none is known", maxLength=200),
        _field("index_number", "索引号", "Index number of the document, empty if none is known", maxLength=80),
        _field("source_id", "来源", "The document as a source: publisher, date, address"),
        _field("text_file", "原文", "File of the pack with the plan's text, in which quotes are found", pattern=r"^raw/plan/[A-Za-z0-9._-]+\.txt$"),
    ],
    "primaryKey": PLAN_ID,
    "missingValues": [""],
    "foreignKeys": [{"fields": "source_id", "reference": {"resource": "sources", "fields": "source_id"}}],
}  # fmt: skip
"""Table Schema of ``plans``: the same in every pack."""
PROMISES_SCHEMA: Final[dict[str, Any]] = {
    "fields": [
        _field("promise_id", "编号", "Id", required=True, unique=True, pattern="^[A-Za-z0-9.-]+$"),
        _field("work_id", "项目", "Work that is promised again", required=True),
        _field("item_id", "条目", "Item of the later plan that promises it", required=True),
        _field("basis", "依据", "Why they are the same", required=True, maxLength=1000),
        _field("decided_by", "决定人", "Who decided it", required=True, maxLength=200),
        _field("decided_on", "决定日", "Day of the decision", "date", required=True),
    ],
    "primaryKey": "promise_id",
    "missingValues": [""],
    "foreignKeys": [
        {"fields": "work_id", "reference": {"resource": "works", "fields": "work_id"}},
        {"fields": "item_id", "reference": {"resource": "plan_items", "fields": "item_id"}},
    ],
}  # fmt: skip
"""Table Schema of ``promises``: later promises of works, beside the first one that ``works.item_id`` is."""


def with_wider_ids(field: dict[str, Any]) -> dict[str, Any]:
    """A field of a pack from before there were plans: ids of items may have a plan's id in front."""
    if field["name"] != "item_id" or "pattern" not in field.get("constraints", {}):
        return field
    pattern = field["constraints"]["pattern"].removeprefix("^").removesuffix("$")
    return field | {
        "constraints": field["constraints"] | {"pattern": f"^([A-Za-z0-9-]{{1,40}}-)?({pattern})$"}
    }


def with_plans(frames: dict[str, pd.DataFrame], city: City) -> dict[str, Any]:
    """Tables of a pack with a plan for every item: from before there were plans, the one that ``city.plan_year`` names.

    Parameters
    ----------
    frames : dict
        Typed tables by name, ``plans``, ``plan_items`` and ``sources`` among them.
    city : City

    Returns
    -------
    dict

    Raises
    ------
    DataError
        Neither says of any plan.
    """
    plans, items = frames["plans"], frames["plan_items"]
    if city.plan_year is not None and str(city.plan_year) not in plans.index:
        first = _plan_of_before(city, items, frames["sources"])
        plans = first if plans.empty else pd.concat([first, plans])
    if plans.empty:
        raise DataError(
            _("资料包没有说明计划是哪一年的。"), hint=_("请加上 plans.csv，写法见 docs/data-pack.md。")
        )
    known = items[PLAN_ID].where(items[PLAN_ID].notna(), str(plans.index[0]))
    return frames | {"plans": plans, "plan_items": items.assign(**{PLAN_ID: known.astype(object)})}


def _plan_of_before(city: City, items: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The plan of a pack that has no table of plans: its document is the source that most items name."""
    named = items["source_id"].dropna().mode() if "source_id" in items else items.iloc[:0, 0]
    source = str(named.iloc[0]) if len(named) else None
    title = str(sources.at[source, "title"]) if source in sources.index else f"{city.name_zh}{city.plan_year}"
    row = dict.fromkeys(str(field["name"]) for field in PLANS_SCHEMA["fields"]) | {
        PLAN_ID: str(city.plan_year),
        "city_code": city.code,
        "name_zh": title,
        "source_id": source,
    }
    frame = pd.DataFrame([row], dtype=object).assign(year=float(city.plan_year or 0))
    return frame.set_index(PLAN_ID, drop=False).rename_axis(None)


def required_plan(plans: pd.DataFrame, plan_id: str) -> str:
    """The id of the plan that is meant: the first one where nobody says which.

    Parameters
    ----------
    plans : DataFrame
        Of the pack, by id.
    plan_id : str
        Id of a plan, :data:`ALL_PLANS`, or empty.

    Returns
    -------
    str

    Raises
    ------
    ParameterError
        There is no such plan; it names those that are.
    """
    if not plan_id:
        return str(plans.index[0]) if len(plans) else ALL_PLANS
    if plan_id != ALL_PLANS and plan_id not in plans.index:
        raise ParameterError(
            _("没有计划 {plan}。"),
            hint=_("可用：{known}。"),
            plan=plan_id[:80],
            known="、".join([*map(str, plans.index), ALL_PLANS]),
        )
    return plan_id
