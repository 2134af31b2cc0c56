"""What the CRS guard says in words: rows unlike the others, what fits, by how many metres, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.datum.reference_frames import DEGREES, Reference, inside
from geo.ingest.datum.shift_evidence import Shift
from geo.reading.model import Note, joined_names
from geo.text import mark as _

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read the numbers. ``off_m`` and ``bearing_deg``: by how much, and whereto, the known places lie off;
    NaN without any. ``odds`` is its likelihood against the best one's, at most 1. ``share`` of the rows are in the city.
    """

    reference: Reference
    off_m: float
    bearing_deg: float
    error_m: float
    odds: float
    share: float

    @property
    def system(self) -> str:
        """The system's name, as the rest of the atlas knows it."""
        return self.reference.system


def odd_rows(
    x: Floats, y: Floats, index: pd.Index[Any], bounds: Floats
) -> tuple[list[Note], NDArray[np.bool_]]:
    """Rows to leave out of the judgement, each named: no place, (0, 0), and those unlike most of the others.

    Parameters
    ----------
    x : ndarray of float64
        First coordinate, as found.
    y : ndarray of float64
        Second coordinate, as found.
    index : Index
        Of the rows, as a person counts them.
    bounds : ndarray of float64
        West, south, east, north of the city, WGS84 degrees.

    Returns
    -------
    (list of Note, ndarray of bool)
    """
    used = np.isfinite(x) & np.isfinite(y)
    zero = used & (x == 0) & (y == 0)
    notes = _rows_note(
        zero,
        index,
        _("{n} 行的坐标是 (0, 0)，等于没有坐标：第 {rows} 行。"),
        _("坐标是 (0, 0)，等于没有坐标。"),
    )
    used &= ~zero
    small = used & (np.abs(x) <= 360) & (np.abs(y) <= 360)
    if not used.any() or small.sum() * 2 < used.sum():
        stray = small
        notes += _rows_note(
            stray,
            index,
            _("{n} 行是经纬度，其余各行是米：第 {rows} 行。"),
            _("这一行是经纬度，其余各行是米。"),
        )
        return notes, used & ~stray
    metres = used & ~small
    notes += _rows_note(
        metres,
        index,
        _("{n} 行的数像是以米为单位，其余各行是经纬度：第 {rows} 行。"),
        _("数像是以米为单位，其余各行是经纬度。"),
    )
    straight, turned = inside(x, y, bounds), inside(y, x, bounds)
    minority = turned & ~straight if straight.sum() >= turned.sum() else straight & ~turned
    notes += _rows_note(
        minority,
        index,
        _("{n} 行的经度和纬度与其余各行相反：第 {rows} 行，可以对调。"),
        _("经度和纬度写反了，可以对调。"),
    )
    signs = (
        used
        & ~straight
        & ~turned
        & (inside(np.abs(x), np.abs(y), bounds) | inside(np.abs(y), np.abs(x), bounds))
    )
    if signs.sum() * 2 < used.sum():
        notes += _rows_note(
            signs,
            index,
            _("{n} 行的正负号不对：第 {rows} 行，可以去掉负号。"),
            _("正负号不对，可以去掉负号。"),
        )
        used &= ~signs
    return notes, used & ~metres & ~minority


def _rows_note(bad: NDArray[np.bool_], index: pd.Index[Any], whole: str, row_message: str) -> list[Note]:
    if not bad.any():
        return []
    rows = [int(row) for row in index[bad]]
    return [
        Note(whole, {"n": len(rows), "rows": joined_names(rows, 20)}),
        *(Note(row_message, row=row) for row in rows[:1000]),
    ]


def verdict_notes(
    candidates: list[Candidate], shift: Shift, declared: str | None, districts: int
) -> list[Note]:
    """The verdict in words.

    Parameters
    ----------
    candidates : list of Candidate
    shift : Shift
    declared : str or None
        System that the file names.
    districts : int

    Returns
    -------
    list of Note
    """
    best = candidates[0]
    notes = []
    if best.reference.swapped:
        notes.append(Note(_("两列的次序是北（纬度）在前、东（经度）在后。")))
    if best.reference.mirrored:
        notes.append(Note(_("经度的正负号不对。")))
    if best.reference.grid != DEGREES:
        notes.append(Note(_("数是投影坐标，{grid} 把它们放在本市。"), {"grid": best.reference.grid}))
    what = {"rows": shift.rows, "districts": districts}
    if shift.mixed:
        notes.append(Note(_("各行的坐标系不一致：有的行像一种，有的行像另一种，请分开导入。")))
    elif shift.confidence == "cannot_tell":
        notes.append(
            Note(
                _(
                    "判断不了是 WGS84、GCJ-02 还是 BD-09：可比较的已知地点 {rows} 处，写明区县的 {districts} 行，不够或互相矛盾。"
                ),
                what,
            )
        )
    else:
        word = _("几乎可以肯定是 {system}") if shift.confidence == "sure" else _("多半是 {system}")
        notes.append(Note(word, {"system": best.system}))
        notes += _distances(candidates, shift)
    notes += _against(best, declared, shift.confidence)
    return notes


def _distances(candidates: list[Candidate], shift: Shift) -> list[Note]:
    if not shift.rows:
        return []
    return [
        Note(
            _("按 {system} 读，与 {n} 处已知地点平均相差 {off} 米（误差 {error} 米）。"),
            {"system": each.system, "n": shift.rows, "off": round(each.off_m), "error": round(each.error_m)},
        )
        for each in candidates[:3]
    ]


def _against(best: Candidate, declared: str | None, confidence: str) -> list[Note]:
    """Whether the file's own word stands against what was found."""
    if declared is None:
        return []
    if best.reference.grid == DEGREES:
        same = (
            declared in {"EPSG:4326", "EPSG:4490", "OGC:CRS84", "WGS84", "CGCS2000"}
            and best.reference.datum == "WGS84"
        )
        same |= declared.upper().replace("-", "") == best.reference.datum
        differs = confidence != "cannot_tell" and not same
    else:
        differs = declared != best.reference.grid or (
            confidence != "cannot_tell" and best.reference.datum != "WGS84"
        )
    if not differs:
        return []
    return [Note(_("文件自称是 {declared}，与上述判断不符，请确认。"), {"declared": declared[:60]})]
