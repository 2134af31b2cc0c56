"""What each place of a list has around it, remembered for the version of the register: for page and API."""

from __future__ import annotations

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.coverage.place_services import PlaceServices, place_services
from geo.coverage.service_places import own_places, work_places
from geo.questions.services import ServicesQuestion
from geo.table import csv_bytes
from geo.text import mark as _
from geo.text import translate
from layers.analysis import uploads
from layers.analysis.questions import Parameters, streets_for
from layers.workers.heavy import heavy
from layers.workers.limits import ANSWER_S


@heavy(seconds=ANSWER_S, remembered=16)
@per_version(16)
def services_answer(parameters: Parameters, lang: str) -> PlaceServices:
    """The nearest facility of each kind to each place that a question means."""
    question, city = ServicesQuestion.read(dict(parameters)), load_atlas()
    places = (
        own_places(city, uploads.brought(question.places, ("places",)))
        if question.places
        else work_places(city, question, lang)
    )
    return place_services(city, places, question, streets=streets_for(question), lang=lang)


def services_csv(answer: PlaceServices, lang: str) -> bytes:
    """The rows, UTF-8 with a BOM; credits in a column of their own."""
    city, frame = load_atlas().city, answer.rounded().astype(object)
    frame[translate(_("许可与署名"), lang)] = f"{city.licence.label}; {city.credit_line(lang)}"
    return csv_bytes(frame)
