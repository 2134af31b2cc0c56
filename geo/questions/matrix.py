"""The question of the matrix: which zones, which indicators, as of when, and what a share is of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from geo.questions.coverage import DEFAULT_SPEED, SETS, ReachQuestion, Speed, Streets
from geo.questions.plan import PlanQuestion
from geo.questions.values import Day, Names, Text
from geo.text import mark as _

Denominator = Literal["residents", "land"]
MOST_ZONES: Final = 2000


OwnIndicators = Annotated[str, Field(max_length=2000)]


class MatrixQuestion(PlanQuestion):
    """Every indicator in every zone, for each set of facilities."""

    indicators: Names = Field(
        (),
        alias="indicator",
        title=_("指标"),
        description=_("indicators.csv 的行，几个用 | 分开；不写即全部。"),
    )
    own: OwnIndicators = Field(
        "",
        title=_("自己的指标"),
        description=_(
            "自己的指标，加在后面：名称~设施类型~straight~米数~达标百分数，名称~设施类型~walk~分钟数~达标百分数，"
            "或由 indicators.csv 的单项合成：名称~指标~all~~达标百分数（各项都满足；any 为任一项）。"
            "几类设施、几个单项用 + 连，几个指标用 ; 分开，达标百分数可以不写。"
        ),
    )
    sets: Names = Field(
        SETS,
        alias="set",
        title=_("设施集"),
        description=_("before：计划前；as_of：截至某日；planned：计划全部建成；几个用 | 分开，不写即三种。"),
    )
    as_of: Day = Field(
        default_factory=date.today, title=_("日期"), description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。")
    )
    zones: Text = Field(
        "",
        title=_("分区"),
        description=_("自己的分区：页面上传后的名字（zones-…）；命令行给多边形文件。不写即区县。"),
    )
    zone_name: Text = Field(
        "", title=_("分区名称列"), description=_("分区文件里名称所在的列；不写即 name、名称 等常用的一列。")
    )
    population: Text = Field(
        "",
        title=_("分区人口列"),
        description=_("分区文件里人口所在的列；写了，各分区的居民按它换算，不写即按居民模型。"),
    )
    denominator: Denominator = Field(
        "residents",
        title=_("分母"),
        description=_("份额按什么算。residents：居民（模型估算）；land：陆地。"),
    )
    demand: Text = Field(
        "residents",
        title=ReachQuestion.model_fields["demand"].title,
        description=ReachQuestion.model_fields["demand"].description,
        examples=["residents", "census", "area"],
    )
    streets: Streets = ""
    speed_m_min: Speed = DEFAULT_SPEED
