"""What tests of imports share: layers of plain cells, and the demonstration list."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.atlas import load_gazetteer
from geo.ingest.cells.columns import guess_mapping
from geo.ingest.plan.import_plan import ImportPlan, Options, make_plan
from geo.places.gazetteer import Gazetteer
from geo.reading.model import Layer
from geo.register.city import Atlas
from geo.store import open_store
from tests.ingest.brought_files import SOURCE, bringing
from tests.ingest.plans_of_cases import plan_maker

TODAY = date(2023, 6, 30)

LayerOf = Callable[..., Layer]
PlanOf = Callable[..., ImportPlan]


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path / "var"))
    for name in ("ATLAS_GEOCODER", "ATLAS_GEOCODER_KEY", "ATLAS_GEOCODER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the pack in it, made once."""
    folder = tmp_path_factory.mktemp("store")
    open_store(f"sqlite:///{folder / 'atlas.db'}").engine.dispose()
    return folder / "atlas.db"


@pytest.fixture
def filled(full_store: Path, tmp_path: Path, _own_var: None) -> Path:
    """A copy of it where this test's own store is looked for, so that no test has to load the pack into one."""
    (tmp_path / "var").mkdir(exist_ok=True)
    return Path(shutil.copy(full_store, tmp_path / "var" / "atlas.db"))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="session")
def layer_of() -> LayerOf:
    """A layer of columns (header -> cells), rows counted from 2 as under a header."""

    def make(
        columns: Mapping[str, Sequence[Any]], shapes: Sequence[Any] | None = None, crs: str | None = None
    ) -> Layer:
        count = len(next(iter(columns.values())))
        index = pd.RangeIndex(2, 2 + count)
        frame = pd.DataFrame(
            {name: pd.Series(cells, index=index, dtype=object) for name, cells in columns.items()}
        )
        geometry = None
        if shapes is not None:
            geometry = np.empty(count, dtype=object)
            geometry[:] = shapes
        return Layer("sheet", frame, geometry, crs)

    return make


@pytest.fixture(scope="session")
def plan_of(atlas: Atlas, gazetteer: Gazetteer, layer_of: LayerOf) -> PlanOf:
    """The plan of a layer, or of columns; other words are options."""

    def make(
        given: Any, *, shapes: Any = None, declared: str | None = None, geocoder: Any = None, **words: Any
    ) -> ImportPlan:
        layer = given if isinstance(given, Layer) else layer_of(given, shapes, declared)
        usual: dict[str, Any] = {"item_id": "U01", "crs": "WGS84", "source": SOURCE, "today": TODAY}
        options = Options(**(usual | words))
        unit = str(atlas.pack.plan_items["unit"].get(options.item_id, ""))
        mapping = guess_mapping(layer, atlas, unit=unit)
        return make_plan(layer, mapping, options, atlas, gazetteer, geocoder=geocoder)

    return make


@pytest.fixture(scope="session")
def plan_of_case(atlas: Atlas, gazetteer: Gazetteer) -> PlanOf:
    """The plan of a file of ``tests/cases`` by its name."""
    return plan_maker(atlas, gazetteer)


@pytest.fixture
def bring(atlas: Atlas, gazetteer: Gazetteer, tmp_path: Path) -> PlanOf:
    """The plan of a file of this content in the test's folder."""
    return bringing(atlas, gazetteer, tmp_path)


@pytest.fixture(scope="session")
def make_list() -> ModuleType:
    """The maker of the demonstration list."""
    spec = importlib.util.spec_from_file_location("make_list", Path(__file__).parent / "make_list.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_list"] = module
    spec.loader.exec_module(module)
    return module
