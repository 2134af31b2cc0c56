"""Looks at XML and JSON before a format's driver sees them: entities, links, broken syntax, odd systems."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.sax import ContentHandler, SAXParseException

from geo.errors import IngestError
from geo.reading.encoding import line_of
from geo.reading.model import Note
from geo.text import mark as _

_STEP: Final = 1 << 20
_LINK: Final = re.compile(
    rb"<(?:\w+:)?NetworkLink[\s>/]|xlink:href\s*=\s*[\"'](?!#)|<(?:\w+:)?include[\s>]", re.IGNORECASE
)
_KNOWN_CRS: Final = re.compile(r"CRS84|EPSG", re.IGNORECASE)
_NODE: Final = re.compile(rb"<node\s[^>]*?\bid=[\"'](-?\d+)[\"']")
_WAY: Final = re.compile(rb"<way\s.*?</way>", re.DOTALL)
_REF: Final = re.compile(rb"<nd\s[^>]*?\bref=[\"'](-?\d+)[\"']")
_COUNTED_BYTES: Final = 64 << 20
_ROOTS: Final = {
    "FeatureCollection",
    "Feature",
    "GeometryCollection",
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
}


class _RootSeenError(Exception):
    """The document's root has begun: no declaration can follow."""


class _UpToRoot(ContentHandler):
    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  (the library's name)
        raise _RootSeenError(name, dict(attrs))


def check_xml(path: Path, name: str) -> list[Note]:
    """Refuse XML that declares a document type or entities; note links, which are never followed.

    Raises
    ------
    IngestError
        A document type, an entity, or a beginning that is not XML.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(_UpToRoot())
    try:
        with path.open("rb") as handle:
            parser.parse(handle)
    except _RootSeenError:
        pass
    except DefusedXmlException as error:
        raise IngestError(
            _("{name} 里有文档类型或实体声明（{detail}），可能读取别的文件或撑爆内存，拒绝读取。"),
            hint=_("请去掉 DOCTYPE 后再导入。"),
            name=name,
            detail=type(error).__name__,
        ) from error
    except (SAXParseException, UnicodeError, LookupError, ValueError) as error:
        raise _not_xml(name, str(error)) from error
    links = _count_links(path)
    return [Note(_("文件里有 {n} 处指向别处的链接，没有打开。"), {"n": links})] if links else []


def _not_xml(name: str, detail: str) -> IngestError:
    return IngestError(
        _("{name} 不是完好的 XML：{detail}。"), hint=_("请用原来的软件重新导出。"), name=name, detail=detail
    )


def _count_links(path: Path) -> int:
    count, tail = 0, b""
    with path.open("rb") as handle:
        while block := handle.read(_STEP):
            text = tail + block
            found = list(_LINK.finditer(text))
            count += len(found)
            tail = text[max(found[-1].end() if found else 0, len(text) - 64) :]
    return count


def check_ways(path: Path) -> list[Note]:
    """How many ways of an OSM extract have fewer than two of their nodes, and so no shape; small extracts only."""
    if path.stat().st_size > _COUNTED_BYTES:
        return []
    data = path.read_bytes()
    nodes = {found[1] for found in _NODE.finditer(data)}
    ways = (_REF.findall(found[0]) for found in _WAY.finditer(data))
    lost = sum(sum(ref in nodes for ref in refs) < 2 for refs in ways)
    return [Note(_("有 {n} 条路径缺少节点，没有图形，没有读入。"), {"n": lost})] if lost else []


def rename_kml_fields(path: Path, name: str) -> dict[str, str]:
    """Give the fields of a KML plain names, in the file: the driver makes one and the same of all Chinese names.

    Returns
    -------
    dict
        Plain name -> the field's own name.

    Raises
    ------
    IngestError
        Not well-formed XML.
    """
    from xml.etree.ElementTree import ParseError, register_namespace

    from defusedxml.ElementTree import parse

    try:
        tree = parse(path, forbid_dtd=True)
    except (ParseError, UnicodeError, LookupError, ValueError) as error:
        raise _not_xml(name, str(error)) from error
    space = tree.getroot().tag.rpartition("}")[0].lstrip("{")
    register_namespace("", space)
    plain: dict[str, str] = {}
    for element in tree.iter():
        if element.tag.rpartition("}")[2] in {"Data", "SimpleData", "SimpleField"}:
            own = element.get("name") or "?"
            element.set("name", plain.setdefault(own, f"field{len(plain) + 1}"))
    tree.write(path, encoding="utf-8", xml_declaration=True)
    return {short: own for own, short in plain.items()}


@dataclass
class JsonFacts:
    """What a pass over a GeoJSON text showed."""

    features: int = 0
    repeated: int = 0
    constants: int = 0
    root: str = ""
    crs: Any = None
    text_coordinates: list[int] = field(default_factory=list)


def _utf8_text(path: Path, name: str) -> str:
    """The whole text of a file; ``IngestError`` names the first line that is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise IngestError(
            _("{name} 第 {row} 行不是 UTF-8 编码。"),
            hint=_("GeoJSON 必须是 UTF-8，请另存。"),
            name=name,
            row=line_of(data, error.start),
        ) from error


def check_json(path: Path, name: str) -> JsonFacts:
    """Read the whole text once as JSON, keeping nothing of it; what it showed.

    Raises
    ------
    IngestError
        Not UTF-8, broken (line and column named), nested too deeply, or with a number that is too long.
    """
    facts = JsonFacts()
    text = _utf8_text(path, name)
    try:
        json.loads(text, object_pairs_hook=_Watcher(facts), parse_constant=_constant(facts))
    except RecursionError as error:
        raise IngestError(
            _("{name} 的括号嵌套太深，不是正常的 GeoJSON。"), hint=_("请核对文件。"), name=name
        ) from error
    except json.JSONDecodeError as error:
        raise IngestError(
            _("{name} 第 {row} 行第 {column} 个字符处不是合格的 JSON：{detail}；附近是“{near}”。"),
            hint=_("请改正此处，常见的是多一个逗号或缺一个括号。"),
            name=name,
            row=error.lineno,
            column=error.colno,
            detail=error.msg,
            near=text[max(0, error.pos - 20) : error.pos + 10].strip(),
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise IngestError(
            _("{name} 里有一个数长得无法读：{detail}。"),
            hint=_("请核对文件。"),
            name=name,
            detail=str(error)[:120],
        ) from error
    return facts


def check_geojson(path: Path, name: str) -> tuple[list[Note], bool]:
    """Read the whole text once as JSON, keeping nothing of it, and refuse with the place of a fault.

    Returns
    -------
    (list of Note, bool)
        Whether its system is known: WGS84 by the standard, or named in a ``crs`` member that can be understood.

    Raises
    ------
    IngestError
        Broken JSON (line and column named), nested too deeply, coordinates written as text (feature named), not
        GeoJSON, or a ``crs`` member that points elsewhere.
    """
    facts = check_json(path, name)
    _judge(facts, name)
    notes = []
    if facts.repeated:
        notes.append(Note(_("{n} 个对象里有重复的键，取最后一个。"), {"n": facts.repeated}))
    if facts.constants:
        notes.append(Note(_("有 {n} 处 NaN 或 Infinity，按空值处理。"), {"n": facts.constants}))
    known = facts.crs is None or _KNOWN_CRS.search(json.dumps(facts.crs)) is not None
    if not known:
        notes.append(Note(_("文件里的 crs 写法不明，坐标系当作没有写明。")))
    return notes, known


def check_sequence(path: Path, name: str) -> None:
    """Read a sequence of GeoJSON features once, keeping nothing of it.

    Raises
    ------
    IngestError
        Not UTF-8, or a line that is no JSON (named).
    """
    text = _utf8_text(path, name)
    records = text.split("\x1e") if "\x1e" in text else text.splitlines()
    for number, record in enumerate(records, start=1):
        try:
            if record.strip():
                json.loads(record)
        except (ValueError, RecursionError) as error:
            raise IngestError(
                _("{name} 第 {row} 行不是合格的 JSON：{detail}。"),
                hint=_("请核对文件。"),
                name=name,
                row=number,
                detail=str(error)[:120],
            ) from error


class _Watcher:
    """Sees every object as it closes, and lets go of all but the few members that matter."""

    def __init__(self, facts: JsonFacts) -> None:
        self.facts = facts

    def __call__(self, pairs: list[tuple[str, Any]]) -> Any:
        members = dict(pairs)
        self.facts.repeated += len(members) != len(pairs)
        kind = members.get("type")
        if kind == "Feature":
            self.facts.features += 1
        elif "coordinates" in members and _has_text(members["coordinates"]):
            self.facts.text_coordinates.append(self.facts.features + 1)
        if isinstance(kind, str):
            self.facts.root = kind
            if "crs" in members:
                self.facts.crs = members["crs"]
            return members if kind in {"name", "link"} else None
        return members if "name" in members or "href" in members else None


def _has_text(coordinates: Any) -> bool:
    """Whether the first position is written as text; the rest is the driver's to refuse."""
    while isinstance(coordinates, list) and coordinates:
        coordinates = coordinates[0]
    return isinstance(coordinates, str)


def _constant(facts: JsonFacts) -> Any:
    def count(word: str) -> float:
        facts.constants += 1
        return float(word.replace("Infinity", "inf"))

    return count


def _judge(facts: JsonFacts, name: str) -> None:
    if facts.root not in _ROOTS:
        raise IngestError(
            _("{name} 是 JSON，但不是 GeoJSON（type 是“{kind}”）。"),
            hint=_("请核对文件。"),
            name=name,
            kind=facts.root[:40],
        )
    if facts.text_coordinates:
        raise IngestError(
            _("{name} 第 {row} 个要素的坐标是带引号的文字，不是数（共 {n} 个）。"),
            hint=_("请去掉坐标上的引号后再导入。"),
            name=name,
            row=facts.text_coordinates[0],
            n=len(facts.text_coordinates),
        )
    if isinstance(facts.crs, dict) and facts.crs.get("type") == "link":
        raise IngestError(
            _("{name} 的坐标系写成了指向别处的链接，没有打开。"),
            hint=_("请改写为坐标系的名称，或删去 crs。"),
            name=name,
        )
