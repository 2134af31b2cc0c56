"""The CRS guard: which coordinates are these? Says what fits, by how many metres, how sure; or that it cannot tell.

Two questions are kept apart. The *grid* (degrees or a projection, axes swapped or not) follows from the range of the
numbers: a wrong one lands outside the city. The *datum* (WGS84, GCJ-02, BD-09) moves everything by less than a
kilometre, so only known places and borders can tell: :mod:`geo.ingest.datum.shift_evidence`. Nothing is converted here;
:func:`to_wgs84` does it on a person's word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import CrsError
from geo.ingest.datum.guard_text import Candidate, odd_rows, verdict_notes
from geo.ingest.datum.reference_frames import Reference, fitting, positions
from geo.ingest.datum.reference_places import match_by_name, named_districts, reference_places
from geo.ingest.datum.shift_evidence import Shift, shift_test
from geo.places.crs import convert
from geo.places.districts import district_of
from geo.reading.model import Layer, Note
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.register.city import Atlas

Floats = NDArray[np.float64]
Subject = Layer | tuple[Any, Any]


@dataclass(frozen=True, eq=False)
class CrsVerdict:
    """What the guard says of a layer.

    Attributes
    ----------
    confidence : str
        ``sure``, ``likely`` or ``cannot_tell``. Only the first two name a system with reason; with ``cannot_tell`` the
        candidates are what there is to choose from.
    candidates : tuple of Candidate
        Best first; empty where no known grid puts the numbers into the city.
    matched, districts : int
        Rows compared with known places, and rows that name a district.
    labels : Series or None
        For a mix: the system each compared row speaks for, by the layer's index; "" for rows that cannot say.
    notes : tuple of Note
        The findings in words; a note with ``row`` is about that row.
    """

    confidence: str
    candidates: tuple[Candidate, ...]
    declared: str | None
    matched: int
    districts: int
    mixed: bool
    labels: pd.Series[Any] | None
    notes: tuple[Note, ...]

    @property
    def best(self) -> Candidate | None:
        """The first candidate, None without any."""
        return self.candidates[0] if self.candidates else None

    @property
    def system(self) -> str:
        """The system named with reason; "" where the guard cannot tell."""
        return self.candidates[0].system if self.candidates and self.confidence != "cannot_tell" else ""


def guess_crs(
    subject: Subject,
    atlas: Atlas,
    declared: str | None = None,
    reference_points: pd.DataFrame | None = None,
    *,
    frame: pd.DataFrame | None = None,
) -> CrsVerdict:
    """Which coordinates a layer holds.

    Parameters
    ----------
    subject : Layer or (x, y)
        A layer with geometry, or two columns of numbers in the order found (NaN for none).
    atlas : Atlas
    declared : str or None
        What the file says; default the layer's own.
    reference_points : DataFrame or None
        Known places ``name_zh, lon, lat, accuracy_m`` (WGS84); default
        :func:`geo.ingest.datum.reference_places.reference_places`.
    frame : DataFrame or None
        The rows' columns, for names and districts; default the layer's own.

    Returns
    -------
    CrsVerdict
    """
    x, y, frame, declared = _numbers(subject, frame, declared)
    bounds = atlas.districts.total_bounds
    notes, used = odd_rows(x, y, frame.index, bounds)
    grids = fitting(x[used], y[used], bounds, (declared or "", atlas.city.projected_crs))
    if not grids:
        notes.append(Note(_("按已知的坐标系读，大多数行都不在本市，判断不了坐标系。")))
        return CrsVerdict("cannot_tell", (), declared, 0, 0, False, None, tuple(notes))
    known = reference_places(atlas) if reference_points is None else reference_points
    rows, witnesses = _matched(frame, known, used)
    named = named_districts(frame, atlas)
    named[~used] = ""
    references = [(grid.on(datum), share) for grid, share in grids for datum in grid.datums]
    shift = _test(x, y, references, rows, witnesses, named, atlas)
    candidates = _candidates(references, shift)
    labels = _labels(shift, references, rows, frame.index) if shift.mixed else None
    notes += verdict_notes(candidates, shift, declared, int((named != "").sum()))
    return CrsVerdict(
        shift.confidence,
        tuple(candidates),
        declared,
        len(rows),
        int((named != "").sum()),
        shift.mixed,
        labels,
        tuple(notes),
    )


def _numbers(
    subject: Subject, frame: pd.DataFrame | None, declared: str | None
) -> tuple[Floats, Floats, pd.DataFrame, str | None]:
    """One position a row, the rows' columns and what is declared."""
    import shapely

    if isinstance(subject, Layer):
        if subject.geometry is None:
            raise CrsError(_("这张表没有图形。"), hint=_("请指明两列坐标。"))
        centre = shapely.get_coordinates(
            shapely.centroid(
                np.where(shapely.is_missing(subject.geometry), shapely.Point(), subject.geometry)
            ),
            return_index=True,
        )
        places = np.full((len(subject.geometry), 2), np.nan)
        places[centre[1]] = centre[0]
        return places[:, 0], places[:, 1], subject.frame if frame is None else frame, declared or subject.crs
    x, y = (pd.to_numeric(pd.Series(part), errors="coerce").to_numpy("float64") for part in subject)
    x, y = np.where(np.isfinite(x), x, np.nan), np.where(np.isfinite(y), y, np.nan)
    return x, y, pd.DataFrame(index=range(len(x))) if frame is None else frame, declared


