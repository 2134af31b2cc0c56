"""Parts of the page of promises."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from geo.display.labels import name_of
from geo.report.promise.page import promise_page
from geo.report.promise.plan_fates import fates_chart
from layers.analysis.districts import front_on
from pages.parts.shell import html, link
from pages.parts.shell.loaders import atlas, chosen_plan, plan_query
from pages.parts.shell.texts import language, t


def choose_promise() -> str:
    """The promise selector; its id is in the link as ``item``, and nothing there means all of them."""
    items = atlas().pack.plan_items
    names = {"": t("全部 {n} 项", n=len(items))} | {
        str(key): f"{key} · {name_of(item, language())}" for key, item in items.iterrows()
    }
    link.seed("item", "", list(names))
    st.selectbox(t("选择承诺"), list(names), format_func=names.__getitem__, key="item")
    return str(link.record("item"))


def show_all(as_of: date) -> None:
    """Every promise with its verdict in a sentence; those of one outcome where the link names it."""
    message = front_on(as_of, language(), chosen_plan())
    wanted = link.get("outcome") or ""
    html.show(
        "promises.html",
        promises=message.promises,
        counted=message.outcomes,
        fates=fates_chart(atlas(), as_of, language()),
        address=lambda item_id: html.page_address("promise", item=item_id),
        outcome_address=lambda outcome: html.page_address(
            "promise", outcome=outcome, as_of=as_of.isoformat()
        ),
        wanted=wanted if wanted in {part.outcome for part in message.outcomes.shown} else "",
        files=html.chart_files("promises", as_of=as_of.isoformat(), **plan_query()),
    )


def show_promise(item_id: str, as_of: date) -> None:
    """One promise: verdict, sum, time, districts, works, what is not known, sources."""
    subscribe = (
        f"{html.base_path()}/api/feed?{urlencode({'item': item_id, 'lang': language()} | plan_query())}"
    )
    html.show("promise.html", p=promise_page(atlas(), item_id, as_of, language()), subscribe=subscribe)
