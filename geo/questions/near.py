"""The question what is near a place."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import Field, model_validator

from geo.errors import ParameterError
from geo.questions.coverage import Radius
from geo.questions.plan import PlanQuestion
from geo.questions.values import METRES, NUMBER, Day, Text
from geo.questions.works import Scope
from geo.text import mark as _

STATION_M: Final = 800.0
"""How far a station serves where nothing else is asked: what indicator metro_800 counts. A parameter, not a fact."""
MOST_ACCURACY_M: Final = 10_000.0

Degrees = Field(json_schema_extra={"x-unit": "°"})
Longitude = Annotated[float, Degrees, Field(ge=-180, le=180), NUMBER]
Latitude = Annotated[float, Degrees, Field(ge=-90, le=90), NUMBER]
Accuracy = Annotated[float, METRES, Field(ge=0, le=MOST_ACCURACY_M), NUMBER]


class NearQuestion(PlanQuestion):
    """What is near a place: coordinates, or a name or id that the search finds."""

    lon: Longitude | None = Field(None, title=_("经度"), description=_("所问地点的经度，WGS84。"))
    lat: Latitude | None = Field(None, title=_("纬度"), description=_("所问地点的纬度，WGS84。"))
    accuracy_m: Accuracy = Field(
        0.0,
        alias="accuracy",
        title=_("位置误差"),
        description=_("所给坐标的误差半径，米；按名称或编号查找的地点用登记的误差。"),
    )
    place: Text = Field(
        "",
        title=_("地点"),
        description=_("代替坐标：项目、设施或地名的名称或编号；不止一处时列出来供选。"),
    )
    station_m: Radius = Field(
        STATION_M, alias="station", title=_("车站服务距离"), description=_("多远以内算有车站，直线距离，米。")
    )
    scope: Scope = Field(
        "plan",
        title=_("范围"),
        description=_("plan：计划内；probable：加上可能属于的；all：含其他年份与背景。"),
    )
    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )

    @model_validator(mode="after")
    def _fits_together(self) -> NearQuestion:
        if self.place and (self.lon is not None or self.lat is not None):
            raise ParameterError(_("地点（place）与坐标（lon、lat）只能给一个。"))
        if not self.place and (self.lon is None or self.lat is None):
            raise ParameterError(
                _("不知道问的是哪里。"), hint=_("请给出经度（lon）和纬度（lat），或地点（place）。")
            )
        return self
