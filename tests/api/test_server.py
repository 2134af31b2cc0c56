"""The routes: caching, compression, languages, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo.detailed_map.make import archive_path, archive_version
from geo.register.city import Atlas
from layers import browser_code
from layers.api.server import routes


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_the_map_page_allows_only_this_server(client: TestClient) -> None:
    answer = client.get("/atlas/map?lang=en")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<script nonce="{nonce}">' in answer.text
    assert "<script>" not in answer.text
    assert "Wuxi Works Atlas" in answer.text
    assert client.get("/atlas/map").headers["content-security-policy"] != policy


@pytest.mark.parametrize("path", ["leaflet.js", "leaflet.css"])
def test_leaflet_comes_from_this_server(client: TestClient, path: str) -> None:
    assert client.get(f"/atlas/assets/leaflet/{path}").status_code == 200


def test_all_that_the_map_page_loads_is_served_and_may_be_kept(client: TestClient) -> None:
    """Browsers run no module whose type is not JavaScript's."""
    page = client.get("/atlas/map").text
    named = set(re.findall(r"assets/[^\"']+\.(?:js|css)", page)) - {
        "assets/leaflet/leaflet.js",
        "assets/leaflet/leaflet.css",
    }
    assert {f"assets/{browser_code.version()}/{name}" for name in browser_code.map_modules()} < named
    for name in named:
        answer = client.get(f"/atlas/{name}")
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["cache-control"]
        kind = answer.headers["content-type"].split(";")[
            0
        ]  # Streamlit registers the older name of JavaScript's type
        assert kind in (
            {"text/javascript", "application/javascript"} if name.endswith(".js") else {"text/css"}
        ), name


def test_no_module_of_another_version_is_given(client: TestClient) -> None:
    assert client.get(f"/atlas/{browser_code.asset('map/folium_page.js')}").status_code == 200
    assert client.get("/atlas/assets/0123456789/map/folium_page.js").status_code == 404
    assert client.get("/atlas/assets/map/folium_page.js").status_code == 404


def test_a_versioned_layer_is_kept_for_a_year_and_revalidated_otherwise(
    client: TestClient, atlas: Atlas
) -> None:
    plain = client.get("/atlas/layers/works.json")
    kept = client.get(f"/atlas/layers/works.json?v={atlas.version}")
    assert plain.headers["cache-control"] == "no-cache"
    assert "immutable" in kept.headers["cache-control"]
    assert plain.json() == kept.json()
    tag = plain.headers["etag"]
    again = client.get("/atlas/layers/works.json", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert not again.content
    other = client.get("/atlas/layers/works.json?lang=en", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_layers_are_compressed_when_asked(client: TestClient) -> None:
    packed = client.get("/atlas/layers/districts.json", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/atlas/layers/districts.json", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert len(plain.content) > 50_000


@pytest.mark.parametrize(
    "path",
    [
        "/atlas/layers/nope.json",
        "/atlas/layers/..%2f..%2fapp.json",
        "/atlas/assets/../serve.py",
        f"/atlas/assets/{browser_code.version()}/../serve.py",
        "/atlas/assets/leaflet/../../../etc/passwd",
        "/atlas/nothing",
    ],
)
def test_what_is_not_ours_is_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_odd_parameters_fall_back(client: TestClient) -> None:
    odd = client.get("/atlas/layers/works.json?lang=%3Cscript%3E&datum=XX&v=%00&v=1" + "x" * 5000)
    assert odd.json() == client.get("/atlas/layers/works.json").json()
    error = client.get("/atlas/layers/%3Cimg%3E.json?lang=en")
    assert error.headers["content-type"] == "application/json"
    assert "no layer" in json.loads(error.text)["error"]


def test_a_prefix_moves_every_route() -> None:
    client = TestClient(Starlette(routes=routes("/wuxi/")))
    assert client.get("/wuxi/atlas/map").status_code == 200
    assert client.get("/atlas/map").status_code == 404


def test_the_detailed_base_map_is_sent_in_ranges_and_only_as_it_is_now(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    assert client.get("/atlas/base-map/any.pmtiles").status_code == 404
    before = client.get("/atlas/config.json?lang=en").headers["etag"]
    archive_path().parent.mkdir()
    archive_path().write_bytes(bytes(range(256)))
    address = f"/atlas/base-map/{archive_version()}.pmtiles"
    part = client.get(address, headers={"Range": "bytes=7-16"})
    assert (part.status_code, part.content) == (206, bytes(range(7, 17)))
    assert "content-encoding" not in part.headers
    assert "immutable" in part.headers["cache-control"]
    assert client.head(address).headers["content-length"] == "256"
    config = client.get("/atlas/config.json?lang=en")
    assert config.headers["etag"] != before, (
        "a map that keeps the declarations for a year learns of the new one"
    )
    base = config.json()["basemaps"]["detailed"]
    assert f"/atlas/{base['url']}" == address
    assert "OpenStreetMap" in base["attribution"]
    assert client.get(f"/atlas/{base['script']}").status_code == 200
    archive_path().write_bytes(b"another one")
    assert client.get(address).status_code == 404
    assert client.get("/atlas/base-map/..%2F..%2Fregister.pmtiles").status_code == 404
