"""Inside the reading process: objects of an OSM extract that a rule of tags wants.

A province has millions of objects and one city few of them: GDAL hands over those that touch the city's box, and the rest, where
that is asked, is gone through a batch at a time and counted.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.reading import gdal
from geo.reading.geometry import clean
from geo.reading.kinds import FORMATS
from geo.reading.limits import Limits
from geo.reading.model import Note, ObjectsWanted, TagRule
from geo.reading.osm_relations import gaps_heard
from geo.reading.refusals import refusals
from geo.reading.tag_rules import ANY, first_rules, tags_of_rules
from geo.reading.vector import open_options, quoted, too_many
from geo.reading.wire import RawLayer

_BATCH: Final = 50_000
_LETTERS: Final = {"points": "n", "lines": "w", "multipolygons": "r"}
_SHAPE: Final = "wkb_geometry"
"""What GDAL calls a column of geometry that has no name."""
_IDS: Final = ("osm_id", "osm_way_id")
_QUICK_INDEX: Final = {"USE_CUSTOM_INDEXING": "YES"}
"""Half the time for extracts of publishers, whose ids are positive and grow; GDAL says where they are not."""
_NO_QUICK_INDEX: Final = "USE_CUSTOM_INDEXING=NO"
Texts = dict[str, NDArray[np.object_]]


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
        of ``wanted.also``, None where an object lacks it. The number is 0 where it is not asked for.

    Raises
    ------
    IngestError
        GDAL cannot read it, or more objects than the limit.
    """
    import shapely

    gdal.only(FORMATS[kind].driver)
    notes: list[Note] = []
    with warnings.catch_warnings(), refusals(path, name, kind), gaps_heard(path, wanted.layer, notes):
        warnings.simplefilter("ignore")  # of single broken areas: they are cleaned, or left out, below
        query, options = _query(path, kind, wanted)
        wkb, columns, options = _in_box(path, wanted, query, options, limits.rows + 1)
        if len(wkb) <= limits.rows:
            tags = list(dict.fromkeys([*tags_of_rules(wanted.rules), *wanted.also]))
            texts, rules = _decided(columns, tags, wanted.rules)
            shapes, __ = clean(wkb, range(1, len(wkb) + 1))
            rows = np.flatnonzero(_is_wanted(rules, wanted.rules) & ~shapely.is_missing(shapes))
            every = _count(path, wanted, query, options) if wanted.counted and wanted.box else len(rows)
    if len(wkb) > limits.rows:
        raise too_many(name, len(wkb), limits)
    also = {tag: [text or None for text in texts[tag][rows]] for tag in wanted.also}
    own = {"osm_id": _ids(columns, wanted.layer)[rows].tolist(), "rule": rules[rows].tolist()}
    kept = np.asarray(shapely.to_wkb(shapes[rows]), dtype=object)
    found = RawLayer(wanted.layer, own | also, range(1, len(rows) + 1), kept, "EPSG:4326", notes)
    return found, every - len(rows)


def _query(path: Path, kind: str, wanted: ObjectsWanted) -> tuple[dict[str, Any], dict[str, Any]]:
    """Which columns GDAL hands over of which rows, and how it opens the file."""
    from pyogrio import read_info

    options = open_options(kind)
    known = set(read_info(path, layer=wanted.layer, **options)["fields"])
    tags = {*tags_of_rules(wanted.rules), *wanted.also}
    columns = [*({*_IDS, *tags} & known), "other_tags"]
    return {"columns": columns, "where": _filter(wanted.rules, known)}, options


def _in_box(
    path: Path, wanted: ObjectsWanted, query: dict[str, Any], options: dict[str, Any], most: int
) -> tuple[NDArray[np.object_], dict[str, list[Any]], dict[str, Any]]:
    """Shapes and columns of what touches the box, and the options that the file bears."""
    from pyogrio.errors import DataSourceError, FeatureError
    from pyogrio.raw import read

    box = None if wanted.box is None else tuple(wanted.box)
    asked: dict[str, Any] = {"layer": wanted.layer, "bbox": box, "max_features": most} | query
    try:
        used = options | _QUICK_INDEX
        meta, __, wkb, cells = read(path, **asked, **used)
    except (DataSourceError, FeatureError) as error:
        if _NO_QUICK_INDEX not in str(error):
            raise
        used = options
        meta, __, wkb, cells = read(path, **asked, **used)
    columns = {str(title): values.tolist() for title, values in zip(meta["fields"], cells, strict=True)}
    return np.asarray(wkb, dtype=object), columns, used


def _count(path: Path, wanted: ObjectsWanted, query: dict[str, Any], options: dict[str, Any]) -> int:
    """How many objects a rule wants, wherever they are. An error of GDAL would end this in silence, but :func:`_in_box` met none."""
    from pyogrio.raw import open_arrow

    tags, count = tags_of_rules(wanted.rules), 0
    asked: dict[str, Any] = {"layer": wanted.layer, "batch_size": _BATCH, "use_pyarrow": True} | query
    with open_arrow(path, **asked, **options) as (meta, batches):
        for batch in batches:
            columns = {name: batch.column(name).to_pylist() for name in batch.schema.names}
            wkb = np.array(columns.pop(meta["geometry_name"] or _SHAPE), dtype=object)
            is_wanted = _is_wanted(_decided(columns, tags, wanted.rules)[1], wanted.rules)
            count += int(_is_drawn(wkb[is_wanted]).sum())
    return count


def _is_drawn(wkb: NDArray[np.object_]) -> NDArray[np.bool_]:
    import shapely

    return np.asarray(~shapely.is_missing(clean(wkb, range(1, len(wkb) + 1))[0]), dtype=bool)


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


def _decided(
    columns: Mapping[str, Sequence[Any]], tags: Sequence[str], rules: Sequence[TagRule]
) -> tuple[Texts, NDArray[np.int64]]:
    """An array of texts for each tag, "" where an object lacks it; and the place of the rule that decides each object, or -1."""
    others = [json.loads(text) if text else {} for text in columns["other_tags"]]
    texts = {
        tag: _array(
            [text or "" for text in columns[tag]]
            if tag in columns
            else [each.get(tag, "") for each in others]
        )
        for tag in tags
    }
    return texts, first_rules(texts, rules)


def _array(texts: list[str]) -> NDArray[np.object_]:
    return np.array(texts, dtype=object)


def _is_wanted(rules: NDArray[np.int64], rows: Sequence[TagRule]) -> NDArray[np.bool_]:
    wanted = np.array([*(rule.wanted for rule in rows), False])  # the last is what -1 finds
    return np.asarray(wanted[rules], dtype=bool)


def _ids(columns: Mapping[str, Sequence[Any]], layer: str) -> NDArray[np.object_]:
    """``n5``, ``w7``, ``r9``: an area is of a way, or of a relation where no way stands."""
    ways = columns.get("osm_way_id") or [""] * len(columns["osm_id"])
    return _array(
        [
            f"w{way}" if way else f"{_LETTERS[layer]}{own}"
            for way, own in zip(ways, columns["osm_id"], strict=True)
        ]
    )
