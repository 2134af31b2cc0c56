"""Whatever people bring, in whatever order: each has a bounded share, and nobody loses data by what another does."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from geo.errors import RateError
from layers.analysis.owned import Bounds, OwnedData
from tests.depth import examples

BOUNDS = Bounds(pieces=3, size=100, total_pieces=6, total_size=220)
PEOPLE = st.sampled_from(["anna", "bo", "chen", "du"])
NAMES = st.sampled_from([f"data-{number}" for number in range(12)])


def size_of(name: str) -> int:
    """The same content has the same size."""
    return (int(name.removeprefix("data-")) * 17) % 90 + 5


class People(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.held: set[str] = set()
        self.data: OwnedData[str] = OwnedData(BOUNDS, self.held.remove)

    def of_others(self, person: str) -> dict[str, list[str]]:
        return {other: self.data.names(other) for other in ("anna", "bo", "chen", "du") if other != person}

    @rule(person=PEOPLE, name=NAMES)
    def bring(self, person: str, name: str) -> None:
        before, mine = self.of_others(person), self.data.names(person)
        try:
            self.data.put(name, name, size_of(name), person)
        except RateError:
            assert self.data.names(person) == mine
        else:
            assert self.data.names(person)[-1] == name
            self.held.add(name)
            rest = [each for each in mine if each != name]
            left = [each for each in rest if each in self.data.names(person)]
            assert left == rest[len(rest) - len(left) :]  # a person's own oldest goes first
        after = self.of_others(person)
        assert {other: set(names) for other, names in after.items()} == {o: set(n) for o, n in before.items()}

    @rule(name=NAMES)
    def hold_for_nobody(self, name: str) -> None:
        before = self.of_others("")
        with suppress(RateError):
            self.data.put(name, name, size_of(name))
        self.held |= {name} & set(self.data.names())
        assert {o: set(n) for o, n in self.of_others("").items()} == {o: set(n) for o, n in before.items()}

    @rule(person=PEOPLE, name=NAMES)
    def use(self, person: str, name: str) -> None:
        assert self.data.get(name, person) in {None, name}

    @rule(person=PEOPLE)
    def end(self, person: str) -> None:
        before = self.of_others(person)
        self.data.release(person)
        assert self.data.names(person) == []
        assert self.of_others(person) == before

    @invariant()
    def bounded(self) -> None:
        every = self.data.names()
        assert self.held == set(every)  # each that went was named
        assert len(every) <= BOUNDS.total_pieces
        assert sum(map(size_of, every)) <= BOUNDS.total_size
        for person in ("anna", "bo", "chen", "du"):
            mine = self.data.names(person)
            assert len(mine) <= BOUNDS.pieces
            assert sum(map(size_of, mine)) <= BOUNDS.size


TestPeople = People.TestCase
TestPeople.settings = examples(60, stateful_step_count=30)


def test_a_full_house_refuses_in_the_persons_language() -> None:
    data: OwnedData[int] = OwnedData(Bounds(pieces=2, size=10 << 20, total_pieces=2, total_size=20 << 20))
    data.put("a", 1, 5, "anna")
    data.put("b", 2, 5, "bo")
    with pytest.raises(RateError, match="2 份、10 MB") as caught:
        data.put("c", 3, 5, "chen")
    assert "2 data sets" in caught.value.text("en")
    data.release("bo")
    data.put("c", 3, 5, "chen")
    assert data.names() == ["a", "c"]
