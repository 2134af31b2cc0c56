"""How far the tests look: ``make test``, ``make test-rest`` and ``make test-deep`` (docs/decisions/0030, 0039).

One variable chooses. Without it: what has an answer within eight minutes. ``ATLAS_TESTS=rest``: all that is left out there because it
takes long; both are gates. ``ATLAS_TESTS=deep``: every property test with more examples, and what is marked ``deep``. Where a
person names files or tests, all of those run.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings

DEEP = os.environ.get("ATLAS_TESTS") == "deep"
REST = os.environ.get("ATLAS_TESTS") == "rest"
_TIMES = 5
_USUAL = 100

TAKES_LONG = {
    "tests/api/test_clients.py": "requests that a document allows, made up by schemathesis",
    "tests/api/test_conformance.py": "1,521 checks of the standards",
    "tests/api/test_first_answers.py": "starts of processes that send the map",
    "tests/api/test_headers.py": "every route of the open API",
    "tests/api/test_links.py": "every link of the open API",
    "tests/browser/": "a browser and a server",
    "tests/cities/test_compare.py": "one indicator in two cities at every door, the page among them",
    "tests/cities/test_nothing_leaks.py": "two cities entered in any order, with stores, threads and files",
    "tests/cities/test_same_answers.py": "questions to two cities together and to each alone, in processes of their own",
    "tests/cities/test_site.py": "the public site of two cities, and of one alone",
    "tests/cities/test_sessions.py": "pages of two cities, whole",
    "tests/cli/test_cli.py": "every verb in every form",
    "tests/coverage/test_by_vehicle.py": "cars and bicycles on roads, minute by minute, again and again",
    "tests/coverage/test_city_raster.py": "rasters of a country are made and read by window",
    "tests/coverage/test_demand.py": "rasters and land of many forms, read by processes of their own",
    "tests/coverage/test_transit.py": "an engine of public transport runs in processes of its own",
    "tests/detailed_map/": "an extract becomes a base map",
    "tests/docs/test_blocks.py": "every block of every page is run",
    "tests/files/test_opens_elsewhere.py": "each export is opened by LibreOffice and by QGIS",
    "tests/files/test_read_back.py": "each export is imported again",
    "tests/ingest/test_all_rows_at_once.py": "columns and lists of any cells, read together and each cell alone",
    "tests/ingest/test_cli_import.py": "lists go in from the prompt, again and again",
    "tests/ingest/test_crs_guard.py": "any real places in every system",
    "tests/ingest/test_groups_of_headers.py": "workbooks of grouped headers, each planned",
    "tests/ingest/test_many_brought_shapes.py": "shapefiles of thousands of shapes go in",
    "tests/ingest/test_match.py": "any lists and registers, each row matched together and alone",
    "tests/ingest/test_nasty_files.py": "twenty files of many writers, each planned",
    "tests/ingest/test_neighbours_of_shapes.py": "files of shapes, each read by a process of its own",
    "tests/ingest/test_osm": "an extract becomes facilities, land and streets",
    "tests/ingest/test_random_workbooks.py": "any workbooks, written and imported",
    "tests/ingest/test_right_places.py": "every file of the cases with a place, read by a process of its own",
    "tests/kernels/test_network_files.py": "streets of many files, each read by a process of its own",
    "tests/layers/test_matrix_doors.py": "a file of polygons at every door",
    "tests/layers/test_any_large_layer.py": "a layer of each kind with thousands of features, each tile read again",
    "tests/layers/test_tiled.py": "any features as tiles, each read again",
    "tests/layers/test_tiled_lines.py": "any lines as tiles, each read again",
    "tests/layers/test_tiled_histories.py": "any works as tiles of any day, each read again",
    "tests/layers/test_siting_api.py": "sitings at every door, solved again and again",
    "tests/nation/test_cluster.py": "a cluster of processes, one of them killed",
    "tests/nation/test_nation": "parts of a simulated nation, in blocks of any size, from Python and at the prompt",
    "tests/pages/": "pages step by step, any link, any change of any widget",
    "tests/plan_text/test_pack_of_plan.py": "packs of plans are made and checked whole",
    "tests/plans/": "registers with an invented second plan, again and again",
    "tests/questions/test_same_refusal.py": "what is refused, at every door",
    "tests/reading/test_any_bytes.py": "spoilt files, each read by a process of its own",
    "tests/reading/test_every_door.py": "each hostile file at each door, read by a process of its own",
    "tests/reading/test_geopackage_journal.py": "files of a database, each read by a process of its own",
    "tests/reading/test_hostile": "hostile files, each read by a process of its own",
    "tests/reading/test_kinds_of_files.py": "files of every kind, each read by a process of its own",
    "tests/reading/test_prose.py": "documents, each read by a process of its own",
    "tests/reading/test_timetable.py": "timetables of any days, and one read by a process of its own",
    "tests/register/test_city_facts.py": "the whole pack is checked for each fault of its description",
    "tests/register/test_fold.py": "a fold event by event beside the arrays, on random registers",
    "tests/register/test_most_done.py": "states of random registers on many days",
    "tests/register/test_pack.py": "the whole pack is checked for each fault of its tables",
    "tests/register/test_spoilt_pack.py": "a city pack with any file spoilt",
    "tests/report/test_front.py": "the front page on any day",
    "tests/report/test_one_set_of_numbers.py": "every item and district on many days, on every surface",
    "tests/report/test_promise.py": "every promise on many days",
    "tests/second_city/": "everything again with another city's pack",
    "tests/serve/": "nginx, and processes of the atlas behind it",
    "tests/site/": "the public site is built several times",
    "tests/siting/test_siting_capacity.py": "small questions solved again by scipy's own solver",
    "tests/siting/test_siting_several.py": "questions on several kinds solved again by scipy's own solver",
    "tests/store/": "both databases: backups, killed writers, full disks, histories",
    "tests/tools/test_made_up_register.py": "an invented pack is made twice and checked whole",
    "tests/tools/test_compile_kernels.py": "every kernel is compiled anew",
    "tests/tools/test_residents_model.py": "the model of residents is made again",
    "tests/transit/": "any small timetables, by an engine and by networkx",
    "tests/workers/": "processes that are started, stopped and killed",
}
"""Starts of ids of tests that only ``make test-rest`` runs, and what takes long there."""
FIRST_LOOK = (
    "tests/browser/test_browser.py::test_the_legend_counts_what_the_register_says[day1]",
    "tests/browser/test_browser.py::test_a_filter_keeps_the_map_and_sends_little",
    "tests/browser/test_browser.py::test_a_click_opens_the_card_and_keeps_the_map",
    "tests/pages/test_navigation.py",
    "tests/pages/test_pages.py::test_every_page_in_both_languages",
    "tests/pages/test_words.py",
    "tests/store/test_open.py",
)
"""What ``make test`` looks at, of all that takes long."""

# no test is timed: a busy machine is slow and right. A landing must not depend on luck; people explore anew each run
settings.register_profile("people", deadline=None, max_examples=_USUAL * (_TIMES if DEEP else 1))
settings.register_profile("ci", settings.get_profile("people"), derandomize=True)


def examples(quick: int, deep: int | None = None, **more: Any) -> settings:
    """Hypothesis' settings of a test.

    Parameters
    ----------
    quick
        How many examples ``make test`` tries.
    deep
        How many ``make test-deep`` tries; by default five times as many.
    **more
        Other settings, as hypothesis names them.

    Returns
    -------
    settings
    """
    many = deep or quick * _TIMES
    return settings(max_examples=many if DEEP else quick, **more)


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other run; pytest says how many tests those are."""
    named = bool(config.option.file_or_dir)
    left_out = [item for item in items if not _belongs(item, named)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _belongs(item, named)]


def _belongs(item: pytest.Item, named: bool) -> bool:
    marked = item.get_closest_marker("deep") is not None
    if DEEP:
        return marked or is_property(item)
    return not marked and (named or takes_long(item.nodeid) == REST)


def takes_long(nodeid: str) -> bool:
    """Whether a test is one of ``make test-rest``."""
    return nodeid.startswith(tuple(TAKES_LONG)) and not nodeid.startswith(FIRST_LOOK)


def is_property(item: pytest.Item) -> bool:
    """Whether hypothesis makes up the examples of a test, or its steps; a test that plays steps itself is marked so."""
    made_up = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return bool(made_up) or item.get_closest_marker("property") is not None
