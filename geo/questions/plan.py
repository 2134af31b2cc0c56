"""What a question says of plans: which one it is of."""

from __future__ import annotations

from pydantic import Field

from geo.questions.question import Question
from geo.questions.values import Text
from geo.text import mark as _


class PlanQuestion(Question):
    """A question of one plan, or of all."""

    plan: Text = Field(
        "",
        title=_("计划"),
        description=_("哪一份计划：计划编号，或 all 即全部；不写即第一份。"),
    )
