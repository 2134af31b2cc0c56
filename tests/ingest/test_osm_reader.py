"""The reader of a province's extract gives what reading all of it and sorting it object by object gives."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmarks.bench_open_data import province
from benchmarks.made_up_extract import write_extract
from geo.atlas import load_atlas
from geo.cli.main import app
from geo.errors import DataError, IngestError
from geo.ingest.plan.osm import read_osm
from geo.ingest.plan.osm_objects import extract_wanted, known_objects, read_extract
from geo.places.districts import city_box
from geo.reading.limits import LIMITS, PROVINCE, Limits
from geo.reading.model import Note
from geo.reading.objects import read_objects
from geo.reading.osm_relations import drop_missing_members, gaps_heard
from geo.register.city import Atlas
from tests.depth import examples
from tests.eventually import eventually
from tests.ingest.osm_by_hand import counts, inside_by_hand, known_by_hand
from tests.ingest.osm_extract import node, way
from tests.osm_map import HELSINKI

FIELDS = ("osm_id", "layer", "target", "kind", "name", "name_en", "capacity")


def plain(objects: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted((*(str(one[name]) for name in FIELDS), shapely.to_wkt(one["shape"], 7)) for one in objects)


def test_a_real_extract_gives_the_same_objects(atlas: Atlas) -> None:
    by_hand = known_by_hand(HELSINKI, atlas)
    read = known_objects(read_extract(HELSINKI, atlas, everywhere=True), atlas)
    assert len(by_hand) > 2000
    assert len(counts(by_hand)) > 10
    assert plain(read.to_dict("records")) == plain(by_hand)


def test_of_a_real_extract_of_elsewhere_nothing_is_read_and_all_is_counted(atlas: Atlas) -> None:
    found = read_extract(HELSINKI, atlas)
    assert [len(frame) for frame in found.frames] == [0, 0, 0]
    assert found.elsewhere == len(known_by_hand(HELSINKI, atlas))
    with pytest.raises(DataError, match="无锡"):
        read_osm(found, atlas)


PAIRS = [
    ("amenity", ("school", "kindergarten", "parking", "clinic", "hospital", "bench")),
    ("highway", ("residential", "footway", "motorway", "bus_stop", "platform")),
    ("landuse", ("residential", "forest")),
    ("leisure", ("park", "pitch")),
    ("access", ("private", "yes")),
    ("foot", ("no", "yes")),
    ("sport", ("soccer", "tennis")),
    ("isced:level", ("1", "2", "1;2")),
    ("railway", ("station", "rail")),
    ("station", ("subway", "light_rail")),
    ("name", ("实验小学", "第一高级中学", "某处")),
    ("name:zh", ("中文名",)),
    ("name:en", ("A name",)),
    ("capacity", ("12", "many", "３")),
    ("beds", ("40",)),
]  # fmt: skip
tags_of_object = st.dictionaries(st.sampled_from(PAIRS), st.integers(0, 5), max_size=5).map(
    lambda chosen: {key: values[at % len(values)] for (key, values), at in chosen.items()}
)
SPOTS = [
    (120.30, 31.57),
    (120.35, 31.50),
    (119.52, 31.15),
    (120.62, 31.50),
    (120.595, 31.52),
    (121.9, 31.2),
    (24.9, 60.1),
]
drawn = st.tuples(
    st.sampled_from(["node", "way", "area", "relation", "half"]),
    st.sampled_from(SPOTS),
    st.integers(0, 40),
    tags_of_object,
    st.sampled_from(["", "", "", ' action="delete"', ' visible="false"']),
)


def extract(path: Path, objects: list[Any]) -> Path:
    """Nodes, lines, areas, relations with all their ways or only half of them; some are marked as deleted."""
    nodes, ways, relations = [], [], []
    for number, (form, (lon, lat), step, tags, mark) in enumerate(objects):
        first, x, y = 10 * number + 1, lon + step * 0.001, lat + step * 0.0007
        if form == "node":
            nodes.append(node(first, x, y, **tags).replace("<node", f"<node{mark}", 1))
            continue
        corners = [(0, 0), (0.002, 0), (0.002, 0.002), (0, 0.002)]
        nodes += [node(first + k, x + dx, y + dy) for k, (dx, dy) in enumerate(corners)]
        refs = [first, first + 1, first + 2, first + 3]
        if form == "way":
            ways.append(way(first, refs, **tags).replace("<way", f"<way{mark}", 1))
        elif form == "area":
            ways.append(way(first, [*refs, first], **tags).replace("<way", f"<way{mark}", 1))
        else:
            ways += [
                way(first, refs[:3]),
                *([way(first + 1, [*refs[2:], first])] if form == "relation" else []),
            ]
            members = "".join(f'<member type="way" ref="{first + k}" role="outer"/>' for k in (0, 1))
            inside = "".join(
                f'<tag k="{key}" v="{value}"/>' for key, value in ({"type": "multipolygon"} | tags).items()
            )
            relations.append(f'<relation{mark} id="{first}" version="1">{members}{inside}</relation>')
    path.write_text(f'<osm version="0.6">{"".join([*nodes, *ways, *relations])}</osm>', "utf-8")
    return path


@examples(3)
@given(st.lists(drawn, min_size=40, max_size=60))
def test_any_extract_gives_the_same_objects_and_counts(
    tmp_path_factory: pytest.TempPathFactory, objects: list[Any]
) -> None:
    atlas = load_atlas()  # no argument: hypothesis would write it out
    sure = ("node", SPOTS[0], 0, {"amenity": "clinic", "name": "必有"}, "")
    path = extract(tmp_path_factory.mktemp("any") / "any.osm", [sure, *objects])
    by_hand = known_by_hand(path, atlas)
    inside = inside_by_hand(by_hand, atlas)
    found = read_extract(path, atlas)
    read = known_objects(found, atlas).to_dict("records")
    box = shapely.box(*city_box(atlas.districts))
    of_box = [one for one in by_hand if shapely.intersects(box, one["shape"])]
    assert plain(read) == plain(of_box)
    assert found.elsewhere == len(by_hand) - len(of_box)
    assert read_osm(found, atlas).left_out.get("outside", 0) == inside.count(False)


def test_a_street_just_beyond_the_city_is_taken_and_one_farther_is_not(tmp_path: Path, atlas: Atlas) -> None:
    city = gpd.GeoSeries(atlas.districts.geometry, crs=4326).to_crs(atlas.city.projected_crs)
    east = shapely.union_all(city.to_numpy()).convex_hull
    x, y = max(shapely.get_coordinates(east), key=lambda each: each[0])
    ends = gpd.GeoSeries(
        gpd.points_from_xy([x + 900, x + 930, x + 1500, x + 1530], [y] * 4), crs=city.crs
    ).to_crs(4326)
    nodes = "".join(node(k + 1, place.x, place.y) for k, place in enumerate(ends))
    text = f"{nodes}{node(9, 120.3, 31.57, amenity='clinic')}{way(11, [1, 2], highway='footway')}{way(12, [3, 4], highway='footway')}"
    (path := tmp_path / "edge.osm").write_text(f'<osm version="0.6">{text}</osm>', "utf-8")
    found = read_osm(read_extract(path, atlas), atlas)
    assert list(found.streets["osm_id"]) == ["w11"]
    assert found.left_out == {"outside": 1}


def test_an_extract_in_a_zip_is_read_and_other_zips_are_refused(tmp_path: Path, atlas: Atlas) -> None:
    for name, content in (("a.osm.pbf", HELSINKI.read_bytes()), ("a.csv", b"a,b\n1,2\n")):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr(name, content)
    packed = read_extract(tmp_path / "a.osm.pbf.zip", atlas, everywhere=True)
    plainly = read_extract(HELSINKI, atlas, everywhere=True)
    assert [len(frame) for frame in packed.frames] == [len(frame) for frame in plainly.frames]
    with pytest.raises(IngestError, match="OSM"):
        read_extract(tmp_path / "a.csv.zip", atlas)


# --- a province: the limit counts what the city has, not what the file has ---


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory, atlas: Atlas) -> Path:
    """25 times as large as the city's box: 200,000 nodes, 32,500 ways."""
    path = tmp_path_factory.mktemp("province") / "province.osm.pbf"
    write_extract(path, province(city_box(atlas.districts)), 200_000)
    return path


