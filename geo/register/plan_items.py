"""Items of the plan by their ids, refused by name where there is no such item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from geo.errors import AtlasError, UnknownIdError
from geo.text import mark as _

if TYPE_CHECKING:
    import pandas as pd


def require_items(
    items: Iterable[str], plan_items: pd.DataFrame, error: type[AtlasError] = UnknownIdError
) -> None:
    """Nothing where the plan has every item.

    Parameters
    ----------
    items : iterable of str
        Ids that somebody passed.
    plan_items : DataFrame
        Of the pack, by id.
    error : type
        What is raised for an id that is none.

    Raises
    ------
    AtlasError
        Of that type; it names the ids that are none, and those that are.
    """
    wrong = [item for item in items if item not in plan_items.index]
    if wrong:
        raise error(
            _("计划里没有条目 {item}。"),
            hint=_("可用：{known}。"),
            item="、".join(wrong),
            known="、".join(map(str, plan_items.index)),
        )
