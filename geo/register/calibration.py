"""Whether stated radii of error hold: every place that was corrected later is a check of what had been stated.

A work or facility that gets a better place by an event shows how far the old one was off. What had been stated held if
the better place lies inside the old radius. By location basis the shares say how far a radius can be trusted, and
``accuracy_rules.csv`` of the pack widens what is too narrow: no point of a basis states a smaller radius than its rule.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.places.crs import convert
from geo.register.pack import Pack
from geo.register.undone_and_merged import undone_among
from geo.text_tables import read_city_table
from geo.values import is_unknown
from geo.vocabulary import FIELD_EVENTS, LOCATION_BASES

SHARE_TO_HOLD: Final = 0.95
"""Share of the later places that a rule must have inside."""
ROUNDING_M: Final = 50.0
_RULES: Final = "accuracy_rules.csv"
_AS_RECORDED: Final = ["recorded_at", "recorded_order", "event_id"]
_PLACE: Final = ("lon", "lat", "accuracy_m", "location_basis")
_COLUMNS: Final = ("table", "row_id", "name_zh", "location_basis", "stated_m", "distance_m", "held")


def place_checks(pack: Pack) -> pd.DataFrame:
    """Every place that was corrected later, with what had been stated of it until then.

    Parameters
    ----------
    pack : Pack

    Returns
    -------
    DataFrame
        ``table`` (works or facilities), ``row_id, name_zh``; ``location_basis`` and ``stated_m`` (metres) of the older
        place; ``distance_m`` from it to the newer one, in the projected system of the city; ``held``: inside. A first
        place checks nothing, and neither does an event that was taken back.
    """
    logs = {
        "works": (pack.works, pack.events, "work_id"),
        "facilities": (pack.facilities, pack.facility_events, "facility_id"),
    }
    rows = [{"table": table, **row} for table, log in logs.items() for row in _moves(*log)]
    found = pd.DataFrame(rows, columns=[*_COLUMNS[:5], "lon", "lat", "new_lon", "new_lat"])
    before, after = (
        np.column_stack(
            convert(
                found[x].to_numpy("float64"),
                found[y].to_numpy("float64"),
                source="WGS84",
                target=pack.city.projected_crs,
            )
        )
        for x, y in (("lon", "lat"), ("new_lon", "new_lat"))
    )
    found["distance_m"] = np.hypot(*(after - before).T)
    found["held"] = found["distance_m"] <= found["stated_m"]
    return found[list(_COLUMNS)]


def _moves(frame: pd.DataFrame, events: pd.DataFrame, subject: str) -> Iterator[dict[str, Any]]:
    """Old and new place of each place that an event changed, in the order of recording."""
    standing = events[
        events["kind"].isin(FIELD_EVENTS)
        & events["confirmed"].astype(bool)
        & ~events["event_id"].isin(undone_among(events))
        & events[subject].isin(frame.index)
    ].sort_values(_AS_RECORDED, kind="stable", na_position="first")
    places: dict[str, dict[str, Any]] = {}
    for row_id, value in zip(standing[subject], standing["value"], strict=True):
        new = {name: known for name, known in json.loads(value).items() if name in _PLACE}
        old = places.setdefault(row_id, {name: frame.at[row_id, name] for name in _PLACE})
        places[row_id] = old | new
        moved = not is_unknown(new.get("lon")) and not is_unknown(new.get("lat"))
        if moved and not is_unknown(old["lon"]) and (old["lon"], old["lat"]) != (new["lon"], new["lat"]):
            yield {
                "row_id": row_id,
                "name_zh": frame.at[row_id, "name_zh"],
                "location_basis": old["location_basis"],
                "stated_m": float(old["accuracy_m"]) if not is_unknown(old["accuracy_m"]) else 0.0,
                **{name: float(old[name]) for name in ("lon", "lat")},
                **{f"new_{name}": float(new[name]) for name in ("lon", "lat")},
            }


def least_radius_m(distances_m: np.ndarray[Any, np.dtype[Any]], share: float = SHARE_TO_HOLD) -> float:
    """The smallest radius, in steps of 50 m, that has at least ``share`` of the distances (metres) inside; 0 for none."""
    if not len(distances_m):
        return 0.0
    needed = math.ceil(share * len(distances_m) - 1e-9)
    return math.ceil(float(np.sort(distances_m)[needed - 1]) / ROUNDING_M) * ROUNDING_M


def accuracy_rules(root: Path) -> dict[str, float]:
    """Location basis -> the smallest radius of error (metres) that a point of it states; none where the pack has no rule."""
    if not (root / _RULES).exists():
        return {}
    table = read_city_table(root, _RULES, ("location_basis", "least_accuracy_m"))
    return dict(zip(table["location_basis"], table["least_accuracy_m"].astype(float), strict=True))


def calibration(checks: pd.DataFrame, rules: dict[str, float]) -> pd.DataFrame:
    """The checks by location basis: what held as stated, and what holds under the rule.

    Parameters
    ----------
    checks : DataFrame
        Of :func:`place_checks`.
    rules : dict
        Of :func:`accuracy_rules`.

    Returns
    -------
    DataFrame
        Indexed by location basis, every basis that has a place: ``checked, held`` (counts), ``rule_m`` (0 without a
        rule), ``held_by_rule`` (count), ``needed_m`` (the smallest rule that has :data:`SHARE_TO_HOLD` inside).
    """
    rows = []
    for basis in (name for name in LOCATION_BASES if name != "none"):
        mine = checks[checks["location_basis"] == basis]
        distances = mine["distance_m"].to_numpy("float64")
        widened = np.maximum(mine["stated_m"].to_numpy("float64"), rules.get(basis, 0.0))
        enough = float((distances <= widened).mean()) >= SHARE_TO_HOLD if len(mine) else True
        rows.append(
            {
                "location_basis": basis,
                "checked": len(mine),
                "held": int(mine["held"].sum()),
                "rule_m": rules.get(basis, 0.0),
                "held_by_rule": int((distances <= widened).sum()),
                "needed_m": rules.get(basis, 0.0) if enough else least_radius_m(distances),
            }
        )
    return pd.DataFrame(rows).set_index("location_basis")
