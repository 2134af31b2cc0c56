"""The plan's text with its items marked: the one in hand is in view, a click takes another in hand."""

from __future__ import annotations

import itertools
from typing import Any, Final

import streamlit as st

from geo.plan_text.draft import LEFT_OUT_LABELS, Draft
from pages.parts.plan.review import Review, pick
from pages.parts.shell.html import assets_path
from pages.parts.shell.texts import t, translated

_JS: Final = "export default c => {\nimport(`${location.origin}${c.data.assets}/components/plan_text.js`).then(m => m.default(c));\n};"
_KEY: Final = "plan_text"
_component = st.components.v2.component(
    "atlas_plan_text", html='<div class="plan-text"></div>', js=_JS, isolate_styles=False
)


def show_text(current: Review) -> None:
    """The whole text, in a box of its own."""
    _component(
        key=_KEY,
        data={
            "assets": assets_path(),
            "label": t("计划原文，已标出条目"),
            "pieces": pieces(current.draft, current.at),
            "reasons": translated(LEFT_OUT_LABELS),
            "unsaved": not current.is_stored,
        },
        on_picked_change=_picked,
    )


def _picked() -> None:
    picked = (st.session_state[_KEY].picked or {}).get("key")
    if isinstance(picked, int):
        pick(picked)


def pieces(draft: Draft, at: int) -> list[dict[str, Any]]:
    """The text in pieces, in order and without a gap: of an item, of a passage left out, or of neither.

    Where items overlap, characters belong to the item in hand, else to the first.
    """
    owner: list[int | str] = [""] * len(draft.text)
    for passage in draft.left_out:
        owner[passage.start : passage.end] = [passage.reason] * (passage.end - passage.start)
    for item in sorted(draft.items, key=lambda one: (one.key == at, -one.start)):
        owner[item.start : item.end] = [item.key] * (item.end - item.start)
    states = {item.key: item.state for item in draft.items}
    cuts = [0, *(place for place in range(1, len(owner)) if owner[place] != owner[place - 1]), len(owner)]
    made: list[dict[str, Any]] = []
    for start, end in itertools.pairwise(cuts):
        one: dict[str, Any] = {"text": draft.text[start:end]}
        if isinstance(owner[start], int):
            one |= {"key": owner[start], "state": states[int(owner[start])], "in_hand": owner[start] == at}
        elif owner[start]:
            one["reason"] = owner[start]
        made.append(one)
    return made
