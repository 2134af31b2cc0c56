"""The open API of analyses: ``/api/coverage``, ``/api/impact``, ``/api/gaps``, ``/api/equity``, ``/api/matrix``,
``/api/services``, ``/api/isochrone``, ``/api/site``, ``/api/cities``, ``/api/cities/compare`` and ``/api/indicators``.

Parameters are those of the command line (kind, radius, set, as_of ...); answers are JSON with the inputs that made them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from geo.questions.cities import CitiesQuestion
from geo.questions.coverage import (
    CoverageQuestion,
    EquityQuestion,
    GapsQuestion,
    ImpactQuestion,
    WhatIfQuestion,
)
from geo.questions.isochrone import IsochroneQuestion
from geo.questions.matrix import MatrixQuestion
from geo.questions.question import Question
from geo.questions.services import ServicesQuestion
from geo.questions.siting import SiteQuestion
from layers.analysis.http_cities import begin_comparison, comparison, listed
from layers.http import Analysis, ForMap, Language, Placed, is_unchanged, read_query, respond

if TYPE_CHECKING:
    from geo.coverage.answer import Coverage
    from geo.whatif.scenario import Scenario
    from layers.analysis.questions import Parameters
    from layers.workers.run import Run

Answer = Callable[["Parameters", Any], dict[str, Any]]
"""What is answered to the parameters of a question, in the form that is asked for."""
MAX_BODY: Final = 1_000_001


def routes(prefix: str = "") -> list[BaseRoute]:
    """Routes under ``<prefix>/api``; ``prefix`` is empty or ``/name``."""
    return [
        *(
            Route(f"{prefix}/api{analysis.path}", _endpoint(analysis, answer), methods=["GET"])
            for analysis, answer in ANALYSES.items()
        ),
        Route(f"{prefix}/api/coverage", _scenario_endpoint, methods=["POST"]),
        Route(f"{prefix}/atlas/reach.json", _endpoint(_REACH, _reach)),
    ]


def _endpoint(analysis: Analysis, answer: Answer) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        @cache  # read before the heavy work and after it
        def asked() -> tuple[Parameters, Any]:
            from layers.analysis.questions import parameters_of

            given, form = read_query(request.query_params, analysis.question, analysis.form)
            return parameters_of(given, analysis.question), form

        def first() -> list[Run[Any]]:
            return _BEGIN[answer](*asked()) if answer in _BEGIN else []

        return await respond(request, lambda _lang: _json(request, answer(*asked())), first)

    return endpoint


async def _scenario_endpoint(request: Request) -> Response:
    """POST: a scenario in its JSON form; its ``words`` are the question, and those of the address come before them."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            break

    @cache
    def asked() -> tuple[Parameters, Scenario, str]:
        from geo.whatif.scenario import read_scenario
        from layers.analysis.questions import parameters_of

        scenario = read_scenario(bytes(body))
        given, form = read_query(request.query_params, CoverageQuestion, Language)
        return parameters_of(scenario.parameters | given), scenario, form.lang

    return await respond(
        request, lambda _lang: _json(request, _changed(*asked())), lambda: _begin_changed(*asked())
    )


def _json(request: Request, body: Mapping[str, Any]) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    tag = f'"{hashlib.sha256(text).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if is_unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)


