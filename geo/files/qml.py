"""Layer styles as QGIS keeps them (QML), from the same declarations as the web map."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET  # written here, never read

from geo.display.symbology import STATUS_STYLES
from geo.display.tokens import COLOURS
from geo.text import translate


def _options(parent: Any, values: dict[str, str]) -> None:
    options = ET.SubElement(parent, "Option", type="Map")
    for name, value in values.items():
        ET.SubElement(options, "Option", name=name, value=value, type="QString")


def _rgba(colour: str, alpha: int = 255) -> str:
    return ",".join([*(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)), str(alpha)])


def _symbol(parent: Any, name: str, kind: str, layer: str, values: dict[str, str]) -> None:
    symbol = ET.SubElement(parent, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1")
    about = {"class": layer, "enabled": "1", "pass": "0", "locked": "0"}
    _options(ET.SubElement(symbol, "layer", about), values)


def _marker(status: Any) -> dict[str, str]:
    return {
        "name": status.shape,
        "color": _rgba(status.fill),
        "outline_color": _rgba(COLOURS["edge"].light),
        "outline_width": "0.2",
        "size": "3",
        "size_unit": "MM",
    }


def _stroke(status: Any) -> dict[str, str]:
    dashes = status.dash.split()
    return {
        "line_color": _rgba(status.fill),
        "line_width": "0.9",
        "line_width_unit": "MM",
        "line_style": "solid",
        "use_custom_dash": "1" if dashes else "0",
        "customdash": ";".join(str(round(int(dash) / 5, 1)) for dash in dashes) or "5;2",
        "customdash_unit": "MM",
    }


def _labels(root: Any, field: str, size: str) -> None:
    settings = ET.SubElement(ET.SubElement(root, "labeling", type="simple"), "settings", calloutType="simple")
    style = ET.SubElement(
        settings,
        "text-style",
        fieldName=field,
        fontSize=size,
        fontFamily="Noto Sans CJK SC",
        textColor="60,60,60,255",
    )
    ET.SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferColor="255,255,255,220",
        bufferSizeUnits="MM",
    )


def _document(geometry: int) -> Any:
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology|Labeling|Fields", labelsEnabled="1")
    ET.SubElement(root, "layerGeometryType").text = str(geometry)
    return root


def _text(root: Any, aliases: dict[str, str]) -> str:
    listed = ET.SubElement(root, "aliases")
    for index, (name, label) in enumerate(aliases.items()):
        ET.SubElement(listed, "alias", field=name, index=str(index), name=label)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def by_status(kind: str, lang: str, aliases: dict[str, str]) -> str:
    """A layer of points (``marker``) or lines (``line``) in the colours, shapes and dashes of its statuses.

    Parameters
    ----------
    kind : str
    lang : str
        ``zh`` or ``en``.
    aliases : dict
        Column -> label.

    Returns
    -------
    str
    """
    root = _document(0 if kind == "marker" else 1)
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr="status", symbollevels="0", forceraster="0"
    )
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for index, status in enumerate(STATUS_STYLES):
        label = translate(status.label, lang)
        ET.SubElement(categories, "category", symbol=str(index), value=status.id, label=label, render="true")
        if kind == "marker":
            _symbol(symbols, str(index), kind, "SimpleMarker", _marker(status))
        else:
            _symbol(symbols, str(index), kind, "SimpleLine", _stroke(status))
    _labels(root, "name_zh", "8")
    return _text(root, aliases)


def outlines(lang: str, aliases: dict[str, str], *, fill: str, stroke: str) -> str:
    """Areas with one fill, one border, and their names.

    Parameters
    ----------
    lang : str
        ``zh`` or ``en``.
    aliases : dict
        Column -> label.
    fill : str
        Colour.
    stroke : str
        Colour.

    Returns
    -------
    str
    """
    root = _document(2)
    renderer = ET.SubElement(root, "renderer-v2", type="singleSymbol", symbollevels="0", forceraster="0")
    look = {"color": _rgba(fill), "outline_color": _rgba(stroke), "outline_width": "0.4", "style": "solid"}
    _symbol(ET.SubElement(renderer, "symbols"), "0", "fill", "SimpleFill", look)
    _labels(root, f"name_{lang}", "10")
    return _text(root, aliases)
