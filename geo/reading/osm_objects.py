"""Inside the reading process: objects of an OSM extract that have certain tags, with those tags as columns."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from geo.reading import gdal
from geo.reading.geometry import clean
from geo.reading.kinds import FORMATS
from geo.reading.limits import Limits
from geo.reading.model import ObjectsWanted
from geo.reading.refusals import refusals
from geo.reading.vector import open_options, python_cells, quoted, too_many
from geo.reading.wire import RawLayer


def read_osm_objects(path: Path, name: str, kind: str, wanted: ObjectsWanted, limits: Limits) -> RawLayer:
    """What :class:`~geo.reading.model.ObjectsWanted` asks for: ``osm_id`` and one column a tag, None where an object lacks it.

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
    RawLayer
        WKB in EPSG:4326; ``osm_id`` is a text, of a relation negative.

    Raises
    ------
    IngestError
        GDAL cannot read it, or more objects than the limit.
    """
    import shapely

    gdal.only(FORMATS[kind].driver)
    from pyogrio import read_info
    from pyogrio.raw import read

    tags = list(dict.fromkeys([*wanted.needed, *wanted.also]))
    with warnings.catch_warnings(), refusals(path, name, kind):
        warnings.simplefilter("ignore")  # of single broken areas: they are cleaned, or left out, below
        known = set(read_info(path, layer=wanted.layer, **open_options(kind))["fields"])
        ids = [each for each in ("osm_id", "osm_way_id") if each in known]
        meta, __, wkb, cells = read(
            path,
            layer=wanted.layer,
            columns=[*ids, *(tag for tag in tags if tag in known), "other_tags"],
            where=_filter(wanted.needed, known),
            bbox=None if wanted.box is None else tuple(wanted.box),
            max_features=limits.rows + 1,
            **open_options(kind),
        )
    if len(wkb) > limits.rows:
        raise too_many(name, len(wkb), limits)
    columns = {str(title): python_cells(values) for title, values in zip(meta["fields"], cells, strict=True)}
    numbers = list(range(1, len(wkb) + 1))
    shapes, __ = clean(np.asarray(wkb, dtype=object), numbers)
    return RawLayer(
        wanted.layer,
        {"osm_id": _ids(columns)} | _columns(columns, tags),
        numbers,
        np.asarray(shapely.to_wkb(shapes), dtype=object),
        "EPSG:4326",
    )


def _filter(needed: Sequence[str], known: set[str]) -> str:
    """The rows with one of the tags as GDAL's filter; a tag without a column of its own stands in ``other_tags``."""
    terms = [
        f'"{tag}" IS NOT NULL' if tag in known else f"other_tags LIKE {quoted(f'%{json.dumps(tag)}:%')}"
        for tag in needed
    ]
    return " OR ".join(terms)


def _ids(columns: dict[str, list[Any]]) -> list[str]:
    ways = columns.get("osm_way_id")
    if ways is None:
        return [str(own) for own in columns["osm_id"]]
    return [str(way) if way else f"-{own}" for way, own in zip(ways, columns["osm_id"], strict=True)]


def _columns(columns: dict[str, list[Any]], tags: Sequence[str]) -> dict[str, list[str | None]]:
    others = [json.loads(text) if text else {} for text in columns["other_tags"]]
    return {tag: columns[tag] if tag in columns else [each.get(tag) for each in others] for tag in tags}
