"""What a start remembers of the map is what its routes would send, needs no table, and holds no key of anybody."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from layers.map.beside import READ_BESIDE
from layers.map.registry import all_layers

ASK = r"""
import hashlib, json, re, sys
from starlette.applications import Starlette
from starlette.testclient import TestClient
from layers.api.app_routes import app_routes

client = TestClient(Starlette(routes=app_routes("")))

def asked(address):
    answer = client.get(address)
    nonce = re.search("nonce-([^']+)", answer.headers.get("content-security-policy", ""))
    plain = lambda text: text.replace(nonce[1], "N") if nonce else text
    body = plain(answer.text)
    return [answer.status_code, sorted([name, plain(value)] for name, value in answer.headers.items()), body]

answers = {address: asked(address) for address in sys.argv[1:]}
print(json.dumps([answers, sorted({"folium", "geopandas", "numpy", "pandas", "sqlalchemy"} & set(sys.modules))]))
"""
NEWEST = "/atlas/newest-map?lang=zh"
MAP = (
    "/atlas/map?lang=zh",
    "/atlas/config.json?lang=zh",
    "/atlas/layers/lakes.json?lang=zh&datum=GCJ02",
    "/atlas/layers/districts.json",
)
REFUSED = ("/atlas/layers/nothing.json", "/atlas/map?lang=zh&plan=nothing")
KEY = "a-key-of-somebody"


def process(var: Path, *addresses: str, **environment: str) -> tuple[dict[str, Any], list[str]]:
    """Answers of a new process, and which large packages it read for them."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, *addresses],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"ATLAS_VAR": str(var)} | environment,
    )
    answers, read = json.loads(done.stdout)
    return answers, read


def test_a_second_start_sends_the_same_map_without_reading_a_table(tmp_path: Path) -> None:
    made, read = process(tmp_path, NEWEST, *MAP)
    assert {"folium", "pandas"} <= set(read)
    assert json.loads(made.pop(NEWEST)[2]) is None, "nothing is remembered yet"
    again, read = process(tmp_path, NEWEST, *MAP)
    assert read == []
    newest = json.loads(again.pop(NEWEST)[2])
    assert again == made
    shown, read = process(tmp_path, f"/atlas/{newest}")
    assert read == []
    assert shown[f"/atlas/{newest}"] == made[MAP[0]]
    refused, _read = process(tmp_path, *REFUSED)
    assert [answer[0] for answer in refused.values()] == [404, 200]


def test_a_key_is_sent_to_the_map_and_written_down_nowhere(tmp_path: Path) -> None:
    for _start in range(2):
        answers, _read = process(tmp_path, *MAP, ATLAS_TIANDITU_KEY=KEY)
        assert KEY in answers[MAP[1]][2]
    head = hashlib.sha256().digest_size
    contents = [path.read_bytes()[head:] for path in tmp_path.rglob("*") if path.is_file()]
    assert contents
    for content in contents:
        _version, _line, body = content.partition(b"\n")
        is_packed = body.startswith(b"\x1f\x8b")
        assert KEY.encode() not in (gzip.decompress(body) if is_packed else content)
    without, _read = process(tmp_path, *MAP)
    assert KEY not in without[MAP[1]][2]


def test_what_a_layer_reads_beside_the_register_is_part_of_what_it_is_known_by() -> None:
    assert {layer.version for layer in all_layers()} - {str} <= set(READ_BESIDE)
