"""``/atlas/embed``: one map for another site's frame, with its title, whom to credit, and the way to the whole view.

It shows a view by its words, has no session and writes nothing: the one page of this server that others may frame.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from geo.atlas import load_atlas
from geo.display.view import PAGE_PARAMETER, VIEW_PARTS, read_sites
from geo.errors import ParameterError
from geo.questions.works import PictureQuestion
from geo.register.progress import district_shares
from geo.text import mark as _
from layers.analysis.answers import facilities_of
from layers.analysis.edit_marks import marks_ahead, scenario_marks
from layers.analysis.questions import Parameters, question_of
from layers.api.map_page import map_response
from layers.http import Language, language_of, read_query, respond
from layers.map.folium_map import embed_page
from layers.report.reach_sheet import facility_credits
from layers.report.view import coverage_parameters, view_title

_PAGE: Final = re.compile(r"[a-z_]{0,40}(\?[\w.~%&=+,|:;-]{0,4000})?", re.ASCII)
_OWN: Final = {PAGE_PARAMETER, "v", *(part.link for part in VIEW_PARTS if not part.printed)}


async def endpoint(request: Request) -> Response:
    """The page; a filter given several times means any of its values."""
    query = {name: ",".join(request.query_params.getlist(name)) for name in request.query_params}

    @cache  # read before the heavy work and after it
    def asked() -> tuple[PictureQuestion, Parameters]:
        asked_for = {name: value for name, value in query.items() if name not in _OWN}
        given, _form = read_query(asked_for, PictureQuestion, Language)
        return PictureQuestion.read(given), coverage_parameters(given)

    def make(lang: str) -> Response:
        return map_response(_page(*asked(), query, lang), framed_by_all=True)

    return await respond(request, make, lambda: marks_ahead(asked()[1], language_of(request)))


def _page(question: PictureQuestion, coverage: Parameters, query: Mapping[str, str], lang: str) -> str:
    atlas = load_atlas(plan=question.plan)
    shares = district_shares(atlas.register, question.as_of, question.shade, question.districts)
    state: dict[str, Any] = {"shade": shares or None}
    named = [atlas.city.credit_line(lang), atlas.city.licence.label]
    if coverage:
        state["reach"] = _reach(question, coverage, lang)
        state["siting"] = _siting(question, coverage)
        named[1:1] = [
            "© " + "、".join(given) for given in [facility_credits(facilities_of(coverage).frame)] if given
        ]
    return embed_page(
        atlas,
        state,
        title=f"{atlas.city.program_name(lang)} · {view_title(question, coverage, lang)}",
        named=" ".join(named),
        address=whole_view(query),
        lang=lang,
    )


def _reach(question: PictureQuestion, coverage: Parameters, lang: str) -> dict[str, Any]:
    """Who is served, in the words of the map's state (``static/map/overlays/reach.js``)."""
    given, asked = dict(coverage), question_of(coverage)
    return {
        "question": given,
        "version": load_atlas().version,
        "gapsShown": question.gap_count,
        "radius": asked.radius_m or 0,
        "set": asked.which,
        "mode": None,
        "edits": scenario_marks(coverage, lang),
        "walk": asked.walk,
    }


def _siting(question: PictureQuestion, coverage: Parameters) -> dict[str, Any] | None:
    """Chosen sites and a person's own, in the words of the map's state (``static/map/overlays/siting.js``)."""
    best, own = read_sites(question.chosen_sites), read_sites(question.own_sites)
    if not best and not own:
        return None
    radius = question_of(coverage).radius_m or 0
    return {"radius": radius, "best": [[*site, ""] for site in best], "own": [list(site) for site in own]}


def whole_view(query: Mapping[str, str]) -> str:
    """Address of the page that an embedded map is of, relative to the map's; ``ParameterError`` for what is no page of this app."""
    page = query.get(PAGE_PARAMETER)
    if page is None:
        own = {name: value for name, value in sorted(query.items()) if name != "v"}
        return f"../?{urlencode(own)}" if own else "../"
    if not _PAGE.fullmatch(page):
        raise ParameterError(_("{text} 不是本站的页面。"), text=page[:40])
    return f"../{page}"
