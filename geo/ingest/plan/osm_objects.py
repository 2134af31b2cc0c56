"""The objects of an OSM extract that the rows of the pack's ``osm_rules.csv`` know: which are read, and what each is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.kernels.roads import TAGS
from geo.places.districts import city_box
from geo.reading.limits import Limits
from geo.reading.model import ObjectsWanted, TagRule
from geo.reading.objects import Objects, read_objects

if TYPE_CHECKING:
    from geo.register.city import Atlas

_LAYERS: Final = ("points", "lines", "multipolygons")
_CHINESE_NAMES: Final = ("name:zh-Hans", "name:zh", "name")
"""Tags that hold what an object is called, the first that it has."""
_ENGLISH_NAME: Final = "name:en"
_CAPACITY_TAGS: Final = {"capacity:beds": "床", "beds": "床", "capacity:persons": "人", "capacity": "个"}
"""Tag of OSM (https://wiki.openstreetmap.org/wiki/Key:capacity) -> unit that the register counts in."""


def extract_wanted(atlas: Atlas, *, everywhere: bool = False) -> list[ObjectsWanted]:
    """What is read of an extract for this city; ``everywhere`` for what lies outside its box too."""
    box = None if everywhere else city_box(atlas.districts)
    rules = [_tag_rule(row) for row in atlas.vocabulary("osm_rules").to_dict("records")]
    tags = (*_CHINESE_NAMES, _ENGLISH_NAME, *_CAPACITY_TAGS)
    more = {"lines": TAGS}
    return [
        ObjectsWanted(layer, rules, (*tags, *more.get(layer, ())), box, counted=True) for layer in _LAYERS
    ]


def _tag_rule(row: dict[Any, Any]) -> TagRule:
    key, value, also_key, also_value, name_has = (
        str(row[name] or "") for name in ("key", "value", "also_key", "also_value", "name_has")
    )
    return TagRule(key, value, also_key, also_value, name_has, wanted=row["target"] != "skip")


def read_extract(
    path: Path,
    atlas: Atlas,
    *,
    name: str = "",
    everywhere: bool = False,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Objects:
    """The objects of an extract that are of use to this city, by the rows of ``osm_rules.csv``.

    Parameters
    ----------
    path : Path
        ``.osm`` or ``.osm.pbf``, or a zip with one.
    atlas : Atlas
    name : str
        What the person calls the file; default the path's own name.
    everywhere : bool
        What lies outside the city's box too (an extract of another place, for a trial).
    limits : Limits or None
        Beyond which a file is refused; of what people bring in a browser if None, :data:`geo.reading.limits.PROVINCE` for an extract that
        whoever runs this program asked for.
    cancelled : callable or None
        Asked many times a second; True stops the reading.

    Returns
    -------
    Objects

    Raises
    ------
    ParameterError, IngestError
        As :func:`geo.reading.objects.read_objects`.
    """
    wanted = extract_wanted(atlas, everywhere=everywhere)
    return read_objects(path, wanted, name=name, limits=limits, cancelled=cancelled)


def known_objects(extract: Objects, atlas: Atlas) -> pd.DataFrame:
    """One row an object: ``osm_id, layer, name, name_en, target, kind, one_m, capacity`` (number and unit, or None), ``shape``, and
    the tags of roads, None where an object has none."""
    rules = atlas.vocabulary("osm_rules")
    parts = [_of_layer(layer, frame, rules) for layer, frame in zip(_LAYERS, extract.frames, strict=True)]
    return pd.concat(parts, ignore_index=True)


def _of_layer(layer: str, frame: Any, rules: pd.DataFrame) -> pd.DataFrame:
    rows = rules.iloc[frame["rule"]].set_axis(frame.index)
    names = frame[list(_CHINESE_NAMES)].astype(object).bfill(axis=1).iloc[:, 0]
    english = frame[_ENGLISH_NAME].astype(object)
    return pd.DataFrame(
        {
            "osm_id": frame["osm_id"].astype(object),
            "layer": layer,
            "name": names.where(names.notna(), None),
            "name_en": english.where(english.notna(), None),
            "target": rows["target"].astype(object),
            "kind": rows["kind"].astype(object),
            "one_m": pd.to_numeric(rows["one_m"]).fillna(0.0).astype("float64"),
            "shape": frame.geometry.astype(object),
            "capacity": pd.Series(_capacities(frame), index=frame.index, dtype=object),
        }
        | {tag: frame[tag].astype(object) if tag in frame.columns else None for tag in TAGS}
    )


def _capacities(frame: Any) -> list[tuple[float, str] | None]:
    """Number and unit of the first tag that says how large an object is; None where none does or it is no number."""
    units = tuple(_CAPACITY_TAGS.values())
    return [
        next((found for text, unit in zip(texts, units, strict=True) if (found := _amount(text, unit))), None)
        for texts in zip(*(frame[tag] for tag in _CAPACITY_TAGS), strict=True)
    ]


def _amount(text: object, unit: str) -> tuple[float, str] | None:
    return (float(text), unit) if isinstance(text, str) and text.isascii() and text.isdecimal() else None
