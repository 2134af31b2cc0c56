"""A remembered layer is what would be made now, whatever happened to files, program and memory between the starts."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from hypothesis import example, given
from hypothesis import strategies as st

from geo.register.pack_files import pack_digest
from layers.api import layer_memory

QUESTIONS = (
    ("works", "zh", "WGS84", "", ""),
    ("works", "en", "WGS84", "", ""),
    ("lakes", "zh", "GCJ02", "", "2"),
)
FILES = ("works.csv", "lakes.geojson", "datapackage.json")
STEPS = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(FILES), st.integers(0, 2)),
    st.tuples(st.just("start"), st.sampled_from(("one", "two")), st.booleans()),
    st.tuples(st.just("ask"), st.sampled_from(QUESTIONS), st.none()),
    st.tuples(st.just("recall"), st.sampled_from(QUESTIONS), st.none()),
    st.tuples(st.just("damage"), st.none(), st.none()),
    st.tuples(st.just("wait"), st.none(), st.integers(1, 5)),
)


class Machine:
    """A pack's folder, a memory, and one process after another; time goes as the test says."""

    def __init__(self, folder: Path) -> None:
        self.root, self.var, self.now = folder / "pack", folder / "var", 1_000_000
        self.root.mkdir()
        self.made = 0
        for name in FILES:
            self.edit(name, 0)
        self.now += 10
        self.start("one", False)

    def edit(self, name: str, content: int) -> None:
        (self.root / name).write_text(f"{name} {content}")
        os.utime(self.root / name, (self.now, self.now))
        self.now += 1

    def start(self, program: str, is_stored: bool) -> None:
        self.program, self.is_stored = program, is_stored
        self.began = self.now * 10**9
        self.seen = {name: (self.root / name).read_text() for name in FILES}  # read once, as the atlas is
        self.digest = "of the store's log" if is_stored else pack_digest(self.root)
        layer_memory._first_seen.cache_clear()
        layer_memory._digest_of.cache_clear()

    def content(self, question: tuple[str, ...]) -> bytes:
        return repr((self.program, self.digest, self.seen, question)).encode()

    def ask(self, question: tuple[str, ...]) -> bytes:
        def make() -> bytes:
            self.made += 1
            return self.content(question)

        atlas: Any = SimpleNamespace(pack=SimpleNamespace(root=self.root, digest=self.digest))
        with self.in_force():
            return layer_memory.remembered(atlas, question, make)

    def recall(self, question: tuple[str, ...]) -> bytes | None:
        """What a process answers that has read no atlas yet."""
        with self.in_force():
            return layer_memory.recalled(question)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        with (
            mock.patch.object(layer_memory, "_BEGAN_NS", self.began),
            mock.patch.object(layer_memory, "program_digest", return_value=self.program),
            mock.patch.object(layer_memory, "store_url", return_value="sqlite://" if self.is_stored else ""),
            mock.patch.object(layer_memory, "var_dir", return_value=self.var),
            mock.patch.object(layer_memory, "data_dir", return_value=self.root),
            mock.patch.object(layer_memory, "newest_digest", return_value=self.digest),
        ):
            yield

    def damage(self) -> None:
        for path in sorted(self.var.rglob("*")):
            if path.is_file():
                path.write_bytes(path.read_bytes()[:-1])


def in_a_folder(run: Callable[[Machine], None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run(Machine(Path(folder)))


ASK: tuple[str, Any, Any] = ("ask", QUESTIONS[0], None)
RECALL: tuple[str, Any, Any] = ("recall", QUESTIONS[0], None)


@given(st.lists(STEPS, max_size=14))
@example([("start", "one", True), ("edit", "lakes.geojson", 1), ASK, ("start", "one", True), ASK])
@example([("edit", "works.csv", 1), ASK, ("start", "one", False), ASK])
@example([ASK, ("start", "two", False), ASK])
@example([ASK, ("damage", None, None), ("start", "one", False), ASK])
@example([ASK, ("edit", "works.csv", 1), ("wait", None, 5), ("start", "one", False), RECALL])
@example([ASK, ("start", "one", False), ("edit", "works.csv", 1), RECALL])
@example([ASK, ("start", "one", True), ASK, ("start", "two", True), RECALL])
def test_what_is_remembered_is_what_would_be_made(steps: list[tuple[str, Any, Any]]) -> None:
    def run(machine: Machine) -> None:
        for step, first, second in steps:
            if step == "edit":
                machine.edit(first, second)
            elif step == "start":
                machine.start(first, second)
            elif step == "damage":
                machine.damage()
            elif step == "wait":
                machine.now += second
            elif step == "recall":
                assert machine.recall(first) in (None, machine.content(first))
            else:
                assert machine.ask(first) == machine.content(first)

    in_a_folder(run)


def test_a_second_start_makes_nothing_again_and_old_states_go() -> None:
    def run(machine: Machine) -> None:
        for _start in range(2):
            for question in QUESTIONS:
                machine.ask(question)
            machine.start("one", False)
        assert machine.made == len(QUESTIONS)
        for number in range(2 * layer_memory.STATES):
            machine.start(hashlib.sha256(bytes([number])).hexdigest(), False)
            machine.ask(QUESTIONS[0])
        assert len(list((machine.var / "layers").iterdir())) == layer_memory.STATES

    in_a_folder(run)


def test_what_is_remembered_is_recalled_before_an_atlas_is_read() -> None:
    def run(machine: Machine) -> None:
        for is_stored in (False, True):
            machine.start("one", is_stored)
            assert machine.recall(QUESTIONS[1]) is None
            machine.ask(QUESTIONS[1])
            machine.now += 10
            machine.start("one", is_stored)
            assert machine.recall(QUESTIONS[1]) == machine.content(QUESTIONS[1])
            assert machine.recall(QUESTIONS[0]) is None
            machine.edit(FILES[0], 7 + is_stored)
            machine.now += 10
            machine.start("one", is_stored)
            assert machine.recall(QUESTIONS[1]) is None

    in_a_folder(run)
