"""Questions on who is served: coverage, what the plan changes, what is left out, what if, how evenly."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field

from geo.questions.plan import PlanQuestion
from geo.questions.values import METRES, METRES_PER_MINUTE, MINUTES, NUMBER, Day, Names, Text, YesNo
from geo.text import mark as _

SetName = Literal["before", "as_of", "planned"]
Mode = Literal["walk", "cycle", "drive"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
Direction = Literal["to", "from"]
SETS: Final[tuple[SetName, ...]] = get_args(SetName)
DEFAULT_SPEED: Final = 60.0
"""Walking, metres a minute (3.6 km/h): what the Chinese check-up codes that we know of use. A parameter, not a fact."""
MAX_REACH_M: Final = 100_000.0
MAX_WALK_MIN: Final = 1440.0
MAX_SCENARIO: Final = 4000
"""Characters of a scenario in a link; a larger one is saved and named by its id."""

Radius = Annotated[float, METRES, Field(ge=0, le=MAX_REACH_M), NUMBER]
WalkMinutes = Annotated[float, MINUTES, Field(gt=0, le=MAX_WALK_MIN), NUMBER]
Speed = Annotated[
    float,
    METRES_PER_MINUTE,
    Field(ge=10, le=200, alias="speed", title=_("步行速度"), description=_("步行速度，米/分钟。")),
    NUMBER,
]
Streets = Annotated[
    Text,
    Field(
        title=_("街道"),
        description=_(
            "保存过的街道数据集（streets-…）；命令行也可给文件：GeoPackage、GeoJSON、Shapefile 或 OSM 摘录。"
        ),
    ),
]
FacilitySet = Annotated[
    SetName,
    Field(
        alias="set",
        title=_("设施集"),
        description=_("before：计划前；as_of：截至某日；planned：计划全部建成。"),
    ),
]
ScenarioCode = Annotated[
    str,
    Field(
        max_length=MAX_SCENARIO,
        title=_("推演方案"),
        description=_("推演的改动：链接里的方案（z-…），或保存过的方案的编号（s-…）。"),
    ),
]


class ReachQuestion(PlanQuestion):
    """Which facilities, on which day, how far they serve, and whom: what every question has."""

    kinds: Names = Field(
        (), alias="kind", title=_("设施类型"), description=_("设施类型（见 kinds.csv），几个用 | 分开。")
    )
    indicator: Text = Field(
        "", title=_("指标"), description=_("indicators.csv 的一行，给出设施类型与服务范围。")
    )
    radius_m: Radius | None = Field(
        None, alias="radius", title=_("服务半径"), description=_("服务半径，米；不走路时是直线距离。")
    )
    minutes: WalkMinutes | None = Field(
        None, title=_("时间"), description=_("分钟数，代替米数；要有 walk，或 mode 为 cycle、drive。")
    )
    walk: YesNo = Field(
        False, title=_("步行"), description=_("yes：沿街道步行，要有 streets；no：直线距离。")
    )
    mode: Mode = Field(
        "walk",
        title=_("方式"),
        description=_(
            "沿街道怎么走。walk：步行；cycle：骑行；drive：驾车。后两种按道路等级的假定速度、单行和路障计，要有 streets（带 highway）和 minutes。"
        ),
    )
    direction: Direction | None = Field(
        None,
        title=_("方向"),
        description=_("骑行、驾车的方向。to：人到设施；from：从设施出发，如消防；不写即按设施类型。"),
    )
    speed_m_min: Speed = DEFAULT_SPEED
    streets: Streets = ""
    which: FacilitySet = "as_of"
    as_of: Day = Field(
        default_factory=date.today, title=_("日期"), description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。")
    )
    demand: Text = Field(
        "residents",
        title=_("服务对象"),
        description=_(
            "residents：普查居民，按资料包的居民模型分布（模型估算；没有模型即均匀分布）；census：普查居民，在陆地上均匀分布；"
            "area：只看陆地；或保存过的数据集；命令行也可给人口 GeoTIFF。"
        ),
        examples=["residents", "census", "area"],
    )


class CoverageQuestion(ReachQuestion):
    """Who is served."""

    district: Text = Field("all", title=_("区县"), description=_("一个区县代码、全市代码，或 all。"))


class WhatIfQuestion(CoverageQuestion):
    """Who would be served after the edits of a scenario."""

    scenario: ScenarioCode = ""


class GapsQuestion(WhatIfQuestion):
    """Who is left out."""


_EVERY_DISTRICT: Final[Any] = Field(
    "all",
    title=_("区县"),
    description=_("不起作用：总是列出每个区县。"),
    json_schema_extra={"deprecated": True},
)


class EquityQuestion(WhatIfQuestion):
    """How evenly facilities serve."""

    district: Text = _EVERY_DISTRICT
    unit: Text = Field(
        "", title=_("供给单位"), description=_("供给的单位（泊位、学位、床位）；不写即通常的一种。")
    )


class ImpactQuestion(CoverageQuestion):
    """What the plan changes: everything it promises against the day before it."""

    which: SetName = Field(
        "as_of",
        alias="set",
        title=_("设施集"),
        description=_("不起作用：总是计划全部建成与计划前一日相比。"),
        json_schema_extra={"deprecated": True},
    )
    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("不起作用：总是计划全部建成与计划前一日相比。"),
        json_schema_extra={"deprecated": True},
    )
    district: Text = _EVERY_DISTRICT


QUESTION_NAMES: Final = tuple(
    info.alias or name for name, info in CoverageQuestion.model_fields.items() if name != "streets"
)
"""Parameters that a saved scenario may hold; streets are a file of one person's own, or a name on one server."""
