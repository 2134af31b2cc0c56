"""What is near a place (:mod:`geo.register.near`) in sentences, and as plain values for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from geo.display.labels import distance, district_names
from geo.places.english_names import english_name
from geo.places.gazetteer import Gazetteer
from geo.questions.near import NearQuestion
from geo.register.city import Atlas
from geo.register.near import Near, answer_near
from geo.register.near_facilities import NearFacility, StationAnswer
from geo.register.positions import Position
from geo.table import records
from geo.text import mark as _
from geo.text import translate

WORK_COLUMNS: Final = (
    "work_id",
    "name_zh",
    "name_en",
    "category",
    "kind",
    "district_code",
    "status",
    "status_date",
    "certainty",
    "accuracy_m",
    "lon",
    "lat",
    "line_id",
    "distance_m",
    "least_m",
    "most_m",
    "possible_m",
    "certain_m",
    "source_id",
    "place_source_id",
)
"""What an answer gives of each work."""
_WHEN: Final = {"before": _("计划前（{day}）"), "as_of": "{day}", "planned": _("计划全部建成时")}
_WITHIN: Final = {
    ("yes", "sure"): _("{when}：{bound}以内有车站，{station}最远也只有 {most}。"),
    ("no", "sure"): _("{when}：{bound}以内没有车站，最近的{station}至少 {least}。"),
    ("uncertain", "errors"): _(
        "{when}：{bound}以内有没有车站不能确定，{station}在 {least}至 {most}之间（位置误差使然）。"
    ),
    ("uncertain", "unplaced"): _("{when}：{bound}以内有没有车站不能确定，{n} 座车站的位置还不知道。"),
    ("uncertain", "unlisted"): _("{when}：{bound}以内有没有车站不能确定，这里的车站登记没有说已齐全。"),
}


def bound_text(metres: float, lang: str) -> str:
    """A bound of distance, which is exact: ``500 米``, ``2 公里``."""
    unit, number = (_("{n} 公里"), metres / 1000) if metres >= 1000 else (_("{n} 米"), metres)
    return translate(unit, lang).format(n=f"{number:g}")


def length_text(metres: float, lang: str) -> str:
    """A measured distance, rounded to metres, from 10 km to a tenth of a kilometre: ``163 米``, ``29.6 公里``."""
    if metres >= 10_000:
        return translate(_("{n} 公里"), lang).format(n=f"{metres / 1000:.1f}")
    return translate(_("{n} 米"), lang).format(n=f"{metres:.0f}")


def position_name(position: Position, lang: str) -> str:
    """The name of a place in ``lang``, its coordinates where it has none."""
    return facility_name(position, lang) or f"{position.lon:.6f}, {position.lat:.6f}"


def facility_name(facility: NearFacility | Position, lang: str) -> str:
    """The name of a facility or a place in ``lang``; in English pinyin, marked, where no source gives one."""
    return facility.name_zh if lang == "zh" else english_name(facility.name_zh, facility.name_en)


def sentences(near: Near, districts: Mapping[str, str], lang: str) -> list[str]:
    """The answer in sentences, without the headings of :func:`sections`.

    Parameters
    ----------
    near : Near
    districts : mapping
        District code -> name in ``lang``.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of str
    """
    return [sentence for _heading, each in sections(near, districts, lang) for sentence in each]


def sections(near: Near, districts: Mapping[str, str], lang: str) -> list[tuple[str, list[str]]]:
    """The answer in sentences.

    Parameters
    ----------
    near : Near
    districts : mapping
        District code -> name in ``lang``.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of (str, list of str)
        Heading and its sentences: the place, the works, the nearest stations and stop, whether a station is within reach.
    """
    within = translate(_("{bound}以内有车站吗"), lang).format(bound=bound_text(near.station_m, lang))
    return [
        (translate(_("地点"), lang), [_place(near, districts, lang)]),
        (translate(_("附近的项目"), lang), [_works(near, lang), *_unplaced(near, districts, lang)]),
        (within, [within_sentence(each, near.station_m, lang) for each in near.stations]),
        (translate(_("最近的车站"), lang), [*_nearest_stations(near, lang), _bus_stop(near, lang)]),
    ]


def _place(near: Near, districts: Mapping[str, str], lang: str) -> str:
    place = near.position
    there = district_names("|".join(near.districts), districts, lang) or translate(_("本市之外"), lang)
    text = _("{name}：{there}，位置误差{error}。") if place.accuracy_m else _("{name}：{there}。")
    return translate(text, lang).format(
        name=position_name(place, lang), there=there, error=distance(place.accuracy_m, lang)
    )


def _works(near: Near, lang: str) -> str:
    each = translate(_("{bound}以内至少 {certain} 个、至多 {possible} 个项目"), lang)
    counts = [
        each.format(
            bound=bound_text(row["bound_m"], lang), certain=int(row["certain"]), possible=int(row["possible"])
        )
        for _at, row in near.rings.iterrows()
    ]
    return ("; ".join(counts) + ".") if lang == "en" else ("；".join(counts) + "。")


def _unplaced(near: Near, districts: Mapping[str, str], lang: str) -> list[str]:
    text = translate(_("{district}另有 {works} 个项目位置未知，不计为附近；{totals} 条记载只报总数。"), lang)
    unknown = translate(_("还有 {works} 个项目不知在哪个区县，{totals} 条全市记载只报总数。"), lang)
    return [
        (text if code else unknown).format(
            district=districts.get(str(code), str(code)), works=int(row["works"]), totals=int(row["totals"])
        )
        for code, row in near.unplaced.iterrows()
        if row["works"] or row["totals"]
    ]


def _nearest_stations(near: Near, lang: str) -> list[str]:
    rows = (
        (near.nearest_station, _("最近的运营中轨道交通站：{name}，{metres}（{least}至 {most}）。")),
        (near.next_station, _("最近的规划或在建站：{name}，{metres}（{least}至 {most}）。")),
    )
    return [translate(text, lang).format(**_metres(station, lang)) for station, text in rows if station]


def _metres(facility: NearFacility, lang: str) -> dict[str, str]:
    return {
        "name": facility_name(facility, lang),
        "metres": length_text(facility.distance_m, lang),
        "least": length_text(facility.least_m, lang),
        "most": length_text(facility.most_m, lang),
    }


def within_sentence(answer: StationAnswer, bound: float, lang: str) -> str:
    """Whether a station is within ``bound`` metres, and why we think so, in one sentence.

    Parameters
    ----------
    answer : StationAnswer
    bound : float
        Metres.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
    """
    when = translate(_WHEN[answer.which], lang).format(day=answer.day.isoformat())
    station = answer.station
    if station is None and answer.within == "no":
        return translate(_("{when}：{bound}以内没有车站，登记里一座也没有。"), lang).format(
            when=when, bound=bound_text(bound, lang)
        )
    values = {} if station is None else _metres(station, lang) | {"station": facility_name(station, lang)}
    text = translate(_WITHIN[answer.within, answer.reason], lang)
    return text.format(when=when, bound=bound_text(bound, lang), n=answer.unplaced, **values)


def _bus_stop(near: Near, lang: str) -> str:
    bus = near.bus_stop
    if bus.stop is None:
        return translate(_("最近的公交站不知道：登记里没有公交站。"), lang)
    if not bus.complete:
        return translate(
            _("最近的公交站不知道：站点清单（{as_of}）没有包括这里，清单里最近的是{name}，{metres}。"),
            lang,
        ).format(as_of=bus.as_of or "—", **_metres(bus.stop, lang))
    return translate(
        _("最近的公交站：{name}，{metres}（{least}至 {most}）；站点是 {as_of} 的，现状不详。"), lang
    ).format(as_of=bus.as_of or "—", **_metres(bus.stop, lang))


def answer(atlas: Atlas, gazetteer: Gazetteer, question: NearQuestion, lang: str) -> dict[str, Any]:
    """The answer for programs: the same from the command line and from ``/api/near``.

    Parameters
    ----------
    atlas : Atlas
    gazetteer : Gazetteer
    question : NearQuestion
    lang : str
        Language of the sentences: ``zh`` or ``en``.

    Returns
    -------
    dict
        Plain values; lengths in metres, places in WGS84 degrees. ``choices`` alone where a name means more than one place.

    Raises
    ------
    UnknownIdError, ParameterError
        As :func:`geo.register.near.answer_near`.
    """
    given = answer_near(atlas, gazetteer, question)
    head = {"as_of": question.as_of.isoformat(), "version": atlas.version}
    if not isinstance(given, Near):
        return head | {"choices": records(given.drop(columns="score"))}
    names = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    return head | plain_values(given, names, lang)


def plain_values(near: Near, districts: Mapping[str, str], lang: str) -> dict[str, Any]:
    """What is near a place as plain values.

    Parameters
    ----------
    near : Near
    districts : mapping
        District code -> name in ``lang``.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    return {
        "place": dataclasses.asdict(near.position) | {"districts": list(near.districts)},
        "sentences": sentences(near, districts, lang),
        "rings": records(near.rings),
        "works": records(near.works[list(WORK_COLUMNS)]),
        "unplaced": records(near.unplaced.reset_index()),
        "station_m": near.station_m,
        "stations": [dataclasses.asdict(each) | {"day": each.day.isoformat()} for each in near.stations],
        "nearest_station": near.nearest_station and dataclasses.asdict(near.nearest_station),
        "next_station": near.next_station and dataclasses.asdict(near.next_station),
        "bus_stop": dataclasses.asdict(near.bus_stop),
    }
