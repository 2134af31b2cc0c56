"""How the checks ask the API: every answer has the status that is wanted, and whatever is counted is read whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.testclient import TestClient

from layers.api.config import MAX_ITEMS

BASE: Final = "http://atlas.test/api"
EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/"
GEOJSON: Final = "application/geo+json"


class Api:
    """The API as a client sees it."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(
        self, path: str, words: Mapping[str, str] | None = None, *, status: int = 200, accept: str = "*/*"
    ) -> Any:
        """An answer of that status; ``path`` is below ``/api`` or a whole address."""
        address = path if path.startswith("http") else f"{BASE}{path}"
        headers = {"accept": accept, "accept-encoding": "identity"}
        answer = self.client.get(address, params=dict(words) if words else None, headers=headers)
        assert answer.status_code == status, (address, words, answer.status_code, answer.text[:300])
        return answer

    def json(self, path: str, words: Mapping[str, str] | None = None, *, status: int = 200) -> Any:
        return self.get(path, words, status=status, accept="application/json").json()

    def items(self, collection: str, words: Mapping[str, str] | None = None, *, status: int = 200) -> Any:
        """What an answer counts: with all pages after it, unless ``words`` ask for one page."""
        words = dict(words or {})
        path = f"/collections/{collection}/items"
        page = self.get(path, {"limit": str(MAX_ITEMS)} | words, status=status, accept=GEOJSON).json()
        if status != 200 or "limit" in words:
            return page
        answer = page
        while following := rels(page).get("next"):
            page = self.get(following[0]["href"], accept=GEOJSON).json()
            answer["features"] += page["features"]
            answer["numberReturned"] += page["numberReturned"]
            answer["links"] = page["links"]
        return answer

    def ids(self, collection: str, words: Mapping[str, str] | None = None) -> set[str]:
        """Ids of all features that an answer counts."""
        one = next(name for name in self.queryables(collection) if name != "geometry")
        found = self.items(collection, {"skipGeometry": "true", "properties": one} | dict(words or {}))
        assert found["numberMatched"] == found["numberReturned"]
        return {one["id"] for one in found["features"]}

    def filtered(self, collection: str, text: str, **words: str) -> set[str]:
        """Ids of what passes a filter of CQL2 text."""
        return self.ids(collection, {"filter": text, "filter-lang": "cql2-text"} | words)

    def queryables(self, collection: str) -> dict[str, dict[str, Any]]:
        """Queryables with their schemas."""
        found: dict[str, dict[str, Any]] = self._kept(f"/collections/{collection}/queryables")["properties"]
        return found

    def document(self) -> Any:
        """The definition of the API."""
        return self._kept("/openapi?f=json")

    def _kept(self, path: str) -> Any:
        """A document that no test changes, fetched once a client."""
        kept = self.client.__dict__.setdefault("kept_documents", {})
        if path not in kept:
            kept[path] = self.json(path)
        return kept[path]


def rels(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Links of a document by their relation."""
    found: dict[str, list[dict[str, Any]]] = {}
    for link in document["links"]:
        assert link["rel"], link
        assert link["type"], link
        found.setdefault(link["rel"], []).append(link)
    return found


def resolved(document: Mapping[str, Any], part: Mapping[str, Any]) -> Any:
    """A part of an OpenAPI document, or what it refers to inside the document."""
    reference = part.get("$ref")
    if reference is None:
        return part
    found: Any = document
    for name in str(reference).removeprefix("#/").split("/"):
        found = found[name]
    return resolved(document, found)


def parameters(document: Mapping[str, Any], path: str) -> dict[str, dict[str, Any]]:
    """Parameters of the GET operation of a path, by name."""
    operation = document["paths"][path]
    listed = [*operation.get("parameters", []), *operation["get"].get("parameters", [])]
    return {one["name"]: one for one in (resolved(document, part) for part in listed)}


def positions(geometry: Mapping[str, Any] | None) -> list[tuple[float, float]]:
    """All positions of a GeoJSON geometry."""
    if geometry is None:
        return []
    nested = [geometry["coordinates"]]
    found = []
    while nested:
        part = nested.pop()
        if isinstance(part[0], int | float):
            found.append((part[0], part[1]))
        else:
            nested.extend(part)
    return found