def coverage_json(answer: Coverage, district: str, lang: str) -> dict[str, Any]:
    """An answer as the API gives it: ``inputs``, ``rows``, ``notes``.

    Parameters
    ----------
    answer : Coverage
    district : str
        District code; empty for none.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    return {"inputs": answer.inputs, "rows": answer.rows(district), "notes": answer.messages(lang)}


def _coverage(parameters: Parameters, form: Language) -> dict[str, Any]:
    from layers.analysis.answers import coverage_answer
    from layers.analysis.questions import question_of, scenario_of

    scenario = scenario_of(parameters)
    if scenario is not None:
        return _changed(parameters, scenario, form.lang)
    return coverage_json(coverage_answer(parameters, form.lang), question_of(parameters).district, form.lang)


def _changed(parameters: Parameters, scenario: Scenario, lang: str) -> dict[str, Any]:
    """The answer after the edits, with ``changes`` (before, after, change by district) and the scenario itself."""
    from geo.table import records
    from geo.whatif.what_if import differences
    from layers.analysis.answers import what_if
    from layers.analysis.questions import question_of

    before, after, _edits = what_if(parameters, scenario.to_json(), lang)
    district = question_of(parameters).district
    changes = differences(before, after)
    return coverage_json(after, district, lang) | {
        "scenario": scenario.model_dump(mode="json", exclude_defaults=True, by_alias=True),
        "changes": records(changes if district == "all" else changes.loc[[district]]),
    }


def _begin_changed(parameters: Parameters, scenario: Scenario, lang: str) -> list[Run[Any]]:
    from layers.analysis.answers import what_if

    return what_if.ahead(parameters, scenario.to_json(), lang)


def _begin_coverage(parameters: Parameters, form: Language) -> list[Run[Any]]:
    from layers.analysis.answers import coverage_answer
    from layers.analysis.questions import scenario_of

    scenario = scenario_of(parameters)
    if scenario is not None:
        return _begin_changed(parameters, scenario, form.lang)
    return coverage_answer.ahead(parameters, form.lang)


def _begin_impact(parameters: Parameters, form: Language) -> list[Run[Any]]:
    from layers.analysis.answers import impact_answer

    return impact_answer.ahead(parameters, form.lang)


def _begin_gaps(parameters: Parameters, _form: Placed) -> list[Run[Any]]:
    from layers.analysis.answers import gaps_answer

    return gaps_answer.ahead(parameters)


def _begin_equity(parameters: Parameters, form: Language) -> list[Run[Any]]:
    from layers.analysis.answers import equity_answer

    return equity_answer.ahead(parameters, form.lang)


def _begin_matrix(parameters: Parameters, form: Language) -> list[Run[Any]]:
    from layers.analysis.matrix import matrix_answer

    return matrix_answer.ahead(parameters, form.lang)


def _begin_services(parameters: Parameters, form: Language) -> list[Run[Any]]:
    from layers.analysis.services import services_answer

    return services_answer.ahead(parameters, form.lang)


def _begin_isochrone(parameters: Parameters, _form: Placed) -> list[Run[Any]]:
    from layers.analysis.isochrone import isochrone_answer

    return isochrone_answer.ahead(parameters)


def _begin_site(parameters: Parameters, form: Language) -> list[Run[Any]]:
    from layers.analysis.siting import bounded_answer

    return bounded_answer.ahead(parameters, form.lang)


def _impact(parameters: Parameters, form: Language) -> dict[str, Any]:
    from geo.table import records
    from layers.analysis.answers import impact_answer

    answer = impact_answer(parameters, form.lang)
    return {"inputs": answer.inputs, "rows": records(answer.table), "works": records(answer.works)}


def _gaps(parameters: Parameters, form: Placed) -> dict[str, Any]:
    from layers.analysis.answers import gaps_answer
    from layers.analysis.points import gap_collection

    return gap_collection(gaps_answer(parameters), form.datum) | {"inputs": dict(parameters)}


def _equity(parameters: Parameters, form: Language) -> dict[str, Any]:
    from geo.table import records
    from geo.values import json_value
    from layers.analysis.answers import equity_answer

    found = equity_answer(parameters, form.lang)
    return {
        "inputs": found.inputs,
        "summary": {name: json_value(value) for name, value in found.summary.items()},
        "rows": records(found.table.reset_index(names="district_code")),
        "lorenz": records(found.lorenz),
        "notes": found.messages(form.lang),
    }


def _matrix(parameters: Parameters, form: Language) -> dict[str, Any]:
    from layers.analysis.matrix import matrix_answer

    answer = matrix_answer(parameters, form.lang)
    return {"inputs": answer.inputs, "rows": answer.rows(), "notes": answer.messages(form.lang)}


def _services(parameters: Parameters, form: Language) -> dict[str, Any]:
    from layers.analysis.services import services_answer

    answer = services_answer(parameters, form.lang)
    return {"inputs": answer.inputs, "rows": answer.rows()}


def _isochrone(parameters: Parameters, form: Placed) -> dict[str, Any]:
    from layers.analysis.isochrone import isochrone_answer, isochrone_collection

    return isochrone_collection(isochrone_answer(parameters), form.datum, form.lang)


def _site(parameters: Parameters, form: Language) -> dict[str, Any]:
    from layers.analysis.siting import bounded_answer

    return bounded_answer(parameters, form.lang).as_json(form.lang)


def _indicators(_parameters: Parameters, _form: Language) -> dict[str, Any]:
    from geo.atlas import load_atlas
    from geo.register.indicators import load_indicators

    rows = load_indicators(load_atlas().pack.root).values()
    return {"rows": [dataclasses.asdict(row) | {"computable": row.computable} for row in rows]}


def _reach(parameters: Parameters, form: ForMap) -> dict[str, Any]:
    """The facilities of all three sets for the map of a coverage question."""
    from geo.atlas import load_atlas
    from layers.analysis.points import reach_columns
    from layers.analysis.questions import question_of

    return reach_columns(load_atlas(), question_of(parameters), form.lang, form.datum)


_REACH: Final = Analysis("/reach", CoverageQuestion, "", ForMap)
ANALYSES: Final[dict[Analysis, Answer]] = {
    Analysis(
        "/coverage",
        WhatIfQuestion,
        "Who is served: share of land and residents by district, with low and high; with a scenario also the changes",
        body="a scenario in its JSON form; its words are the question, parameters of the address come before them",
    ): _coverage,
    Analysis("/impact", ImpactQuestion, "What the plan changes, by district and by work"): _impact,
    Analysis("/gaps", GapsQuestion, "Unserved land as GeoJSON, with modelled residents", Placed): _gaps,
    Analysis(
        "/equity",
        EquityQuestion,
        "How even service is: districts, Lorenz curve and Gini of distance, supply per 1,000, floating catchments",
    ): _equity,
    Analysis(
        "/matrix",
        MatrixQuestion,
        "Every indicator in every zone, before the plan, now and with all built: share with range, pass mark, verdict, shortfall",
    ): _matrix,
    Analysis(
        "/services",
        ServicesQuestion,
        "Each work, or place of your own: the nearest facility of each kind, and whether one lies within 5, 10, 15 minutes",
    ): _services,
    Analysis(
        "/isochrone",
        IsochroneQuestion,
        "The ground within some minutes of a place on foot, by bicycle or by car, as GeoJSON, with area and modelled residents",
        Placed,
    ): _isochrone,
    Analysis(
        "/site",
        SiteQuestion,
        "Where to build: sites in build order, who gains, and how good that is proven to be; at most 2 s, 50 sites and"
        " 3,000 candidates",
    ): _site,
    Analysis("/cities", Question, "The cities of this server, with what each has"): listed,
    Analysis(
        "/cities/compare",
        CitiesQuestion,
        "One indicator over the whole of every city: share with range, pass mark, sources, or why it cannot be computed; no rank",
    ): comparison,
    Analysis("/indicators", Question, "Indicators that can be asked for"): _indicators,
}
"""What the open API answers, and how. Another analysis is another row."""
_BEGIN: Final[dict[Answer, Callable[[Parameters, Any], list[Run[Any]]]]] = {
    _coverage: _begin_coverage,
    comparison: begin_comparison,
    _impact: _begin_impact,
    _gaps: _begin_gaps,
    _equity: _begin_equity,
    _matrix: _begin_matrix,
    _services: _begin_services,
    _isochrone: _begin_isochrone,
    _site: _begin_site,
}
"""Answer -> what of it workers do; then it is put into its form at once."""
