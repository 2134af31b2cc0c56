"""One fact, one place: words are declared in :mod:`geo.vocabulary` alone, labels in :mod:`geo.display.fields` alone."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo import vocabulary
from geo.display.fields import FIELDS, get_field
from geo.paths import DATA_DIR

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "geo" / "vocabulary.py"
# Vocabulary -> its words, less those that mean other things too ("none", "unknown", "status" as the name of a column).
WORDS: dict[str, set[str]] = {
    "statuses": set(vocabulary.STATUSES) - {"unknown"},
    "location bases": set(vocabulary.LOCATION_BASES) - {"none", "approximate"},
    "reliabilities": set(vocabulary.RELIABILITIES),
    "verbs": set(vocabulary.VERB_LABELS) - {"start", "finish", "add"},
    "promises": set(vocabulary.PROMISE_LABELS) - {"unknown"},
    "certainties": {"exact", "approximate"},
    "kinds of events": set(vocabulary.EVENT_KINDS) - {"status", "quantity"},
    "kinds of works": set(vocabulary.WORK_KINDS),
    "precisions": {"ten_days", "quarter", "half", "circa"},
}
# `yes` and `no` also answer other questions, and `day, month, year` are also parts of a date
WHOLE: dict[str, set[str]] = {
    "counted": set(vocabulary.COUNTED),
    "precisions": {"day", "month", "year"},
    "certainties": {"exact", "line"},
}
ENUMS: dict[tuple[str, str], tuple[str, ...]] = {
    ("works", "kind"): vocabulary.WORK_KINDS,
    ("works", "counted"): vocabulary.COUNTED,
    ("works", "location_basis"): vocabulary.LOCATION_BASES,
    ("facilities", "location_basis"): vocabulary.LOCATION_BASES,
    ("facilities", "opened_precision"): vocabulary.OPENED_PRECISIONS,
    ("events", "kind"): vocabulary.EVENT_KINDS,
    ("events", "date_precision"): vocabulary.PRECISIONS,
    ("sources", "reliability"): vocabulary.RELIABILITIES,
    ("plan_items", "verb"): tuple(vocabulary.VERB_LABELS),
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for part in ("geo", "layers", "pages"):
        for path in sorted((ROOT / part).rglob("*.py")):
            if path != HOME:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def collections(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """Line and string literals of each tuple, list, set and dictionary (its keys, then its values) of a module."""
    for node in ast.walk(tree):
        parts: list[list[ast.expr | None]]
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts = [list(node.elts)]
        elif isinstance(node, ast.Dict):
            parts = [list(node.keys), list(node.values)]
        else:
            continue
        for part in parts:
            yield (
                node.lineno,
                {
                    str(one.value)
                    for one in part
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                },
            )


def declared_again(name: str, tree: ast.AST) -> list[str]:
    return [
        f"{name}:{line}: {vocabulary_name}: {sorted(found & words)}"
        for line, found in collections(tree)
        for table, least in ((WORDS, 2), (WHOLE, 0))
        for vocabulary_name, words in table.items()
        if len(found & words) >= (least or len(words))
    ]


def limits(name: str, tree: ast.AST) -> list[str]:
    """Comparisons of an accuracy with a number that is written out."""
    return [
        f"{name}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and "accuracy" in ast.unparse(node)
        and any(
            isinstance(one, ast.Constant) and one.value == vocabulary.EXACT_LIMIT_M for one in ast.walk(node)
        )
    ]


def test_no_other_module_declares_words_of_the_vocabulary() -> None:
    assert [line for name, tree in modules() for line in declared_again(name, tree)] == []


def labelled_again(name: str, tree: ast.AST) -> list[str]:
    """Dictionaries that give three fields or more the labels that they have already."""
    own = {field.name: {get_field(field.shown_as or field.name).zh, field.zh} for field in FIELDS}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            pairs = [
                (key.value, value.args[0].value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
                and isinstance(value, ast.Call)
                and value.args
                and isinstance(value.args[0], ast.Constant)
            ]
            again = [str(key) for key, label in pairs if label in own.get(str(key), ())]
            found += [f"{name}:{node.lineno}: {again}"] if len(again) >= 3 else []
    return found


def test_no_other_module_labels_the_fields() -> None:
    assert [line for name, tree in modules() for line in labelled_again(name, tree)] == []
    again = "A = {'work_id': _('编号'), 'unit': t('单位'), 'status': _('状态')}"
    assert labelled_again("x", ast.parse(again)), "this test can fail"


def test_no_other_module_knows_the_exact_limit() -> None:
    assert [line for name, tree in modules() for line in limits(name, tree)] == []


@pytest.mark.parametrize(
    "text",
    [
        "A = ('implementation', 'completed')",
        "A = {'surveyed': 1, 'published': 2}",
        "A = ['no', 'yes', 'probable']",
        "A = {'x': 'official', 'y': 'press'}",
        "A = {'day', 'month', 'year', 'circa'}",
        "def f(row): return float(row['accuracy_m']) > 150",
        "B = accuracy <= 150.0",
    ],
)
def test_these_tests_can_fail(text: str) -> None:
    tree = ast.parse(text)
    assert declared_again("x", tree) or limits("x", tree)


def test_the_pack_allows_exactly_the_words_of_the_vocabulary() -> None:
    package = json.loads((DATA_DIR / "datapackage.json").read_text("utf-8"))
    enums = {
        (table["name"], field["name"]): tuple(field["constraints"]["enum"])
        for table in package["resources"]
        for field in table.get("schema", {}).get("fields", ())
        if "enum" in field.get("constraints", {})
    }
    assert {key: enums[key] for key in ENUMS} == ENUMS