def test_a_large_extract_is_read_where_the_city_has_few_of_its_objects(made_up: Path, atlas: Atlas) -> None:
    found = read_extract(made_up, atlas, limits=Limits(rows=1000))
    objects = sum(map(len, found.frames))
    wanted = 25 * (300 + 100 / 5 + 4 * 100 / 5)  # roads, residential land, facilities of 25 blocks
    assert objects + found.elsewhere == pytest.approx(wanted, rel=0.01)
    assert objects == pytest.approx(wanted / 25, rel=0.25)
    baseline = read_osm(found, atlas)
    assert set(baseline.counts) == {"school_primary", "kindergarten", "car_park", "bus_stop"}
    assert all(row["capacity"] == 120 for row in baseline.facilities if row["kind"] == "car_park")


@pytest.mark.parametrize(
    ("limits", "words"), [(Limits(rows=50), "行以上"), (Limits(file_bytes=1 << 18), "MB")]
)
def test_beyond_a_limit_it_is_refused_in_words(
    made_up: Path, atlas: Atlas, limits: Limits, words: str
) -> None:
    with pytest.raises(IngestError, match=words):
        read_objects(made_up, extract_wanted(atlas, everywhere=words != "行以上"), limits=limits)


def test_a_file_that_was_cut_off_is_refused_and_nothing_is_taken_for_all(
    tmp_path: Path, made_up: Path, atlas: Atlas
) -> None:
    whole = made_up.read_bytes()
    for share in (0.4, 0.95):
        (path := tmp_path / "cut.osm.pbf").write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(IngestError):
            read_extract(path, atlas)


