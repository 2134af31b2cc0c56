"""Writes the table of docs/coverage-metro.md: ``python -m tools.metro_table`` prints it, a test compares the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geo.atlas import load_atlas
from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import modelled_demand
from geo.coverage.reach import Reach
from geo.register.city import Atlas
from geo.register.facilities import Facilities, before_day, facility_set

RADIUS = 800.0
NOW = date(2026, 11, 29)
NOW_SETS = (("现在 now (2026-11-29)", "as_of"), ("现在加未建成的 now and all planned", "planned"))
STEPS = (
    ("计划前 before", ()),
    ("加 4 号线 + line 4", ("T06",)),
    ("加 4、5 号线和 S2 + lines 4, 5, S2", ("T06", "T05", "T04")),
)


def answers(atlas: Atlas) -> list[Coverage]:
    """One answer for each step, all with what stood on the day before the plan; then what stands now, and with all planned."""
    register = atlas.register
    eve = before_day(register)
    planned = facility_set(register, ("metro_station",), "planned", eve)
    found = []
    for _name, lines in STEPS:
        frame = planned.frame
        keep = (frame["origin"] == "baseline") | frame["work_id"].isin(lines)
        numbers = planned.unnamed[planned.unnamed["work_id"].isin(lines)]
        some = replace(planned, frame=frame[keep], unnamed=numbers)
        found.append(_answer(atlas, some))
    later = [facility_set(register, ("metro_station",), which, NOW) for _name, which in NOW_SETS]
    return [*found, *(_answer(atlas, each) for each in later)]


def _answer(atlas: Atlas, facilities: Facilities) -> Coverage:
    return coverage(atlas, facilities, modelled_demand(atlas), Reach.straight(RADIUS))


def _cell(row: dict[str, float]) -> str:
    """Land with its interval; residents by both models with the interval of both; residents served."""
    land, land_low, land_high = (100 * row[f"share_area{end}"] for end in ("", "_low", "_high"))
    model, even, least, most = (
        100 * row[f"share_residents{end}"] for end in ("", "_other", "_least", "_most")
    )
    return (
        f"{land:.1f} ({land_low:.1f}–{land_high:.1f}); "
        f"{model:.1f} / {even:.1f} ({least:.1f}–{most:.1f}); {row['residents_served']:,.0f}"
    )


def markdown(atlas: Atlas) -> str:
    """Shares of land and of residents (by both models), and residents, by district; low to high in brackets."""
    found = answers(atlas)
    names = [name for name, _which in (*STEPS, *NOW_SETS)]
    lines = ["| 区县 district | " + " | ".join(names) + " |"]
    lines.append("| --- |" + " --- |" * len(names))
    for rows in zip(*(answer.rows() for answer in found), strict=True):
        cells = [_cell(row) for row in rows]
        lines.append(f"| {rows[0]['district']} | " + " | ".join(cells) + " |")
    placed = [_placed(answer) for answer in found]
    lines.append("| 站点：有位置/已知 stations placed/known | " + " | ".join(placed) + " |")
    return "\n".join(lines)


def _placed(answer: Coverage) -> str:
    city = answer.rows()[-1]
    return f"{city['facilities_placed']}/{city['facilities_known']}"


if __name__ == "__main__":
    print(markdown(load_atlas()))
