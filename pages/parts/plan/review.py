"""The review that a session goes through: the draft, the steps that can be taken back, and the item in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from geo.errors import ParameterError
from geo.plan_text import review
from geo.plan_text.draft import Draft, DraftItem

_KEY: Final = "_plan_review"
_STEPS: Final = 200
"""Steps that can be taken back."""


@dataclass(slots=True)
class Review:
    """``at`` is the key of the item in hand; ``version`` changes whenever fields must be drawn anew; ``stored`` is the draft that the person has."""

    draft: Draft
    at: int = 0
    past: list[tuple[Draft, int]] = field(default_factory=list)
    version: int = 0
    error: ParameterError | None = None
    stored: Draft | None = None

    @property
    def is_stored(self) -> bool:
        """Whether leaving loses nothing: the draft is as it was brought, or as it was saved last."""
        return self.draft is self.stored

    def saved(self) -> None:
        """The draft goes to the person's own disk."""
        self.stored = self.draft

    def item(self) -> DraftItem | None:
        """The item in hand; None where there is none."""
        return next((each for each in self.draft.items if each.key == self.at), None)

    def change(self, draft: Draft, at: int | None = None) -> None:
        """Take a step: another draft, and perhaps another item in hand."""
        if draft is not self.draft:
            self.past = [*self.past[-_STEPS:], (self.draft, self.at)]
            self.draft = draft
            self.version += 1
        self.at = self.at if at is None else at

    def neighbour(self, steps: int, *, waiting: bool = False) -> int:
        """Key of the item so many places on, round the end; the next that waits for a decision if ``waiting`` and there is one."""
        every = list(self.draft.items)
        if not every:
            return 0
        place = next((at for at, each in enumerate(every) if each.key == self.at), 0)
        order = [
            every[(place + step * (1 if steps > 0 else -1)) % len(every)] for step in range(1, len(every) + 1)
        ]
        open_ones = [each for each in order if each.state == "drafted"] if waiting else order
        return (open_ones or [every[place]])[0].key


def current() -> Review | None:
    """The review of this session, if one has begun."""
    found: Review | None = st.session_state.get(_KEY)
    return found


def start(draft: Draft) -> None:
    """Begin with a draft: at its first item that waits for a decision."""
    new = Review(draft, stored=draft)
    new.at = next((each.key for each in draft.items if each.state == "drafted"), 0)
    new.at = new.at or next((each.key for each in draft.items), 0)
    st.session_state[_KEY] = new


def leave() -> None:
    """Forget the review: its draft was offered for saving."""
    st.session_state.pop(_KEY, None)


def _in_hand(step: Callable[[Review, int], None]) -> Callable[[], None]:
    """A callback of a button that does something with the item in hand."""

    def act() -> None:
        now = current()
        if now is not None and now.item() is not None:
            now.error = None
            step(now, now.at)

    return act


@_in_hand
def accept(now: Review, key: int) -> None:
    """Accept the item and go on to the next that waits."""
    now.change(review.decide(now.draft, key, "accepted"))
    now.at = now.neighbour(1, waiting=True)


@_in_hand
def reject(now: Review, key: int) -> None:
    """Reject the item and go on to the next that waits."""
    now.change(review.decide(now.draft, key, "rejected"))
    now.at = now.neighbour(1, waiting=True)


@_in_hand
def split(now: Review, key: int) -> None:
    """Make two of the item."""
    now.change(review.split(now.draft, key))


@_in_hand
def merge(now: Review, key: int) -> None:
    """Make one of the item and the next."""
    now.change(review.merge(now.draft, key))


@_in_hand
def following(now: Review, _key: int) -> None:
    """Take the next item in hand."""
    now.at = now.neighbour(1)


@_in_hand
def previous(now: Review, _key: int) -> None:
    """Take the item before in hand."""
    now.at = now.neighbour(-1)


def undo() -> None:
    """Take the last step back."""
    now = current()
    if now is not None and now.past:
        now.draft, now.at = now.past.pop()
        now.version += 1


def pick(key: int) -> None:
    """Take an item in hand by its key."""
    now = current()
    if now is not None and any(each.key == key for each in now.draft.items):
        now.at = key


def take_in(start_of_passage: int) -> None:
    """Make an item of a passage that was left out, and take it in hand."""
    now = current()
    if now is not None:
        draft = review.take_in(now.draft, start_of_passage)
        now.change(draft, max(each.key for each in draft.items))


def correct(field_name: str, widget: str) -> None:
    """Have a field of the item in hand be what its widget says."""
    now = current()
    if now is None or now.item() is None:
        return
    try:
        now.error = None
        now.change(review.correct(now.draft, now.at, {field_name: st.session_state[widget]}))
    except ParameterError as error:
        now.error = error
        now.version += 1
