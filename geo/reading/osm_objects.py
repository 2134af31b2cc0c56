"""Inside the reading process: objects of an OSM extract that a rule of tags wants, a batch at a time.

A province has millions of objects and one city few of them, so nothing is held of an object that is elsewhere but that there is one.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.reading import gdal
from geo.reading.geometry import clean
from geo.reading.kinds import FORMATS
from geo.reading.limits import Limits
from geo.reading.model import ObjectsWanted, TagRule
from geo.reading.refusals import refusals
from geo.reading.tag_rules import ANY, first_rules, tags_of_rules
from geo.reading.vector import open_options, quoted, too_many
from geo.reading.wire import RawLayer

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH: Final = 50_000
_LETTERS: Final = {"points": "n", "lines": "w", "multipolygons": "r"}
_SHAPE: Final = "wkb_geometry"
"""What GDAL calls a column of geometry that has no name."""


def read_osm_objects(
    path: Path, name: str, kind: str, wanted: ObjectsWanted, limits: Limits
) -> tuple[RawLayer, int]:
    """What :class:`~geo.reading.model.ObjectsWanted` asks for, and how many objects that a rule wants lie outside its box.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    kind : str
        A key of :data:`geo.reading.kinds.FORMATS`, of an extract.
    wanted : ObjectsWanted
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    (RawLayer, int)
        WKB in EPSG:4326; columns ``osm_id`` (``n``, ``w`` or ``r`` and the number), ``rule`` (place of the rule that decided) and one a tag
        of ``wanted.also``, None where an object lacks it.

    Raises
    ------
    IngestError
        GDAL cannot read it, or more objects than the limit.
    """
    gdal.only(FORMATS[kind].driver)
    import pyarrow as pa
    from pyogrio import read_info
    from pyogrio.raw import open_arrow

    tags = list(dict.fromkeys([*tags_of_rules(wanted.rules), *wanted.also]))
    parts, count, elsewhere = [_table(wanted, [], [], {}, [])], 0, 0
    with warnings.catch_warnings(), refusals(path, name, kind):
        warnings.simplefilter("ignore")  # of single broken areas: they are cleaned, or left out, below
        known = set(read_info(path, layer=wanted.layer, **open_options(kind))["fields"])
        with open_arrow(
            path,
            layer=wanted.layer,
            columns=[*({"osm_id", "osm_way_id", *tags} & known), "other_tags"],
            where=_filter(wanted.rules, known),
            batch_size=_BATCH,
            use_pyarrow=True,
            **open_options(kind),
        ) as (meta, batches):
            for batch in batches:
                part, beside = _chosen(batch, wanted, tags, meta["geometry_name"] or _SHAPE)
                parts.append(part)
                count, elsewhere = count + len(part), elsewhere + beside
                if count > limits.rows:
                    break
    if count > limits.rows:
        raise too_many(name, count, limits)
    table = pa.concat_tables(parts)
    columns = {title: table.column(title) for title in table.column_names if title != _SHAPE}
    shapes = table.column(_SHAPE).to_numpy()
    return RawLayer(wanted.layer, columns, range(1, count + 1), shapes, "EPSG:4326"), elsewhere


def _filter(rules: Sequence[TagRule], known: set[str]) -> str:
    """What GDAL leaves out by itself: rows without a tag that a rule wants. One without a column of its own is in ``other_tags``."""
    terms = []
    for key in dict.fromkeys(rule.key for rule in rules if rule.wanted):
        values = {rule.value for rule in rules if rule.wanted and rule.key == key}
        if key not in known:
            terms.append(f"other_tags LIKE {quoted(f'%{json.dumps(key)}:%')}")
        elif ANY in values:
            terms.append(f'"{key}" IS NOT NULL')
        else:
            terms.append(f'"{key}" IN ({", ".join(map(quoted, sorted(values)))})')
    return " OR ".join(terms)


def _chosen(
    batch: pa.RecordBatch, wanted: ObjectsWanted, tags: Sequence[str], shape: str
) -> tuple[pa.Table, int]:
    """Of a batch what is wanted and lies in the box, and how much is wanted and does not."""
    import shapely

    texts = _texts(batch, tags)
    rules = first_rules(texts, wanted.rules)
    of_rule = np.array([*(rule.wanted for rule in wanted.rules), False])  # the last is what -1 finds
    rows = np.flatnonzero(of_rule[rules])
    wkb = np.asarray(batch.column(shape).take(rows).to_numpy(zero_copy_only=False), dtype=object)
    shapes, __ = clean(wkb, range(1, len(rows) + 1))
    is_inside = _in_box(shapes, wanted.box)
    elsewhere = int((~shapely.is_missing(shapes) & ~is_inside).sum())
    rows = rows[is_inside]
    also = {tag: texts[tag][rows] for tag in wanted.also}
    ids = _ids(batch, wanted.layer)[rows]
    return _table(wanted, ids, rules[rows], also, shapely.to_wkb(shapes[is_inside])), elsewhere


def _table(wanted: ObjectsWanted, ids: Any, rules: Any, also: dict[str, Any], wkb: Any) -> pa.Table:
    import pyarrow as pa

    tags = {tag: [text or None for text in also.get(tag, ())] for tag in wanted.also}
    return pa.table(
        {"osm_id": pa.array(ids, pa.large_string()), "rule": pa.array(rules, pa.int64())}
        | {tag: pa.array(texts, pa.large_string()) for tag, texts in tags.items()}
        | {_SHAPE: pa.array(wkb, pa.large_binary())}
    )


def _texts(batch: pa.RecordBatch, tags: Sequence[str]) -> dict[str, NDArray[np.object_]]:
    """An array of texts for each tag, "" where an object lacks it."""
    others = [json.loads(text) if text else {} for text in batch.column("other_tags").to_pylist()]
    return {
        tag: _column(batch, tag)
        if tag in batch.schema.names
        else np.array([each.get(tag, "") for each in others], dtype=object)
        for tag in tags
    }


def _column(batch: pa.RecordBatch, name: str) -> NDArray[np.object_]:
    return np.asarray(batch.column(name).fill_null("").to_numpy(zero_copy_only=False), dtype=object)


def _ids(batch: pa.RecordBatch, layer: str) -> NDArray[np.object_]:
    """``n5``, ``w7``, ``r9``: an area is of a way, or of a relation where no way stands."""
    own = _LETTERS[layer] + _column(batch, "osm_id")
    if "osm_way_id" not in batch.schema.names:
        return own
    ways = _column(batch, "osm_way_id")
    return np.where(ways == "", own, "w" + ways)


def _in_box(shapes: NDArray[Any], box: Sequence[float] | None) -> NDArray[np.bool_]:
    """Whether the extent of each shape touches the box; False where there is no shape."""
    import shapely

    if box is None:
        return ~shapely.is_missing(shapes)
    west, south, east, north = box
    left, low, right, top = shapely.bounds(shapes).T
    return np.asarray((left <= east) & (right >= west) & (low <= north) & (top >= south))
