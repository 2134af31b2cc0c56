"""Every abstract test of every class that the API declares, as rows of a table; and the table in docs/api.md."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from starlette.testclient import TestClient

from geo.paths import DATA_DIR
from tests.api.conformance.asking import Api
from tests.api.conformance.figures import table
from tests.api.conformance.rows import ROWS, Row

CASES = [(row, case) for row in ROWS for case in row.cases]


def _name(row: Row, case: Any) -> str:
    """The same in every process: a case with a function is named by what stands before the function."""
    case = "-".join(str(part) for part in case if not callable(part)) if isinstance(case, tuple) else case
    return f"{row.conformance_class.replace('/conf', '')}/{row.test}-{case}"[:90]


@pytest.mark.parametrize(("row", "case"), CASES, ids=[_name(row, case) for row, case in CASES])
def test_an_abstract_test_holds(client: TestClient, row: Row, case: Any) -> None:
    row.check(Api(client), case)


def test_what_is_declared_is_what_is_tested(client: TestClient) -> None:
    declared = client.get("/api/conformance?f=json").json()["conformsTo"]
    assert sorted({f"http://www.opengis.net/spec/{row.conformance_class}" for row in ROWS}) == declared


def test_no_abstract_test_is_twice_in_the_table() -> None:
    assert [
        key for key, n in Counter((row.conformance_class, row.test) for row in ROWS).items() if n > 1
    ] == []
    assert all(row.cases for row in ROWS)


def test_the_documentation_has_the_figures_of_this_table() -> None:
    """All of the table runs in this file, none is skipped, and one that fails fails the run: claimed is passed."""
    documented = (DATA_DIR.parent / "docs" / "api.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in documented
