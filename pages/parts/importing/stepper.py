"""The stepper of an import: file, columns, coordinates, check, done."""

from __future__ import annotations

import streamlit as st

from geo.store.model import Actor
from geo.text import mark as _
from pages.parts.importing import baseline, check, choose_file, columns, coordinates, done
from pages.parts.importing.flow import Flow, busy, flow, poll, show_error
from pages.parts.shell import access, html
from pages.parts.shell.texts import t

STEPS = {1: _("选文件"), 2: _("对字段"), 3: _("认坐标"), 4: _("查问题"), 5: _("完成")}
BASELINE_STEPS = {1: _("选文件"), 4: _("看底数"), 5: _("完成")}


def show_import(person: Actor) -> None:
    """The steps and the present one."""
    st.caption(t("把手里的表格或图层变成登记里的事件：看清、改对、确认之后才写入，写入后可以整批撤销。"))
    poll()
    current = flow()
    steps = BASELINE_STEPS if current.baseline is not None else STEPS
    html.show(
        "steps.html", steps=[t(name) for name in steps.values()], now=list(steps).index(current.step) + 1
    )
    if not access.may_edit(person):
        st.info(t("可以在这里试读文件、看检查结果；写入登记要先以编辑身份登录。"), icon=":material/lock:")
    show_error()
    if current.step == 1 or (current.layer is None and current.baseline is None):
        choose_file.show_step()
    elif not busy():
        _show_step(person, current)


def _show_step(person: Actor, current: Flow) -> None:
    """The steps after the file: those of an OSM extract, or those of a list or a map."""
    if current.baseline is not None:
        baseline.show_step(person, current.baseline)
    elif current.plan is not None and current.applied is not None:
        done.show_step(person, current.plan, current.applied)
    elif current.layer is not None and current.columns is not None:
        if current.step == 2:
            columns.show_step(current.layer, current.columns)
        elif current.step == 3:
            coordinates.show_step(current.layer, current.columns)
        else:
            check.show_step(person, current.layer, current.columns)
