"""The runs choose by one variable, and no test is in none of them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import depth


def item(name: str, *marks: str, prop: bool = False) -> Any:
    """What stands for a test: by its kind."""
    return SimpleNamespace(
        name=name,
        nodeid=name,
        obj=SimpleNamespace(is_hypothesis_test=prop),
        get_closest_marker=lambda mark: mark if mark in marks else None,
    )


@pytest.fixture
def config() -> Any:
    return SimpleNamespace(
        hook=SimpleNamespace(pytest_deselected=lambda **_items: None), option=SimpleNamespace(file_or_dir=[])
    )


SLOW, SEEN = "tests/serve/test_nginx.py::test_x", depth.FIRST_LOOK[0]


def chosen(config: Any, run: str) -> set[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(depth, "DEEP", run == "deep")
        patch.setattr(depth, "REST", run == "rest")
        plain = [item(name) for name in ("plain", SLOW, SEEN)]
        items = [*plain, item("given", prop=True), item("steps", "property"), item("long", "deep")]
        depth.choose(config, items)
        return {one.name for one in items}


def test_each_test_is_in_one_run_at_least(config: Any) -> None:
    assert chosen(config, "") == {"plain", "given", "steps", SEEN}
    assert chosen(config, "rest") == {SLOW}
    assert chosen(config, "deep") == {"given", "steps", "long"}


def test_what_a_person_names_runs(config: Any) -> None:
    config.option.file_or_dir = ["tests/serve"]
    assert SLOW in chosen(config, "")


def test_the_table_names_tests_that_are_there() -> None:
    """A file that is renamed must not fall into the quick run unseen."""
    root = Path(__file__).resolve().parents[2]
    files = [str(path.relative_to(root)) for path in (root / "tests").rglob("test_*.py")]
    assert [start for start in depth.TAKES_LONG if not any(name.startswith(start) for name in files)] == []
    for start in depth.FIRST_LOOK:
        name, _colons, test = start.partition("::")
        assert f"def {test.partition('[')[0]}" in (root / name).read_text("utf-8"), start


def test_a_deep_run_tries_more_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "DEEP", False)
    assert depth.examples(10, deep=500).max_examples == 10
    monkeypatch.setattr(depth, "DEEP", True)
    assert depth.examples(10, deep=500).max_examples == 500
    assert depth.examples(10, stateful_step_count=7).stateful_step_count == 7
    assert depth.examples(10).max_examples == 50
