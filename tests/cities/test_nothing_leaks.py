"""In whatever order cities are entered, by requests, threads, workers and sessions: each sees its own pack, store, files and uploads."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from geo import cities
from geo.atlas import load_atlas, load_gazetteer, store_url
from geo.atlas_cache import per_version
from geo.cities import CityFolder, city_called, context_here, current_slug, entered
from geo.errors import UnknownIdError
from geo.store.store import open_store
from geo.whatif import saved_scenarios
from geo.whatif.scenario import Edit, Scenario
from layers.analysis import uploads
from layers.workers.process import Task, answer
from tests.cities.conftest import PACKS

SLUGS = st.sampled_from(sorted(PACKS))


def rows_of(pack: Path, table: str) -> int:
    """Rows of a table of a pack, counted without the program."""
    import csv

    with (pack / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return len(list(csv.DictReader(handle)))


WORKS = {slug: rows_of(pack, "works") for slug, pack in PACKS.items()}


@per_version(2)
def remembered() -> int:
    return len(load_atlas().pack.works)


def seen() -> tuple[str, int, int, str]:
    """What code that knows nothing of cities sees here: slug, works by the atlas, works by a cache, city of the place names."""
    names = load_gazetteer()
    atlas = load_atlas()
    return (
        current_slug(),
        len(atlas.pack.works),
        remembered(),
        "yes" if names is load_gazetteer(atlas.pack.root) else "no",
    )


def square(side: float) -> bytes:
    ring = [[117.0, 29.0], [117.0 + side, 29.0], [117.0 + side, 29.0 + side], [117.0, 29.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"name": "甲"}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


class Session:
    """Stands for a session of the pages: it says which city it is of."""

    city: CityFolder | None = None


class ManyCities(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.var = TemporaryDirectory()
        self.patch.setenv("ATLAS_CITIES", ":".join(map(str, PACKS.values())))
        self.patch.setenv("ATLAS_VAR", self.var.name)
        self.session = Session()
        self.patch.setattr(cities, "_sources", [lambda: self.session.city])
        self.remarks: dict[str, list[str]] = {slug: [] for slug in PACKS}
        self.tokens: list[tuple[str, str]] = []
        self.scenarios: list[tuple[str, str]] = []

    def teardown(self) -> None:
        for slug, _token in self.tokens:
            uploads.release(f"{slug}-session")
        self.patch.undo()
        self.var.cleanup()

    def expected(self, slug: str) -> tuple[str, int, int, str]:
        return slug, WORKS[slug], WORKS[slug], "yes"

    @rule(slug=SLUGS)
    def a_request(self, slug: str) -> None:
        with entered(city_called(slug)):
            assert seen() == self.expected(slug)

    @rule(outer=SLUGS, inner=SLUGS)
    def one_inside_another(self, outer: str, inner: str) -> None:
        with entered(city_called(outer)):
            with entered(city_called(inner)):
                assert seen() == self.expected(inner)
            assert seen() == self.expected(outer)

    @rule(slugs=st.lists(SLUGS, min_size=2, max_size=4))
    def threads_at_once(self, slugs: list[str]) -> None:
        with ThreadPoolExecutor(len(slugs)) as pool:
            begun = []
            for slug in slugs:
                with entered(city_called(slug)):
                    begun.append(pool.submit(context_here().run, seen))
            assert [one.result() for one in begun] == [self.expected(slug) for slug in slugs]

    @rule(slug=SLUGS)
    def a_worker(self, slug: str) -> None:
        with entered(city_called(slug)):
            task = Task("tests.cities.test_nothing_leaks", "seen", (), load_atlas().version, current_slug())
        assert answer(task) == self.expected(slug)

    @rule(slug=SLUGS)
    def a_session_of(self, slug: str) -> None:
        self.session.city = city_called(slug)
        with ThreadPoolExecutor(1) as pool:  # another thread is another session's, and may be a new one
            assert pool.submit(seen).result() == self.expected(slug)

    @rule()
    def no_session(self) -> None:
        self.session.city = None

    @rule(slug=SLUGS, text=st.text("甲乙丙丁", min_size=5, max_size=9))
    def a_remark(self, slug: str, text: str) -> None:
        with entered(city_called(slug)):
            open_store().add_remark(text)
        self.remarks[slug].append(text)

    @rule(slug=SLUGS, side=st.sampled_from([0.1, 0.2]))
    def a_file(self, slug: str, side: float) -> None:
        with entered(city_called(slug)):
            token = uploads.bring("zones", "甲.geojson", square(side), f"{slug}-session")
        if (slug, token) not in self.tokens:
            self.tokens.append((slug, token))

    @rule(slug=SLUGS, at=st.sampled_from([(117.2, 29.2), (120.3, 31.5)]))
    def a_scenario(self, slug: str, at: tuple[float, float]) -> None:
        made = Scenario(name="甲", edits=(Edit(op="add", id="new-1", at=at),))
        with entered(city_called(slug)):
            key = saved_scenarios.save(made, f"{slug}-session")
        if (slug, key) not in self.scenarios:
            self.scenarios.append((slug, key))

    @invariant()
    def where_nobody_says_which_the_first_or_the_sessions_city_is_meant(self) -> None:
        slug = self.session.city.slug if self.session.city else next(iter(PACKS))
        assert seen() == self.expected(slug)

    @invariant()
    def each_has_its_own_store(self) -> None:
        for slug, texts in self.remarks.items():
            with entered(city_called(slug)):
                assert bool(store_url()) == (Path(self.var.name) / "cities" / slug / "atlas.db").exists()
                stored = sorted(open_store().remarks()["text"]) if store_url() else []
            assert stored == sorted(texts)

    @invariant()
    def files_and_scenarios_are_of_one_city(self) -> None:
        checks: list[tuple[list[tuple[str, str]], Callable[[str], Any]]] = [
            (self.tokens, lambda token: uploads.brought(token, ("zones",))),
            (self.scenarios, saved_scenarios.load),
        ]
        for held, read in checks:
            for slug in PACKS:
                for key in {key for _slug, key in held}:
                    with entered(city_called(slug)):
                        if (slug, key) in held:
                            read(key)
                        else:
                            with pytest.raises(UnknownIdError):
                                read(key)


TestManyCities = ManyCities.TestCase
TestManyCities.settings = settings(deadline=None, max_examples=8, stateful_step_count=12)
