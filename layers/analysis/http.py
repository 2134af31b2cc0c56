"""The open API of analyses: ``/api/coverage``, ``/api/impact``, ``/api/gaps``, ``/api/site`` and
``/api/indicators``.

Words are those of the command line (kind, radius, set, as_of ...); answers are JSON with the inputs that made them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from geo.errors import AtlasError, UnknownIdError
from geo.text import LANGUAGES

if TYPE_CHECKING:
    from geo.coverage.answer import Coverage
    from geo.whatif.scenario import Scenario
    from layers.analysis.questions import Words

MAX_WORD = 300
MAX_SCENARIO = 5000
MAX_BODY = 1_000_001


def routes(prefix: str = "") -> list[BaseRoute]:
    """Routes under ``<prefix>/api``; ``prefix`` is empty or ``/name``."""
    return [
        Route(f"{prefix}/api/coverage", _endpoint(_coverage), methods=["GET"]),
        Route(f"{prefix}/api/coverage", _scenario_endpoint, methods=["POST"]),
        Route(f"{prefix}/api/impact", _endpoint(_impact)),
        Route(f"{prefix}/api/gaps", _endpoint(_gaps)),
        Route(f"{prefix}/api/equity", _endpoint(_equity)),
        Route(f"{prefix}/api/site", site_endpoint),
        Route(f"{prefix}/api/indicators", _endpoint(_indicators)),
        Route(f"{prefix}/atlas/reach.json", _endpoint(_reach)),
    ]


def _endpoint(answer: Callable[[Words, str, str], dict[str, Any]]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        query = {
            name: value[: MAX_SCENARIO if name == "scenario" else MAX_WORD]
            for name, value in request.query_params.items()
        }
        lang = query.get("lang", LANGUAGES[0])
        lang = lang if lang in LANGUAGES else LANGUAGES[0]
        datum = "GCJ02" if query.get("datum") == "GCJ02" else "WGS84"
        try:
            body = await run_in_threadpool(_answered, answer, query, lang, datum)
        except UnknownIdError as error:
            return _json(request, {"error": error.text(lang)}, status=404)
        except AtlasError as error:
            return _json(request, {"error": error.text(lang)}, status=400)
        return _json(request, body)

    return endpoint


async def site_endpoint(request: Request) -> Response:
    """Where to build, bounded in size and time; one word (``points``, ``own``) may be long, but is never cut."""
    from layers.analysis.siting import LONGEST_WORD, bounded_answer

    query = dict(request.query_params.items())
    lang = query.get("lang", LANGUAGES[0])
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    if any(len(value) > LONGEST_WORD for value in query.values()):
        return _json(request, {"error": f"a word has more than {LONGEST_WORD} characters"}, status=400)
    try:
        answer = await run_in_threadpool(bounded_answer, query, lang)
    except UnknownIdError as error:
        return _json(request, {"error": error.text(lang)}, status=404)
    except AtlasError as error:
        return _json(request, {"error": error.text(lang)}, status=400)
    return _json(request, answer.as_json(lang))


def _answered(
    answer: Callable[[Words, str, str], dict[str, Any]], query: dict[str, str], lang: str, datum: str
) -> dict[str, Any]:
    from layers.analysis.questions import words_of

    return answer(words_of(query), lang, datum)


def _json(request: Request, body: dict[str, Any], *, status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    tag = f'"{hashlib.sha256(text).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if status == 200 and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, status_code=status, media_type="application/json", headers=headers)


def coverage_json(answer: Coverage, district: str, lang: str) -> dict[str, Any]:
    """An answer as the API gives it: ``inputs``, ``rows``, ``notes``."""
    return {"inputs": answer.inputs, "rows": answer.rows(district), "notes": answer.messages(lang)}


def _coverage(words: Words, lang: str, _datum: str) -> dict[str, Any]:
    from layers.analysis.answers import coverage_answer
    from layers.analysis.questions import asked, scenario_of

    scenario = scenario_of(words)
    if scenario is not None:
        return _changed(words, scenario, lang)
    return coverage_json(coverage_answer(words, lang), asked(words).district, lang)


def _changed(words: Words, scenario: Scenario, lang: str) -> dict[str, Any]:
    """The answer after the edits, with ``changes`` (before, after, change by district) and the scenario itself."""
    from geo.table import records
    from geo.whatif.what_if import differences
    from layers.analysis.questions import asked
    from layers.analysis.whatif import changed_answer

    found = changed_answer(words, scenario, lang)
    district = asked(words).district
    changes = differences(found.before, found.after)
    return coverage_json(found.after, district, lang) | {
        "scenario": scenario.model_dump(mode="json", exclude_defaults=True),
        "changes": records(changes if district == "all" else changes.loc[[district]]),
    }


async def _scenario_endpoint(request: Request) -> Response:
    """POST: a scenario in its JSON form; its ``words`` are the question, and query words come before them."""
    lang = request.query_params.get("lang", LANGUAGES[0])
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            break
    try:
        given = await run_in_threadpool(_posted, bytes(body), dict(request.query_params), lang)
    except UnknownIdError as error:
        return _json(request, {"error": error.text(lang)}, status=404)
    except AtlasError as error:
        return _json(request, {"error": error.text(lang)}, status=400)
    return _json(request, given)


def _posted(body: bytes, query: dict[str, str], lang: str) -> dict[str, Any]:
    from geo.whatif.scenario import read_scenario
    from layers.analysis.questions import words_of

    scenario = read_scenario(body)
    given = {name: value[:MAX_WORD] for name, value in query.items() if name != "scenario"}
    return _changed(words_of(dict(scenario.words) | given), scenario, lang)


def _impact(words: Words, lang: str, _datum: str) -> dict[str, Any]:
    from geo.table import records
    from layers.analysis.answers import impact_answer

    answer = impact_answer(words, lang)
    return {"inputs": answer.inputs, "rows": records(answer.table), "works": records(answer.works)}


def _gaps(words: Words, _lang: str, datum: str) -> dict[str, Any]:
    from geo.values import json_value
    from layers.analysis.answers import gaps_answer
    from layers.map.payload import feature_collection

    found = gaps_answer(words)
    properties = [
        {str(name): json_value(value) for name, value in row.items()}
        for row in found.drop(columns="geometry").to_dict("records")
    ]
    simple = found.geometry.simplify(0.0002)
    keep = simple.where(~simple.is_empty & simple.is_valid, found.geometry)
    return feature_collection(keep, properties, datum=datum) | {"inputs": dict(words)}


def _equity(words: Words, lang: str, _datum: str) -> dict[str, Any]:
    from geo.table import records
    from geo.values import json_value
    from layers.analysis.answers import equity_answer

    found = equity_answer(words, lang)
    return {
        "inputs": found.inputs,
        "summary": {name: json_value(value) for name, value in found.summary.items()},
        "rows": records(found.table.reset_index(names="district_code")),
        "lorenz": records(found.lorenz),
        "notes": found.messages(lang),
    }


def _indicators(_words: Words, _lang: str, _datum: str) -> dict[str, Any]:
    from geo.atlas import load_atlas
    from geo.register.indicators import load_indicators

    rows = load_indicators(load_atlas().pack.root).values()
    return {"rows": [dataclasses.asdict(row) | {"computable": row.computable} for row in rows]}


def _reach(words: Words, lang: str, datum: str) -> dict[str, Any]:
    """The facilities of all three sets for the map of a coverage question."""
    from geo.atlas import load_atlas
    from layers.analysis.points import reach_columns
    from layers.analysis.questions import asked

    return reach_columns(load_atlas(), asked(words), lang, datum)
