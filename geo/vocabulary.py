"""The words of the register, each declared once with its label: statuses, bases of a place, reliabilities and so on.

A word is what tables, files and addresses hold; its label is a Chinese message id of the catalogue. How a word looks on a
map (colour, mark, dash) is declared in :mod:`geo.display.symbology`. ``data/datapackage.json`` allows exactly these words;
a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from geo.text import mark as _
from geo.text import translate

Labels = Mapping[str, str]

# statuses of a work: OC4IDS project status (https://standard.open-contracting.org/infrastructure), and the two it lacks
IDENTIFICATION: Final = "identification"
PREPARATION: Final = "preparation"
IMPLEMENTATION: Final = "implementation"
COMPLETION: Final = "completion"
COMPLETED: Final = "completed"
CANCELLED: Final = "cancelled"
ON_HOLD: Final = "on_hold"
UNKNOWN: Final = "unknown"
STATUS_LABELS: Final[Labels] = {
    IDENTIFICATION: _("谋划"),
    PREPARATION: _("前期"),
    IMPLEMENTATION: _("在建"),
    COMPLETION: _("收尾"),
    COMPLETED: _("建成"),
    CANCELLED: _("取消"),
    ON_HOLD: _("暂停"),
    UNKNOWN: _("没有记载"),
}
STATUSES: Final = tuple(STATUS_LABELS)
STAGES: Final = STATUSES[:5]
"""Statuses that follow one another, from the first idea to the finished work."""
PREPARED: Final = STAGES[1:]
STARTED: Final = STAGES[2:]

# what a plan item promises, by its verb
VERB_LABELS: Final[Labels] = {
    "start": _("开工就算做到"),
    "finish": _("完成就算做到"),
    "strive_finish": _("力争完成"),
    "advance": _("当年有推进就算做到"),
    "add": _("新增到数就算做到"),
    "carry_out": _("实施到数就算做到"),
    "prepare": _("启动前期就算做到"),
}
STATUSES_THAT_FULFIL: Final[Mapping[str, tuple[str, ...]]] = {
    "start": STARTED,
    "prepare": PREPARED,
    "finish": (COMPLETED,),
    "strive_finish": (COMPLETED,),
}
"""Verb -> the statuses of a single work that keep the promise; other verbs are kept by amounts or by any progress."""
VERBS_OF_DONE: Final = ("finish", "strive_finish", "add", "carry_out")
"""Verbs that promise a thing that is done; the others promise that it is begun, prepared or moved on."""
ON_TIME: Final = "kept"
LATE: Final = "kept_late"
OVERDUE: Final = "overdue"
PENDING: Final = "pending"
PROMISE_LABELS: Final[Labels] = {
    ON_TIME: _("按期做到"),
    LATE: _("晚了才做到"),
    OVERDUE: _("到期没做到"),
    PENDING: _("还没到期"),
    UNKNOWN: _("说不准"),
}
_PROMISE_LABELS_OF_VERBS: Final[Mapping[str, Labels]] = {
    "advance": {ON_TIME: _("当年有推进")},
    "start": {ON_TIME: _("按期开工"), LATE: _("晚了才开工"), OVERDUE: _("到期没开工")},
    "prepare": {ON_TIME: _("按期启动前期"), LATE: _("晚了才启动前期"), OVERDUE: _("到期没启动前期")},
}
"""What the states are called where the plan promised less than to finish: nothing may be built, and the promise be kept."""


def promise_label(state: str, verb: str) -> str:
    """The label of a promise's state (a word of ``PROMISE_LABELS``) for a verb of the plan, as a message id."""
    return _PROMISE_LABELS_OF_VERBS.get(verb, {}).get(state, PROMISE_LABELS[state])


PROMISE_FULFILLED: Final[Mapping[str, bool]] = {ON_TIME: True, LATE: False, OVERDUE: False}
"""Whether a promise was kept; other states do not decide it yet."""

# where a work is: what its coordinates rest on, and how exact they are
LOCATION_BASIS_LABELS: Final[Labels] = {
    "surveyed": _("实测"),
    "published": _("公布的坐标"),
    "open_map": _("开放地图"),
    "place_point": _("所在街道或镇的地名点，不是小区本身"),
    "approximate": _("一般认识，未核实"),
    "none": _("没有可靠位置"),
}
LOCATION_BASES: Final = tuple(LOCATION_BASIS_LABELS)
BASES_WITH_A_PLACE: Final = tuple(basis for basis in LOCATION_BASES if basis != "none")
BASES_OF_GIVEN_COORDINATES: Final = tuple(basis for basis in BASES_WITH_A_PLACE if basis != "place_point")
"""What coordinates that a list gives for each work may rest on."""
BASES_SEEN_ON_SITE: Final = BASES_WITH_A_PLACE[:3]
"""Measured, published or on an open map: good enough to compare other coordinates with."""
EXACT_LIMIT_M: Final = 150.0
"""A place whose radius of error (metres) is at most this is drawn as a point; a larger one as a disc of that radius."""
CERTAINTY_LABELS: Final[Labels] = {
    "exact": _("点位"),
    "approximate": _("约略"),
    "line": _("线路"),
    "none": _("不知道在哪"),
}
CERTAINTIES: Final = tuple(CERTAINTY_LABELS)

