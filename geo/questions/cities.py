"""The question that compares cities: one indicator over the whole of each."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from geo.questions.coverage import FacilitySet
from geo.questions.matrix import Denominator, MatrixQuestion
from geo.questions.question import Question
from geo.questions.values import Day, Text
from geo.text import mark as _


class CitiesQuestion(Question):
    """One indicator in every city of this process."""

    indicator: Text = Field(
        title=_("指标"), description=_("各城市 indicators.csv 里的同一个编号；没有的城市会说明缺什么。")
    )
    which: FacilitySet = "as_of"
    as_of: Day = Field(
        default_factory=date.today, title=_("日期"), description=_("状态截至哪一天，YYYY-MM-DD；不写即今天。")
    )
    denominator: Denominator = Field(
        "residents",
        title=MatrixQuestion.model_fields["denominator"].title,
        description=MatrixQuestion.model_fields["denominator"].description,
    )
