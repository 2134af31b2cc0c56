"""Several kinds of facilities in one siting question: the further kinds, each written as ``kind=clinic,radius=1000,k=1``."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from geo.errors import ParameterError
from geo.questions.coverage import Radius, WalkMinutes
from geo.questions.question import Question, check_names, names
from geo.questions.values import LONGEST_TEXT, NUMBER, WHOLE, Names, Text
from geo.text import mark as _

MOST_SITES: Final = 500
MOST_OTHER_KINDS: Final = 4
Sites = Annotated[int, Field(ge=1, le=MOST_SITES), WHOLE]
Capacity = Annotated[float, Field(gt=0, le=1e9), NUMBER]
PerUnit = Annotated[float, Field(gt=0, le=1e6), NUMBER]
Weight = Annotated[float, Field(gt=0, le=1e6), NUMBER]
_LISTS: Final = ("kind", "land_use")
"""Parameters of a further kind that may name several, joined by ``+``."""


class CapacityQuestion(Question):
    """How many people facilities can take: new sites, and those that stand."""

    capacity: Capacity | None = Field(
        None, title=_("每处容量"), description=_("一处新设施最多能服务多少（人，或平方米）；不用于 nearest。")
    )
    people_per_unit: PerUnit | None = Field(
        None,
        title=_("每单位服务几人"),
        description=_(
            "登记里容量的一个单位（学位、床位、泊位）服务几个居民；写了，现有设施最多服务“容量×它”，余量先用，不够才算新址的。不写即现有设施够用。"
        ),
    )
    unit: Text = Field(
        "", title=_("容量单位"), description=_("登记里的哪种容量（学位、床位、泊位）；不写即通常的一种。")
    )

    @model_validator(mode="after")
    def _unit_is_of_a_capacity(self) -> Self:
        if self.unit and self.people_per_unit is None:
            raise ParameterError(
                _("容量单位（参数 unit）要和每单位服务几人（people_per_unit）一起写。"),
                hint=_("请写上 people_per_unit，或去掉 unit。"),
            )
        return self


class OtherKind(CapacityQuestion):
    """A further kind that is sited together with the first: what, how far it serves, how many, and how much it weighs."""

    kinds: Names = Field(
        (), alias="kind", title=_("设施类型"), description=_("设施类型（见 kinds.csv），几个用 | 分开。")
    )
    radius_m: Radius | None = Field(
        None, alias="radius", title=_("服务半径"), description=_("服务半径，米；不走路时是直线距离。")
    )
    minutes: WalkMinutes | None = Field(
        None, title=_("时间"), description=_("分钟数，代替米数；要有 walk，或 mode 为 cycle、drive。")
    )
    k: Sites | None = Field(
        None, title=_("选址数量"), description=_("建几处；有预算时可不写，即预算够建几处。")
    )
    weight: Weight = Field(1.0, title=_("权重"), description=_("几类一起选时，这类多服务一人算几分。"))
    land_use: Names = Field((), title=_("可建的用地"), description=_("这类设施可建的用地代码。"))
    cost_column: Text = Field("", title=_("费用列"), description=_("地块文件里建这类一处的费用所在的列。"))
    capacity_column: Text = Field(
        "", title=_("容量列"), description=_("地块文件里建这类一处最多能服务多少人所在的列。")
    )

    @model_validator(mode="after")
    def _names_a_kind(self) -> OtherKind:
        if not self.kinds:
            raise ParameterError(
                _("另一类设施没有写类型（kind）。"), hint=_("请写成 kind=clinic,radius=1000,k=1,weight=1。")
            )
        return self


def read_other_kinds(text: str) -> tuple[OtherKind, ...]:
    """Further kinds as they are written: kinds parted by ``;``, parameters by a comma, each ``name=value``; ``+`` joins a list.

    Parameters
    ----------
    text : str
        ``kind=clinic,radius=1000,k=1,weight=2,land_use=A5+R2;kind=park,radius=500,k=1``.

    Returns
    -------
    tuple of OtherKind

    Raises
    ------
    ParameterError
        A part that is no ``name=value``, a parameter that there is not or that is out of bounds, too many kinds.
    """
    parts = [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]
    if len(parts) > MOST_OTHER_KINDS or len(text) > LONGEST_TEXT:
        raise ParameterError(
            _("一起选的另几类最多 {most} 类，这里有 {n} 类。"),
            hint=_("请分几次选（已占的地点用 taken）。"),
            most=MOST_OTHER_KINDS,
            n=len(parts),
        )
    return tuple(OtherKind.read(_pairs(part)) for part in parts)


def _pairs(part: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for cell in part.replace("，", ",").split(","):
        name, sign, value = (each.strip() for each in cell.partition("="))
        if not sign:
            raise ParameterError(
                _("另一类设施里的“{part}”不是 名=值。"),
                hint=_("请写成 kind=clinic,radius=1000,k=1,weight=1。"),
                part=cell.strip()[:40],
            )
        values[name] = value.replace("+", "|") if name in _LISTS else value
    check_names(values, names(OtherKind))
    return values
