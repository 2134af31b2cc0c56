"""QGIS, headless, reads the open API and an exported GeoPackage: ``/usr/bin/python3 tools/qgis_check.py API [FILE.gpkg]``.

Runs with the Python that Debian's ``python3-qgis`` belongs to, not with the project's. Prints a Markdown table, ends with
1 if something could not be read.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # type: ignore[import-not-found]
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsProviderRegistry,
    QgsVectorLayer,
)

COLLECTIONS = ("works", "lines", "districts", "facilities", "items", "events", "indicators", "sources")
EASTERN = "\"district_code\" = '320282'"


def row(layer: QgsVectorLayer, name: str, filtered: str = "") -> tuple[bool, str]:
    """Whether the layer was read, and its line of the table."""
    read = sum(1 for _ in layer.getFeatures()) if layer.isValid() else 0
    request = QgsFeatureRequest().setFilterExpression(filtered)
    some = sum(1 for _ in layer.getFeatures(request)) if filtered and layer.isValid() else ""
    fields = layer.fields().count()
    crs = layer.crs().authid() or "none"
    return read > 0, f"| {name} | {layer.featureCount()} | {read} | {some} | {fields} | {crs} |"


def main(api: str, *files: str) -> int:
    """Read every collection of ``api`` and every layer of ``files``."""
    app = QgsApplication([], False)
    app.initQgis()
    print(f"QGIS {Qgis.QGIS_VERSION}, headless\n")
    print(
        "| layer | counted | read | of them in one district | fields | CRS |\n| --- | --- | --- | --- | --- | --- |"
    )
    found = []
    for name in COLLECTIONS:
        layer = QgsVectorLayer(f"typename='{name}' url='{api}'", name, "OAPIF")
        found.append(row(layer, name, EASTERN if name == "works" else ""))
    for file in files:
        for part in QgsProviderRegistry.instance().querySublayers(file):
            layer = QgsVectorLayer(part.uri(), part.name(), "ogr")
            kind = type(layer.renderer()).__name__ if layer.isSpatial() else "table"
            found.append(row(layer, f"{Path(file).name} · {part.name()} ({kind})"))
    for _read, line in found:
        print(line)
    app.exitQgis()
    return 0 if found and all(read for read, _line in found) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
