"""What is heavy is called only where workers do it: the code of the server is read, and whoever calls it is named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
HEAVY: Final = {
    "answer_impact", "answer_sites", "build", "certainty", "changed_answer", "equity", "gaps", "make_base_map", "make_plan",
    "map_png", "map_svg", "matrix_workbook", "raster_demand", "read_osm", "read_streets", "residential_demand", "saved_demand",
    "saved_streets", "to_pdf", "write_file",
}  # fmt: skip
"""Functions that measure, solve, draw or write a whole file."""
ELSEWHERE: Final = {
    "layers/notebook": "in the notebook of the person who asks",
    "layers/site": "the public site is made by a command",
    "layers/report/cli.py": "a command",
}
ALONE: Final = {
    "layers/analysis/uploads.py:_read_streets": "a reader of read_brought, which is heavy",
    "layers/analysis/uploads.py:_read_residential": "a reader of read_brought, which is heavy",
    "layers/analysis/uploads.py:_read_raster": "a reader of read_brought, which is heavy",
    "layers/analysis/answers.py:_scene": "a part of answers that are heavy",
    "layers/analysis/answers.py:_supplied": "a part of equity_answer, which is heavy",
    "layers/analysis/warm.py:_answer": "one straight line, before anyone asks",
    "layers/report/build.py:build": "a part of report_file, which is heavy",
    "layers/report/build.py:parts": "a part of report_file, which is heavy",
    "layers/report/coverage_layers.py:_gaps": "draws gaps that picture_of, which is heavy, was given",
    "layers/report/view.py:_DRAW": "the ways of picture_of, which is heavy",
}
"""Who calls one without a mark of its own, and why that is right."""


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def is_heavy(part: ast.stmt) -> bool:
    marks = part.decorator_list if isinstance(part, ast.FunctionDef) else []
    return any(isinstance(mark, ast.Call) and named(mark.func) == "heavy" for mark in marks)


def title(part: ast.stmt) -> str:
    if isinstance(part, ast.FunctionDef | ast.ClassDef):
        return part.name
    target = part.target if isinstance(part, ast.AnnAssign) else getattr(part, "targets", [None])[0]
    return named(target) if isinstance(target, ast.expr) else ""


def uses(path: str, text: str) -> Iterator[str]:
    """``module:part`` of every part of a module that names something heavy and is not marked itself."""
    for part in ast.parse(text).body:
        if is_heavy(part) or isinstance(part, ast.Import | ast.ImportFrom):
            continue
        names = {named(node) for node in ast.walk(part) if isinstance(node, ast.Name | ast.Attribute)}
        own = {
            node.arg if isinstance(node, ast.arg) else node.name
            for node in ast.walk(part)
            if isinstance(node, ast.arg | ast.FunctionDef) and node is not part
        }
        own |= {
            node.id
            for node in ast.walk(part)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        if names & HEAVY - own:
            yield f"{path}:{title(part)}"


def test_what_is_heavy_is_done_by_workers() -> None:
    found = {
        use
        for path in sorted([*(ROOT / "layers").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])
        if not any(str(path.relative_to(ROOT)).startswith(place) for place in ELSEWHERE)
        for use in uses(str(path.relative_to(ROOT)), path.read_text("utf-8"))
    }
    assert sorted(found - set(ALONE)) == []
    assert sorted(set(ALONE) - found) == []


def test_the_reader_of_the_code_sees_a_bare_call() -> None:
    spoilt = "from geo.files import write_file\ndef make():\n    return write_file(1)\n"
    assert list(uses("x.py", spoilt)) == ["x.py:make"]
    assert not list(uses("x.py", spoilt.replace("def", "@heavy(seconds=1)\ndef")))
