"""Clients that nobody here wrote read the API: GDAL's OAPIF driver, OWSLib, and a fuzzer of OpenAPI documents."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from owslib.ogcapi.features import Features

from geo.register.city import Atlas

CHECKS = (
    "not_a_server_error",
    "content_type_conformance",
    "status_code_conformance",
    "response_schema_conformance",
)


def test_gdal_reads_every_work(live: str, atlas: Atlas) -> None:
    read = pyogrio.read_dataframe(f"OAPIF:{live}/api/collections/works")
    works = atlas.register.state(date.today())
    assert set(read["work_id"]) == set(works.index)
    assert int(read.geometry.notna().sum()) == int((works["lon"].notna() | works["line_id"].notna()).sum())
    quantity = works["quantity"].reindex(read["work_id"]).to_numpy()
    np.testing.assert_array_equal(read["quantity"].to_numpy("float64"), quantity)


def test_gdal_filters_on_the_server(live: str, atlas: Atlas) -> None:
    read = pyogrio.read_dataframe(f"OAPIF:{live}/api/collections/works", where="district_code = '320213'")
    assert len(read) == int((atlas.register.state(date.today())["district_code"] == "320213").sum())
    boxed = pyogrio.read_dataframe(
        f"OAPIF:{live}/api/collections/districts", bbox=(120.29, 31.57, 120.3, 31.58)
    )
    assert set(boxed["district_code"]) == {"320213"}


def test_owslib_lists_and_reads(live: str, atlas: Atlas) -> None:
    service = Features(f"{live}/api/")
    assert "works" in service.feature_collections()
    assert service.collection_items("works", limit=2)["numberMatched"] == len(
        atlas.register.state(date.today())
    )
    assert "status" in service.collection_queryables("works")["properties"]


@pytest.mark.parametrize("many", [4, pytest.param(30, marks=pytest.mark.deep)])
def test_whatever_the_document_allows_is_answered_as_it_says(live: str, tmp_path: Path, many: int) -> None:
    """schemathesis asks what the OpenAPI document allows, and some of what it does not; nothing may fail inside."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{live}/api/openapi?f=json"]
    command += ["--url", f"{live}/api", "--checks", ",".join(CHECKS)]
    command += [
        "--max-examples",
        str(many),
        "--seed",
        "1",
        "--request-timeout",
        "240",
        "--phases",
        "fuzzing",
        "--generation-deterministic",
        "--no-color",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ, timeout=1800, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
