"""Whoever saves scenarios, in whatever order: the folder is bounded, and nobody removes what a living session saved."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from geo.errors import RateError
from geo.whatif import saved_scenarios
from geo.whatif.scenario import Scenario
from tests.depth import examples

PEOPLE = st.sampled_from(["anna", "bo", "chen"])
NAMES = st.sampled_from([f"方案 {number}" for number in range(14)])
OWN, TOTAL = 3, 6


class Folder(RuleBasedStateMachine):
    """``living`` is, for each session, what only it has saved and has not made room for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.made = tempfile.TemporaryDirectory()
        self.patch.setenv("ATLAS_VAR", self.made.name)
        self.patch.setattr(saved_scenarios, "MAX_OWN", OWN)
        self.patch.setattr(saved_scenarios, "MAX_SAVED", TOTAL)
        self.patch.setattr(saved_scenarios, "_own", {})
        self.living: dict[str, list[str]] = {}
        self.fresh: set[str] = set()

    def teardown(self) -> None:
        self.patch.undo()
        self.made.cleanup()

    def files(self) -> set[str]:
        return {path.stem for path in Path(self.made.name).rglob("s-*.json")}

    @rule(person=PEOPLE, name=NAMES)
    def save(self, person: str, name: str) -> None:
        scenario = Scenario(name=name)
        before = self.files()
        others = (before & self.fresh) - set(self.living.get(person, []))
        try:
            key = saved_scenarios.save(scenario, person)
        except RateError:
            assert len(before) >= TOTAL
            return
        assert saved_scenarios.load(key) == scenario
        assert others <= self.files()  # nor what anybody saved today
        self.fresh.add(key)
        for other, keys in self.living.items():
            if other != person:
                assert set(keys) <= self.files()
        if key in before:
            for other, keys in self.living.items():
                if other != person and key in keys:
                    keys.remove(key)
            if key not in self.living.get(person, []):
                return
        mine = [*(each for each in self.living.get(person, []) if each != key), key]
        self.living[person] = mine[-OWN:]
        assert not set(mine[:-OWN]) & self.files()  # a session's own oldest make room
        assert set(self.living[person]) <= self.files()

    @rule(person=PEOPLE)
    def end(self, person: str) -> None:
        before = self.files()
        saved_scenarios.forget(person)
        self.living.pop(person, None)
        assert self.files() == before

    @rule()
    def a_day_passes(self) -> None:
        old = time.time() - 2 * saved_scenarios.REST_S
        for path in Path(self.made.name).rglob("s-*.json"):
            os.utime(path, (old, old))
        self.fresh.clear()

    @invariant()
    def bounded(self) -> None:
        assert len(self.files()) <= TOTAL
        assert {key for keys in self.living.values() for key in keys} <= self.files()


TestFolder = Folder.TestCase
TestFolder.settings = examples(40, stateful_step_count=30)
