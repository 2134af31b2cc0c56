"""What an import changes: the four counts before and after, the places on the map, and the button that writes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from geo.display import labels
from geo.ingest.plan.import_plan import ImportPlan
from geo.ingest.plan.preview import COUNT_NAMES, COUNTS
from geo.ingest.plan.recipes import recipe_of, save_recipe
from geo.ingest.plan.rejected import rejected_name
from geo.ingest.plan.save_data import save_outlines
from geo.register.facilities import kind_counts
from geo.store.model import Actor, Applied
from geo.text import mark as _
from pages.parts.importing.flow import flow, run
from pages.parts.shell import html
from pages.parts.shell.jobs import Job
from pages.parts.shell.loaders import atlas, progress_on, store
from pages.parts.shell.map_frame import BARE, show_map
from pages.parts.shell.texts import escaped, language, t

MAP_POINTS: Final = 400
NEAR: Final = 0.1
"""Degrees beyond the city's bounds that the map still shows: about 10 km."""
_LEVELS = {"new": "good", "update": "good", "known": "known", "question": "warning", "rejected": "error"}


def show_preview(plan: ImportPlan) -> None:
    """Counts and places, before anything is written."""
    st.header(t("导入后会怎样"))
    preview = plan.preview
    flow().choices["before"] = _pairs(preview.items)
    if plan.options.into == "facilities":
        _show_kinds(plan)
    elif preview.items.empty:
        st.caption(t("各条目的四个数不会变。"))
    else:
        show_counts(_pairs(preview.items), None)
    for finding in preview.over:
        st.warning(escaped(finding.text(language())), icon=":material/content_copy:")
    show_places(plan, key="import_map")
    show_rejected(plan)


def _show_kinds(plan: ImportPlan) -> None:
    """Facilities of each kind, before and after; the plan's own counts do not change."""
    before, names = kind_counts(plan.atlas.register), atlas().names("kinds", language())
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
        {
            "id": code,
            "name": labels.name_of(row, language()),
            "unit": labels.unit_label(row["unit"], language()),
        }
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
    frame = _framed(rows)
    st.caption(
        t(
            "图上 {n} 处：蓝色写入，灰色没有新内容，橙色待答，红色退回。{none} 行没有位置。",
            n=int(frame.sum()),
            none=len(plan.rows) - len(rows),
        )
    )
    if not len(rows):
        return
    if beyond := int((~frame).sum()):
        st.caption(t("另有 {n} 处离本市太远，不在图框里；见上面的逐行检查。", n=beyond))
    show_map(BARE | {"draft": draft_of(rows, frame)}, key=key, short=True)


def _framed(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows that the map is zoomed to: those in and near the city; all of them where none is near."""
    west, south, east, north = atlas().districts.total_bounds
    near = rows["lon"].between(west - NEAR, east + NEAR) & rows["lat"].between(south - NEAR, north + NEAR)
    return near if near.any() else ~near


def draft_of(rows: pd.DataFrame, frame: pd.Series[bool] | None = None) -> dict[str, object]:
    """What the map draws of rows with WGS84 places; at most :data:`MAP_POINTS`, evenly taken of the good ones.

    The map is zoomed to the rows of ``frame``. Rows with a question and rejected rows are drawn last, above the others.
    """
    framed = rows if frame is None else rows[frame]
    west, east = framed["lon"].astype("float64").agg(["min", "max"])
    south, north = framed["lat"].astype("float64").agg(["min", "max"])
    rows = _drawn(rows)
    points: dict[str, list[Any]] = {
        "x": [round(float(value), 6) for value in rows["lon"]],
        "y": [round(float(value), 6) for value in rows["lat"]],
        "label": [str(name or "") for name in rows["name_zh"]],
        "level": [_LEVELS.get(str(verdict), "good") for verdict in rows["verdict"]],
    }
    edge = 0.02
    bounds = [[float(south) - edge, float(west) - edge], [float(north) + edge, float(east) + edge]]
    return {"points": points, "bounds": bounds}


def _drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that the map draws, in its order."""
    odd = rows["verdict"].isin(["question", "rejected"])
    fine, doubtful = rows[~odd], rows[odd].head(MAP_POINTS // 2)
    room = MAP_POINTS - len(doubtful)
    if len(fine) + int(odd.sum()) > MAP_POINTS:
        st.caption(t("行数很多，图上均匀取 {n} 处。", n=MAP_POINTS))
        fine = fine.iloc[np.linspace(0, len(fine) - 1, min(room, len(fine))).astype(int)]
    return pd.concat([fine, doubtful])


def show_rejected(plan: ImportPlan) -> None:
    """The rows that stay out, to correct and bring again."""
    left = plan.left_out
    if not len(left):
        return
    counts, lang = plan.counts, language()
    parts = {
        "rejected": t("{n} 行退回", n=int(counts["rejected"])),
        "question": t("{n} 行待回答", n=int(counts["question"])),
    }
    st.info(
        t(
            "**{what}**，没有进去。下载后按“导入问题”一列改正，再从第一步导入那个文件：条目、来源和坐标系会沿用，已进去的不会重复。",
            what=t("，").join(text for verdict, text in parts.items() if counts[verdict]),
        ),
        icon=":material/rule:",
    )
    st.download_button(
        t("下载没进去的行（Excel）"),
        lambda: plan.rejected_file("xlsx", lang),
        file_name=rejected_name(plan.options.file_name, plan.options.today),
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
        key=flow().key("rejected"),
    )


def show_write(person: Actor, plan: ImportPlan) -> None:
    """Why, whether to keep the recipe, and the button that writes."""
    current = flow()
    good = plan.counts["new"] + plan.counts["update"]
    with st.container(border=True):
        st.text_input(
            t("理由"),
            placeholder=t("为什么导入，供以后核对"),
            max_chars=500,
            key=current.seed("reason", t("导入 {name}", name=plan.options.source_row()["title"])),
        )
        current.record("reason")
        st.checkbox(t("记住这种表头的对法，下次自动对好"), key=current.seed("remember", True))
        current.record("remember")
        if st.button(
            t("保存 {n} 个外廓", n=int(plan.new_outlines))
            if plan.new_outlines and not good
            else t("写入登记：{n} 行", n=int(good)),
            type="primary",
            icon=":material/save:",
            disabled=plan.empty,
            key=current.key("take"),
        ):
            _write(person, plan)
            st.rerun()
        if plan.empty:
            st.caption(t("没有可写入的新内容。"))


def _write(person: Actor, plan: ImportPlan) -> None:
    current = flow()
    reason = str(current.choices.get("reason") or "").strip()
    batch = plan.batch()
    if reason:
        batch = replace(batch, reason=reason)
    register = store()

    def work(job: Job[Applied]) -> Applied:
        job.set_progress(0.5, _("写入登记…"))
        current.outlines = save_outlines(plan)  # first: a map that hears of the batch finds them
        return register.apply(person, batch)

    def done(applied: Applied) -> None:
        current.applied, current.step = applied, 5
        if current.choices.get("remember"):
            _remember(plan)

    run(work, done)


def _remember(plan: ImportPlan) -> None:
    save_recipe(recipe_of(plan.options.file_name, plan.mapping, plan.options))
