"""The city is named in its pack alone, so that another city is another folder and no line of code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from geo.register.city import Atlas

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("wuxi-works-atlas",)  # the package, as programs that ask others name themselves, whatever the city
TEMPLATES = {".html", ".js", ".css", ".csv", ".typ"}


def names_of(atlas: Atlas) -> frozenset[str]:
    """What only this city is called: codes, and names with and without the last character (区, 市), in small letters."""
    city = atlas.city
    table = atlas.pack.districts
    chinese = [city.name_zh, *table["name_zh"]]
    found = {
        str(city.epsg),
        city.code,
        city.code[:4],
        city.name_en,
        *table.index,
        *table["name_en"],
        *chinese,
    }
    return frozenset(name.lower() for name in found | {name[:-1] for name in chinese})


@pytest.fixture(scope="module")
def names(atlas: Atlas) -> frozenset[str]:
    return names_of(atlas)


def named(text: str, names: frozenset[str]) -> list[str]:
    """Names of the city in a text, apart from the program's own."""
    for product in PRODUCT:
        text = text.replace(product, "")
    return sorted(name for name in names if name in text.lower())


def strings(source: str) -> list[str]:
    """Texts in the code of a module; docstrings are for people and may give examples."""
    tree = ast.parse(source)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and ast.get_docstring(node, clean=False) is not None
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def test_code_and_templates_name_no_place_of_the_pack(names: frozenset[str]) -> None:
    files = [path for part in ("geo", "layers", "pages") for path in sorted((ROOT / part).rglob("*"))]
    found = {}
    for path in files:
        if path.suffix == ".py":
            texts = strings(path.read_text("utf-8"))
        elif path.suffix in TEMPLATES:
            texts = [path.read_text("utf-8")]
        else:
            continue
        hits = [name for text in texts for name in named(text, names)]
        if hits:
            found[str(path.relative_to(ROOT))] = hits
    assert found == {}


def test_a_named_place_is_seen(names: frozenset[str]) -> None:
    source = '"""宜兴市 in a docstring."""\nCODES = {"320282": _("宜兴")}\nNAME = "wuxi-works-atlas Yixing"\n'
    assert sorted(named(text, names) for text in strings(source)) == [
        ["3202", "320282"],
        ["yixing"],
        ["宜兴"],
    ]
    assert named("wuxi-works-atlas", names) == []
    assert named("无锡", names) == ["无锡"]
