"""The question which services each place of a list has: the communities of a renovation, or places of one's own."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import Field

from geo.questions.coverage import DEFAULT_SPEED, FacilitySet, Speed, Streets
from geo.questions.plan import PlanQuestion
from geo.questions.values import Day, Names, Text
from geo.questions.works import Scope
from geo.text import mark as _

MINUTES: Final = (5, 10, 15)
"""The walks that are asked about: the tiers of GB 50180-2018 (5, 10 and 15 minutes)."""
MOST_PLACES: Final = 5000


class ServicesQuestion(PlanQuestion):
    """Which kinds of facilities lie within 5, 10 and 15 minutes of each place, and the nearest of each."""

    items: Names = Field(
        (),
        alias="item",
        title=_("条目"),
        description=_("计划里哪些条目的项目作为地点，如 U01；几个用 | 分开；不写即全部。"),
    )
    scope: Scope = Field(
        "plan",
        title=_("范围"),
        description=_("plan：计划内；probable：加上可能属于的；all：含其他年份与背景。"),
    )
    places: Text = Field(
        "",
        title=_("自己的地点"),
        description=_("代替计划的项目：页面上传后的名字（places-…）；命令行给点或面的文件。"),
    )
    kinds: Names = Field(
        (),
        alias="kind",
        title=_("设施类型"),
        description=_("哪些类型的设施，几个用 | 分开；不写即登记里的各类。"),
    )
    which: FacilitySet = "as_of"
    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )
    streets: Streets = ""
    speed_m_min: Speed = DEFAULT_SPEED
