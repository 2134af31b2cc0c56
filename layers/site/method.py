"""What the page on data and method says: accuracy, what is missing, sources, licences."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from geo.display.labels import name_of, publisher_name, source_title
from geo.display.symbology import CERTAINTY_STYLES
from geo.register.amounts import top_works
from geo.register.city import Atlas
from geo.register.work_counts import counted_certainty
from geo.report.facts import method_texts
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import RELIABILITY_LABELS

_MORE: Final = (
    _(
        "做到没有按计划的动词判：“开工”看有没有开工，“建成通车”看有没有通车，“推进”看当年有没有带日期的进展，"
        "“新增”“实施”看数量够不够，“筹建”看前期启动没有。期限后才做到的写“晚了才做到”；有后来的记载证明当时没做到的写“到期没做到”；"
        "什么都没找到的写“说不准”。"
    ),
    _(
        "本站每个数都由登记算出并写进文件，网页只查表，不重算；时间轴上任一天的数，都与在线地图那一天的数相同。"
    ),
)


def method(atlas: Atlas, as_of: date, items: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    """Values of the template ``sources.html``; ``items`` are rows of the plan's items on the day.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        The day of the state.
    items : list of dict
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    state = atlas.register.state(as_of)
    counted = top_works(state)
    found = counted_certainty(state).reindex(counted.index).value_counts()
    unplaced = counted[~counted["placed"].astype(bool)]
    return {
        "method": [
            *method_texts(atlas, lang, coverage=False),
            *(translate(text, lang) for text in _MORE),
        ],
        "accuracy": [
            {
                "label": translate(c.label, lang),
                "n": int(found.get(c.id, 0)),
                "help": translate(c.help, lang),
            }
            for c in CERTAINTY_STYLES
        ],
        "unplaced": [{"id": str(key), "name": name_of(row, lang)} for key, row in unplaced.iterrows()],
        "silent": [item for item in items if not item["named"]],
        "sources": [_source(row, lang) for _id, row in atlas.pack.sources.iterrows()],
        "credits": [one.title for one in atlas.city.materials],
        "licence_note": atlas.city.licence_note.of(lang) if atlas.city.licence_note else "",
    }


def _source(row: Any, lang: str) -> dict[str, str]:
    url = str(row["url"] or "")
    return {
        "id": str(row["source_id"]),
        "title": source_title(row),
        "by": publisher_name(row["publisher"], lang),
        "published": str(row["published"] or ""),
        "reliability": translate(RELIABILITY_LABELS[str(row["reliability"])], lang),
        "licence": str(row["licence"] or ""),
        "url": url if url.startswith(("https://", "http://")) else "",
    }