def _matched(
    frame: pd.DataFrame, reference_points: pd.DataFrame, used: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Rows that name a known place, and that place for each, with the error that such a naming has."""
    if "key" not in reference_points.columns:
        from geo.ingest.datum.reference_places import with_name_keys

        reference_points = with_name_keys(reference_points)
    rows, places, accuracy = match_by_name(frame, reference_points)
    used_rows = used[rows] if len(rows) else np.array([], dtype=bool)
    return rows[used_rows], reference_points.iloc[places[used_rows]].assign(accuracy_m=accuracy[used_rows])


def _test(
    x: Floats,
    y: Floats,
    references: list[tuple[Reference, float]],
    rows: NDArray[np.int64],
    reference_points: pd.DataFrame,
    named: NDArray[Any],
    atlas: Atlas,
) -> Shift:
    with_district = np.flatnonzero(named != "")
    residuals = np.zeros((len(references), len(rows), 2))
    agree = np.zeros(len(references))
    target = convert(
        reference_points["lon"], reference_points["lat"], source="WGS84", target=atlas.city.projected_crs
    )
    for at, (reference, __) in enumerate(references):
        lon, lat = positions(x[rows], y[rows], reference)
        placed = convert(lon, lat, source="WGS84", target=atlas.city.projected_crs)
        off = np.column_stack([target[0] - placed[0], target[1] - placed[1]])
        residuals[at] = np.where(np.isfinite(off), off, 1e7)
        if len(with_district):
            codes = district_of(*positions(x[with_district], y[with_district], reference), atlas.districts)
            agree[at] = (codes == named[with_district]).sum()
    accuracy = reference_points["accuracy_m"].to_numpy("float64")
    return shift_test(residuals, accuracy, agree if len(with_district) else None, len(with_district))


def _candidates(references: list[tuple[Reference, float]], shift: Shift) -> list[Candidate]:
    candidates = [
        Candidate(
            reference,
            each.off_m,
            each.bearing_deg,
            each.error_m,
            float(np.exp(-each.deviance / 2)),
            share,
        )
        for (reference, share), each in zip(references, shift.evidence, strict=True)
    ]
    return sorted(candidates, key=lambda candidate: -candidate.odds)


def _labels(
    shift: Shift, references: list[tuple[Reference, float]], rows: NDArray[np.int64], index: pd.Index[Any]
) -> pd.Series[Any]:
    labelled = shift.labels >= 0
    names = np.array([reference.system for reference, __ in references], dtype=object)
    cells = np.full(len(index), "", dtype=object)
    cells[rows[labelled]] = names[shift.labels[labelled]]
    return pd.Series(cells, index=index, dtype=object)
