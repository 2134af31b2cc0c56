"""Points as people write them: lines of two numbers, or a small table with headers."""

from __future__ import annotations

import csv
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.text import mark as _
from geo.values import is_number, read_number

Floats = NDArray[np.float64]
_LON: Final = ("lon", "lng", "longitude", "经度", "x")
_LAT: Final = ("lat", "latitude", "纬度", "y")
_NAME: Final = ("name_zh", "name", "名称")
_NAMED: Final = 8


def read_points(text: str, file: str = "") -> tuple[Floats, Floats, list[str]]:
    """Lines ``lon,lat[,name]`` (comma, semicolon, tab or space), or a CSV with headers: degrees and names.

    Errors begin with the name of the ``file`` that the text is from, if it is from one.

    Raises
    ------
    ParameterError
        A line that does not begin with two numbers (lines are named, counted from 1 without the header).
    """
    before = f"{file}: " if file else ""
    plain = text.replace("，", ",").replace("；", ";")
    plain = plain.replace(";", "\n") if "," in plain else plain  # as a link writes them: lon,lat;lon,lat
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    rows = [_cells(line) for line in lines]
    order = (0, 1, 2)
    if rows and not is_number(rows[0][0]):
        head = [cell.strip().lower() for cell in rows[0]]
        found = [
            next((head.index(name) for name in names if name in head), None) for names in (_LON, _LAT, _NAME)
        ]
        if found[0] is None or found[1] is None:
            raise ParameterError(
                _("{file}表头里没有经度和纬度列：{head}。"),
                hint=_("请用 lon、lat（可加 name），或每行写“经度,纬度”。"),
                file=before,
                head="、".join(head)[:80],
            )
        order, rows = (found[0], found[1], len(head) if found[2] is None else found[2]), rows[1:]
    lon, lat, names, wrong = [], [], [], []
    for number, row in enumerate(rows, start=1):
        pair = [row[at] if at < len(row) else "" for at in order]
        if is_number(pair[0]) and is_number(pair[1]):
            lon.append(read_number(pair[0]))
            lat.append(read_number(pair[1]))
            names.append(pair[2].strip()[:60])
        else:
            wrong.append(str(number))
    if wrong:
        raise ParameterError(
            _("{file}第 {rows} 行不是“经度,纬度”。"),
            hint=_("请每行写一个点，如 120.3100,31.5700（WGS84 度）。"),
            file=before,
            rows=some(wrong),
        )
    return np.array(lon, "float64"), np.array(lat, "float64"), names


def _cells(line: str) -> list[str]:
    for mark in (",", "\t", ";"):
        if mark in line:
            return next(csv.reader([line], delimiter=mark))
    return line.split()


def some(names: list[str]) -> str:
    """The first few names, with a sign that there are more."""
    return "、".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
