"""KML for globes and phones: degrees only, coloured by status, works without a place kept as places without a point."""

from __future__ import annotations

from typing import Any, Final
from xml.etree import ElementTree as ET  # written here, never read: nothing of a stranger's is parsed

import numpy as np
import pandas as pd
import shapely

from geo.columns import Array, by_type, each_once, json_cells, objects
from geo.display.fields import get_field
from geo.display.labels import name_of
from geo.display.symbology import STATUS_STYLES
from geo.files.content import Content
from geo.files.spec import FileFormat
from geo.text import mark as _
from geo.text import translate

_DECLARATION: Final = "<?xml version='1.0' encoding='utf-8'?>\n"
_NS: Final = "http://www.opengis.net/kml/2.2"


def write(content: Content) -> bytes:
    """UTF-8; every text is escaped. Placemarks are laid together from columns: an element a cell takes minutes for 100,000 works."""
    root, _document_of = _document(content)
    head, end = ET.tostring(root, encoding="unicode"), "</Document></kml>"
    frame = content.frame.drop(columns=["wkt", "licence"])
    marks = np.array(_placemarks(content, frame), object)
    groups = frame[content.group].to_numpy(object)
    parts = [_DECLARATION, head.removesuffix(end)]
    for group, label in _groups(content).items():
        rows = np.flatnonzero(groups == group)
        if len(rows):
            parts += ["<Folder>", _element("name", f"{label} ({len(rows)})"), *marks[rows], "</Folder>"]
    return "".join([*parts, end]).encode("utf-8", "xmlcharrefreplace")


def _document(content: Content) -> tuple[Any, Any]:
    """The root and its document with a title, facts and styles, and no row yet."""
    root = ET.Element("kml", xmlns=_NS)
    document = ET.SubElement(root, "Document")
    _text(document, "name", f"{content.title} {content.as_of.isoformat()} ({content.system.title})")
    _text(document, "description", "\n".join(f"{label}: {text}" for label, text in content.facts.items()))
    for status in STATUS_STYLES:
        _style(document, status.id, status.fill)
    return root, document


def _groups(content: Content) -> dict[str, str]:
    """Code -> label of the folders: statuses of works, else the words of the field that rows go by."""
    if content.group == "status":
        return {status.id: translate(status.label, content.lang) for status in STATUS_STYLES}
    return content.atlas.names("kinds", content.lang)


def _text(parent: Any, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _allowed(text)


def _allowed(text: str) -> str:
    """Without the control characters that XML has no way to write."""
    return text if text.isprintable() else "".join(each for each in text if each in "\t\n\r" or each >= " ")


def _style(document: Any, name: str, fill: str) -> None:
    """KML colours are alpha, blue, green, red."""
    colour = "ff" + fill[5:7] + fill[3:5] + fill[1:3]
    style = ET.SubElement(document, "Style", id=name)
    for tag, more in (("IconStyle", ()), ("LineStyle", (("width", "4"),))):
        part = ET.SubElement(style, tag)
        _text(part, "color", colour)
        for key, value in more:
            _text(part, key, value)


def _placemarks(content: Content, frame: pd.DataFrame) -> list[str]:
    """Each row as an element."""
    cells = [
        _data(str(name), get_field(str(name)).label(content.lang), frame[name]) for name in frame.columns
    ]
    data = [_parent("ExtendedData", "".join(each)) for each in zip(*cells, strict=True)]
    names = _names(content, frame)
    if content.group == "status":
        styles = [_element("styleUrl", f"#{status}") for status in frame["status"]]
    else:
        styles = [""] * len(frame)
    return [
        f'<Placemark id="{_attribute(f"{content.one}-{key}")}">{name}{style}{each}{shape}</Placemark>'
        for key, name, style, each, shape in zip(
            frame["work_id"], names, styles, data, _shapes(content.shapes), strict=True
        )
    ]


def _names(content: Content, frame: pd.DataFrame) -> list[str]:
    english = frame["name_en"] if "name_en" in frame else [None] * len(frame)
    pairs = (
        {"name_zh": chinese, "name_en": other}
        for chinese, other in zip(frame["name_zh"], english, strict=True)
    )
    return [_element("name", name_of(each, content.lang)) for each in pairs]


def _data(name: str, label: str, cells: pd.Series[Any]) -> list[str]:
    """The cells of a column as elements, nothing for an unknown one; each different text is written once."""
    start = f'<Data name="{_attribute(name)}">{_element("displayName", label)}'
    values = objects(json_cells(cells))
    out = np.full(len(values), "", object)
    for kind, places in by_type(values):
        if kind is not type(None):
            out[places] = each_once(
                lambda value: f"{start}{_element('value', str(value))}</Data>", values[places]
            )
    return list(out)


def _shapes(shapes: Array) -> list[str]:
    out = np.full(len(shapes), "", object)
    types = shapely.get_type_id(shapes)
    points = np.flatnonzero((types == shapely.GeometryType.POINT) & ~shapely.is_empty(shapes))
    xy = shapely.get_coordinates(shapes[points]).tolist()
    out[points] = objects([f"<Point><coordinates>{x!r},{y!r}</coordinates></Point>" for x, y in xy])
    drawn = types != shapely.GeometryType.MISSING
    drawn[points] = False
    for at in np.flatnonzero(drawn):
        out[at] = _shape(shapes[at])
    return list(out)


def _shape(shape: Any) -> str:
    if shape.geom_type.startswith("Multi"):
        return _parent("MultiGeometry", "".join(map(_shape, shape.geoms)))
    coordinates = " ".join(f"{x!r},{y!r}" for x, y in shape.coords)
    return f"<{shape.geom_type}>{_element('coordinates', coordinates)}</{shape.geom_type}>"


def _element(tag: str, text: str) -> str:
    return _parent(tag, _escaped(_allowed(text)))


def _parent(tag: str, content: str) -> str:
    return f"<{tag}>{content}</{tag}>" if content else f"<{tag} />"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    marks = (('"', "&quot;"), ("\r", "&#13;"), ("\n", "&#10;"), ("\t", "&#09;"))
    for mark, written in marks:
        text = (_escaped(text) if mark == '"' else text).replace(mark, written)
    return text


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
