"""The quick and the deep run choose by one variable, and no test is in neither."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import depth


def item(name: str, *marks: str, prop: bool = False) -> Any:
    """What stands for a test: by its kind."""
    return SimpleNamespace(
        name=name,
        obj=SimpleNamespace(is_hypothesis_test=prop),
        get_closest_marker=lambda mark: mark if mark in marks else None,
    )


@pytest.fixture
def config() -> Any:
    return SimpleNamespace(hook=SimpleNamespace(pytest_deselected=lambda **_items: None))


def chosen(config: Any, *, deep: bool) -> set[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(depth, "DEEP", deep)
        items = [item("plain"), item("given", prop=True), item("steps", "property"), item("long", "deep")]
        depth.choose(config, items)
        return {one.name for one in items}


def test_each_test_is_in_one_run_at_least(config: Any) -> None:
    assert chosen(config, deep=False) == {"plain", "given", "steps"}
    assert chosen(config, deep=True) == {"given", "steps", "long"}


def test_a_deep_run_tries_more_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "DEEP", False)
    assert depth.examples(10, deep=500).max_examples == 10
    monkeypatch.setattr(depth, "DEEP", True)
    assert depth.examples(10, deep=500).max_examples == 500
    assert depth.examples(10, stateful_step_count=7).stateful_step_count == 7
    assert depth.examples(10).max_examples == 50
