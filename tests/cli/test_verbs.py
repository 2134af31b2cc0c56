"""A verb reads what it needs and no more, and every verb is found, whichever module declares it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, cast

import typer

from geo.cli import verbs
from geo.cli.main import app

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
