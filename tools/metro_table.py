"""Writes the table of docs/coverage-metro.md: ``python -m tools.metro_table`` prints it, a test compares the two."""

from __future__ import annotations

from dataclasses import replace

from geo.atlas import load_atlas
from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import census_demand
from geo.coverage.reach import Reach
from geo.register.city import Atlas
from geo.register.facilities import before_day, facility_set

RADIUS = 800.0
STEPS = (
    ("计划前 before", ()),
    ("加 4 号线 + line 4", ("T06",)),
    ("加 4、5 号线和 S2 + lines 4, 5, S2", ("T06", "T05", "T04")),
)


def answers(atlas: Atlas) -> list[Coverage]:
    """One answer for each step, all with what stood on the day before the plan."""
    register = atlas.register
    eve = before_day(register)
    planned = facility_set(register, ("metro_station",), "planned", eve)
    found = []
    for _name, lines in STEPS:
        frame = planned.frame
        keep = (frame["origin"] == "baseline") | frame["work_id"].isin(lines)
        numbers = planned.unnamed[planned.unnamed["work_id"].isin(lines)]
        some = replace(planned, frame=frame[keep], unnamed=numbers)
        found.append(coverage(atlas, some, census_demand(atlas), Reach.straight(RADIUS)))
    return found


def _share(row: dict[str, float], name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{100 * row[name]:.1f} ({100 * low:.1f}–{100 * high:.1f})"


def markdown(atlas: Atlas) -> str:
    """Shares of land and of residents, and residents, by district; low to high in brackets."""
    found = answers(atlas)
    lines = ["| 区县 district | " + " | ".join(name for name, _lines in STEPS) + " |"]
    lines.append("| --- |" + " --- |" * len(STEPS))
    for rows in zip(*(answer.rows() for answer in found), strict=True):
        cells = [
            f"{_share(row, 'share_area')}; {_share(row, 'share_residents')}; {row['residents_served']:,.0f}"
            if row["district_code"] == atlas.city.code
            else f"{_share(row, 'share_area')}; {row['residents_served']:,.0f}"
            for row in rows
        ]
        lines.append(f"| {rows[0]['district']} | " + " | ".join(cells) + " |")
    placed = [_placed(answer) for answer in found]
    lines.append("| 站点：有位置/已知 stations placed/known | " + " | ".join(placed) + " |")
    return "\n".join(lines)


def _placed(answer: Coverage) -> str:
    city = answer.rows()[-1]
    return f"{city['facilities_placed']}/{city['facilities_known']}"


if __name__ == "__main__":
    print(markdown(load_atlas()))
