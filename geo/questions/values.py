"""Kinds of values a parameter can have: what a person writes becomes a number, a share, a day, yes or no, a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from geo.values import read_day, read_number

LONGEST_TEXT: Final = 600
_PERCENT_SIGNS: Final = ("%", "％")


def read_whole(value: Any) -> int:
    """A whole number of a text or a number: ``5``, ``5.0``; ``ValueError`` for any other."""
    number = read_number(value)
    if not number.is_integer():
        raise ValueError("not whole")
    return int(number)


def read_share(value: Any) -> float:
    """``0.9`` or ``90%`` as 0.9; ``ValueError`` if it is no number."""
    if isinstance(value, str) and value.endswith(_PERCENT_SIGNS):
        return read_number(value[:-1]) / 100
    return read_number(value)


def read_yes_no(value: Any) -> bool:
    """``yes`` or ``no`` (or Python's own true and false); ``ValueError`` for anything else."""
    if isinstance(value, bool):
        return value
    if value not in ("yes", "no"):
        raise ValueError("neither yes nor no")
    return bool(value == "yes")


def read_list(value: Any) -> tuple[str, ...]:
    """``a|b`` or ``a,b`` (or a sequence of texts) as a tuple, each once; ``ValueError`` if it is too long."""
    parts: Sequence[str] = value
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValueError("too long")
        parts = value.replace(",", "|").split("|")
    return tuple(dict.fromkeys(part for part in parts if part))


def _read_day(value: Any) -> date:
    return value if isinstance(value, date) else read_day(str(value))


def _read_moment(value: Any) -> datetime:
    """A local day and time to the minute; ``ValueError`` for anything else."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo or moment.second or moment.microsecond or (isinstance(value, str) and len(value) < 16):
        raise ValueError("no local minute")
    return moment


NUMBER: Final = BeforeValidator(read_number)
WHOLE: Final = BeforeValidator(read_whole)
SHARE: Final = BeforeValidator(read_share)
METRES: Final = Field(json_schema_extra={"x-unit": "m"})
MINUTES: Final = Field(json_schema_extra={"x-unit": "min"})
SECONDS: Final = Field(json_schema_extra={"x-unit": "s"})
METRES_PER_MINUTE: Final = Field(json_schema_extra={"x-unit": "m/min"})
PERCENT: Final = Field(json_schema_extra={"x-percent": True})
"""``Annotated[float, METRES, Field(ge=0, le=5000), NUMBER]``: the reader comes last, so that the bounds are in the schema."""

YesNo = Annotated[
    bool, BeforeValidator(read_yes_no), WithJsonSchema({"type": "string", "enum": ["yes", "no"]})
]
Day = Annotated[date, BeforeValidator(_read_day)]
Moment = Annotated[datetime, BeforeValidator(_read_moment)]
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(read_list),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_TEXT}),
]
"""Ids joined by ``|`` or a comma."""
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
