"""``make bench`` ends with the ratios that fell."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.against_last import compared, ratios
from benchmarks.timing import RECORDS

NUMBERS = st.floats(0.01, 1e4)


@given(st.dictionaries(st.text("abc", min_size=1), st.tuples(NUMBERS, NUMBERS), min_size=1))
def test_what_fell_by_a_fifth_is_found_and_nothing_else(pairs: dict[str, tuple[float, float]]) -> None:
    last, now = (
        {
            "cases": [
                {
                    "size": 5,
                    "ways": {name: {"ms": 1.0, "times_ours": pair[i]} for name, pair in pairs.items()},
                }
            ]
        }
        for i in (0, 1)
    )
    fell = {each.name.rpartition(" / ")[2] for each in compared(last, now) if each.fell}
    assert fell == {name for name, (before, after) in pairs.items() if after <= before * 0.8}


def test_a_ratio_that_is_new_fell_from_nowhere() -> None:
    (each,) = compared({}, {"home.py": {"ratio": 2.0}})
    assert (each.name, each.last, each.fell) == ("home.py", None, False)


@pytest.mark.parametrize("name", ["coverage", "network", "siting", "whatif", "reports", "reruns"])
def test_every_record_with_ratios_names_each_by_itself(name: str) -> None:
    record = json.loads((RECORDS / f"{name}.json").read_text("utf-8"))
    names = [each for each, _value in ratios(record)]
    assert names
    assert len(names) == len(set(names))
