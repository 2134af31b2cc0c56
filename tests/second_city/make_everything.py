"""Makes everything that leaves the program, for the pack in ``ATLAS_DATA``, in one process that knows no other city.

``python make_everything.py FOLDER``: each output is a file of the folder. ``pages/`` has what the pages show.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
DAY = "2022-12-31"
LANGUAGES = ("zh", "en")
FORMATS = ("csv", "xlsx", "gpkg", "geojson", "shapefile", "kml", "geoparquet")
SETTLED = ("--answer", "may_count=beside")  # one of the listed parks only may belong to the item


def keep(folder: Path, name: str, content: bytes | str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def commands(out: Path, lists: Path) -> None:
    """The command line; standard output, standard error and exit code of each."""
    from typer.testing import CliRunner

    from geo.cli.main import app
    from layers.report import cli as report
    from layers.site import cli as site

    app.add_typer(report.app)
    app.add_typer(site.app)
    asked: dict[str, list[str]] = {
        "check": ["check"],
        "works": ["works", "--format", "json", "--as-of", DAY],
        "items": ["items", "--format", "json"],
        "progress": ["progress", "--format", "json", "--as-of", DAY],
        "near": ["near", "--place", "A01a", "--format", "json"],
        "near-at": ["near", "117.20,29.29", "--as-of", DAY, "--lang", "en"],
        "show": ["show", "A01"],
        "search": ["search", "leping", "--format", "json"],
        "indicators": ["indicators", "--format", "json"],
        "coverage": ["coverage", "--kind", "school_primary", "--radius", "1000", "--as-of", DAY, "--format", "json"],
        "impact": ["impact", "--kind", "tram_stop", "--radius", "500", "--format", "json"],
        "gaps": ["gaps", "--indicator", "primary_1000", "--as-of", DAY, "--format", "json"],
        "equity": ["equity", "--kind", "school_primary", "--radius", "1000", "--as-of", DAY, "--format", "json"],
        "site": ["site", "--kind", "tram_stop", "--radius", "800", "--k", "2", "--as-of", DAY, "--district", "360203",
                 "--spacing", "1000", "--out", str(out / "sites.geojson"), "--format", "json"],
        "publish": ["publish", "--out", str(out / "site"), "--as-of", DAY],
        **{
            f"import-{name}": ["import", str(lists / f"{name}.csv"), "--item", "A02", "--kind", "park", "--publisher",
                               "模拟的来源", "--published", "2022-12-01", *SETTLED, "--dry-run", "--format", "json"]
            for name in ("gcj02", "projected", "tiles")
        },
    }  # fmt: skip
    for lang in LANGUAGES:
        for form in ("pdf", "html"):
            asked[f"report-{form}-{lang}"] = [
                "report", "--district", "360281", "--as-of", DAY, "--lang", lang, "--format", form, "--out", str(out / "reports")
            ]  # fmt: skip
        for form in FORMATS:
            asked[f"export-{form}-{lang}"] = [
                "export", "--format", form, "--as-of", DAY, "--lang", lang, "--out", str(out / f"works-{lang}.{form}")
            ]  # fmt: skip
    asked["export-metres"] = [
        "export",
        "--format",
        "csv",
        "--crs",
        "CGCS2000",
        "--as-of",
        DAY,
        "--out",
        str(out / "metres.csv"),
    ]
    for name, words in asked.items():
        done = CliRunner().invoke(app, words)
        trouble = (
            "" if done.exception is None or isinstance(done.exception, SystemExit) else repr(done.exception)
        )
        told = {"code": done.exit_code, "out": done.stdout, "err": done.stderr, "trouble": trouble}
        keep(out, f"commands/{name}.json", json.dumps(told, ensure_ascii=False))


def brought(out: Path, lists: Path) -> None:
    """A list goes into a register of its own, which leaves as a pack again and is checked."""
    from typer.testing import CliRunner

    from geo.cli.main import app

    given = [
        "--item",
        "A02",
        "--kind",
        "park",
        "--publisher",
        "模拟的来源",
        "--published",
        "2022-12-01",
        *SETTLED,
    ]
    for name, words in {
        "bring": ["import", str(lists / "tiles.csv"), *given, "--accept", "good", "--by", "模拟"],
        "export-pack": ["export-pack", str(out / "pack")],
        "check-pack": ["check", "--pack", str(out / "pack")],
    }.items():
        done = CliRunner().invoke(app, words)
        told = {
            "code": done.exit_code,
            "out": done.stdout,
            "err": done.stderr,
            "trouble": repr(done.exception),
        }
        keep(out, f"brought/{name}.json", json.dumps(told, ensure_ascii=False))


def served(out: Path) -> None:
    """The map and the open API, as a browser asks for them."""
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from layers.api.server import routes
    from layers.map.registry import all_layers

    client = TestClient(Starlette(routes=routes()), base_url="http://atlas.test")
    addresses = {
        "map.html": "/atlas/map",
        "landing.html": "/api?f=html&lang=en",
        "landing.json": "/api?f=json",
        "openapi.json": "/api/openapi?f=json",
        "collections.json": "/api/collections?f=json",
        "metres.json": "/api/collections/works/items?crs=http://www.opengis.net/def/crs/EPSG/0/4548&limit=50",
        "coverage.json": f"/api/coverage?kind=school_primary&radius=1000&as_of={DAY}",
        "picture.svg": f"/api/picture?format=svg&as_of={DAY}&lang=en",
        **{f"config.{lang}.json": f"/atlas/config.json?lang={lang}" for lang in LANGUAGES},
        **{
            f"layers/{spec.id}.{lang}.json": f"/atlas/layers/{spec.id}.json?lang={lang}"
            for spec in all_layers()
            for lang in LANGUAGES
        },
    }
    for name, address in addresses.items():
        answer = client.get(address)
        keep(
            out,
            f"served/{name}",
            answer.content if answer.status_code == 200 else f"{answer.status_code}: {answer.text}",
        )


def cited(out: Path) -> None:
    from geo.atlas import load_atlas
    from geo.display.citation import cite

    for lang in LANGUAGES:
        view = cite(
            load_atlas(),
            "清单",
            date.fromisoformat(DAY),
            "http://atlas.test/works",
            accessed=date(2023, 1, 1),
            lang=lang,
        )
        keep(out, f"citation.{lang}.txt", "\n".join((view.text, view.gbt7714, view.bibtex)))


def pages(out: Path) -> None:
    """What every page shows, in both languages: all texts that the page sends to the browser."""
    from streamlit.testing.v1 import AppTest

    from tools.serving import PATIENCE_S

    asked: dict[str, dict[str, Any]] = {
        "home": {},
        "promise": {},
        "near": {"at": "117.20,29.29"},
        "works": {},
        "coverage": {"kind": "school_primary", "radius": "1000"},
        "district": {"d": "360281"},
        "about": {},
        "matrix": {},
        "siting": {},
        "register": {},
        "import": {},
    }
    for lang in LANGUAGES:
        for name, link in asked.items():
            app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=PATIENCE_S)
            if name != "home":
                app.switch_page(f"{name}.py")
            for word, value in {"lang": lang, "as_of": DAY, **link}.items():
                app.query_params[word] = value
            app.run()
            shown = {
                "trouble": [each.message for each in app.exception],
                "title": [each.value for each in app.title],
                "text": _texts(app),
            }
            keep(out, f"pages/{name}.{lang}.json", json.dumps(shown, ensure_ascii=False))


def _texts(app: Any) -> list[str]:
    """Texts of all elements of the page, whatever their kind; of tables the cells."""
    found = []
    for element in app.main.children.values():
        found += _of(element)
    for element in app.sidebar.children.values():
        found += _of(element)
    return found


def _of(node: Any) -> list[str]:
    found = [str(node.proto)] if getattr(node, "proto", None) is not None else []
    with contextlib.suppress(AttributeError, NotImplementedError, ValueError):
        found.append(str(node.value))
    for child in getattr(node, "children", {}).values():
        found += _of(child)
    return found


def main() -> None:
    out, lists = Path(sys.argv[1]), Path(sys.argv[2])
    assert os.environ["ATLAS_DATA"], "the pack is named by the environment alone"
    with contextlib.redirect_stdout(io.StringIO()):
        commands(out, lists)
        served(out)
        cited(out)
        pages(out)
        brought(out, lists)
    # threads of the pages that make later answers ready may still be in compiled code, which an orderly end of Python breaks off by SIGABRT
    os._exit(0)


if __name__ == "__main__":
    main()