COUNTED_LABELS: Final[Labels] = {"yes": _("计入"), "probable": _("可能属于，另列"), "no": _("不计入")}
COUNTED: Final = tuple(COUNTED_LABELS)
RELIABILITY_LABELS: Final[Labels] = {
    "official": _("官方"),
    "press": _("报刊"),
    "secondary": _("二手"),
    "general_knowledge": _("一般认识"),
    "open_data": _("开放数据"),
}
RELIABILITIES: Final = tuple(RELIABILITY_LABELS)
DECISION_LABELS: Final[Labels] = {"accepted": _("采纳"), "declined": _("不采纳")}
"""What editors decide of a remark."""
NOT_A_TEXT: Final = tuple(word for word in RELIABILITIES if word in {"general_knowledge", "open_data"})
"""Reliabilities of sources that are no text which somebody published: they have no address to lead to."""
PRECISION_LABELS: Final[Labels] = {
    "day": _("日"),
    "ten_days": _("旬"),
    "month": _("月"),
    "quarter": _("季"),
    "half": _("半年"),
    "year": _("年"),
    "circa": _("约"),
}
PRECISIONS: Final = tuple(PRECISION_LABELS)
OPENED_PRECISIONS: Final = tuple(word for word in PRECISIONS if word in {"day", "month", "year"})
"""How exactly the day is known on which a facility opened."""

# what an event of a work tells
UNDO: Final = "undo"
EVENT_LABELS: Final[Labels] = {
    "status": _("状态"),
    "quantity": _("数量"),
    "milestone": _("里程碑"),
    "location": _("位置"),
    "correction": _("更正"),
    "creation": _("新增"),
    UNDO: _("撤销"),
    "merge": _("合并"),
    "removal": _("删除"),
}
EVENT_KINDS: Final = tuple(EVENT_LABELS)[:8]
"""Kinds of events of works."""
PROGRESS_EVENTS: Final = EVENT_KINDS[:3]
"""What happened on the building site."""
FIELD_EVENTS: Final = EVENT_KINDS[3:5]
"""New values of a work's fields."""
OBJECT_EVENTS: Final = (*FIELD_EVENTS, "creation")
"""Events whose value is a JSON object of field -> value."""
FACT_EVENTS: Final = (*PROGRESS_EVENTS, *FIELD_EVENTS)
"""What needs a source."""
BOOKKEEPING_EVENTS: Final = EVENT_KINDS[5:]
"""What happened in the register only: a work was added, an event taken back, two works found to be one."""
FACILITY_EVENT_KINDS: Final = (*FIELD_EVENTS, *BOOKKEEPING_EVENTS, "removal")
"""What is learnt of a facility; ``removal`` says that it never was one."""
COMPLETENESS_EVENT_KINDS: Final = ("correction", "undo")
"""What is said of whether all facilities of a kind are known in a district."""

SET_LABELS: Final[Labels] = {"before": _("计划前"), "as_of": _("截至该日"), "planned": _("全部建成")}
"""Which facilities a coverage question counts."""

UNITS_LEFT_OUT_IN_ENGLISH: Final = frozenset("个项条所座期套")
"""Units that English does not say: 166 个 is 166."""
UNIT_LABELS: Final[Labels] = {
    "班": _("班"),
    "床": _("床"),
    "户": _("户"),
    "学位": _("学位"),
    "投放点": _("投放点"),
    "亿元": _("亿元"),
    "个项目": _("个项目"),
    "套（交付）": _("套（交付）"),
    "m2 用地": _("m² 用地"),
    "m2 建筑": _("m² 建筑"),
    "m2 建筑（新建）": _("m² 建筑（新建）"),
}
"""Units that are words; all others are written as they are, ``m2`` as m²."""
WORK_KIND_LABELS: Final[Labels] = {
    "work": _("项目"),
    "section": _("分段"),
    "station": _("车站"),
    "aggregate": _("只报总数的记载"),
}
WORK_KINDS: Final = tuple(WORK_KIND_LABELS)
NAMED_WORK_KINDS: Final = WORK_KINDS[:2]
"""Works and their sections: what lists and maps of works show."""

# systems of coordinates, as planners know them
_DATUM_LABELS: Final[Labels] = {
    "WGS84": _("GPS 坐标（WGS84）"),
    "GCJ02": _("高德坐标（GCJ-02）"),
    "BD09": _("百度坐标（BD-09）"),
    "BD09MC": _("百度墨卡托米制坐标（BD09MC）"),
    "CGCS2000": _("国家 2000 经纬度（CGCS2000）"),
}
LOCAL: Final = "LOCAL:"
"""What the canonical name of a local system that people keep by name begins with."""
_EPSG: Final = re.compile(r"EPSG:(\d{4,5})")
_WITH_ZONE_NUMBER: Final = (
    range(4491, 4502),
    range(4513, 4534),
)  # CGCS2000 Gauss-Kruger, 6 and 3 degrees wide
_WITHOUT_ZONE_NUMBER: Final = (range(4502, 4513), range(4534, 4555))


def system_label(system: str, lang: str) -> str:
    """What planners call a system of coordinates, in ``lang``.

    ``system`` is a canonical name (``GCJ02``, ``EPSG:4549``); one that has no label is called by its name.
    """
    if system in _DATUM_LABELS:
        return translate(_DATUM_LABELS[system], lang)
    if system.startswith(LOCAL):
        return translate(_("地方坐标系：{name}"), lang).format(name=system.removeprefix(LOCAL))
    if "+" in system:  # a projection drawn over shifted degrees
        return translate(_("按加偏经纬度投影（{code}）"), lang).format(code=system)
    code = _EPSG.fullmatch(system)
    number = int(code[1]) if code else 0
    if any(number in codes for codes in _WITH_ZONE_NUMBER):
        return translate(_("国家 2000 高斯投影，带带号（{code}）"), lang).format(code=system)
    if any(number in codes for codes in _WITHOUT_ZONE_NUMBER):
        return translate(_("国家 2000 高斯投影，不带带号（{code}）"), lang).format(code=system)
    return system