def test_the_reading_ends_with_whoever_asked_for_it(made_up: Path) -> None:
    """A worker that is stopped leaves no process behind that reads on for half an hour."""
    asks = (
        "import sys; from pathlib import Path; from geo.atlas import load_atlas; from geo.ingest.plan.osm_objects import read_extract\n"
        "for _ in range(1000): read_extract(Path(sys.argv[1]), load_atlas())"
    )
    asker = subprocess.Popen([sys.executable, "-c", asks, str(made_up)], start_new_session=True)
    try:
        eventually(lambda: readers(asker.pid) > 0, asker)
    finally:
        asker.kill()
        asker.wait()
    eventually(lambda: readers(asker.pid) == 0)


def readers(session: int) -> int:
    """Reading processes that were begun in a session, whether who began it lives or not."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, state = (
                (process / "cmdline").read_bytes(),
                (process / "stat").read_text("utf-8", "replace"),
            )
        except OSError:  # it has ended
            continue
        count += b"geo.reading.worker" in command and int(state.rpartition(")")[2].split()[3]) == session
    return count


def test_the_prompt_takes_what_is_larger_than_a_browser_may_bring(made_up: Path) -> None:
    assert PROVINCE.file_bytes >= 300_000_000
    assert PROVINCE.rows > LIMITS.rows
    done = CliRunner().invoke(app, ["import-osm", str(made_up), "--dry-run", "--format", "json"])
    assert done.exit_code == 0, done.output


# --- areas whose borders the extract has only in part ---

RING = [1, 2, 3, 4, 1]


def relation(number: int, members: list[tuple[int, str]], **tags: str) -> str:
    inside = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
    inside += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in ({"type": "multipolygon"} | tags).items())
    return f'<relation id="{number}" version="1">{inside}</relation>'


def cut_extract(path: Path) -> Path:
    """A whole area, one with half its border, one whose hole is missing, one of which nothing is there, one with a whole ring of two."""
    spots = [(120.30, 31.57), (120.302, 31.57), (120.302, 31.572), (120.30, 31.572)]
    nodes = [node(at, *spot) for at, spot in enumerate(spots, start=1)]
    nodes += [node(at + 4, x + 0.02, y) for at, (x, y) in enumerate(spots, start=1)]
    nodes += [node(at + 8, x, y + 0.02) for at, (x, y) in enumerate(spots, start=1)]
    ways = [way(11, [1, 2, 3]), way(12, [3, 4, 1]), way(15, [5, 6, 7, 8, 5]), way(16, [9, 10, 11, 12, 9])]
    land = {"landuse": "residential"}
    relations = [
        relation(21, [(11, "outer"), (12, "outer")], **land),
        relation(22, [(11, "outer"), (999, "outer")], **land),
        relation(23, [(15, "outer"), (998, "inner")], **land),
        relation(24, [(997, "outer")], amenity="school"),
        relation(25, [(16, "outer"), (996, "outer")], **land),
    ]
    path.write_text(f'<osm version="0.6">{"".join([*nodes, *ways, *relations])}</osm>', "utf-8")
    return path


def test_areas_at_the_edge_of_an_extract_are_read_where_whole_and_counted(
    tmp_path: Path, atlas: Atlas
) -> None:
    found = read_extract(cut_extract(tmp_path / "cut.osm"), atlas)
    assert sorted(found.frames[2]["osm_id"]) == ["r21", "r23", "r25"]
    (note,) = [each.text() for each in found.notes if "relation" in each.text()]
    assert "4 个面" in note
    assert "22、23、24、25" in note


def test_a_compressed_extract_tells_of_them_too(
    tmp_path: Path, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As GDAL leaves them out whole: here of an extract that is too large to be mended."""
    monkeypatch.setattr("geo.reading.osm_relations._SMALL", 0)
    log: list[Note] = []

    path = cut_extract(tmp_path / "cut.osm")
    assert drop_missing_members(path) == []
    with gaps_heard(path, "multipolygons", log):
        pyogrio.read_dataframe(path, layer="multipolygons")
    assert [note.params for note in log] == [{"n": 4, "ids": "22、23、24、25"}]
