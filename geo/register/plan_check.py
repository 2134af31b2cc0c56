"""What no schema can say of plans, their items and the promises of works: quotes, owners, and one promise of a work a plan."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.places.districts import load_districts
from geo.register.pack import Pack, Problem
from geo.register.plans import PLAN_ID
from geo.text import mark as _


def plan_problems(pack: Pack) -> list[Problem]:
    """Every problem of the plans of a pack; see :func:`geo.register.pack_check.check_pack`."""
    return [*_plans(pack), *_quotes(pack), *_promises(pack)]


def _row(frame: pd.DataFrame, key: object) -> int:
    return int(frame.index.get_indexer(pd.Index([key]))[0]) + 1


def _plans(pack: Pack) -> list[Problem]:
    owners = {pack.city.code, *map(str, load_districts(pack.root).index)}
    problems = [
        Problem("plans", _row(pack.plans, key), "city_code", _("代码 {code} 不是本市，也不是它的区县。"),
                params={"code": str(code)})
        for key, code in pack.plans["city_code"].items()
        if code not in owners
    ]  # fmt: skip
    problems += [
        Problem("plans", _row(pack.plans, key), "text_file", _("资料包里没有 {name}。"), params={"name": str(file)})
        for key, file in pack.plans["text_file"].dropna().items()
        if not (pack.root / str(file)).is_file()
    ]  # fmt: skip
    return problems + [
        Problem("plan_items", _row(pack.plan_items, key), PLAN_ID, _("plans 里没有 {value}。"), params={"value": str(plan)})
        for key, plan in pack.plan_items[PLAN_ID].items()
        if plan not in pack.plans.index
    ]  # fmt: skip


def _quotes(pack: Pack) -> list[Problem]:
    """Quotes stand verbatim in the plan's text; of a plan whose text the pack has not, they cannot be looked up."""
    found = []
    for key, item in pack.plan_items.iterrows():
        texts = _texts(pack, str(item[PLAN_ID]))
        if texts and not any(item["quote_zh"] in text for text in texts):
            found.append(
                Problem("plan_items", _row(pack.plan_items, key), "quote_zh", _("计划原文里找不到这句话：{quote}"),
                        _("引文必须一字不差。"), {"quote": item["quote_zh"]})
            )  # fmt: skip
    return found


def _texts(pack: Pack, plan: str) -> list[str]:
    """The text of a plan; where the only plan names no file, every text of the pack."""
    file = pack.plans["text_file"].get(plan)
    files: list[Path] = [pack.root / str(file)] if file else []
    if not file and len(pack.plans) == 1:
        files = sorted((pack.root / "raw" / "plan").glob("*.txt"))
    return [each.read_text("utf-8") for each in files if each.is_file()]


def _promises(pack: Pack) -> list[Problem]:
    """A later promise is of a whole work, and a work has one promise a plan."""
    plans, works, problems = pack.plan_items[PLAN_ID], pack.works, []
    seen = {(str(key), plans.get(item)) for key, item in works["item_id"].dropna().items()}
    for key, row in pack.promises.iterrows():
        number, work = _row(pack.promises, key), row["work_id"]
        plan = plans.get(row["item_id"])
        if work in works.index and (works.at[work, "kind"] != "work" or works.at[work, "parent_id"]):
            problems.append(
                Problem("promises", number, "work_id", _("{work} 不是整个项目：区段、站点和总数随所属的项目。"),
                        params={"work": str(work)})
            )  # fmt: skip
        if (str(work), plan) in seen:
            problems.append(
                Problem("promises", number, "item_id", _("计划 {plan} 已经承诺了 {work}：一个项目在一份计划里只算一条。"),
                        params={"plan": str(plan), "work": str(work)})
            )  # fmt: skip
        seen.add((str(work), plan))
    return problems
