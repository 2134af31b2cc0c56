"""A reviewed draft as a city pack: the city as it stands, with this plan's items and no works yet.

What is of the city (outlines, names, facilities, residents, indicators) comes from a pack of that city; what is of its
earlier plan (items, works, events, what sources say of them) does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geo.errors import DataError, ParameterError
from geo.plan_text.draft import Draft, DraftItem
from geo.plan_text.rules import rows_of
from geo.register.city_facts import read_package
from geo.register.pack import empty_table
from geo.register.plans import PLAN_FIELD, PLAN_ID, PLANS_SCHEMA
from geo.text import mark as _
from geo.text_tables import read_city_table, table_bytes

_SOURCE: Final = "S-PLAN"
_EMPTIED: Final = ("works", "events", "citations")
_LEFT: Final = (
    "facility_events", "completeness_events", "disagreements", "place_matches", "raw_fates", "open_data", "promises",
)  # fmt: skip
"""Tables of the earlier plan that a new one does without."""
_OWN: Final = ("plans", "plan_items", "sources", "categories", *_EMPTIED)
_REFERENCES: Final = ("source_id", "place_source_id")
_BESIDE: Final = ("district_aliases.csv", "gazetteer_exclusions.csv", "osm_rules.csv", "synonyms.csv")
"""Files that a pack may have and does not describe."""
_DATE: Final = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")
_ADDRESS: Final = re.compile(r"https?://\S+")
_TEXT: Final = "raw/plan/plan_{year}.txt"
MOST_PACK_ITEMS: Final = 26 * 99
_MORE: Final = "原文写明“{bound}”"
_BOUNDS: Final = {"at_least": "以上", "at_most": "以内", "about": "左右"}


@dataclass(frozen=True, slots=True)
class PlanSource:
    """Where the plan was published; ``published`` is a year, month or day, ``url`` an address or empty, ``index_number`` as printed."""

    title: str
    publisher: str = ""
    published: str = ""
    url: str = ""
    index_number: str = ""

    def checked(self) -> PlanSource:
        """This source; ``ParameterError`` for a date or an address that a pack cannot hold."""
        if not _DATE.fullmatch(self.published):
            raise ParameterError(
                _("发布日期“{value}”读不了。"),
                hint=_("请写成 2021、2021-02 或 2021-02-18。"),
                value=self.published[:40],
            )
        if self.url and not _ADDRESS.fullmatch(self.url):
            raise ParameterError(_("网址“{value}”不是 http 或 https 的地址。"), value=self.url[:80])
        return self


def pack_files(draft: Draft, source: PlanSource, city: Path, *, reviewed: bool = True) -> dict[str, bytes]:
    """The files of a pack, by their names in its folder.

    Parameters
    ----------
    draft : Draft
    source : PlanSource
    city : Path
        Folder of a pack of the same city.
    reviewed : bool
        Accepted items alone; False takes all but the rejected, and each says that nobody has reviewed it.

    Returns
    -------
    dict

    Raises
    ------
    ParameterError
        As :meth:`PlanSource.checked`.
    DataError
        There is no item, more than a pack can number, or the city's pack cannot be read.
    """
    source.checked()
    items = [
        item
        for item in draft.items
        if item.state == "accepted" or (not reviewed and item.state != "rejected")
    ]
    if not 0 < len(items) <= MOST_PACK_ITEMS:
        raise DataError(
            _("资料包要有 1 至 {most} 个条目，现在有 {n} 个。"),
            hint=_("请先收下条目。"),
            most=MOST_PACK_ITEMS,
            n=len(items),
        )
    package = read_package(city)
    tables = {one["name"]: one for one in package["resources"]}
    carried = {
        name: read_city_table(city, one["path"], ())
        for name, one in tables.items()
        if str(one["path"]).endswith(".csv") and name not in (*_OWN, *_LEFT)
    }
    known = read_city_table(city, tables["categories"]["path"], ("category_id",))
    made = {
        **carried,
        "plans": pd.DataFrame([plan_row(draft, source, str(package["city"]["code"]), text_file=_TEXT)]),
        "plan_items": pd.DataFrame(item_rows(items, draft, reviewed=reviewed)),
        "sources": _sources(
            read_city_table(city, tables["sources"]["path"], ()),
            carried,
            source,
            draft,
            _model_sources(package),
        ),
        "categories": _categories(known, items),
        **{name: empty_table(tables[name]["schema"]) for name in _EMPTIED},
    }
    described = _description(package, draft, source)
    files = {"datapackage.json": json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"}
    files |= {f"{name}.csv": table_bytes(table) for name, table in made.items()}
    shapes = [one["path"] for one in described["resources"] if one["path"].endswith(".geojson")]
    files |= {name: (city / name).read_bytes() for name in (*shapes, *_BESIDE) if (city / name).exists()}
    return files | {_TEXT.format(year=draft.year): draft.text.encode()}


def _description(package: Mapping[str, Any], draft: Draft, source: PlanSource) -> dict[str, Any]:
    """``datapackage.json`` of the city with this plan in place of its own."""
    city, year = {name: fact for name, fact in package["city"].items() if name != "plan_year"}, draft.year
    days = dict(city["days"])
    days["first"] = min(str(days["first"]), f"{year}-01-01")
    days["last"] = max(str(days["last"]), f"{year}-12-31")
    credit = {"zh": f"{source.title}。", "en": f"{source.title}."}
    return {
        **package,
        "name": f"plan-{city['code']}-{year}",
        "title": source.title,
        "description": "Items of a plan, read from its text and reviewed by a person; facilities, residents and outlines as the city's pack has them.",
        "version": f"{year}.1",
        "city": city | {"days": days, "credits": city["credits"] | {"facts": credit}},
        "sources": [{"title": source.title}, *package.get("sources", [])],
        "resources": _resources(package["resources"]),
    }


def _resources(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tables that a pack of a plan describes: of a city from before there were plans, with plans."""
    left = [json.loads(json.dumps(one)) for one in known if one["name"] not in _LEFT]
    items = next(one["schema"]["fields"] for one in left if one["name"] == "plan_items")
    if all(field["name"] != PLAN_ID for field in items):
        items.append(PLAN_FIELD)
    if any(one["name"] == "plans" for one in left):
        return left
    like = next(one for one in left if one["name"] == "sources")
    plans = {
        "name": "plans",
        "path": "plans.csv",
        "description": "Each row is one plan.",
        "schema": PLANS_SCHEMA,
    }
    return [like | plans, *left]


