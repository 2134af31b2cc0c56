"""Questions on the works themselves: how far they are, and their map as a picture."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from geo.questions.coverage import ReachQuestion, ScenarioCode
from geo.questions.plan import PlanQuestion
from geo.questions.values import WHOLE, Day, Names, Text
from geo.text import mark as _

Shading = Literal["none", "named", "done", "unplaced", "chosen"]
SHADINGS: Final[tuple[Shading, ...]] = get_args(Shading)
"""What districts may be shaded by: a column of :func:`geo.register.progress.progress` by district, or that a filter names them."""
CHOSEN_SHADING: Final = "chosen"
NO_LAYERS: Final = "none"
FIRST_MEASURE: Final = "share_done"
"""What districts are compared by where nothing else is asked."""
MOST_GAPS: Final = 50
Sites = Annotated[str, Field(max_length=2000)]
SummedBy = Literal["item", "category", "district", "line"]
Scope = Literal["plan", "probable", "all"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


class ProgressQuestion(PlanQuestion):
    """How far the works are on a day."""

    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )
    by: SummedBy = Field("item", title=_("汇总方式"), description=_("按什么汇总：项目、类别、区县或线路。"))


class PromisesQuestion(PlanQuestion):
    """What has become of each promise of the plan."""

    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )


class DistrictsQuestion(PlanQuestion):
    """Districts in the order of a measure."""

    measure: Text = Field(
        FIRST_MEASURE,
        title=_("量度"),
        description=_("按什么比较各区县：share_done 等，或设施覆盖指标的编号。"),
    )
    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )


class PictureQuestion(ReachQuestion):
    """The map as it is seen, as a picture: works, and who is served where kinds of facilities are named."""

    form: Literal["png", "svg"] = Field("png", alias="format", title=_("格式"), description=_("图片的格式。"))
    bbox: Text = Field("", title=_("地图范围"), description=_("西,南,东,北，按 datum 的经纬度；不写即全部。"))
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
    layers: Names = Field(
        (),
        title=_("图层"),
        description=_("画哪些可开关的图层，几个用逗号分开；none 即都不画；不写即通常的那些。"),
    )
    shade: Shading = Field(
        "none",
        title=_("区县着色"),
        description=_("区县按什么着色：none、named、done、unplaced，或 chosen（筛选的区县）。"),
    )
    work: Text = Field("", title=_("选中的项目"), description=_("用圈标出的项目编号。"))
    scenario: ScenarioCode = ""
    chosen_sites: Sites = Field(
        "",
        alias="best",
        title=_("选出的点"),
        description=_("选址选出的点，按次序，写成 经度,纬度;经度,纬度（WGS84）；要有设施类型。"),
    )
    own_sites: Sites = Field(
        "", alias="own", title=_("自己的点"), description=_("自己放的点，写法同上；要有设施类型。")
    )
    gap_count: Annotated[int, Field(ge=0, le=MOST_GAPS), WHOLE] = Field(
        0, alias="gaps", title=_("缺口"), description=_("画出最大的几处缺口；要有设施类型。")
    )


class FeedQuestion(PlanQuestion):
    """What the register learnt lately."""

    as_of: Day = Field(
        default_factory=date.today,
        title=_("日期"),
        description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。"),
    )
    item: Text = Field("", title=_("条目"), description=_("只要计划的这一条，如 U01。"))
    district: Text = Field("", title=_("区县"), description=_("只要这个区县，区县代码。"))
