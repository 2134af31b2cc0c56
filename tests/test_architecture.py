"""The house has floors: imports only go down, never in a circle; and modules stay small enough to read.

Imports for type checking and imports inside functions count like any other. docs/architecture.md says what each room is for.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("geo", "layers", "pages")
# Low to high. A room may import the rooms before it; rooms on one floor know nothing of each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("geo.text", "geo.declarations", "geo.geopackage", "geo.installation", "geo.sender"),
    ("geo.errors", "geo.templates", "geo.vocabulary"),
    ("geo.cities",),
    ("geo.paths",),
    ("geo.values", "geo.text_tables", "geo.local_file", "geo.uploaded_files"),
    ("geo.columns",),
    ("geo.reading", "geo.table", "geo.questions"),
    ("geo.places",),
    ("geo.detailed_map", "geo.kernels", "geo.open_data", "geo.register", "geo.transit"),
    ("geo.store",),
    ("geo.atlas",),
    ("geo.atlas_cache", "geo.city_list", "geo.display"),
    ("geo.files", "geo.coverage"),
    ("geo.whatif",),
    ("geo.ingest.datum",),
    ("geo.ingest.cells",),
    ("geo.ingest.plan", "geo.plan_text", "geo.report"),
    ("geo.siting",),
    ("geo.nation",),
    ("geo.cli",),
    (
        "layers.browser_code",
        "layers.browser_packages",
        "layers.city_addresses",
        "layers.program_digest",
        "layers.slow_bodies",
        "layers.whole_files",
        "layers.workers",
    ),
    ("layers.sign_in", "layers.start_page"),
    ("layers.map", "layers.http"),
    ("layers.analysis", "layers.feeds", "layers.security_headers"),
    ("layers.report",),
    ("layers.site", "layers.notebook"),
    ("layers.api",),
    ("geo.__main__", "pages.parts.shell"),
    (
        "pages.parts.about",
        "pages.parts.coverage",
        "pages.parts.district",
        "pages.parts.home",
        "pages.parts.importing",
        "pages.parts.near",
        "pages.parts.register",
    ),
    ("pages.parts.cities", "pages.parts.matrix", "pages.parts.plan", "pages.parts.siting"),
    ("pages",),
)
FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor}
NO_PART_OF_A_ROOM = {"geo", "geo.ingest", "layers"}  # packages that only hold rooms
DOORS = {
    "layers"
}  # a package that shows what its rooms hold: `import layers` in a notebook; it imports them on first use
FORBIDDEN = {
    "geo": {"streamlit", "folium", "branca"},
    "layers": {"streamlit"},
    "pages": {"app"},
}
NETWORK = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "urllib.request",
    "urllib3",
    "websockets",
}
ASKS_THE_NETWORK = {
    "geo/ingest/plan/geocode.py",  # asks a geocoder when a planner wishes so
    "geo/open_data/download.py",  # fetches a file that a person asked for
}


@lru_cache(maxsize=1)
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def room_of(module: str) -> str:
    """The room a module is in: the longest name of a room that its own name begins with; empty for none."""
    parts = module.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in FLOOR_OF), "")


def sources(*parts: str, pattern: str = "*.py") -> list[Path]:
    return [path for part in parts for path in sorted((ROOT / part).rglob(pattern))]


def imported(path: Path) -> Iterator[str]:
    """Every dotted name that a file imports, with the names of what it takes from a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def upward(imports: grimp.ImportGraph) -> list[str]:
    """Imports that go up, or to another room of the same floor."""
    pairs = [
        (module, other)
        for module in imports.modules
        for other in imports.find_modules_directly_imported_by(module)
        if other not in NO_PART_OF_A_ROOM and module not in DOORS
    ]
    return sorted(
        f"{module} -> {other}"
        for module, other in pairs
        if room_of(module) != room_of(other)
        and FLOOR_OF.get(room_of(module), -1) <= FLOOR_OF.get(room_of(other), len(FLOORS))
    )


def circle(imports: grimp.ImportGraph) -> list[str]:
    """Modules that import each other in a circle; empty if there is none."""
    try:
        TopologicalSorter(
            {module: imports.find_modules_directly_imported_by(module) for module in imports.modules}
        ).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def lists_of_yes_and_no(tree: ast.AST) -> list[int]:
    """Lines that pick rows by a list of yes and no, which for a table without rows is a list of no columns."""
    kinds = (ast.Compare, ast.BoolOp, ast.UnaryOp)

    def is_answer(node: ast.AST) -> bool:
        return isinstance(node, kinds) or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "bool"
        )

    picked = [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    arrays = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and len(node.args) == 1
        and not node.keywords
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"array", "asarray", "Series"}
    ]
    return sorted(
        node.lineno for node in [*picked, *arrays] if isinstance(node, ast.ListComp) and is_answer(node.elt)
    )


