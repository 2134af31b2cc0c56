"""The question how far one comes from a place in some minutes."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from geo.questions.coverage import DEFAULT_SPEED, Direction, Speed, Streets
from geo.questions.near import Latitude, Longitude
from geo.questions.question import Question
from geo.questions.values import MINUTES, WHOLE, Moment, Text, read_list
from geo.text import mark as _
from geo.values import read_number

USUAL_MINUTES: Final = (5.0, 10.0, 15.0)
MOST_MINUTES: Final = 60.0
MOST_RINGS: Final = 6
USUAL_WINDOW: Final = 30
IsochroneMode = Literal["walk", "cycle", "drive", "transit"]


def _read_minutes(value: Any) -> tuple[float, ...]:
    """``5|10|15`` as numbers, the least first; ``ValueError`` for more than a few, or what is no time."""
    numbers = (
        tuple(sorted({read_number(part) for part in read_list(value)})) if isinstance(value, str) else value
    )
    if not numbers or len(numbers) > MOST_RINGS or not all(0 < number <= MOST_MINUTES for number in numbers):
        raise ValueError("no times")
    return tuple(numbers)


Rings = Annotated[tuple[float, ...], BeforeValidator(_read_minutes), WithJsonSchema({"type": "string"})]


class IsochroneQuestion(Question):
    """Where one comes from a place in some minutes, along streets."""

    lon: Longitude = Field(title=_("经度"), description=_("出发地的经度，WGS84。"))
    lat: Latitude = Field(title=_("纬度"), description=_("出发地的纬度，WGS84。"))
    minutes: Rings = Field(
        USUAL_MINUTES,
        title=_("时间"),
        description=_("多少分钟，几个用 | 分开，最多 6 个，各不超过 60；不写即 5|10|15。"),
        examples=["5|10|15"],
    )
    mode: IsochroneMode = Field(
        "walk",
        title=_("方式"),
        description=_(
            "walk：步行；cycle：骑行；drive：驾车（这两种按道路等级的假定速度、单行和路障，街道要带 highway）；transit：公共交通加步行，要有时刻表和 depart。"
        ),
    )
    direction: Direction = Field(
        "from", title=_("方向"), description=_("from：从这里出发；to：来到这里。步行没有区别。")
    )
    speed_m_min: Speed = DEFAULT_SPEED
    streets: Streets = ""
    gtfs: Text = Field(
        "",
        title=_("时刻表"),
        description=_("公共交通的时刻表：GTFS 的 zip，只在命令行给；不写即资料包自带的 gtfs.zip。"),
    )
    depart: Moment | None = Field(
        None,
        title=_("出发时刻"),
        description=_("公共交通：当地的日期和时刻，2021-12-01T08:00；direction 为 to 时是到达的时刻。"),
    )
    window: Annotated[int, MINUTES, Field(ge=0, le=120), WHOLE] = Field(
        USUAL_WINDOW,
        title=_("出发的时段"),
        description=_("公共交通：从 depart 起多少分钟里每分钟出发一次，取时间的中位数；0 即只在那一刻。"),
    )