def plan_row(
    draft: Draft, source: PlanSource, city_code: str, *, text_file: str = "", plan_id: str = ""
) -> dict[str, str]:
    """A row of ``plans``, as texts.

    Parameters
    ----------
    draft : Draft
    source : PlanSource
    city_code : str
        Whose plan it is.
    text_file : str
        Where the pack has its text, with ``{year}``; empty where it has not.
    plan_id : str
        The year if empty.

    Returns
    -------
    dict
    """
    return {
        PLAN_ID: plan_id or str(draft.year),
        "city_code": city_code,
        "year": str(draft.year),
        "name_zh": source.title,
        "name_en": "",
        "index_number": source.index_number,
        "source_id": _SOURCE,
        "text_file": text_file.format(year=draft.year),
    }


def item_rows(
    items: list[DraftItem], draft: Draft, *, reviewed: bool = True, plan_id: str = ""
) -> list[dict[str, str]]:
    """Rows of ``plan_items``, as texts.

    Parameters
    ----------
    items : list of DraftItem
    draft : Draft
    reviewed : bool
        False says in each row that nobody has reviewed it.
    plan_id : str
        The year if empty; then ids have no plan in front.

    Returns
    -------
    list of dict
    """
    head = f"{plan_id}-" if plan_id else ""
    seen: set[str] = set()
    rows = []
    for number, item in enumerate(items):
        first = item.category not in seen
        seen.add(item.category)
        notes = [_MORE.format(bound=_BOUNDS[item.bound])] if item.bound else []
        if not reviewed:
            notes.append("由程序读出，未经人复核")
        rows.append(
            {
                "item_id": head + f"{chr(ord('A') + (15 + number // 99) % 26)}{number % 99 + 1:02d}",
                "plan_section": item.section or "—",
                "category": item.category or "other",
                "name_zh": item.name,
                "name_en": "",
                "quote_zh": draft.quote(item),
                "target": f"{item.target:.10g}",
                "unit": item.unit,
                "verb": item.verb,
                "action_zh": item.action or item.name[:20],
                "geometry_expected": item.geometry,
                "measure": item.measure,
                "due_date": item.due.isoformat(),
                "headline": "true" if first else "false",
                "note_zh": "；".join(notes),
                "note_en": "",
                "source_id": _SOURCE,
                PLAN_ID: plan_id or str(draft.year),
            }
        )
    return rows


def _categories(known: pd.DataFrame, items: list[DraftItem]) -> pd.DataFrame:
    """The city's categories, and after them those of this plan that it has not used before."""
    used = list(dict.fromkeys(item.category or "other" for item in items))
    own = {row["category_id"]: row for row in rows_of("categories")}
    new = [
        own.get(code, own["other"] | {"category_id": code})
        for code in used
        if code not in set(known["category_id"])
    ]
    begin = len(known) + 1
    return pd.concat([known, pd.DataFrame([row | {"sort": str(begin + at)} for at, row in enumerate(new)])])


def _model_sources(package: Mapping[str, Any]) -> list[str]:
    """Sources that descriptions of models name."""
    return [str(each) for one in package["resources"] for each in one.get("model", {}).get("source_ids", [])]


def _sources(
    known: pd.DataFrame,
    carried: Mapping[str, pd.DataFrame],
    source: PlanSource,
    draft: Draft,
    also: list[str],
) -> pd.DataFrame:
    """The plan, and the sources that tables of the city name."""
    named = {
        cell
        for table in carried.values()
        for column in _REFERENCES
        if column in table
        for cell in table[column]
    }
    named |= set(also)
    kept = known[known["source_id"].isin(named - {_SOURCE})]
    row = source_row(source, draft)
    return pd.concat([pd.DataFrame([row]), kept], ignore_index=True)


def source_row(source: PlanSource, draft: Draft, source_id: str = _SOURCE) -> dict[str, str]:
    """A row of ``sources`` for the document, as texts.

    Parameters
    ----------
    source : PlanSource
    draft : Draft
        Its year stands for the day where that is not known.
    source_id : str

    Returns
    -------
    dict
    """
    return {
        "source_id": source_id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published or str(draft.year),
        "url": source.url,
        "seen_via_mirror": "false",
        "reliability": "official" if source.publisher else "secondary",
        "licence": "",
        "citation": "，".join(part for part in (source.title, source.publisher, source.published) if part),
    }