def test_no_rows_are_picked_by_a_plain_list() -> None:
    """An empty list has no type: ``frame[[]]`` is a table without columns, and ``np.array([])`` is one of numbers."""
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sources("geo", "layers", "pages")
        if (lines := lists_of_yes_and_no(ast.parse(path.read_text("utf-8"))))
    }
    assert found == {}
    spoilt = "rows[[code in codes for code in column]]\nnp.array([not each for each in rows])\nrows[[name for name in a]]"
    assert lists_of_yes_and_no(ast.parse(spoilt)) == [1, 2]


def test_every_module_is_in_a_room() -> None:
    assert {module for module in graph().modules if not room_of(module)} == NO_PART_OF_A_ROOM
    assert not [room for room in FLOOR_OF if room not in graph().modules]


def test_no_import_goes_up() -> None:
    assert upward(graph()) == []


def test_nothing_in_the_house_goes_through_a_door() -> None:
    """Rooms import each other by name; a door is for people outside, so it may show rooms of any floor."""
    assert [door for door in DOORS if graph().find_modules_that_directly_import(door)] == []
    loaded = (
        "import sys, layers.map.registry; print(*(m for m in sys.modules if m.startswith('layers.notebook')))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        == "\n"
    )


def test_no_imports_form_a_circle() -> None:
    assert circle(graph()) == []


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("geo/text.py", "from geo.register.city import Atlas"),
        ("geo/places/crs.py", "if TYPE_CHECKING:\n    import geo.coverage.reach"),
        ("geo/kernels/lattice.py", "def lazily():\n    from geo.kernels import cell_reach"),
        ("geo/register/city.py", "from geo.kernels.discs import union_area"),
    ],
)
def test_these_tests_can_fail(where: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forbidden import of each kind is found: at the top, for type checking, inside a function, between rooms of a floor."""
    package = tmp_path / "house"
    for path in sources("geo"):
        copy = package / path.relative_to(ROOT / "geo")
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        if path == ROOT / where:
            text += f"\n{line}\n"
        copy.write_text(text.replace("geo.", "house.").replace("from geo ", "from house "), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    spoilt = grimp.build_graph("house", cache_dir=None)
    back = grimp.ImportGraph()
    for module in spoilt.modules:
        for other in spoilt.find_modules_directly_imported_by(module):
            back.add_import(
                importer=module.replace("house", "geo", 1), imported=other.replace("house", "geo", 1)
            )
    assert upward(back) or circle(back)


def test_no_room_imports_what_its_floor_must_not_know() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for part, names in FORBIDDEN.items()
        for path in sources(part)
        for name in imported(path)
        if name.split(".")[0] in names
    ]
    assert wrong == []


def test_only_the_geocoder_asks_the_network() -> None:
    asking = {
        str(path.relative_to(ROOT))
        for path in [*sources(*PACKAGES), ROOT / "app.py"]
        if any(
            name == library or name.startswith(f"{library}.")
            for name in imported(path)
            for library in NETWORK
        )
    }
    assert asking == ASKS_THE_NETWORK


def test_benchmarks_need_no_tests() -> None:
    """A package of another's wheel may be called ``tests`` too and come first."""
    paths = sources("benchmarks")
    assert len(paths) > 20
    assert [
        str(path) for path in paths if any(name.split(".")[0] == "tests" for name in imported(path))
    ] == []


def test_functions_stay_small() -> None:
    long = []
    for path in sources(*PACKAGES):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                doc = ast.get_docstring(node, clean=False) or ""
                body = node.end_lineno - node.lineno - len(doc.splitlines())
                if body > 60:
                    long.append(f"{path.relative_to(ROOT)}: {node.name} has {body} lines")
    assert long == []


def test_modules_stay_small() -> None:
    """In every language, tests and benchmarks too."""
    paths = [
        path
        for ending in ("py", "js", "css", "html", "typ")
        for path in sources(*PACKAGES, "tests", "benchmarks", "tools", pattern=f"*.{ending}")
    ]
    assert len(paths) > 500
    long = [path for path in paths if len(path.read_text("utf-8").splitlines()) >= 350]
    assert [str(path.relative_to(ROOT)) for path in long] == []


def test_no_address_outside_this_machine_is_asked_for() -> None:
    words = ("cdn", "unpkg", "jsdelivr", "googleapis", "bootstrapcdn")
    for path in [*ROOT.glob("*.py"), *(ROOT / "layers").rglob("*"), *(ROOT / "pages").rglob("*")]:
        if path.suffix in {".py", ".js", ".css", ".html"}:
            text = path.read_text("utf-8").lower()
            assert not any(f"//{word}" in text or f".{word}." in text for word in words), path
