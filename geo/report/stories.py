"""Stories of the data: each is a template of :data:`STORIES` that finds its own subject on any day, or has nothing to tell on it.

Another story is another row. The first ones that have something to tell are shown; nothing in them is written by hand for a day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import pandas as pd

from geo.display.labels import name_of, status_style
from geo.questions.works import FIRST_MEASURE
from geo.register.amounts import top_works
from geo.register.city import Atlas
from geo.register.progress import progress
from geo.report.compare.measures import get_measure
from geo.report.compare.ranking import Ranking, works_ranking
from geo.report.counts import amount
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import COMPLETION, IMPLEMENTATION, UNKNOWN

Kind = Literal["promise", "district", "work"]
SHOWN: Final = 3
_MONTH: Final = 30.44


@dataclass(frozen=True, slots=True)
class Story:
    """A sentence, and what it is of: ``kind`` and ``subject`` (an id) say which page has more of it."""

    sentence: str
    kind: Kind
    subject: str


@dataclass(frozen=True, eq=False)
class Day:
    """What stories are made from: the register on a day, in one language."""

    atlas: Atlas
    as_of: date
    lang: str
    items: pd.DataFrame
    works: pd.DataFrame
    ranking: Ranking

    def text(self, message: str) -> str:
        """A text of the catalogue."""
        return translate(message, self.lang)


def stories(atlas: Atlas, as_of: date, lang: str, ranking: Ranking | None = None) -> tuple[Story, ...]:
    """The stories of a day.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
    lang : str
        ``zh`` or ``en``.
    ranking : Ranking or None
        Of the districts on the day by the first measure, where it is made already.

    Returns
    -------
    tuple of Story
        At most :data:`SHOWN`.
    """
    ranking = ranking or works_ranking(atlas, get_measure(atlas, FIRST_MEASURE), as_of)
    items = progress(atlas.register, as_of, "item")
    day = Day(atlas, as_of, lang, items, top_works(atlas.register.state(as_of)), ranking)
    made = (story(day) for story in STORIES)
    return tuple(one for one in made if one is not None)[:SHOWN]


def largest_gap(day: Day) -> Story | None:
    """The promise of a number of which the largest part is not known to be done."""
    counted = day.items[(day.items["target"] > 1) & (day.items["measure"] != "share")]
    missing = (counted["target"] - counted["done"]).clip(lower=0) / counted["target"]
    if counted.empty or missing.max() <= 0:
        return None
    largest = counted.loc[missing == missing.max()].sort_values("target", ascending=False, kind="stable")
    item = pd.Series(largest.iloc[0])
    text = _("“{name}”答应 {target}，证实建成的至少 {done}，其余 {rest} 没有建成的记载。")
    values = {key: amount(item[key], item["unit"], day.lang) for key in ("target", "done")}
    rest = amount(item["target"] - item["done"], item["unit"], day.lang)
    sentence = day.text(text).format(name=name_of(item, day.lang), rest=rest, **values)
    return Story(sentence, "promise", str(item["item_id"]))


def district_behind(day: Day) -> Story | None:
    """The district with the smallest share of named works done, beside the one with the largest."""
    known = day.ranking.known
    if known.empty or known["value"].min() == known["value"].max():
        return None
    least = known[known["value"] == known["value"].min()].sort_values("whole", ascending=False, kind="stable")
    first, last = known.iloc[0], least.iloc[0]
    text = _(
        "{last}点了名的 {named} 个项目里证实建成 {done} 个，比例最低；最高的是{first}，{part} / {whole}。"
    )
    tied = _(
        "{last}点了名的 {named} 个项目里证实建成 {done} 个，比例与另外 {others} 个区县并列最低；最高的是{first}，{part} / {whole}。"
    )
    sentence = day.text(text if len(least) == 1 else tied).format(
        last=last[f"name_{day.lang}"],
        named=int(last["whole"]),
        done=int(last["part"]),
        others=len(least) - 1,
        first=first[f"name_{day.lang}"],
        part=int(first["part"]),
        whole=int(first["whole"]),
    )
    return Story(sentence, "district", str(least.index[0]))


def longest_silence(day: Day) -> Story | None:
    """The work under way of which nothing was heard for the longest time: no dated record of its own, or of its parts."""
    moving = day.works[day.works["status"].isin((IMPLEMENTATION, COMPLETION))]
    last = _last_records(day).reindex(moving.index).dropna()
    if last.empty:
        return None
    work_id = last.sort_values(kind="stable").index[0]
    work, heard = pd.Series(moving.loc[work_id]), last[work_id]
    text = _("“{name}”{status}，最近一条有日期的记载是 {day}，此后约 {months} 个月没有消息。")
    sentence = day.text(text).format(
        name=name_of(work, day.lang),
        day=heard.isoformat(),
        status=day.text(status_style(str(work["status"])).label),
        months=round((day.as_of - heard).days / _MONTH),
    )
    return Story(sentence, "work", str(work_id))


def _last_records(day: Day) -> pd.Series[Any]:
    """Day of the last confirmed record of each work, up to the day; records of a part are of its whole, too."""
    events, works = day.atlas.register.events, day.atlas.register.works
    dated = events[events["confirmed"].astype(bool) & events["date"].notna()]
    dated = dated[dated["date"].map(lambda at: at <= day.as_of).astype(bool)]
    whole = dated["work_id"].map(works["parent_id"])
    both = pd.concat([dated[["work_id", "date"]], dated.assign(work_id=whole)[["work_id", "date"]]])
    return both.dropna().groupby("work_id")["date"].max()


def nothing_recorded(day: Day) -> Story | None:
    """The category with the most named works of which no record says how far they are."""
    silent = day.works[day.works["status"] == UNKNOWN]
    if silent.empty:
        return None
    category = str(silent["category"].value_counts(sort=True).index[0])
    of_it = day.works[day.works["category"] == category]
    number = int((silent["category"] == category).sum())
    text = _("“{name}”类点了名的 {named} 个项目里，{silent} 个没有一条记载说它到了哪一步。")
    name = day.atlas.names("categories", day.lang)[category]
    subject = str(silent.index[silent["category"] == category][0])
    return Story(day.text(text).format(name=name, named=len(of_it), silent=number), "work", subject)


STORIES: Final[tuple[Callable[[Day], Story | None], ...]] = (
    district_behind,
    longest_silence,
    largest_gap,
    nothing_recorded,
)
