"""What is found again by some families of works follows from those families: among them alone it is the same as among all."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from geo.paths import DATA_DIR
from geo.register.city import Atlas, atlas_of
from geo.register.pack import load_pack
from geo.text import LANGUAGES
from layers.analysis.near_table import KINDS, facility_tables
from layers.map.registry import all_layers
from layers.map.spec import MapContext
from layers.site.build import build_day
from layers.site.families import Families, part_of
from layers.site.tables import families_shown
from tests.depth import examples
from tests.second_city.reading import PACK
from tests.site.test_incremental import CHANGES, STEPS, Tables


def compare_after(pack: Path, steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tables = Tables(Path(folder) / "data")
        shutil.copytree(pack, tables.folder, ignore=shutil.ignore_patterns("raw"))
        for name, number in steps:
            CHANGES[name](tables, number)
        compare(atlas_of(load_pack(tables.folder)))


def compare(atlas: Atlas) -> None:
    families, day = Families(atlas), build_day(atlas)
    shown = families_shown(families)
    for spec in all_layers():
        if spec.of_works in shown:
            alone = part_of(atlas, families.works_in(shown[spec.of_works]))
            for lang in LANGUAGES:
                made = [json.dumps(spec.payload(MapContext(atlas=one, lang=lang))) for one in (atlas, alone)]
                assert made[0] == made[1], spec.id
    near = part_of(atlas, families.works_in(families.naming(KINDS)))
    assert facility_tables(near.register, day, "en") == facility_tables(atlas.register, day, "en")


@examples(2, deep=40, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.sampled_from([PACK, DATA_DIR]))
def test_layers_and_facilities_follow_from_the_works_that_they_name(
    steps: list[tuple[str, int]], pack: Path
) -> None:
    compare_after(pack, steps)


def test_of_the_real_city_some_layers_are_found_again_after_a_record_of_another_work() -> None:
    families = Families(atlas_of(load_pack(DATA_DIR)))
    shown = families_shown(families)
    assert {spec.of_works for spec in all_layers()} == {*shown, "any"}
    assert not shown["none"]
    for word in ("lines", "totals"):
        assert 0 < len(shown[word]) < len(families.works_of) / 2
