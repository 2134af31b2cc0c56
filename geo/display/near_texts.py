"""The sentences on what is near a place, in one table: Python fills them for app, command line and API, the browser for the rest."""

from __future__ import annotations

from typing import Final

from geo.text import mark as _

NEAR_TEXTS: Final = {
    "km": _("{n} 公里"),
    "m": _("{n} 米"),
    "about_km": _("约 {n} 公里"),
    "about_m": _("约 {n} 米"),
    "place_heading": _("地点"),
    "works_heading": _("附近的项目"),
    "within": _("{bound}以内有车站吗"),
    "stations_heading": _("最近的车站"),
    "place": _("{name}：{there}。"),
    "place_about": _("{name}：{there}，位置误差{error}。"),
    "outside": _("本市之外"),
    "ring": _("{bound}以内至少 {certain} 个、至多 {possible} 个项目"),
    "between": _("；"),
    "whole": _("{sentence}。"),
    "unplaced": _("{district}另有 {works} 个项目位置未知，不计为附近；{totals} 条记载只报总数。"),
    "nowhere": _("还有 {works} 个项目不知在哪个区县，{totals} 条全市记载只报总数。"),
    "before": _("计划前（{day}）"),
    "as_of": "{day}",
    "planned": _("计划全部建成时"),
    "yes_sure": _("{when}：{bound}以内有车站，{station}最远也只有 {most}。"),
    "no_sure": _("{when}：{bound}以内没有车站，最近的{station}至少 {least}。"),
    "no_none": _("{when}：{bound}以内没有车站，登记里一座也没有。"),
    "uncertain_errors": _(
        "{when}：{bound}以内有没有车站不能确定，{station}在 {least}至 {most}之间（位置误差使然）。"
    ),
    "uncertain_unplaced": _("{when}：{bound}以内有没有车站不能确定，{n} 座车站的位置还不知道。"),
    "uncertain_unlisted": _("{when}：{bound}以内有没有车站不能确定，这里的车站登记没有说已齐全。"),
    "nearest_station": _("最近的运营中轨道交通站：{name}，{metres}（{least}至 {most}）。"),
    "next_station": _("最近的规划或在建站：{name}，{metres}（{least}至 {most}）。"),
    "no_stop": _("最近的公交站不知道：登记里没有公交站。"),
    "stop_unlisted": _(
        "最近的公交站不知道：站点清单（{as_of}）没有包括这里，清单里最近的是{name}，{metres}。"
    ),
    "stop": _("最近的公交站：{name}，{metres}（{least}至 {most}）；站点是 {as_of} 的，现状不详。"),
    "possibly": _("可能在 {bound}以内"),
    "span": _("{least}至 {most}"),
    "not_certain": _("不能肯定"),
    "works_caption": _("附近的项目，由近到远；点名称看卡片和地图"),
    "work": _("项目"),
    "distance": _("距离"),
    "certain": _("肯定以内"),
    "map": _("在地图上看这里"),
    "note": _(
        "距离是直线。“至少”的项目，算上误差后肯定在内；“至多”的，可能在内。没有位置的项目从不算作附近。线路量到线上最近的一点。"
    ),
}
"""By name; ``before, as_of, planned`` are the sets of facilities, and ``within_reason`` the answers on a station."""
