"""Whatever system the guard can name, every converter takes: round trips to a centimetre, one answer by every way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from typer.testing import CliRunner

from geo.cli.main import app
from geo.errors import CrsError
from geo.ingest.datum.convert import reference_of, to_wgs84
from geo.ingest.datum.reference_frames import DATUMS, Reference, grids_near, positions
from geo.places.crs import convert, convert_geometry, system_name, wgs84_to_gcj02
from geo.places.named_systems import canonical_system, lonlat, shapes_lonlat, usual_systems
from geo.places.projections import is_projected_in_metres, with_zone_number
from geo.text import LANGUAGES
from geo.vocabulary import system_label

CM = 0.01
ELLIPSOID = Geod(ellps="WGS84")


def named_at(lon: float) -> list[str]:
    """Names that the guard can give to numbers of a city at a longitude."""
    grids = [Reference(), *(Reference(grid) for grid in grids_near(lon))]
    return [grid.on(datum).system for grid in grids for datum in DATUMS]


def apart_m(lon: float, lat: float, x: object, y: object) -> float:
    return float(ELLIPSOID.inv(lon, lat, float(x), float(y))[2])  # type: ignore[arg-type]


@given(st.floats(75, 134), st.floats(19, 52), st.data())
def test_every_system_that_the_guard_can_name_goes_there_and_back(
    lon: float, lat: float, data: st.DataObject
) -> None:
    system = data.draw(st.sampled_from(named_at(lon)))
    assert canonical_system(system) == system_name(system) == system
    x, y = convert(lon, lat, source="WGS84", target=system)
    assert apart_m(lon, lat, *convert(x, y, source=system, target="WGS84")) < CM
    assert apart_m(lon, lat, *lonlat(x, y, system)) < CM
    assert apart_m(lon, lat, *positions(x, y, reference_of(system))) < CM
    done = to_wgs84(np.atleast_1d(x), np.atleast_1d(y), system)
    assert apart_m(lon, lat, done.lon[0], done.lat[0]) < CM
    assert done.crs_original == system


@pytest.mark.parametrize("lon", np.arange(74.0, 136.0, 1.5))
def test_no_name_is_left_out(lon: float) -> None:
    for system in named_at(float(lon)):
        assert canonical_system(system) == system
        assert reference_of(system).system == system
        assert all(system_label(system, lang) for lang in LANGUAGES)


def test_shifted_web_mercator_is_that_of_the_shifted_degrees() -> None:
    """Independent: PROJ's own Web Mercator of the published shift."""
    gcj = wgs84_to_gcj02(117.0, 36.65)
    wanted = Transformer.from_crs(4326, 3857, always_xy=True).transform(*map(float, gcj))
    assert np.allclose(convert(117.0, 36.65, source="WGS84", target="EPSG:3857+GCJ02"), wanted, atol=1e-6)


def test_shapes_and_unknown_places_are_converted_too() -> None:
    drawn = shapely.LineString([(117.0, 36.6), (117.1, 36.7)])
    moved = convert_geometry([drawn, None], source="WGS84", target="EPSG:3857+BD09")
    back = shapes_lonlat(moved, "EPSG:3857+BD09")
    assert shapely.equals_exact(back[0], drawn, 1e-7)
    assert back[1] is None
    x, y = convert([117.0, np.nan], [36.6, np.nan], source="WGS84", target="EPSG:3857+GCJ02")
    assert np.isnan(x[1])
    assert np.isnan(y[1])
    lon, lat = lonlat([*x, np.inf], [*y, 0.0], "EPSG:3857+GCJ02")
    assert np.isnan(lon[1])
    assert np.isinf(lon[2])
    assert np.isinf(lat[2])


@pytest.mark.parametrize("name", ["epsg:3857+gcj02", "3857+GCJ-02", " EPSG:3857 + GCJ02 "])
def test_it_is_read_in_any_spelling(name: str) -> None:
    assert system_name(name) == canonical_system(name) == "EPSG:3857+GCJ02"


@pytest.mark.parametrize(
    "name", ["EPSG:3857+WGS84", "EPSG:4326+GCJ02", "EPSG:999999", "999999+GCJ02", "GCJ02+BD09"]
)
def test_what_is_no_system_is_refused(name: str) -> None:
    assert canonical_system(name) == ""
    with pytest.raises(CrsError, match=r"EPSG:3857\+GCJ02"):
        system_name(name)


@pytest.mark.parametrize("code", range(4534, 4555))
def test_the_same_zone_with_its_number_moves_the_easting_alone(code: int) -> None:
    meridian = 75 + 3 * (code - 4534)
    lon, lat = meridian + 0.4, 33.0
    plain, zoned = f"EPSG:{code}", with_zone_number(f"EPSG:{code}")
    x, y = convert(lon, lat, source="WGS84", target=plain)
    east, north = convert(lon, lat, source="WGS84", target=zoned)
    assert float(east - x) == pytest.approx(meridian / 3 * 1e6, abs=1e-4)
    assert float(north) == pytest.approx(float(y), abs=1e-4)
    assert is_projected_in_metres(plain)
    assert {plain, zoned, "EPSG:3857+GCJ02"} <= set(usual_systems(plain))


def test_the_command_converts_a_file_of_shifted_web_mercator(tmp_path: Path) -> None:
    x, y = convert([117.0, 117.1], [36.6, 36.7], source="WGS84", target="EPSG:3857+GCJ02")
    path = tmp_path / "tiles.csv"
    path.write_text("name,x,y\n" + "".join(f"p{k},{x[k]},{y[k]}\n" for k in range(2)))
    done = CliRunner().invoke(app, ["convert", str(path), "--from", "EPSG:3857+GCJ02", "--to", "wgs84"])
    assert done.exit_code == 0, done.output
    rows = [line.split(",") for line in done.stdout.splitlines()[1:]]
    assert [(float(row[1]), float(row[2])) for row in rows] == [
        pytest.approx(place, abs=1e-7) for place in ((117.0, 36.6), (117.1, 36.7))
    ]
    shape = {"type": "Point", "coordinates": [float(x[0]), float(y[0])]}
    features = [{"type": "Feature", "properties": {}, "geometry": shape}]
    drawn = tmp_path / "tiles.geojson"
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    done = CliRunner().invoke(app, ["convert", str(drawn), "--from", "3857+gcj02", "--to", "wgs84"])
    moved = json.loads(done.stdout)["features"][0]["geometry"]["coordinates"]
    assert moved == pytest.approx([117.0, 36.6], abs=1e-8)
