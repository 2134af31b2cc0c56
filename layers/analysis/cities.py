"""Cities side by side, kept a while: the page, the API and the public site ask here, so all give the same numbers."""

from __future__ import annotations

from typing import Any

from geo.atlas import load_atlas
from geo.cities import current_slug
from geo.city_list import city_counts, in_each_city
from geo.coverage.compare_cities import CityComparison, compare_cities
from geo.errors import AtlasError
from geo.questions.cities import CitiesQuestion
from geo.table import csv_bytes
from geo.text import mark as _
from geo.text import translate
from layers.analysis.questions import Parameters
from layers.workers.heavy import heavy
from layers.workers.limits import FILE_S
from layers.workers.run import Run


@heavy(seconds=FILE_S, remembered=16)
def _comparison(parameters: Parameters, lang: str, versions: tuple[str, ...]) -> CityComparison:  # noqa: ARG001 (versions is part of the question)
    return compare_cities(CitiesQuestion.read(dict(parameters)), lang)


def cities_comparison(parameters: Parameters, lang: str) -> CityComparison:
    """One indicator over the whole of every city; asked anew where the data of any of them changed."""
    CitiesQuestion.read(dict(parameters))  # what is wrong with the question is said before anybody waits
    return _comparison(parameters, lang, _versions())


def begin_comparison(parameters: Parameters, lang: str) -> Run[CityComparison]:
    """The answer in the making, for who waits without a thread."""
    CitiesQuestion.read(dict(parameters))
    return _comparison.begin(parameters, lang, _versions())


def comparison_json(parameters: Parameters, lang: str) -> dict[str, Any]:
    """The comparison as the API gives it: ``inputs``, ``rows``, ``comparable``, ``notes``."""
    answer = cities_comparison(parameters, lang)
    return {
        "inputs": answer.inputs,
        "rows": answer.records(),
        "comparable": not answer.unlike,
        "unlike": list(answer.unlike),
        "notes": answer.messages(lang),
    }


def comparison_csv(answer: CityComparison, lang: str) -> bytes:
    """The rows, UTF-8 with a BOM; the question and what must be known in columns of their own."""
    frame = answer.table().astype(object)
    for name, value in answer.inputs.items():
        frame[name] = value
    frame[translate(_("备注"), lang)] = " ".join(answer.messages(lang))
    return csv_bytes(frame)


def cities_json(lang: str) -> dict[str, Any]:
    """The cities of this process with what each has; ``here`` is the one that the address is of."""
    return {"here": current_slug() or load_atlas().city.slug, "rows": city_counts(lang)}


def _versions() -> tuple[str, ...]:
    return tuple(
        "?" if isinstance(found, AtlasError) else found
        for _city, found in in_each_city(lambda atlas: atlas.version)
    )
