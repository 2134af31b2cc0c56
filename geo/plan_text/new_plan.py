"""A reviewed draft as a further plan of the register: one batch of rows, with what a person decided is promised again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.errors import DataError, ParameterError
from geo.plan_text.carry_over import Proposal, carry_overs
from geo.plan_text.draft import Draft, DraftItem
from geo.plan_text.pack import MOST_PACK_ITEMS, PlanSource, item_rows, plan_row, source_row
from geo.register.city import Atlas
from geo.register.ids import same_source, source_id
from geo.register.plans import ALL_PLANS
from geo.store.model import Batch
from geo.text import mark as _

_ID: Final = 40


@dataclass(frozen=True)
class NewPlan:
    """What writing would bring, before anything is written.

    Attributes
    ----------
    plan : mapping
        Row of ``plans``.
    items : tuple of mapping
        Rows of ``plan_items``.
    sources : tuple of mapping
        The document, unless the register has it.
    keys : mapping
        Key of an item in the draft -> its id.
    proposals : tuple of Proposal
        What may be promised again; a person decides each.
    """

    plan: Mapping[str, Any]
    items: tuple[Mapping[str, Any], ...]
    sources: tuple[Mapping[str, Any], ...]
    keys: Mapping[int, str]
    proposals: tuple[Proposal, ...]

    def batch(self, again: Mapping[str, bool], *, by: str, reason: str) -> Batch:
        """The plan as a batch of the store.

        Parameters
        ----------
        again : mapping
            Key of a proposal -> whether it is the same work: one for every proposal.
        by : str
            Who decided.
        reason : str
            Why it is written, in the person's own text.

        Returns
        -------
        Batch

        Raises
        ------
        ParameterError
            A proposal is not decided, there is none of that key, or a work would be promised twice by this plan.
        """
        known = {one.key for one in self.proposals}
        if wrong := [key for key in again if key not in known]:
            raise ParameterError(_("没有这条延续建议：{key}。"), key="、".join(wrong)[:200])
        if left := [one.key for one in self.proposals if one.key not in again]:
            raise ParameterError(
                _("还有 {n} 条延续建议没有决定：{keys}。"),
                hint=_("每条请说明：是同一个项目，还是不同的。"),
                n=len(left),
                keys="、".join(left)[:400],
            )
        accepted = [one for one in self.proposals if again[one.key]]
        works = [one.work_id for one in accepted]
        if twice := sorted({work for work in works if works.count(work) > 1}):
            raise ParameterError(
                _("项目 {work} 在一份计划里只能算一条，现在有几条都说是它。"), work="、".join(twice)
            )
        promises = tuple(self._promise(one, by) for one in accepted)
        return Batch(
            reason=reason,
            sources=tuple(self.sources),
            plans=(self.plan,),
            plan_items=self.items,
            promises=promises,
        )

    def _promise(self, one: Proposal, by: str) -> dict[str, str]:
        item = self.keys[one.item]
        return {
            "promise_id": f"{one.work_id}.{item}",
            "work_id": one.work_id,
            "item_id": item,
            "basis": one.reason("zh"),
            "decided_by": by,
            "decided_on": date.today().isoformat(),
        }


def new_plan(draft: Draft, source: PlanSource, atlas: Atlas, plan_id: str = "") -> NewPlan:
    """What a reviewed draft would bring into the register: its accepted items as a plan of their own.

    Parameters
    ----------
    draft : Draft
    source : PlanSource
    atlas : Atlas
        Of the register.
    plan_id : str
        Id of the plan; its year if empty.

    Returns
    -------
    NewPlan

    Raises
    ------
    ParameterError
        The register has a plan of that id, or it can be none; as :meth:`PlanSource.checked`.
    DataError
        No item was accepted, or one has a category that the register does not know.
    """
    plan, every = plan_id.strip() or str(draft.year), atlas.of_plan(ALL_PLANS)
    source.checked()
    if not source.title.strip():
        raise ParameterError(_("没有写计划的名称。"), hint=_("请填写文件的全名。"))
    _check_id(plan, every)
    items = [item for item in draft.items if item.state == "accepted"]
    _check_items(items, every)
    rows = item_rows(items, draft, plan_id=plan)
    document = source_row(source, draft)
    known = same_source(document, every.pack.sources)
    document["source_id"] = known or source_id(document)
    made = plan_row(draft, source, every.city.code, plan_id=plan) | {"source_id": document["source_id"]}
    return NewPlan(
        made,
        tuple(row | {"source_id": document["source_id"]} for row in rows),
        () if known else (document,),
        {item.key: row["item_id"] for item, row in zip(items, rows, strict=True)},
        tuple(carry_overs(items, every)),
    )


def _check_id(plan: str, atlas: Atlas) -> None:
    plain = plan.replace("-", "")
    if plan == ALL_PLANS or len(plan) > _ID or not plain.isascii() or not plain.isalnum():
        raise ParameterError(
            _("计划编号“{plan}”不能用。"), hint=_("请用字母、数字和连字符，最多 40 个。"), plan=plan[:80]
        )
    if plan in atlas.pack.plans.index:
        raise ParameterError(
            _("登记里已经有计划 {plan}。"),
            hint=_("请换一个编号，如 {plan}b；要重来，请先撤销那一批。"),
            plan=plan,
        )


def _check_items(items: list[DraftItem], atlas: Atlas) -> None:
    if not 0 < len(items) <= MOST_PACK_ITEMS:
        raise DataError(
            _("一份计划要有 1 至 {most} 个收下的条目，现在有 {n} 个。"),
            hint=_("请先复核，收下条目。"),
            most=MOST_PACK_ITEMS,
            n=len(items),
        )
    known = set(atlas.vocabulary("categories", "name_zh").index)
    strange = [item for item in items if (item.category or "other") not in known]
    if strange:
        raise DataError(
            _("登记没有这些条目的类别：{items}。"),
            hint=_("请在复核里改成登记有的类别，或先在资料包的 categories.csv 里加上。"),
            items="、".join(f"{item.name}（{item.category or 'other'}）" for item in strange[:20]),
        )


def items_table(made: NewPlan) -> pd.DataFrame:
    """The items that would be written, as a table for people and programs."""
    return pd.DataFrame(list(made.items))
