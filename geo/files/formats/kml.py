"""KML for globes and phones: degrees only, coloured by status, works without a place kept as places without a point."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final
from xml.etree import ElementTree as ET  # written here, never read: nothing of a stranger's is parsed

import pandas as pd

from geo.display.fields import get_field
from geo.display.labels import name_of
from geo.display.symbology import STATUS_STYLES
from geo.files.content import Content
from geo.files.spec import FileFormat
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown, json_value

_NS: Final = "http://www.opengis.net/kml/2.2"


def write(content: Content) -> bytes:
    """UTF-8; the element tree escapes every text."""
    root = ET.Element("kml", xmlns=_NS)
    document = ET.SubElement(root, "Document")
    _text(document, "name", f"{content.title} {content.as_of.isoformat()} ({content.system.title})")
    _text(document, "description", "\n".join(f"{label}: {text}" for label, text in content.facts.items()))
    for status in STATUS_STYLES:
        _style(document, status.id, status.fill)
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


def _groups(content: Content) -> dict[str, str]:
    """Code -> label of the folders: statuses of works, else the words of the field that rows go by."""
    if content.group == "status":
        return {status.id: translate(status.label, content.lang) for status in STATUS_STYLES}
    return content.atlas.names("kinds", content.lang)


def _text(parent: Any, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _allowed(text)


def _allowed(text: str) -> str:
    """Without the control characters that XML has no way to write."""
    return "".join(letter for letter in text if letter in "\t\n\r" or letter >= " ")


def _style(document: Any, name: str, fill: str) -> None:
    """KML colours are alpha, blue, green, red."""
    colour = "ff" + fill[5:7] + fill[3:5] + fill[1:3]
    style = ET.SubElement(document, "Style", id=name)
    for tag, more in (("IconStyle", ()), ("LineStyle", (("width", "4"),))):
        part = ET.SubElement(style, tag)
        _text(part, "color", colour)
        for key, value in more:
            _text(part, key, value)


def _placemark(folder: Any, content: Content, row: pd.Series[Any], shape: Any) -> None:
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


FORMAT = FileFormat(
    id="kml",
    title="KML",
    use=_("谷歌地球与手机"),
    ending=".kml",
    mime="application/vnd.google-earth.kml+xml",
    write=write,
    order=60,
    metres=False,
)
