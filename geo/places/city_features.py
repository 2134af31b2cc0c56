"""Reads the GeoJSON files of a city pack as features, without making shapes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from geo.text import mark as _
from geo.text_tables import city_file_error

NO_GEOJSON: Final = _("它应是 GeoJSON；请从资料包的备份或版本库恢复。")


def read_city_features(root: Path, name: str) -> list[dict[str, Any]]:
    """The features of the GeoJSON file ``root/name``.

    Parameters
    ----------
    root : Path
        Folder of the city pack.
    name : str
        File name, such as ``lines.geojson``.

    Returns
    -------
    list of dict
        Each with ``properties`` and ``geometry``, both objects.

    Raises
    ------
    DataError
        The file is missing or no such collection.
    """
    try:
        collection = json.loads((root / name).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise city_file_error(name, error, NO_GEOJSON) from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise city_file_error(name, ValueError("features"), NO_GEOJSON)
    for number, feature in enumerate(features, start=1):
        parts = (
            [feature.get(part) for part in ("properties", "geometry")]
            if isinstance(feature, dict)
            else [None]
        )
        if not all(isinstance(part, dict) for part in parts):
            raise city_file_error(name, ValueError(f"features[{number}]"), NO_GEOJSON)
    return features
