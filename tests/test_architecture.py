"""Arrows go one way: geo <- layers <- pages <- app.py; and modules stay small enough to read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    "geo": {"streamlit", "folium", "branca", "layers", "pages", "app"},
    "layers": {"streamlit", "pages", "app"},
    "pages": {"app"},
}
ENTRIES = {
    ROOT / "geo" / "__main__.py"
}  # the command line's, as app.py is the pages': what it joins, nobody imports
MODULES = [path for part in FORBIDDEN for path in sorted((ROOT / part).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0]
    allowed = {"layers"} if path in ENTRIES else set()
    assert not imported(path) & FORBIDDEN[part] - allowed


def too_large(path: Path) -> list[str]:
    """What should be split in a module."""
    text = path.read_text("utf-8")
    lines = len(text.splitlines())
    found = [f"{path.relative_to(ROOT)} has {lines} lines"] if lines > 360 else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            doc = ast.get_docstring(node, clean=False) or ""
            body = node.end_lineno - node.lineno - len(doc.splitlines())
            if body > 60:
                found.append(f"{path.relative_to(ROOT)}: {node.name} has {body} lines")
    return found


def test_modules_and_functions_stay_small() -> None:
    assert len(MODULES) > 100
    assert [words for path in MODULES for words in too_large(path)] == []


def test_no_address_outside_this_machine_is_asked_for() -> None:
    words = ("cdn", "unpkg", "jsdelivr", "googleapis", "bootstrapcdn")
    for path in [*ROOT.glob("*.py"), *(ROOT / "layers").rglob("*"), *(ROOT / "pages").rglob("*")]:
        if path.suffix in {".py", ".js", ".css", ".html"}:
            text = path.read_text("utf-8").lower()
            assert not any(f"//{word}" in text or f".{word}." in text for word in words), path
