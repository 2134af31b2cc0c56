"""The question where to build: what is sought, among which candidates, compared with which sites."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, model_validator

from geo.errors import ParameterError
from geo.questions.coverage import ReachQuestion
from geo.questions.question import Question
from geo.questions.siting_land import LandQuestion
from geo.questions.values import METRES, NUMBER, PERCENT, SECONDS, SHARE, WHOLE, Names, Text, YesNo
from geo.text import mark as _

Goal = Literal["most", "fewest", "nearest"]
Method = Literal["exact", "greedy"]
SOURCES: Final = ("grid", "works", "points", "parcels")
GOALS: Final[tuple[Goal, ...]] = get_args(Goal)
METHODS: Final[tuple[Method, ...]] = get_args(Method)
MOST_SITES: Final = 500
MOST_OWN: Final = 200
DEFAULT_SPACING_M: Final = 250.0
DEFAULT_LIMIT_S: Final = 20.0
LEAST_CUT_M: Final = 3000.0
"""Where no cut is given: ways are measured at least this far, and as far as facilities serve."""

Sites = Annotated[int, Field(ge=1, le=MOST_SITES), WHOLE]
Target = Annotated[float, PERCENT, Field(gt=0, le=1), SHARE]
Capacity = Annotated[float, Field(gt=0, le=1e9), NUMBER]
Spacing = Annotated[float, METRES, Field(ge=20, le=100_000), NUMBER]
Floor = Annotated[float, PERCENT, Field(ge=0, le=1), SHARE]
Limit = Annotated[float, SECONDS, Field(gt=0, le=3600), NUMBER]
Gap = Annotated[float, METRES, Field(ge=0, le=100_000), NUMBER]
Budget = Annotated[float, Field(gt=0, le=1e15), NUMBER]
Cut = Annotated[float, METRES, Field(gt=0, le=100_000), NUMBER]


class TaskQuestion(Question):
    """What is sought of the candidates."""

    goal: Goal = Field(
        "most",
        title=_("目标"),
        description=_(
            "most：建 k 处覆盖最多；fewest：最少几处达到 share；nearest：建 k 处走得最近。只给 share 即 fewest。"
        ),
    )
    k: Sites | None = Field(
        None, title=_("选址数量"), description=_("建几处；有预算时可不写，即预算够建几处。")
    )
    share: Target | None = Field(
        None, title=_("目标覆盖率"), description=_("要服务到的份额，0.9 或 90%；只给它即 fewest。")
    )
    each_district: YesNo = Field(
        False, alias="each", title=_("各区县分别"), description=_("yes：每个所选区县都要达到 share。")
    )
    floor: Floor = Field(
        0.0, title=_("区县下限"), description=_("哪个区县都不得低于这个份额，0.5 或 50%；只用于 most。")
    )
    capacity: Capacity | None = Field(
        None, title=_("每处容量"), description=_("一处新设施最多能服务多少（人，或平方米）；不用于 nearest。")
    )
    gap_m: Gap = Field(
        0.0,
        alias="gap",
        title=_("最小间隔"),
        description=_("新址之间、新址与现有同类设施之间至少相距这么远（直线），米。"),
    )
    budget: Budget | None = Field(
        None,
        title=_("预算"),
        description=_("所有新址的费用合计不超过它；每处的费用在地块文件的费用列里，单位与那一列相同。"),
    )
    method: Method = Field(
        "exact", title=_("算法"), description=_("exact：精确，带证明；greedy：快速，不带证明。")
    )
    time_limit_s: Limit = Field(
        DEFAULT_LIMIT_S, alias="limit", title=_("求解时限"), description=_("精确算法的时限，秒。")
    )

    @model_validator(mode="before")
    @classmethod
    def _goal_of_share(cls, given: dict[str, Any]) -> dict[str, Any]:
        fewest = "share" in given and "k" not in given
        return {"goal": "fewest"} | given if fewest else given

    @model_validator(mode="after")
    def _fits_together(self) -> TaskQuestion:
        if self.goal == "fewest":
            if self.share is None:
                raise ParameterError(
                    _("目标覆盖率要大于 0%、不超过 100%。"), hint=_("请改正 share（如 0.9 或 90%）。")
                )
        elif self.k is None and self.budget is None:
            raise ParameterError(
                _("选址数量 k 要是 1 至 {most} 的整数。"), hint=_("请改正 k。"), most=MOST_SITES
            )
        if self.floor and self.goal != "most":
            raise ParameterError(
                _("区县下限只用于“覆盖最多”。"), hint=_("要各区县都达标，请用“最少几处”并选“各区县分别”。")
            )
        if self.goal == "nearest" and self.capacity is not None:
            raise ParameterError(_("“走得最近”不支持容量。"), hint=_("请去掉容量，或改用“覆盖最多”。"))
        return self


class SiteQuestion(TaskQuestion, LandQuestion, ReachQuestion):
    """Where to build: a task, whose demand counts, where sites may go, and a person's own sites."""

    districts: Names = Field(
        ("all",),
        alias="district",
        title=_("区县"),
        description=_("计谁的需求：区县代码，几个用 | 分开，或 all。"),
    )
    candidates: Text = Field(
        "grid",
        title=_("候选地点"),
        description=_(
            "grid：陆地上的网格；works：计划里还没建成的；points：points 里的点（给了 points 即是）；"
            "parcels：parcels 的地块里的点（给了 parcels 即是）；命令行也可给点的文件。"
        ),
        examples=list(SOURCES),
    )
    spacing_m: Spacing = Field(
        DEFAULT_SPACING_M,
        alias="spacing",
        title=_("网格间距"),
        description=_("候选网格的间距，米；地块里的候选点也按它。"),
    )
    points: str = Field("", title=_("候选点"), description=_("自己的候选点：经度,纬度;经度,纬度（WGS84）。"))
    own: str = Field(
        "",
        title=_("我的点"),
        description=_("要比较的自选点：经度,纬度;经度,纬度（WGS84）；命令行也可给文件。"),
    )
    existing: YesNo = Field(True, title=_("现有设施"), description=_("no：不计现有设施。"))
    cut_m: Cut | None = Field(
        None,
        alias="cut",
        title=_("最远算到"),
        description=_("只用于 nearest：更远的都按这么远计，米；不写即 3000，服务半径更大时即服务半径。"),
    )
    skip_bad: YesNo = Field(False, title=_("有问题的点"), description=_("yes：去掉有问题的点，继续算。"))

    @model_validator(mode="before")
    @classmethod
    def _source_of_points(cls, given: dict[str, Any]) -> dict[str, Any]:
        named = next((name for name in ("points", "parcels") if name in given), None)
        return given if named is None else {"candidates": named} | given

    @model_validator(mode="after")
    def _budget_of_parcels(self) -> SiteQuestion:
        if self.candidates == "parcels" and not self.parcels:
            raise ParameterError(
                _("候选是地块，却没有给出地块。"), hint=_("请用 parcels 给出地块（多边形）。")
            )
        if self.budget is not None and self.candidates != "parcels":
            raise ParameterError(
                _("预算要有每处的费用，只有候选地块才有。"), hint=_("请给出带费用列的地块，或去掉预算。")
            )
        return self
