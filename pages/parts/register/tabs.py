"""The page of the register: its tabs, the search for a work, and what an editor may do with it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from geo.display import labels
from geo.errors import UnknownIdError
from geo.register.search import rank_works
from geo.store.model import Actor
from geo.text import mark as _
from pages.parts.register import changes, remarks
from pages.parts.register.add_form import add_form
from pages.parts.register.facilities import show_facilities
from pages.parts.register.fields_form import fields_form
from pages.parts.register.history import show_history
from pages.parts.register.merge_form import merge_form
from pages.parts.register.photo_form import photo_form
from pages.parts.register.place_form import place_form
from pages.parts.register.progress_form import progress_form
from pages.parts.shell import access, edit_form, segments
from pages.parts.shell.card import show_card
from pages.parts.shell.loaders import atlas
from pages.parts.shell.search_box import search_field
from pages.parts.shell.selection import clear, select, selected
from pages.parts.shell.texts import error_text, escaped, language, t

MOST_RESULTS = 8
_TABS = {
    "works": _("查改"),
    "facilities": _("设施"),
    "add": _("新增项目"),
    "changes": _("变更"),
    "reports": _("反映"),
}
_ACTIONS = {
    "progress": _("记进展"),
    "fields": _("改字段"),
    "place": _("定位置"),
    "photo": _("照片"),
    "merge": _("合并"),
    "history": _("历史与撤销"),
}


def show_notice(person: Actor) -> None:
    """What this person may do here, and how to get further."""
    if access.may_edit(person):
        return
    st.info(
        t("这里公开可看，只有登录的编辑能改。每一次改动都是一条带来源和理由的记载，什么也不会被覆盖。"),
        icon=":material/lock:",
    )
    if access.sign_in_configured() and not person.name:
        access.sign_in_buttons("page")


def choose_tab(person: Actor) -> str:
    """The part of the page, in the link as ``tab``; visitors see no"""
    tabs = list(_TABS) if access.may_edit(person) else ["works", "facilities", "changes"]
    names = {name: t(_TABS[name]) for name in tabs}
    waiting = remarks.waiting() if "reports" in names else 0
    if waiting:
        names["reports"] += f"（{waiting}）"
    return segments.linked("tab", t("做什么"), names, tabs[0], titled=False)


def show_tab(person: Actor, tab: str) -> None:
    """The chosen part of the page."""
    if tab == "add":
        add_form(person)
    elif tab == "facilities":
        show_facilities(person)
    elif tab == "changes":
        changes.show_changes(person)
    elif tab == "reports":
        remarks.show_queue(person)
    else:
        _works(person)


def _works(person: Actor) -> None:
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _search()
        work_id = selected()
        if work_id:
            st.button(t("关闭卡片"), on_click=clear, icon=":material/close:")
            show_card(work_id, date.today(), with_remark=False)
    with right:
        if work_id:
            _actions(person, work_id)
        else:
            st.info(t("先查找一个项目。"), icon=":material/search:")


def _search() -> None:
    query = search_field(t("查找项目"), t("名称、街道、拼音或编号"))
    if not query:
        return
    works = rank_works(atlas().register, atlas().pack.works, query).head(MOST_RESULTS)
    if works.empty:
        st.info(t("没有找到“{query}”。", query=escaped(query)))
    for work_id, row in works.iterrows():
        if work_id != selected():
            st.button(
                escaped(f"{labels.name_of(row, language())} · {work_id}"),
                key=f"find-{work_id}",
                icon=":material/construction:",
                on_click=select,
                args=(work_id,),
                width="stretch",
            )


def _actions(person: Actor, work_id: str) -> None:
    try:
        row = atlas().register.work(work_id)
    except UnknownIdError as error:
        st.warning(error_text(error))
        return
    st.header(escaped(labels.name_of(row, language())))
    shown = list(_ACTIONS) if access.may_edit(person) else ["history"]
    action = segments.linked(
        "do", t("做什么"), {name: t(_ACTIONS[name]) for name in shown}, next(iter(shown)), titled=False
    )
    if action == "history":
        show_history(person, work_id)
    elif action == "merge":
        merge_form(person, work_id)
    elif action == "fields":
        fields_form(person, work_id)
    elif action == "photo":
        photo_form(person, work_id)
    elif action == "place":
        place_form(person, work_id)
    else:
        progress_form(person, work_id)
    if action != "history":
        edit_form.show_version(work_id)
