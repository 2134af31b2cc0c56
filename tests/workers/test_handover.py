"""What a person brought reaches the workers, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import UnknownIdError
from geo.register.city import Atlas
from layers.analysis import answers, uploads
from layers.analysis.questions import parameters_of
from layers.workers import handover
from layers.workers.heavy import close_queue, open_queue
from layers.workers.queue import WorkQueue


@pytest.fixture(scope="module")
def queue() -> Iterator[WorkQueue]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_WORKERS", "1")
        yield open_queue()
        close_queue()


def land_around(atlas: Atlas) -> bytes:
    """One polygon around the whole city."""
    west, south, east, north = atlas.districts.total_bounds.tolist()
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def test_workers_answer_of_what_a_person_brought_and_say_what_the_server_would(
    queue: WorkQueue, atlas: Atlas
) -> None:
    token = uploads.bring("residential", "land.geojson", land_around(atlas))
    asked = parameters_of({"kind": "metro_station", "radius": "800", "demand": token})
    run = answers.coverage_answer.begin(asked, "zh")
    assert run.seconds, "a worker answers it"
    there = run.result()
    assert there.rows() == answers.coverage_answer._function(asked, "zh").rows()


def test_what_is_not_there_is_said_by_the_worker(queue: WorkQueue) -> None:
    asked = parameters_of({"kind": "metro_station", "radius": "800", "demand": f"residential-{'0' * 32}"})
    with pytest.raises(UnknownIdError):
        answers.coverage_answer(asked, "zh")


@given(st.text() | st.sampled_from(["../secret", "streets-/etc/passwd", "/etc/passwd"]))
def test_no_word_leads_out_of_the_folder(word: str) -> None:
    handover.take_from("/")
    try:
        assert handover.taken(word) is None
    finally:
        handover._taken_from.clear()


def test_the_folder_of_a_killed_server_is_removed_by_the_next(
    queue: WorkQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone, alive = tmp_path / "atlas-brought-999999999-x", tmp_path / "atlas-brought-1-x"
    gone.mkdir()
    alive.mkdir()
    handover._clear_after_killed_servers()
    assert (gone.exists(), alive.exists()) == (False, True)
