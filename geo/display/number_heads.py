"""The heads of the plan's numbers in words that need no key, each with its definition: one table for every surface."""

from __future__ import annotations

from typing import Final

from geo.text import mark as _

NUMBER_HEADS: Final = {
    "target": _("计划答应"),
    "named": _("点了名"),
    "placed": _("知道在哪"),
    "done": _("证实建成"),
    "promise": _("做到了吗"),
    "unplaced": _("不知道在哪"),
    "silent": _("没有进展记载"),
    "shared": _("跨区项目"),
    "reported_totals": _("只报总数的记载"),
}
NUMBER_DEFINITIONS: Final = {
    "target": _("计划原文里的数。"),
    "named": _("有来源点了名、说属于这份计划的项目；区段和站点是项目的一部分，不另算。"),
    "placed": _("其中自己或某个区段有位置的，不论误差多大。"),
    "done": _("截至这一天有来源证实建成的，是至少；没有记载不等于没有做。"),
    "promise": _("计划答应的事（开工、推进、建成、到数）有没有按期做到；与建成多少是两回事。"),
    "unplaced": _("自己和区段都没有位置的项目。"),
    "silent": _("没有一条记载说它到了哪一步的项目。"),
    "shared": _("跨区的项目，在每个区各算一次。"),
    "reported_totals": _("来源只报了数、没有点名的记载，不算作项目。"),
}
