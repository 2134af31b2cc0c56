"""What is read of plans: the real one against the pack's 42 items, invented ones, and any text at all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import IngestError
from geo.paths import DATA_DIR, PROJECT_DIR
from geo.plan_text.draft import FIELDS, LEFT_OUT_LABELS, Draft
from geo.plan_text.names import NameIndex, index_of
from geo.plan_text.read_plan import read_plan
from geo.plan_text.review import uncovered
from geo.plan_text.rules import rows_of, rules
from geo.vocabulary import VERB_LABELS
from tests.depth import examples
from tests.plan_text.conftest import HERE, invented
from tests.plan_text.figures import Figures, figures, same

NAMES = index_of(["清河区"], [])
FIELDS_COMPARED = {
    "verb": "verb",
    "target": "target",
    "unit": "unit",
    "measure": "measure",
    "category": "category",
    "geometry_expected": "geometry",
    "plan_section": "section",
    "due_date": "due",
}
TABLES = (
    "things", "verbs", "lead_ins", "no_promise", "tails", "generic", "common_ends", "building_ends", "amounts"
)  # fmt: skip


@pytest.fixture(scope="module")
def measured(plan: Draft) -> Figures:
    return figures(plan, pd.read_csv(DATA_DIR / "plan_items.csv", dtype=str), "quote_zh")


def rows_of_doc(heading: str) -> dict[str, str]:
    """The rows of a table of docs/read-plan.md: first cell -> the rest."""
    text = (PROJECT_DIR / "docs/read-plan.md").read_text("utf-8")
    part = text.split(heading, 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `?([^|`]+?)`? \| (.+?) \|$", part, re.M)
    return {name.strip(): rest.strip() for name, rest in rows if not name.startswith(("---", "what"))}


def test_this_plan_is_read_as_well_as_the_goal_wants(measured: Figures) -> None:
    assert measured.wanted == 42
    assert measured.found >= 40
    assert measured.false <= 4
    assert measured.right("target", "target") == measured.right("unit", "unit") == measured.found


def test_the_documented_figures_are_the_measured_ones(measured: Figures) -> None:
    expected = {
        "items found": f"{measured.found} of {measured.wanted}",
        "drafted items that are none": str(measured.false),
        **{
            column: f"{measured.right(column, field)} of {measured.found}"
            for column, field in FIELDS_COMPARED.items()
        },
    }
    assert rows_of_doc("## This plan") == expected


def test_both_scripts_are_read_alike(plan: Draft, city: NameIndex) -> None:
    traditional = (DATA_DIR / "raw/plan/wuxi_plan_2021.zh-Hant.txt").read_text("utf-8")
    other = read_plan(traditional, city, document="plan")
    assert other.items == plan.items
    assert other.left_out == plan.left_out
    assert all(other.quote(item) in traditional for item in other.items)


@pytest.mark.parametrize("name", ["invented_plan_2027", "invented_plan_2024", "invented_plan_2025"])
def test_invented_plans_of_other_cities(name: str, elsewhere: NameIndex) -> None:
    """Their tables were written or checked by hand, line by line; nothing else is drafted."""
    table = pd.read_csv(HERE / f"{name}.csv", dtype=str, keep_default_na=False)
    draft = read_plan(invented(name), elsewhere)
    result = figures(draft, table, "quote")
    assert (result.found, result.false) == (len(table), 0)
    columns = [column for column in table.columns if column != "quote"]
    wrong = [
        (row["quote"], column, str(row[column]), getattr(item, column))
        for row, item in result.pairs
        for column in columns
        if not same(row[column], getattr(item, column))
    ]
    assert wrong == []
    assert draft.year == int(name[-4:])


def test_every_quote_and_name_stands_where_it_is_said_to(plan: Draft) -> None:
    for item in plan.items:
        assert item.sentence.start <= item.start < item.end <= item.sentence.end
        assert plan.quote(item) == plan.text[item.start : item.end]
        assert set(item.confidence) == set(FIELDS)
        assert all(plan.quote(name) == name.text for name in item.names)
    assert {name.kind for item in plan.items for name in item.names} >= {"place", "line", "facility"}


def test_what_is_unsure_is_a_question(elsewhere: NameIndex) -> None:
    draft = read_plan(invented("invented_plan_2027"), elsewhere)
    asked = {item.name: item.unsure() for item in draft.items if item.unsure()}
    assert asked == {"东环高架": ("verb",), "东湖湾": ("category",)}
    unknown = read_plan("2025年，新建12个露天书屋，开工建设县工会大楼。", elsewhere).items
    assert [(item.name, item.unsure()) for item in unknown] == [
        ("露天书屋", ("category",)),
        ("县工会大楼", ("category",)),
    ]
    assert all("due" in item.unsure() for item in read_plan("新建公园三个。", elsewhere).items)


TEXTS = st.text(
    alphabet=st.sampled_from(
        "新增建成改造公园小学路桥个座所条十二三1250万,，。；、\n（）()“”等和力争推进%　 aS号线期"
    ),
    max_size=80,
) | st.text(max_size=60)


@given(TEXTS)
@examples(60)
def test_no_character_of_any_text_is_lost(text: str) -> None:
    """Each belongs to the passage of an item or to one that was left out, never to both, and each has a known reason."""
    if not text.strip():
        with pytest.raises(IngestError):
            read_plan(text, NAMES)
        return
    draft = read_plan(text, NAMES)
    assert uncovered(draft) == []
    promised = {at for item in draft.items for at in range(item.sentence.start, item.sentence.end)}
    left = [at for each in draft.left_out for at in range(each.start, each.end)]
    assert len(left) == len(set(left))
    assert not promised & set(left)
    assert {each.reason for each in draft.left_out} <= LEFT_OUT_LABELS.keys()
    assert draft.text == text


COUNTED: list[tuple[str, str]] = [
    ("公园", "个"),
    ("小学", "所"),
    ("公厕", "座"),
    ("停车场", "处"),
    ("消防站", "座"),
]
WRITTEN: list[Callable[[int], str]] = [
    str,
    lambda n: f"{n:,}",
    lambda n: f"{n / 10000:g}万",
    lambda n: f" {n} ",
]


@given(
    st.sampled_from(COUNTED),
    st.integers(2, 99_999),
    st.sampled_from(WRITTEN),
    st.sampled_from(["新建", "新增", "改造"]),
    st.booleans(),
    st.sampled_from(["", "以上"]),
)
@examples(60)
def test_any_amount_is_read_wherever_it_stands(
    counted: tuple[str, str], number: int, written: Callable[[int], str], verb: str, before: bool, bound: str
) -> None:
    thing, unit = counted
    amount = f"{written(number)}{unit}"
    text = f"{verb}{amount}{thing}。" if before else f"{verb}{thing}{amount}{bound}。"
    (item,) = read_plan(text, NAMES, year=2030).items
    assert item.target == pytest.approx(number)
    assert item.bound == ("at_least" if bound and not before else "")
    assert item.name == thing


def test_every_rule_has_a_reason_and_a_known_meaning() -> None:
    for name in TABLES:
        rows = rows_of(name)
        assert rows
        assert all(row["word"] and row["reason"] for row in rows), name
        keys = [tuple(row[key] for key in ("word", "position", "amount") if key in row) for row in rows]
        assert len(keys) == len(set(keys)), name
    assert set(rules().verbs.values()) <= set(VERB_LABELS)
    assert set(rules().builds.values()) == {"yes", "works", "no"}
    assert {row["of_places"] for row in rows_of("amounts")} == {"yes", "no"}
    assert set(rules().refusals.values()) <= LEFT_OUT_LABELS.keys()
    known = {row["category_id"] for row in rows_of("categories")}
    assert {thing.category for thing in rules().things.values()} <= known
    assert set(rules().tails.values()) - {""} <= known
