"""A verb reads what it needs and no more, and every verb is found, whichever module declares it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any, cast

import pandas as pd
import typer
from hypothesis import given
from hypothesis import strategies as st

from geo.cli import verbs
from geo.cli.main import app
from geo.register.folding import corrected

HEAVY = {
    "babel",
    "fiona",
    "folium",
    "geopandas",
    "jinja2",
    "matplotlib",
    "numba",
    "pandera",
    "pyogrio",
    "scipy",
    "shapely",
    "sqlalchemy",
    "streamlit",
}
"""What takes long to import, and nothing that is known of works alone needs."""
LOOK = (
    "import sys; from geo.cli.main import app; app(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
)


def test_progress_reads_tables_and_nothing_of_maps() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, "progress", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    read = {name.partition(".")[0] for name in done.stdout.rsplit("]", maxsplit=1)[-1].split()}
    assert "pandas" in read
    assert not read & HEAVY
    others = {name for name in done.stdout.split() if name.startswith("geo.cli.")}
    assert others == {f"geo.cli.{name}" for name in ("main", "verbs", "questions", "shared", "works")}


def test_every_verb_is_found_in_the_one_module_that_declares_it() -> None:
    verbs.add_verbs("layers.report.cli", "layers.site.cli")
    declared = {module: set(verbs.verbs_of(module)) for module in verbs.modules()}
    every = sorted(name for names in declared.values() for name in names)
    assert len(every) == len(set(every)) > 40
    for module, names in declared.items():
        for name in names:
            assert verbs.mentions(module, name), f"{name} would be looked for in every module"
    group = typer.main.get_group(app)
    nowhere = cast("Any", None)
    assert group.list_commands(nowhere) == every
    assert typer.main.get_group(app).get_command(nowhere, "no-such-verb") is None


VALUES = {"lon": st.floats(-180, 180) | st.none(), "name_zh": st.text(max_size=3) | st.none()}
CHANGES = st.lists(
    st.tuples(
        st.dates(date(2020, 1, 1), date(2020, 1, 9)),
        st.sampled_from(["a", "b", "c"]),
        st.fixed_dictionaries({}, optional=VALUES),
    ),
    max_size=9,
)


@given(CHANGES, st.dates(date(2020, 1, 1), date(2020, 1, 9)))
def test_corrections_count_one_after_another(
    changes: list[tuple[date, str, dict[str, Any]]], day: date
) -> None:
    works = pd.DataFrame(
        {"lon": [1.0, float("nan"), 3.0], "name_zh": pd.Series(["x", None, "z"], dtype=object).to_numpy()},
        index=["a", "b", "c"],
    )
    works["name_zh"] = works["name_zh"].astype(object)
    expected = {key: dict(row) for key, row in works.to_dict("index").items()}
    for on, work, values in changes:
        if on <= day:
            expected[work].update(values)
    got = corrected(works, changes, day)
    assert list(got.dtypes) == list(works.dtypes)
    for key, row in expected.items():
        for name, value in row.items():
            now = cast("Any", got.at[key, name])
            assert now == value or (pd.isna(now) and pd.isna(cast("Any", value)))
