"""Whether the register holds every facility of a kind: statements of a kind and a district, each with its source.

The table ``completeness`` holds what is first stated and may be missing; then nothing is known to be complete, and nothing
to be missing. A later statement is an event of the log ``completeness_events``: it takes the place of the earlier one on
every day, and can be taken back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.register.facility_events import counted_facility_events
from geo.register.pack import Problem
from geo.text import mark as _
from geo.text_tables import read_city_table

if TYPE_CHECKING:
    from geo.register.register import Register

_NAME: Final = "completeness.csv"
_COLUMNS: Final = ("kind", "district_code", "complete", "as_of", "source_id")
_AS_OF: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
STATED: Final = ("complete", "as_of")
"""What a statement says of its kind and district."""


def statement_id(kind: str, district: str) -> str:
    """Id of the statement on a kind and a district (empty: the city)."""
    return f"{kind}|{district}"


def statement_event(
    kind: str, district: str, *, complete: bool, as_of: str, source_id: str
) -> dict[str, Any]:
    """A row of ``completeness_events``.

    Parameters
    ----------
    kind : str
        Id of ``kinds.csv``.
    district : str
        District code; empty for the whole city.
    complete : bool
        Whether every facility is known.
    as_of : str
        Day, month or year that the list of facilities is of.
    source_id : str

    Returns
    -------
    dict
    """
    value = {"complete": complete, "as_of": as_of}
    return {
        "statement_id": statement_id(kind, district),
        "date": date.today(),
        "date_precision": "day",
        "kind": "correction",
        "value": json.dumps(value, sort_keys=True),
        "confirmed": True,
        "source_id": source_id,
    }


def statement_problems(
    rows: Sequence[Mapping[str, str]], kinds: Collection[str], districts: Collection[str]
) -> list[Problem]:
    """What is wrong with rows of ``completeness_events``, by row (counted from 1).

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the log as texts.
    kinds, districts : collection of str
        Ids of the pack.

    Returns
    -------
    list of Problem
    """
    problems = []
    for number, row in enumerate(rows, start=1):
        kind, _bar, district = row["statement_id"].partition("|")
        if kind not in kinds or (district and district not in districts):
            problems.append(
                Problem(
                    "completeness_events",
                    number,
                    "statement_id",
                    _("没有设施类型或区县“{value}”。"),
                    params={"value": row["statement_id"][:80]},
                )
            )
        value = json.loads(row["value"])
        fits = set(value) == set(STATED) and isinstance(value["complete"], bool)
        if not (fits and _AS_OF.fullmatch(str(value["as_of"]))):
            problems.append(
                Problem(
                    "completeness_events",
                    number,
                    "value",
                    _("请说明是否齐全，以及截至哪一天、哪一月或哪一年（如 2014-01）。"),
                )
            )
    return problems


@lru_cache(maxsize=8)
def completeness(register: Register) -> pd.DataFrame:
    """The statements that hold, as texts: ``kind, district_code`` (empty for the whole city), ``complete`` (``true`` or ``false``),
    ``as_of, source_id``. Read only.
    """
    stated = {
        (row["kind"], row["district_code"]): dict(row)
        for row in _first_stated(register.pack.root).to_dict("records")
    }
    events = counted_facility_events(register.pack.completeness_events)
    events = events[events["kind"] == "correction"]
    for identity, value, source in zip(
        events["statement_id"], events["value"], events["source_id"], strict=True
    ):
        kind, _bar, district = str(identity).partition("|")
        said = json.loads(value)
        stated[kind, district] = {
            "kind": kind,
            "district_code": district,
            "complete": "true" if said["complete"] else "false",
            "as_of": said["as_of"],
            "source_id": source,
        }
    return pd.DataFrame(list(stated.values()), columns=list(_COLUMNS), dtype=object)


def _first_stated(root: Path) -> pd.DataFrame:
    if not (root / _NAME).exists():
        return pd.DataFrame(columns=list(_COLUMNS), dtype=object)
    return read_city_table(root, _NAME, _COLUMNS)[list(_COLUMNS)]


def is_complete(register: Register, kinds: Iterable[str], district: str = "") -> bool:
    """Whether every facility of all ``kinds`` that stands in a district (empty: the city) is said to be in the register.

    A statement on the district decides; without one, the statement on the whole city; without any, it is not known,
    which is no.

    Parameters
    ----------
    register : Register
    kinds : iterable of str
        Ids of ``kinds.csv``.
    district : str
        District code.

    Returns
    -------
    bool
    """
    rows = completeness(register)
    stated = {
        (kind, code): complete == "true"
        for kind, code, complete in zip(rows["kind"], rows["district_code"], rows["complete"], strict=True)
    }
    wanted = list(kinds)
    return bool(wanted) and all(
        stated.get((kind, district), stated.get((kind, ""), False)) for kind in wanted
    )


def districts_not_covered(register: Register, kinds: Sequence[str]) -> frozenset[str]:
    """Codes of districts of which it is said that the facilities of any of ``kinds`` are not complete."""
    table = completeness(register)
    mine = table[table["kind"].isin(list(kinds)) & (table["complete"] == "false")]
    return frozenset(mine["district_code"]) - {""}


def stated_as_of(register: Register, kinds: Sequence[str], districts: Sequence[str]) -> str:
    """The day or month of the list of facilities in ``districts``, as the statements have it.

    Parameters
    ----------
    register : Register
    kinds : sequence of str
        Ids of ``kinds.csv``.
    districts : sequence of str
        District codes; a statement on the whole city counts for each.

    Returns
    -------
    str
        The earliest; empty where nothing is stated.
    """
    table = completeness(register)
    mine = table["kind"].isin(list(kinds)) & table["district_code"].isin([*districts, ""])
    return str(min(table.loc[mine, "as_of"], default=""))
