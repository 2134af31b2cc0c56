"""An OSM extract of a province that is made up: roads, buildings, land and places of facilities all over, as many as are wanted.

Messages as https://wiki.openstreetmap.org/wiki/PBF_Format has them, written by protobuf. Nodes come first, then ways, then relations, with
ids that grow, as publishers write them.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

ROADS, ROAD_NODES = 300, 14
BUILDINGS, LANDS, PLACES = 800, 100, 100
BLOCK = ROADS * ROAD_NODES + BUILDINGS * 4 + LANDS * 5 + PLACES
"""Nodes of one block: 8,000, as many as publishers write into one."""
CLASSES = ("residential", "service", "footway", "tertiary", "secondary", "primary", "motorway")
LAND_USES = ("residential", "farmland", "forest", "grass", "industrial")
PLACE_TAGS = (
    {"amenity": "school", "name": "实验小学"},
    {"amenity": "kindergarten", "name": "第一幼儿园"},
    {"amenity": "parking", "capacity": "120"},
    {"highway": "bus_stop", "name": "人民路"},
    {"shop": "convenience"},
)
Box = tuple[float, float, float, float]


def write_extract(path: Path, box: Box, nodes: int, *, seed: int = 2026) -> None:
    """Write an extract of about ``nodes`` nodes that lie anywhere in ``box`` (west, south, east, north in degrees)."""
    blocks = max(nodes // BLOCK, 1)
    with path.open("wb") as out:
        _write(
            out, "OSMHeader", _messages()["HeaderBlock"](required_features=["OsmSchema-V0.6", "DenseNodes"])
        )
        for block in range(blocks):
            _write(out, "OSMData", _nodes(block, box, seed))
        for block in range(blocks):
            _write(out, "OSMData", _ways(block))


def _write(out: BinaryIO, kind: str, message: Any) -> None:
    content = message.SerializeToString()
    blob = _messages()["Blob"](raw_size=len(content), zlib_data=zlib.compress(content, 1)).SerializeToString()
    header = _messages()["BlobHeader"](type=kind, datasize=len(blob)).SerializeToString()
    out.write(len(header).to_bytes(4, "big") + header + blob)


def _shapes(rng: np.random.Generator) -> np.ndarray:
    """Steps in degrees from the middle of its object to each node of a block: roads that wander, squares, single places."""
    roads = np.cumsum(rng.normal(0, 0.0004, (ROADS, ROAD_NODES, 2)), axis=1)
    square = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
    buildings = np.broadcast_to(square * 0.0001, (BUILDINGS, 4, 2))
    lands = np.broadcast_to(np.vstack([square, [(-1.2, 0.0)]]) * 0.003, (LANDS, 5, 2))
    return np.vstack([each.reshape(-1, 2) for each in (roads, buildings, lands, np.zeros((PLACES, 2)))])


def _nodes(block: int, box: Box, seed: int) -> Any:
    rng = np.random.default_rng([seed, block])
    west, south, east, north = box
    sizes = np.repeat([ROAD_NODES, 4, 5, 1], [ROADS, BUILDINGS, LANDS, PLACES])
    middles = rng.uniform((west, south), (east, north), (sizes.size, 2))
    at = np.round((np.repeat(middles, sizes, axis=0) + _shapes(rng)) * 1e7).astype("int64")
    steps = np.diff(at, axis=0, prepend=np.zeros((1, 2), "int64"))
    words: dict[str, int] = {}
    tags = [PLACE_TAGS[number % len(PLACE_TAGS)] for number in range(PLACES)]
    spelt = [
        [each for pair in tag.items() for each in (_place_of(words, word) for word in pair)] for tag in tags
    ]
    message = _messages()["PrimitiveBlock"]()
    dense = message.primitivegroup.add().dense
    dense.id.extend([block * BLOCK + 1, *[1] * (BLOCK - 1)])
    dense.lon.extend(steps[:, 0].tolist())
    dense.lat.extend(steps[:, 1].tolist())
    dense.keys_vals.extend([0] * (BLOCK - PLACES) + [each for tag in spelt for each in (*tag, 0)])
    message.stringtable.s.extend([b"", *(word.encode() for word in words)])
    return message


def _place_of(words: dict[str, int], word: str) -> int:
    return words.setdefault(word, len(words) + 1)


def _ways(block: int) -> Any:
    message, words = _messages()["PrimitiveBlock"](), {}
    group = message.primitivegroup.add()
    first_id = block * (ROADS + BUILDINGS + LANDS) + 1
    for number, (refs, tags) in enumerate(_objects(block)):
        way = group.ways.add(id=first_id + number)
        way.keys.extend([_place_of(words, key) for key in tags])
        way.vals.extend([_place_of(words, value) for value in tags.values()])
        way.refs.extend([refs[0], *(after - before for before, after in itertools.pairwise(refs))])
    message.stringtable.s.extend([b"", *(word.encode() for word in words)])
    return message


def _objects(block: int) -> Iterator[tuple[list[int], dict[str, str]]]:
    """Nodes and tags of the ways of a block."""
    node = block * BLOCK + 1
    for number in range(ROADS):
        tags = {"highway": CLASSES[number % len(CLASSES)]} | (
            {"name": f"路{number}"} if number % 3 == 0 else {}
        )
        yield list(range(node, node + ROAD_NODES)), tags
        node += ROAD_NODES
    for _number in range(BUILDINGS):
        yield [*range(node, node + 4), node], {"building": "yes"}
        node += 4
    for number in range(LANDS):
        yield [*range(node, node + 5), node], {"landuse": LAND_USES[number % len(LAND_USES)]}
        node += 5


_FIELDS: dict[str, list[tuple[str, int, str, str]]] = {
    "Blob": [("raw_size", 2, "int32", ""), ("zlib_data", 3, "bytes", "")],
    "BlobHeader": [("type", 1, "string", ""), ("datasize", 3, "int32", "")],
    "HeaderBlock": [("required_features", 4, "string", "repeated")],
    "StringTable": [("s", 1, "bytes", "repeated")],
    "DenseNodes": [
        ("id", 1, "sint64", "packed"),
        ("lat", 8, "sint64", "packed"),
        ("lon", 9, "sint64", "packed"),
        ("keys_vals", 10, "int32", "packed"),
    ],
    "Way": [
        ("id", 1, "int64", ""),
        ("keys", 2, "uint32", "packed"),
        ("vals", 3, "uint32", "packed"),
        ("refs", 8, "sint64", "packed"),
    ],
    "PrimitiveGroup": [("dense", 2, "DenseNodes", ""), ("ways", 3, "Way", "repeated")],
    "PrimitiveBlock": [
        ("stringtable", 1, "StringTable", ""),
        ("primitivegroup", 2, "PrimitiveGroup", "repeated"),
    ],
}
"""Message -> its fields: name, number, type, and whether it is repeated."""


@lru_cache(maxsize=1)
def _messages() -> dict[str, Any]:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="made_up.proto", package="osm", syntax="proto2")
    kinds = descriptor_pb2.FieldDescriptorProto
    for title, fields in _FIELDS.items():
        declared = file.message_type.add(name=title)
        for name, number, kind, many in fields:
            field = declared.field.add(name=name, number=number)
            field.label = kinds.LABEL_REPEATED if many else kinds.LABEL_OPTIONAL
            field.options.packed = many == "packed"
            if kind in _FIELDS:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".osm.{kind}"
            else:
                field.type = kinds.Type.Value(f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        title: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"osm.{title}"))
        for title in _FIELDS
    }
