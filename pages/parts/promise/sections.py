"""Parts of the page of promises."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from geo.display.labels import name_of
from geo.report.promise.overview import outcome_chart
from geo.report.promise.page import all_promises, promise_page
from pages.parts.shell import html, link
from pages.parts.shell.loaders import atlas
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
    """Every promise with its verdict in a sentence."""
    promises = all_promises(atlas(), as_of, language())
    html.show(
        "promises.html",
        promises=promises,
        chart=outcome_chart((one.outcome for one in promises), language()),
        address=lambda item_id: html.page_address("promise", item=item_id),
    )


def show_promise(item_id: str, as_of: date) -> None:
    """One promise: verdict, sum, time, districts, works, what is not known, sources."""
    subscribe = f"{html.base_path()}/api/feed?{urlencode({'item': item_id, 'lang': language()})}"
    html.show("promise.html", p=promise_page(atlas(), item_id, as_of, language()), subscribe=subscribe)
