"""What the API declares to conform to. Each class has its abstract tests in tests/api/conformance; none is declared without."""

from __future__ import annotations

from typing import Final

_FEATURES: Final = "ogcapi-features"
_OF: Final[dict[str, tuple[str, ...]]] = {
    f"{_FEATURES}-1/1.0": ("core", "geojson", "html", "oas30"),
    f"{_FEATURES}-2/1.0": ("crs",),
    f"{_FEATURES}-3/1.0": ("queryables", "queryables-query-parameters", "filter", "features-filter"),
    "cql2/1.0": (
        "basic-cql2",
        "advanced-comparison-operators",
        "case-insensitive-comparison",
        "accent-insensitive-comparison",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "spatial-functions",
        "temporal-functions",
        "property-property",
        "arithmetic",
        "cql2-text",
        "cql2-json",
    ),
    "ogcapi-tiles-1/1.0": ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30"),
}
CLASSES: Final = sorted(
    f"http://www.opengis.net/spec/{part}/conf/{name}" for part, names in _OF.items() for name in names
)
