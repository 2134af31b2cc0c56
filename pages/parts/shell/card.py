"""The card of one work (:mod:`geo.display.card`), on a page."""

from __future__ import annotations

from datetime import date

import streamlit as st

from geo.display import labels
from geo.display.card import card, is_later
from geo.errors import UnknownIdError
from pages.parts.shell import html
from pages.parts.shell.loaders import atlas, state_on
from pages.parts.shell.remark_form import show_remark_form
from pages.parts.shell.texts import error_text, language, t


def show_card(work_id: str, as_of: date, *, with_remark: bool = True) -> None:
    """Show the card, or say that there is no such work (a link may be old)."""
    shared = atlas()
    try:
        shared.register.work(work_id)
    except UnknownIdError as error:
        st.warning(error_text(error))
        return
    facts = card(shared, work_id, state_on(as_of, shared.version), language())
    events = [
        event | {"what": event["what"] + (t("（截至日期之后）") if is_later(event, as_of) else "")}
        for event in facts["events"]
    ]
    html.show("card.html", **facts | {"status": labels.status_style(facts["status"]), "events": events})
    if with_remark:
        show_remark_form(work_id)
