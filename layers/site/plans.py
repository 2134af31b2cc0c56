"""Several plans on the public site: the first at the root, every other, and all of them, in a folder of its own; each page leads to the others."""

from __future__ import annotations

from typing import Final

from geo.display.labels import plan_name
from geo.register.city import Atlas
from geo.register.plans import ALL_PLANS
from geo.text import mark as _
from geo.text import translate

_FOLDER: Final = "plans"
_PROMISES: Final = "promises/"
_INDEX: Final = "promises/index.html"


def plan_folder(atlas: Atlas, plan: str) -> str:
    """Where the pages of a plan stand, from the root: nothing for the first plan, else ``plans/<id>/``."""
    parameter = atlas.of_plan(plan).plan_parameter
    return f"{_FOLDER}/{parameter}/" if parameter else ""


def other_plans(atlas: Atlas) -> list[Atlas]:
    """The city by every plan but the first, and by all of them; nothing where there is one plan."""
    if not atlas.has_several_plans:
        return []
    plans = [*map(str, atlas.pack.plans.index[1:]), ALL_PLANS]
    return [atlas.of_plan(plan) for plan in plans]


def plan_links(atlas: Atlas, page: str, lang: str) -> list[dict[str, str]]:
    """What the choice of a plan on a page offers; nothing where there is one plan.

    Parameters
    ----------
    atlas : Atlas
        As the plan of the page sees it.
    page : str
        Its path without its language.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of dict
        ``plan``, ``name``, ``folder`` (from the site's root) and ``page``: this one, where that plan has it.
    """
    if not atlas.has_several_plans:
        return []
    links = []
    for plan in (*map(str, atlas.pack.plans.index), ALL_PLANS):
        name = translate(_("全部计划"), lang) if plan == ALL_PLANS else plan_name(atlas, lang, plan)
        other = atlas.of_plan(plan)
        item = page.removeprefix(_PROMISES).removesuffix(".html")
        missing = page.startswith(_PROMISES) and page != _INDEX and item not in other.pack.plan_items.index
        links.append(
            {
                "plan": plan,
                "name": name,
                "folder": plan_folder(atlas, plan),
                "page": _INDEX if missing else page,
            }
        )
    return links
