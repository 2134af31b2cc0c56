"""Converts the coordinates of a CSV or GeoJSON file; what cannot be converted is kept as it was and named."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import CrsError, DataError, ParameterError
from geo.files.convert_geojson import converted_geojson
from geo.local_file import allowed_ending
from geo.places.coordinate_checks import check_lonlat
from geo.places.crs import convert, system_name
from geo.places.projections import split_system
from geo.reading.documents import read_json
from geo.reading.read_file import read_file
from geo.register.pack import Problem
from geo.table import neutralise
from geo.text import mark as _

X_NAMES: Final = ("lon", "lng", "longitude", "x", "经度", "东坐标")
Y_NAMES: Final = ("lat", "latitude", "y", "纬度", "北坐标")
ENDINGS: Final = (".csv", ".tsv", ".txt", ".geojson", ".json")


@dataclass(frozen=True, slots=True)
class Converted:
    """The new file's text and what could not be converted."""

    text: str
    problems: list[Problem]


def convert_file(path: Path, *, source: str, target: str, x: str = "", y: str = "") -> Converted:
    """Convert ``path`` from ``source`` to ``target``.

    Parameters
    ----------
    path : Path
        A text table in any encoding, or ``.geojson``/``.json``.
    source, target : str
        As :func:`geo.places.crs.convert` reads them.
    x, y : str
        Column names of a CSV; guessed from common Chinese and English headers if empty.

    Returns
    -------
    Converted
        A CSV keeps every row and column; the two columns hold the new coordinates and ``<name>_original`` the old
        ones. A GeoJSON keeps every feature.

    Raises
    ------
    DataError
        The file cannot be read. Single bad rows are reported in ``problems`` instead.
    ParameterError
        The columns are not there, or an ending that is not accepted.
    CrsError
        An unknown system.
    """
    system_name(source), system_name(target)
    if allowed_ending(path, ENDINGS) in {".geojson", ".json"}:
        return _convert_geojson(path, source, target)
    frame = _read_table(path)
    x_name, y_name = _column(frame, x, X_NAMES), _column(frame, y, Y_NAMES)
    return _convert_frame(frame, x_name, y_name, source=source, target=target, table=path.stem)


def _read_table(path: Path) -> pd.DataFrame:
    """All rows and columns of a text table as text, with nothing in empty cells."""
    return read_file(path).only().frame.reset_index(drop=True).fillna("")


def _column(frame: pd.DataFrame, given: str, names: tuple[str, ...]) -> str:
    if given in frame.columns:
        return given
    found = [column for column in frame.columns if str(column).strip().lower() in names]
    if given or len(found) != 1:
        raise ParameterError(
            _("找不到坐标列 {asked}。"),
            hint=_("文件的列：{columns}；请用 --x 和 --y 指明。"),
            asked=given or "/".join(names),
            columns="、".join(map(str, frame.columns)),
        )
    return str(found[0])


def _convert_frame(
    frame: pd.DataFrame, x_name: str, y_name: str, *, source: str, target: str, table: str
) -> Converted:
    east = pd.to_numeric(frame[x_name], errors="coerce").to_numpy("float64")
    north = pd.to_numeric(frame[y_name], errors="coerce").to_numpy("float64")
    empty = (frame[x_name].str.strip() == "") & (frame[y_name].str.strip() == "")
    new_x, new_y = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    problems = []
    good = np.isfinite(east) & np.isfinite(north)
    field = f"{x_name}/{y_name}"
    for number in np.flatnonzero(~good & ~empty.to_numpy()).tolist():
        problems.append(Problem(table, number + 1, field, _("坐标不是数。"), _("请改正或两列都留空。")))
    bad = _unusable(east, north, good, source)
    for row, error in bad.items():
        good[row] = False
        params = dict(error.params) | {"row": row + 1, "n": 1}
        problems.append(Problem(table, row + 1, field, error.message, error.hint, params))
    new_x[good], new_y[good] = convert(east[good], north[good], source=source, target=target)
    out = frame.assign(**{f"{x_name}_original": frame[x_name], f"{y_name}_original": frame[y_name]})
    digits = 3 if _is_in_metres(target) else 8
    out[x_name] = [_text(new, old, digits) for new, old in zip(new_x, frame[x_name], strict=True)]
    out[y_name] = [_text(new, old, digits) for new, old in zip(new_y, frame[y_name], strict=True)]
    safe = neutralise(out, but_numbers=True)
    return Converted(
        safe.to_csv(index=False, lineterminator="\n"), sorted(problems, key=lambda p: p.row or 0)
    )


def _is_in_metres(system: str) -> bool:
    return bool(split_system(system_name(system))[0])


def _text(new: float, old: str, digits: int) -> str:
    return old if np.isnan(new) else f"{new:.{digits}f}".rstrip("0").rstrip(".")


def _unusable(
    east: np.ndarray[Any, Any], north: np.ndarray[Any, Any], good: np.ndarray[Any, Any], source: str
) -> dict[int, CrsError]:
    """Rows that are numbers but cannot be coordinates of ``source``, each with its error."""
    found: dict[int, CrsError] = {}
    suspects = np.flatnonzero(good)
    if not _is_in_metres(source):
        with contextlib.suppress(CrsError):  # the usual case: all rows are good, and one look tells
            check_lonlat(east[suspects], north[suspects])
            return found
    for row in suspects:
        try:
            convert(east[row], north[row], source=source, target="WGS84")
        except CrsError as error:
            found[int(row)] = error
    return found


def _convert_geojson(path: Path, source: str, target: str) -> Converted:
    document = read_json(path)
    try:
        done, faults = converted_geojson(document, source=source, target=target)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataError(
            _("读不了 {path}：{detail}。"),
            hint=_("应为 GeoJSON。"),
            path=path.name,
            detail=str(error),
        ) from error
    problems = [
        Problem(path.stem, number, "geometry", error.message, error.hint, dict(error.params))
        for number, error in faults
    ]
    return Converted(json.dumps(done, ensure_ascii=False) + "\n", problems)
