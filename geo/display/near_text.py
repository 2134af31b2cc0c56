"""What is near a place (:mod:`geo.register.near`) in sentences, and as plain values for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from geo.display.labels import distance, district_names
from geo.display.near_texts import NEAR_TEXTS
from geo.places.english_names import english_name
from geo.places.gazetteer import Gazetteer
from geo.questions.near import NearQuestion
from geo.register.city import Atlas
from geo.register.near import Near, answer_near
from geo.register.near_facilities import NearFacility, StationAnswer
from geo.register.positions import Position
from geo.table import records
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


def _say(word: str, lang: str, /, **values: object) -> str:
    """One of :data:`geo.display.near_texts.NEAR_TEXTS` in ``lang``, with its fields filled."""
    return translate(NEAR_TEXTS[word], lang).format(**values)


def bound_text(metres: float, lang: str) -> str:
    """A bound of distance, which is exact: ``500 米``, ``2 公里``."""
    unit, number = ("km", metres / 1000) if metres >= 1000 else ("m", metres)
    return _say(unit, lang, n=f"{number:g}")


def length_text(metres: float, lang: str) -> str:
    """A measured distance, rounded to metres, from 10 km to a tenth of a kilometre: ``163 米``, ``29.6 公里``."""
    if metres >= 10_000:
        return _say("km", lang, n=f"{metres / 1000:.1f}")
    return _say("m", lang, n=f"{metres:.0f}")


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
    within = _say("within", lang, bound=bound_text(near.station_m, lang))
    return [
        (_say("place_heading", lang), [_place(near, districts, lang)]),
        (_say("works_heading", lang), [works_sentence(near, lang), *_unplaced(near, districts, lang)]),
        (within, [within_sentence(each, near.station_m, lang) for each in near.stations]),
        (_say("stations_heading", lang), [*_nearest_stations(near, lang), _bus_stop(near, lang)]),
    ]


def _place(near: Near, districts: Mapping[str, str], lang: str) -> str:
    place = near.position
    there = district_names("|".join(near.districts), districts, lang) or _say("outside", lang)
    text = "place_about" if place.accuracy_m else "place"
    error = distance(place.accuracy_m, lang)
    return _say(text, lang, name=position_name(place, lang), there=there, error=error)


def works_sentence(near: Near, lang: str) -> str:
    """How many works are within each bound, certainly and possibly."""
    counts = [
        _say(
            "ring",
            lang,
            bound=bound_text(row["bound_m"], lang),
            certain=int(row["certain"]),
            possible=int(row["possible"]),
        )
        for _at, row in near.rings.iterrows()
    ]
    return _say("whole", lang, sentence=_say("between", lang).join(counts))


def _unplaced(near: Near, districts: Mapping[str, str], lang: str) -> list[str]:
    return [
        _say(
            "unplaced" if code else "nowhere",
            lang,
            district=districts.get(str(code), str(code)),
            works=int(row["works"]),
            totals=int(row["totals"]),
        )
        for code, row in near.unplaced.iterrows()
        if row["works"] or row["totals"]
    ]


def _nearest_stations(near: Near, lang: str) -> list[str]:
    rows = (
        (near.nearest_station, "nearest_station"),
        (near.next_station, "next_station"),
    )
    return [_say(text, lang, **_metres(station, lang)) for station, text in rows if station]


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
    when = _say(answer.which, lang, day=answer.day.isoformat())
    station = answer.station
    if station is None and answer.within == "no":
        return _say("no_none", lang, when=when, bound=bound_text(bound, lang))
    values = {} if station is None else _metres(station, lang) | {"station": facility_name(station, lang)}
    text = f"{answer.within}_{answer.reason}"
    return _say(text, lang, when=when, bound=bound_text(bound, lang), n=answer.unplaced, **values)


def _bus_stop(near: Near, lang: str) -> str:
    bus = near.bus_stop
    if bus.stop is None:
        return _say("no_stop", lang)
    if not bus.complete:
        return _say("stop_unlisted", lang, as_of=bus.as_of or "—", **_metres(bus.stop, lang))
    return _say("stop", lang, as_of=bus.as_of or "—", **_metres(bus.stop, lang))


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
    atlas = atlas.for_question(question.plan)
    given = answer_near(atlas, gazetteer, question)
    head = {"as_of": question.as_of.isoformat(), "version": atlas.version} | atlas.pack.plan_inputs
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
