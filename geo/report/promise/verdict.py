"""Was a promise kept: one sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.display.event_labels import event_text
from geo.display.labels import day_text, note_of, status_style
from geo.register.city import Atlas
from geo.register.promises import Decision, day_of_sum, decision, done_on
from geo.report.counts import amount
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import LATE, ON_TIME, OVERDUE, PENDING, STATUSES_THAT_FULFIL, UNKNOWN, promise_label

_FEW_DAYS: Final = 60
_STATUS_SENTENCES: Final = {
    ON_TIME: _("按期兑现：{day}的记载说它“{status}”，期限是 {due}。"),
    LATE: _("兑现了，但迟了{late}：到{day}才有记载说它“{status}”，期限是 {due}。"),
    OVERDUE: _("过了期限没有兑现：期限是 {due}，而{day}的记载说它还是“{status}”。"),
    PENDING: _("还没到期限（{due}）。{last}"),
    UNKNOWN: _("说不准：期限是 {due}，找到的记载不足以说明有没有兑现。{last}"),
}
_MOVE_SENTENCES: Final = {
    ON_TIME: _("当年有推进：{day}的记载说“{what}”。计划只答应推进，没有答应完成。"),
    PENDING: _("还没到期限（{due}）。{last}"),
    UNKNOWN: _("说不准：没有找到它在 {year} 年有推进的记载。{last}"),
}
_SUM_SENTENCES: Final = {
    ON_TIME: _("按期兑现：截至{day}已证实 {done}，答应的是 {target}，期限 {due}。"),
    LATE: _("兑现了，但迟了{late}：到{day}才证实 {done}，答应的是 {target}，期限 {due}。"),
    PENDING: _("还没到期限（{due}）：已证实至少 {done}，答应的是 {target}。"),
    UNKNOWN: _("说不准：答应的是 {target}，已证实至少 {done}，其余 {rest}没有找到完成的记载。"),
}
_ONE: Final = {
    PENDING: _("还没到期限（{due}），还没有找到完成的记载。{last}"),
    UNKNOWN: _("说不准：期限是 {due}，没有找到说它完成了的记载。{last}"),
}
_NOTHING: Final = {
    PENDING: _("还没到期限（{due}）：答应的是 {target}，还没有找到完成的记载。"),
    UNKNOWN: _("说不准：答应的是 {target}，没有找到完成了多少的记载。"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a promise (a word of ``PROMISE_LABELS``), its label, and the sentence that says why."""

    state: str
    label: str
    sentence: str


def verdict(atlas: Atlas, item: pd.Series[Any], works: pd.DataFrame, as_of: date, lang: str) -> Verdict:
    """Was the promise kept, as far as is known on a day, and what decides it.

    Parameters
    ----------
    atlas : Atlas
    item : Series
        Row of ``progress(by="item")`` of the day.
    works : DataFrame
        Counted works of the item, rows of ``Register.state``.
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Verdict
    """
    known = {str(work): day for work, day in works["status_date"].items()}
    made = decision(atlas.register, item, known, float(item["done"]), as_of=as_of)
    if item["verb"] == "advance":
        text, values = _of_move(atlas, made, works, lang)
    elif item["verb"] in STATUSES_THAT_FULFIL and item["target"] == 1:
        text, values = _of_status(atlas, made, works, lang)
    elif item["target"] == 1 and made.state in _ONE:
        text, values = _ONE[made.state], {"last": _last_known(works, lang)}
    else:
        if made.state in (ON_TIME, LATE):
            made = replace(made, day=day_of_sum(atlas.register, item, as_of) or as_of)
        text, values = _of_sum(atlas, item, made, as_of, lang)
    sentence = translate(text, lang).format(**_dates(item, made, lang), **values)
    return Verdict(
        made.state, translate(promise_label(made.state, str(item["verb"])), lang), sentence.strip()
    )


def _of_status(atlas: Atlas, made: Decision, works: pd.DataFrame, lang: str) -> tuple[str, dict[str, str]]:
    values = {"last": _last_known(works, lang)}
    if made.day is not None:
        row = pd.Series(atlas.register.state(made.day).loc[str(made.work_id)])
        values |= {
            "day": day_text(row["status_date"], row["status_precision"], lang),
            "status": translate(status_style(str(row["status"])).label, lang),
        }
    return _STATUS_SENTENCES[made.state], values


def _of_move(atlas: Atlas, made: Decision, works: pd.DataFrame, lang: str) -> tuple[str, dict[str, str]]:
    values = {"last": _last_known(works, lang)}
    if made.day is not None:
        events = atlas.register.timeline(str(made.work_id))
        event = events[(events["date"] == made.day) & events["confirmed"].astype(bool)].iloc[0]
        values |= {
            "day": day_text(made.day, event["date_precision"], lang),
            "what": note_of(event, lang, "reason") or event_text(event, lang),
        }
    return _MOVE_SENTENCES[made.state], values


def _of_sum(
    atlas: Atlas, item: pd.Series[Any], made: Decision, as_of: date, lang: str
) -> tuple[str, dict[str, str]]:
    unit = item["unit"]
    done = float(item["done"]) if made.day is None else done_on(atlas.register, item, made.day)
    values = {
        "day": (made.day or as_of).isoformat(),
        "done": amount(done, unit, lang),
        "target": amount(item["target"], unit, lang),
        "rest": amount(item["target"] - done, unit, lang),
    }
    sentences = _SUM_SENTENCES if done > 0 else _NOTHING
    return sentences[made.state], values


def _dates(item: pd.Series[Any], made: Decision, lang: str) -> dict[str, str]:
    due, day = item["due_date"], made.day
    late = "" if day is None or day <= due else _late((day - due).days, lang)
    return {"due": due.isoformat(), "year": str(due.year), "late": late}


def _late(days: int, lang: str) -> str:
    if days < _FEW_DAYS:
        return translate(_("{n} 天"), lang).format(n=days)
    return translate(_("约 {n} 个月"), lang).format(n=round(days / 30.44))


def _last_known(works: pd.DataFrame, lang: str) -> str:
    """The latest record of any of the works, as a sentence."""
    dated = works[works["status_date"].notna()]
    if dated.empty:
        return translate(_("没有找到带日期的记载。"), lang)
    row = dated.sort_values("status_date", kind="stable").iloc[-1]
    return translate(_("最近一条记载是{day}的“{status}”。"), lang).format(
        day=day_text(row["status_date"], row["status_precision"], lang),
        status=translate(status_style(str(row["status"])).label, lang),
    )
