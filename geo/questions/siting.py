"""The question where to build: what is sought, among which candidates, compared with which sites."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, model_validator

from geo.errors import ParameterError
from geo.questions.coverage import ReachQuestion
from geo.questions.siting_kinds import (
    MOST_SITES,
    CapacityQuestion,
    OtherKind,
    Sites,
    Weight,
    read_other_kinds,
)
from geo.questions.siting_land import LandQuestion
from geo.questions.values import METRES, NUMBER, PERCENT, SECONDS, SHARE, Names, Text, YesNo
from geo.text import mark as _

Goal = Literal["most", "fewest", "nearest"]
Method = Literal["exact", "greedy"]
UnknownCapacity = Literal["enough", "none"]
SOURCES: Final = ("grid", "works", "points", "parcels")
GOALS: Final[tuple[Goal, ...]] = get_args(Goal)
METHODS: Final[tuple[Method, ...]] = get_args(Method)
MOST_OWN: Final = 200
DEFAULT_SPACING_M: Final = 250.0
DEFAULT_LIMIT_S: Final = 20.0
LEAST_CUT_M: Final = 3000.0
"""Where no cut is given: ways are measured at least this far, and as far as facilities serve."""

Target = Annotated[float, PERCENT, Field(gt=0, le=1), SHARE]
Spacing = Annotated[float, METRES, Field(ge=20, le=100_000), NUMBER]
Floor = Annotated[float, PERCENT, Field(ge=0, le=1), SHARE]
Limit = Annotated[float, SECONDS, Field(gt=0, le=3600), NUMBER]
Gap = Annotated[float, METRES, Field(ge=0, le=100_000), NUMBER]
Budget = Annotated[float, Field(gt=0, le=1e15), NUMBER]
Cut = Annotated[float, METRES, Field(gt=0, le=100_000), NUMBER]


class TaskQuestion(CapacityQuestion):
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
    unknown_capacity: UnknownCapacity = Field(
        "enough",
        title=_("不知道容量的"),
        description=_(
            "写了 people_per_unit 时，不知道容量的现有设施怎么算。enough：视为够用，所及的都算已服务；none：视为不服务任何人。两者给出新增的下限和上限。"
        ),
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
        if self.goal == "nearest" and (self.capacity or self.people_per_unit) is not None:
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
    also: Text = Field(
        "",
        title=_("一起选的另几类"),
        description=_(
            "另几类设施与第一类一起选，一个目标、一个预算：kind=clinic,radius=1000,k=1,weight=1，几类用 ; 分开；"
            "还可写 land_use=A5+R2、cost_column、capacity_column、capacity、people_per_unit、unit。一块地只建一类，除非地块写明可混合。"
        ),
        examples=["kind=clinic,radius=1000,k=1,weight=1"],
    )
    weight: Weight = Field(
        1.0, title=_("权重"), description=_("几类一起选时，第一类多服务一人算几分；另几类的写在 also 里。")
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

    @property
    def other_kinds(self) -> tuple[OtherKind, ...]:
        """The kinds that are sited together with the first."""
        return read_other_kinds(self.also)

    @model_validator(mode="after")
    def _kinds_fit_together(self) -> SiteQuestion:
        if not self.other_kinds:
            return self
        if self.goal != "most" or self.floor or self.own:
            raise ParameterError(
                _("几类一起选只用于“覆盖最多”，不设区县下限，也不与自选点比较。"),
                hint=_("请去掉 floor 和 own，或一类一类地选（taken）。"),
            )
        if self.budget is None and any(each.k is None for each in self.other_kinds):
            raise ParameterError(
                _("选址数量 k 要是 1 至 {most} 的整数。"),
                hint=_("请在 also 里给每一类写 k，或给出预算。"),
                most=MOST_SITES,
            )
        return self

    @model_validator(mode="after")
    def _budget_of_parcels(self) -> SiteQuestion:
        if self.candidates == "parcels" and not self.parcels:
            raise ParameterError(
                _("候选是地块，却没有给出地块。"),
                hint=_("请上传地块（多边形）；命令行和接口用 parcels 给出。"),
            )
        if self.budget is not None and self.candidates != "parcels":
            raise ParameterError(
                _("预算要有每处的费用，只有候选地块才有。"), hint=_("请给出带费用列的地块，或去掉预算。")
            )
        return self
