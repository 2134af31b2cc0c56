"""What approximate places do to the certainty of an answer: whose errors make its interval wide."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from geo.coverage.demand import Demand
from geo.coverage.reach import Floats, Reach, levels, measure
from geo.register.facilities import Facilities

BASELINE: Final = ""
COLUMNS: Final = ("facilities", "accuracy_p50_m", "accuracy_max_m", "never_certain", "width", "without")


def certainty(facilities: Facilities, demand: Demand, reach: Reach) -> pd.DataFrame:
    """Width of the city's interval (possible less certain), and what it would be if one work's places were exact.

    Parameters
    ----------
    facilities, demand, reach
        As for :func:`geo.coverage.answer.coverage`.

    Returns
    -------
    DataFrame
        Indexed by the work that brings the facilities (:data:`BASELINE` for what stood before), the one whose errors
        cost most certainty first: ``facilities`` that have a place, ``accuracy_p50_m, accuracy_max_m`` (metres),
        ``never_certain`` (error above the reach), ``width`` of the answer as it is and ``without`` these errors, both
        shares (0 to 1) of residents, or of land where no residents are asked.
    """
    placed = facilities.placed
    home = placed["work_id"].fillna(BASELINE).to_numpy(object)
    error = facilities.accuracy_m
    served = measure(facilities, demand, reach)

    def width(accuracy_m: Floats) -> float:
        radii = levels(reach, accuracy_m)
        high, low = served(radii["high"]), served(radii["low"])
        if demand.residents is None or high.residents is None or low.residents is None:
            return float((high.land - low.land).sum() / demand.zones.area_m2.sum())
        return float((high.residents - low.residents).sum() / demand.residents.sum())

    now = width(error)
    rows = {}
    for work_id in dict.fromkeys(home):
        mine = home == work_id
        rows[work_id] = (
            int(mine.sum()),
            float(np.median(error[mine])),
            float(error[mine].max()),
            int((error[mine] > reach.metres).sum()),
            now,
            width(np.where(mine, 0.0, error)),
        )
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))
    return frame.sort_values("without", kind="stable")
