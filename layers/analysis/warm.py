"""Gets coverage ready in the background, so that the first person who asks does not wait for compilation."""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib import import_module
from threading import Thread, main_thread
from time import sleep
from typing import Final

_COARSE_M: Final = 2000.0
_COMPILING_S: Final = 60.0
"""Time for a question of no size: on a busy machine it is compiled in no shorter time."""
_LATER: Final = ("geo.store.store", "geo.register.near", "geo.coverage.answer", "geo.report.facts")
"""What takes long to import, and the first page does not need."""


@lru_cache(maxsize=1)
def start(after_s: float = 0.0) -> Thread:
    """Answer one question of each kind in a thread of its own, once a process; seconds later, so that a first map need not share the
    interpreter with it.
    """
    thread = Thread(target=_run, args=(after_s,), name="atlas-warm", daemon=True)
    thread.start()
    return thread


def read_modules() -> None:
    """Read what pages and API need beyond the first page: later, everyone would wait for it together."""
    from geo.atlas import load_gazetteer
    from geo.errors import AtlasError
    from geo.files import all_formats
    from layers.map.registry import all_layers

    for module in _LATER:
        import_module(module)
    all_formats()
    all_layers()
    try:
        _ = load_gazetteer().keys  # with it the dictionary of pinyin is read
    except AtlasError as error:  # the pages say what is wrong
        logging.getLogger(__name__).warning("not made ready: %s", error)


def get_worker_ready() -> None:
    """Have the atlas and the compiled kernels of a worker ready before its first question."""
    from geo.atlas import load_gazetteer
    from geo.errors import AtlasError

    try:
        load_gazetteer()
        _answer_sites()
    except AtlasError as error:  # the next question gets the same error
        logging.getLogger(__name__).warning("not made ready: %s", error)


def _run(after_s: float) -> None:
    sleep(after_s)
    try:
        read_modules()
        _prepare()
    except RuntimeError:
        if main_thread().is_alive():  # else the process ends, and its pools take no more work
            raise


def _prepare() -> None:
    from geo.errors import AtlasError

    try:
        _answer()
    except AtlasError as error:  # the next request gets the same error
        logging.getLogger(__name__).warning("not made ready: %s", error)


def _answer() -> None:
    from geo.atlas import load_atlas
    from geo.register.facilities import kind_counts
    from geo.whatif.scenario import Edit, Scenario
    from layers.analysis.answers import coverage_answer
    from layers.analysis.questions import parameters_of
    from layers.analysis.whatif import changed_answer

    kinds = kind_counts(load_atlas().register)
    if not len(kinds):
        return
    parameters = parameters_of({"kind": str(kinds.index[0]), "radius": "1000"})
    coverage_answer(parameters, "zh")
    place = load_atlas().districts.geometry.iloc[0].representative_point()
    added = Scenario(edits=(Edit(op="add", id="new-1", at=(place.x, place.y)),))
    for scenario in (Scenario(), added, Scenario()):  # to come and to leave are kernels of their own
        changed_answer(parameters, scenario, "zh")
    _answer_sites()
    _change_streets(str(kinds.index[0]))
    _count_in_cells()


def _count_in_cells() -> None:
    """Count invented points in cells, as a tile of a layer with thousands of them does."""
    import numpy as np

    from geo.kernels.tile_cells import cells_of, interleaved

    steps = np.arange(2, dtype="int64")
    cells_of((interleaved(steps, steps), steps, steps), np.zeros(2, "int32"), 2, 1)


def _change_streets(kind: str) -> None:
    """Close and join streets of an invented grid: what follows such edits are kernels of their own.

    On coarse cells: what is compiled is the same, and a start need not work out the whole city.
    """
    from dataclasses import replace

    import geopandas as gpd
    import numpy as np
    import shapely

    from geo.atlas import load_atlas
    from geo.coverage.question import demand_of, question_facilities, read_question
    from geo.coverage.reach import Reach
    from geo.kernels.lattice import Lattice
    from geo.kernels.network import StreetNetwork
    from geo.whatif.scenario import Edit
    from geo.whatif.what_if import WhatIf

    atlas = load_atlas()
    question = read_question(atlas, {"kind": kind, "radius": "1000"})
    place = atlas.districts.geometry.iloc[0].representative_point()
    steps = np.arange(-3, 4) * 0.004
    lines = [
        shapely.LineString([(place.x + x, place.y + y), (place.x + x + east, place.y + y + north)])
        for x in steps
        for y in steps
        for east, north in ((0.004, 0.0), (0.0, 0.004))
    ]
    grid = gpd.GeoDataFrame(geometry=lines, crs=4326)
    network = StreetNetwork.from_lines(grid, atlas.city.projected_crs)
    facilities, demand = question_facilities(atlas, question), demand_of(atlas, question.demand)
    coarse = Lattice.over(demand.zones, size=_COARSE_M)
    demand = replace(demand, lattice=coarse, second=None if demand.second is None else coarse)
    engine = WhatIf(atlas, facilities, demand, Reach.walk(network, metres=1000))
    add = Edit(op="add", id="new-1", at=(place.x, place.y))
    close = Edit(op="close", at=(place.x + 0.002, place.y))
    join = Edit(op="link", line=((place.x, place.y), (place.x + 0.004, place.y + 0.004)))
    for edits in ((add,), (add, close), (add, close, join), ()):
        engine.show(edits)
        engine.answer(lang="zh")


def _answer_sites() -> None:
    from geo.atlas import load_atlas
    from geo.register.facilities import kind_counts
    from layers.analysis.siting import site_answer, site_parameters

    kinds = kind_counts(load_atlas().register)
    if len(kinds):
        asked = {"kind": str(kinds.index[0]), "radius": "1000", "k": "1", "spacing": "2000"}
        site_answer(site_parameters(asked), "zh")
    _price_groups()


def _price_groups() -> None:
    """Prices of three invented groups of demand, which a siting question does not always need."""
    import numpy as np
    from scipy.sparse import csc_array

    from geo.siting.bounds import find_prices
    from geo.siting.instance import Instance

    reach = csc_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]))
    three = Instance(reach, np.ones(3), np.zeros(3, "int64"), np.full(1, 3.0), np.zeros(1))
    find_prices(three, 1, 0.0, seconds=_COMPILING_S)
