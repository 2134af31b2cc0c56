"""A review: whatever a person does, the text stays, nothing of it is lost, and a saved draft comes back as it was."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import IngestError, ParameterError
from geo.plan_text import review
from geo.plan_text.draft import Draft
from geo.plan_text.names import NameIndex, index_of
from geo.plan_text.read_plan import read_plan
from tests.depth import examples
from tests.plan_text.conftest import invented

DRAFT: list[Draft] = []


def whole() -> Draft:
    if not DRAFT:
        DRAFT.append(read_plan(invented("invented_plan_2024"), index_of(["湖东县"], [])))
    return DRAFT[0]


def step(draft: Draft, kind: str, number: int) -> Draft:
    key = draft.items[number % len(draft.items)].key
    if kind == "split":
        return review.split(draft, key)
    if kind == "merge":
        return review.merge(draft, key)
    if kind == "take":
        return (
            review.take_in(draft, draft.left_out[number % len(draft.left_out)].start)
            if draft.left_out
            else draft
        )
    if kind == "correct":
        return review.correct(
            draft, key, {"name": f"名称{number}", "target": number, "due": date(2024, 6, 30)}
        )
    return review.decide(draft, key, kind)  # type: ignore[arg-type]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["split", "merge", "take", "correct", "accepted", "rejected", "drafted"]),
            st.integers(0, 99),
        ),
        max_size=12,
    )
)
@examples(40)
def test_any_steps_lose_nothing(steps: list[tuple[str, int]]) -> None:
    draft = whole()
    for kind, number in steps:
        draft = step(draft, kind, number)
        assert draft.text == whole().text
        assert review.uncovered(draft) == []
        assert all(draft.quote(item).strip() for item in draft.items)
        keys = [item.key for item in draft.items]
        assert len(keys) == len(set(keys))
    assert review.from_json(json.loads(review.to_json(draft))) == draft


def one(text: str) -> Draft:
    return read_plan(text, index_of([], []), year=2030)


def test_two_works_in_one_are_split_and_put_together_again() -> None:
    draft = one("新建公园3个、绿道5公里。")
    together = review.merge(draft, draft.items[0].key)
    assert [together.quote(item) for item in together.items] == ["新建公园3个、绿道5公里"]
    assert together.items[0].unsure() == ("name", "target")
    parts = review.split(together, together.items[0].key)
    assert [(parts.quote(item), item.target, item.unit) for item in parts.items] == [
        ("新建公园3个", 3, "个"),
        ("绿道5公里", 5, "km"),
    ]
    assert review.merge(parts, parts.items[-1].key) == parts
    single = one("新建公园3个。")
    assert review.split(single, 1) == single


def test_amounts_of_one_unit_are_added_up() -> None:
    draft = one("新建小学3所、初中2所。")
    assert review.merge(draft, 1).items[0].target == 5


def test_what_a_person_corrects_is_sure(elsewhere: NameIndex) -> None:
    draft = read_plan(invented("invented_plan_2027"), elsewhere)
    key = next(item.key for item in draft.items if item.unsure())
    asked = draft.item(key).unsure()
    corrected = review.correct(draft, key, {asked[0]: draft.item(key).model_dump()[asked[0]]})
    assert corrected.item(key).unsure() == ()
    for wrong in ({"target": -1}, {"verb": "vow"}, {"start": 0}, {"target": float("inf")}):
        with pytest.raises(ParameterError):
            review.correct(draft, key, wrong)


def test_a_passage_that_was_left_out_is_taken_in_and_asked() -> None:
    draft = one("推进三馆合一12处。新建公园3个。")
    assert len(draft.items) == 1
    more = review.take_in(draft, 0)
    assert [more.quote(item) for item in more.items] == ["推进三馆合一12处", "新建公园3个"]
    assert (more.items[0].target, more.items[0].unit) == (12, "个")
    assert set(more.items[0].unsure()) >= {"verb", "category", "target"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda saved: saved | {"text": saved["text"][:40]},
        lambda saved: saved | {"items": [*saved["items"], saved["items"][0]]},
        lambda saved: saved | {"left_out": []},
        lambda saved: saved | {"more": 1},
        lambda saved: saved | {"items": [{**saved["items"][0], "target": -3}]},
        lambda saved: [saved],
        lambda _saved: {},
    ],
)
def test_a_spoilt_draft_is_refused(spoil: object) -> None:
    saved = json.loads(review.to_json(whole()))
    with pytest.raises(IngestError):
        review.from_json(spoil(saved))  # type: ignore[operator]
