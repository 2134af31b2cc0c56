"""What a siting answer says of each kind, where several are chosen at once, and who takes how many where capacities are limited."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.siting.existing import CapacityEffect
from geo.siting.result import Siting
from pages.parts.shell.texts import escaped, language, t
from pages.parts.siting.answer_and_map import kind_name
from pages.parts.siting.figures import amount, percent


def show_kinds(answer: Siting) -> None:
    """The weighed sum that was made largest, and what each kind gains."""
    people = answer.inputs["demand"] != "area"
    gain = sum(part.weight * part.effect.gained for part in answer.kinds)
    st.metric(t("各类新增乘权重之和"), amount(gain, people))
    rows = [
        {
            t("类型"): kind_name({"kind": part.key}),
            t("权重"): f"{part.weight:g}",
            t("处数"): len(part.effect.sites),
            (t("新增居民（模型估算）") if people else t("新增（平方公里）")): amount(
                part.effect.gained, people
            ),
            t("覆盖率，前"): percent(part.effect.share_before),
            t("覆盖率，后"): percent(part.effect.share_after),
        }
        for part in answer.kinds
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", alt=t("各类设施的处数、权重与新增"))
    st.caption("\n".join(f"- {escaped(line)}" for line in answer.messages(language())[:2]))


def show_capacity(answer: Siting) -> None:
    """Residents who have a place before and after, where existing facilities serve at most their capacity."""
    if answer.capacity is not None:
        _taken(answer.capacity, t("有位子的居民，前 → 后"))
    for part in answer.kinds:
        if part.capacity is not None:
            _taken(
                part.capacity, t("{kind}：有位子的居民，前 → 后", kind=escaped(kind_name({"kind": part.key})))
            )


def _taken(effect: CapacityEffect, label: str) -> None:
    before = effect.unlimited + effect.existing
    st.metric(
        label,
        f"{amount(before, True)} → {amount(before + effect.new, True)}",
        f"{percent(before / effect.demand)} → {percent((before + effect.new) / effect.demand)}",
        delta_color="off",
        delta_arrow="off",
        help=t("现有设施先收满，新址只收余下的；一人只算一次。"),
    )
    st.caption(
        t(
            "现有设施 {known} 处知道容量，能服务 {capacity} 人，用去 {used} 人，余 {free} 人在半径内没有人可收；{unknown} 处不知道容量，{unplaced} 处没有位置。",
            known=int(effect.known),
            capacity=amount(effect.capacity, True),
            used=amount(effect.existing, True),
            free=amount(effect.free, True),
            unknown=int(effect.unknown),
            unplaced=int(effect.unplaced),
        )
    )
