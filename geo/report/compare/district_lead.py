"""A district in one sentence: how much is named there, how much is proven, what is behind, and where it stands among the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from geo.register.amounts import top_works
from geo.register.city import Atlas
from geo.register.progress import in_district
from geo.register.work_counts import work_counts
from geo.report.compare.ranking import Ranking
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import VERBS_OF_DONE

_NOTHING: Final = _("计划里没有一个点了名的项目在{name}。")
_COUNTS: Final = _("计划里点了名、在{name}的项目有 {named} 个，证实建成至少 {done} 个（{share}）")
_RANK: Final = _("，在 {n} 个区县里排第 {rank}")
_TIED: Final = _("，在 {n} 个区县里并列第 {rank}")
_SPAN: Final = _("（按没有记载的项目可能在第 {best} 到第 {worst}）")
_BEHIND: Final = _("{late} 个过了计划期限还没有建成的记载")
_SILENT: Final = _("{silent} 个一条进展记载都没有")


@dataclass(frozen=True, slots=True)
class DistrictLead:
    """What stands first on a district's page: the sentence, and the numbers it was made of."""

    sentence: str
    named: int
    done: int
    silent: int
    late: int
    rank: int | None


def district_lead(atlas: Atlas, code: str, ranking: Ranking, lang: str) -> DistrictLead:
    """The sentence of a district on the day of a ranking.

    Parameters
    ----------
    atlas : Atlas
    code : str
        District code.
    ranking : Ranking
        By the share of named works that is done (:data:`geo.questions.works.FIRST_MEASURE`).
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    DistrictLead
    """
    works = top_works(atlas.register.state(ranking.as_of))
    here = works[in_district(works, code)]
    counts = work_counts(here)
    items = atlas.pack.plan_items.reindex(here["item_id"])
    due = items["verb"].isin(VERBS_OF_DONE).to_numpy() & (items["due_date"] < ranking.as_of).to_numpy()
    late = int((due & ~here["done"].astype(bool).to_numpy()).sum())
    row, name = pd.Series(ranking.table.loc[code]), str(atlas.districts.at[code, f"name_{lang}"])
    if counts.works == 0:
        return DistrictLead(translate(_NOTHING, lang).format(name=name), 0, 0, 0, 0, None)
    rank = int(row["rank"])
    values = {
        "name": name,
        "named": counts.works,
        "done": counts.done,
        "silent": counts.silent,
        "late": late,
        "share": ranking.measure.value_text(float(row["value"]), lang),
        "n": len(ranking.known),
        "rank": rank,
        "best": int(row["rank_best"]),
        "worst": int(row["rank_worst"]),
    }
    tied = int((ranking.table["rank"] == rank).sum()) > 1
    parts = [_COUNTS, _TIED if tied else _RANK, *([_SPAN] if row["rank_best"] < row["rank_worst"] else [])]
    rest = [text for text, number in ((_BEHIND, late), (_SILENT, counts.silent)) if number]
    sentence = "".join(translate(text, lang) for text in parts)
    for text in rest:
        sentence += translate(_("；"), lang) + translate(text, lang)
    sentence = (sentence + translate(_("。"), lang)).format(**values)
    return DistrictLead(sentence, counts.works, counts.done, counts.silent, late, rank)
