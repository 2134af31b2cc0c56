"""KML with an element a cell, as it was written before it was written in columns: slow, plain, and what the columns are compared with."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

from geo.display.fields import get_field
from geo.display.labels import name_of
from geo.files.content import Content
from geo.files.formats.kml import _document, _groups, _text
from geo.values import is_unknown, json_value


def written(content: Content) -> bytes:
    root, document = _document(content)
    frame = content.frame.drop(columns=["wkt", "licence"])
    for group, label in _groups(content).items():
        rows = frame[frame[content.group] == group]
        if rows.empty:
            continue
        folder = ET.SubElement(document, "Folder")
        _text(folder, "name", f"{label} ({len(rows)})")
        for work_id, row in rows.iterrows():
            _placemark(folder, content, row, content.shapes[frame.index.get_loc(work_id)])
    stream = BytesIO()
    ET.ElementTree(root).write(stream, encoding="utf-8", xml_declaration=True)
    return stream.getvalue()


def _placemark(folder: Any, content: Content, row: Any, shape: Any) -> None:
    mark = ET.SubElement(folder, "Placemark", id=f"{content.one}-{row['work_id']}")
    _text(mark, "name", name_of(row, content.lang))
    if content.group == "status":
        _text(mark, "styleUrl", f"#{row['status']}")
    data = ET.SubElement(mark, "ExtendedData")
    for name, value in row.items():
        if not is_unknown(value):
            cell = ET.SubElement(data, "Data", name=str(name))
            _text(cell, "displayName", get_field(str(name)).label(content.lang))
            _text(cell, "value", str(json_value(value)))
    if shape is not None:
        _geometry(mark, shape)


def _geometry(parent: Any, shape: Any) -> None:
    if shape.geom_type.startswith("Multi"):
        parent = ET.SubElement(parent, "MultiGeometry")
        for part in shape.geoms:
            _geometry(parent, part)
        return
    spot = ET.SubElement(parent, shape.geom_type)
    _text(spot, "coordinates", " ".join(f"{x!r},{y!r}" for x, y in shape.coords))
