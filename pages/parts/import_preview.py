"""What an import changes: the four counts before and after, the places on the map, and the button that writes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from geo.datasets import save_outlines
from geo.facilities import kinds_known
from geo.ingest.plan import ImportPlan
from geo.ingest.preview import COUNT_NAMES, COUNTS
from geo.ingest.recipes import recipe_of, save_recipe
from geo.ingest.rejected import rejected_file
from geo.store.model import Actor, Applied
from geo.text import mark as _
from pages.parts import html, words
from pages.parts.import_flow import flow, run
from pages.parts.jobs import Job
from pages.parts.loaders import atlas, progress_on, store
from pages.parts.map_view import BARE, show_map
from pages.parts.texts import escaped, language, t

MAP_POINTS: Final = 400
_LEVELS = {"new": "good", "update": "good", "known": "known", "question": "warning", "rejected": "error"}


def show_preview(plan: ImportPlan) -> None:
    """Counts and places, before anything is written."""
    st.subheader(t("导入后会怎样"))
    seen = plan.preview
    flow().said["before"] = _pairs(seen.items)
    if plan.options.into == "facilities":
        _show_kinds(plan)
    elif seen.items.empty:
        st.caption(t("各条目的四个数不会变。"))
    else:
        show_counts(_pairs(seen.items), None)
    for found in seen.over:
        st.warning(escaped(found.text(language())), icon=":material/content_copy:")
    show_places(plan, key="import_map")
    show_rejected(plan)


def _show_kinds(plan: ImportPlan) -> None:
    """Facilities of each kind, before and after; the plan's own counts do not change."""
    before, names = kinds_known(plan.atlas.register), atlas().names("kinds", language())
    if not plan.kinds:
        st.caption(t("没有新的现有设施。"))
        return
    shown = {
        t("设施类型"): [names.get(kind, kind) for kind in plan.kinds],
        t("登记里"): [int(before.get(kind, 0)) for kind in plan.kinds],
        t("新增"): list(plan.kinds.values()),
    }
    st.dataframe(pd.DataFrame(shown), hide_index=True, width="stretch", alt=t("各类现有设施的数目"))
    st.caption(t("现有设施用于覆盖和选址，不算计划项目，各条目的四个数不变。"))


def _pairs(items: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for the template: name, unit, and ``(before, after)`` of each count."""
    return [
        {"id": code, "name": words.name_of(row), "unit": row["unit"]}
        | {count: (row[f"{count}_before"], row[f"{count}_after"]) for count in COUNTS}
        for code, row in items.iterrows()
    ]


def show_counts(rows: list[dict[str, Any]], now: dict[str, dict[str, float]] | None) -> None:
    """The four counts of the items that change; ``now`` replaces what was foreseen by what is."""
    shown = [
        row | ({count: (row[count][0], now[row["id"]][count]) for count in COUNTS} if now else {})
        for row in rows
    ]
    if shown:
        html.show("counts.html", rows=shown, counts={name: t(text) for name, text in COUNT_NAMES.items()})


def items_now(plan: ImportPlan) -> dict[str, dict[str, float]]:
    """Item -> its four counts in the register as it is now."""
    table = progress_on(plan.options.today, "item", atlas().version)
    return {str(code): {count: row[count] for count in COUNTS} for code, row in table.iterrows()}


def show_places(plan: ImportPlan, *, key: str) -> None:
    """The rows on the map, by what becomes of them; from where the file's own numbers would put them."""
    rows = plan.rows[np.isfinite(plan.rows["lon"].astype("float64")) & plan.rows["lat"].between(-85, 85)]
    rows = rows[rows["verdict"].isin(list(_LEVELS))]
    st.caption(
        t(
            "图上 {n} 处：蓝色写入，灰色没有新内容，橙色待答，红色退回。{none} 行没有位置。",
            n=len(rows),
            none=len(plan.rows) - len(rows),
        )
    )
    if len(rows):
        show_map(BARE | {"draft": draft_of(rows)}, key=key, short=True)


def draft_of(rows: pd.DataFrame) -> dict[str, object]:
    """What the map draws of rows with WGS84 places; at most :data:`MAP_POINTS`, evenly taken."""
    if len(rows) > MAP_POINTS:
        st.caption(t("行数很多，图上均匀取 {n} 处。", n=MAP_POINTS))
        rows = rows.iloc[np.linspace(0, len(rows) - 1, MAP_POINTS).astype(int)]
    points: dict[str, list[Any]] = {
        "x": [round(float(value), 6) for value in rows["lon"]],
        "y": [round(float(value), 6) for value in rows["lat"]],
        "label": [str(name or "") for name in rows["name_zh"]],
        "level": [_LEVELS.get(str(word), "good") for word in rows["verdict"]],
    }
    west, east = np.quantile(rows["lon"].to_numpy("float64"), [0.02, 0.98])
    south, north = np.quantile(rows["lat"].to_numpy("float64"), [0.02, 0.98])
    edge = 0.02
    bounds = [[float(south) - edge, float(west) - edge], [float(north) + edge, float(east) + edge]]
    return {"points": points, "bounds": bounds}


def show_rejected(plan: ImportPlan) -> None:
    """The rows that stay out, to correct and bring again."""
    left = plan.left_out
    if not len(left):
        return
    st.info(
        t(
            "有 **{n}** 行没有进去。下载后按“导入问题”一列改正，再从第一步导入那个文件；已进去的不会重复。",
            n=len(left),
        ),
        icon=":material/rule:",
    )
    frame, lang = plan.layer.frame.loc[left], language()
    st.download_button(
        t("下载没进去的行（Excel）"),
        lambda: rejected_file(frame, plan.findings, "xlsx", lang),
        file_name=f"rejected-{plan.options.today.isoformat()}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
        key=flow().key("rejected"),
    )


def show_take(person: Actor, plan: ImportPlan) -> None:
    """Why, whether to keep the recipe, and the button that writes."""
    current = flow()
    good = plan.counts["new"] + plan.counts["update"]
    with st.container(border=True):
        st.text_input(
            t("理由"),
            placeholder=t("为什么导入，供以后核对"),
            max_chars=500,
            key=current.keep("reason", t("导入 {name}", name=plan.options.source_row()["title"])),
        )
        current.note("reason")
        st.checkbox(t("记住这种表头的对法，下次自动对好"), key=current.keep("remember", True))
        current.note("remember")
        if st.button(
            t("写入登记：{n} 行", n=good),
            type="primary",
            icon=":material/save:",
            disabled=plan.empty,
            key=current.key("take"),
        ):
            _take(person, plan)
            st.rerun()
        if plan.empty:
            st.caption(t("没有可写入的新内容。"))


def _take(person: Actor, plan: ImportPlan) -> None:
    current = flow()
    reason = str(current.said.get("reason") or "").strip()
    batch = plan.batch()
    if reason:
        batch = replace(batch, reason=reason)
    register = store()

    def work(job: Job[Applied]) -> Applied:
        job.tell(0.5, _("写入登记…"))
        applied = register.apply(person, batch)
        current.outlines = save_outlines(plan)
        return applied

    def done(applied: Applied) -> None:
        current.applied, current.step = applied, 5
        if current.said.get("remember"):
            _remember(plan)

    run(work, done)


def _remember(plan: ImportPlan) -> None:
    name = flow().opened.name if flow().opened is not None else ""
    save_recipe(recipe_of(name, plan.mapping, plan.options))
