"""How far data/residents.csv is from known residential land: ``python -m tools.residents_check FILE``.

``FILE`` holds ``lon, lat, residential_m2`` of small cells (WGS84), whole square kilometres of the projected system at a time; it
is not part of the project. Of each square kilometre with land in the file the share of residents is held against the
share of residential land: half the sum of the differences is the share of residents that stand in the wrong square.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from geo.atlas import load_atlas
from geo.coverage.demand import land_demand
from geo.places.crs import convert
from geo.places.districts import district_of
from geo.register.city import Atlas
from tools.residents_model import model, pieces, read_inputs, scaled

SQUARE_M = 1000


def squares(east: pd.Series[float], north: pd.Series[float], values: pd.Series[float]) -> pd.Series[float]:
    """Sum of ``values`` by square kilometre, indexed by its south-west corner in kilometres."""
    keys = [(east // SQUARE_M).astype(int).rename("x"), (north // SQUARE_M).astype(int).rename("y")]
    return values.groupby(keys).sum()


def compared(residents: pd.Series[float], land: pd.Series[float]) -> tuple[float, float]:
    """Share of residents misplaced against ``land``, and the rank correlation, over the squares of ``land``."""
    here = residents.reindex(land.index).fillna(0.0)
    off = (here / here.sum() - land / land.sum()).abs().sum() / 2
    return float(off), float(here.corr(land, method="spearman"))


def even_spread(atlas: Atlas) -> pd.DataFrame:
    """Residents spread evenly over each district's land, in the pieces of the model's table."""
    lattice = land_demand(atlas).lattice
    census = atlas.districts["residents_2020"].to_numpy("float64")
    return pieces(scaled(np.ones(lattice.shape), lattice, census), lattice)


def main(path: Path) -> None:
    """Print the figures of docs/residents.md."""
    atlas = load_atlas()
    known = pd.read_csv(path)
    east, north = convert(known["lon"], known["lat"], source="WGS84", target=atlas.city.projected_crs)
    land = squares(pd.Series(east), pd.Series(north), known["residential_m2"])
    codes = district_of(known["lon"], known["lat"], atlas.districts)
    district = pd.Series(codes).mode().iloc[0]
    inputs = read_inputs(atlas, atlas.pack.root / "raw" / "geodata", land_demand(atlas).lattice)
    for name, table in (
        ("shipped", pd.read_csv(atlas.pack.root / "residents.csv", dtype={"district_code": str})),
        ("even", even_spread(atlas)),
        ("roads and towns only", model(atlas, inputs.without_stops())),
    ):
        mine = table[table["district_code"] == district]
        off, rank = compared(squares(mine["east_m"], mine["north_m"], mine["residents"]), land)
        print(f"{name}: {off:.3f} misplaced, rank correlation {rank:.2f} over {len(land)} km2")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
