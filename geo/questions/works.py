"""Questions on the works themselves: how far they are, and their map as a picture."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, get_args

from pydantic import Field

from geo.questions.question import Question
from geo.questions.values import Day, Names, Text
from geo.text import mark as _

SummedBy = Literal["item", "category", "district", "line"]
Scope = Literal["plan", "probable", "all"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


class ProgressQuestion(Question):
    """How far the works are on a day."""

    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )
    by: SummedBy = Field("item", title=_("汇总方式"), description=_("按什么汇总：项目、类别、区县或线路。"))


class PictureQuestion(Question):
    """The map of works as a picture."""

    form: Literal["png", "svg"] = Field("png", alias="format", title=_("格式"), description=_("图片的格式。"))
    bbox: Text = Field("", title=_("地图范围"), description=_("西,南,东,北，按 datum 的经纬度；不写即全部。"))
    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )
    categories: Names = Field(
        (), alias="category", title=_("类别"), description=_("只要这些类别，几个用逗号分开。")
    )
    statuses: Names = Field(
        (), alias="status", title=_("状态"), description=_("只要这些状态，几个用逗号分开。")
    )
    certainties: Names = Field(
        (), alias="certainty", title=_("可信程度"), description=_("只要这些可信程度，几个用逗号分开。")
    )
    districts: Names = Field(
        (), alias="district", title=_("区县"), description=_("只要这些区县，几个用逗号分开；all 即全部。")
    )
    scope: Scope = Field(
        "plan",
        title=_("范围"),
        description=_("plan：计划内；probable：加上可能属于的；all：含其他年份与背景。"),
    )


class FeedQuestion(Question):
    """What the register learnt lately."""

    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )
    item: Text = Field("", title=_("条目"), description=_("只要计划的这一条，如 U01。"))
    district: Text = Field("", title=_("区县"), description=_("只要这个区县，区县代码。"))
