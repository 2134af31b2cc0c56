"""Between siting and what-if: sites found become a scenario, and what a scenario adds becomes one's own sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from geo.errors import ParameterError
from geo.questions.coverage import QUESTION_NAMES
from geo.siting.result import SitesEffect
from geo.text import mark as _
from geo.text import translate
from geo.whatif.scenario import Edit, Scenario

_NO_SEPARATORS: Final = str.maketrans(",;\n\r\t", "     ")
_TOKENS: Final = ("raster-", "residential-")


def as_scenario(effect: SitesEffect, given: Mapping[str, str], name: str, *, lang: str = "zh") -> Scenario:
    """Sites as a what-if scenario that adds them, in build order, at the very places that were measured.

    Parameters
    ----------
    effect : SitesEffect
    given : mapping
        Parameters of the siting question; those that a coverage question shares are kept with the scenario.
    name : str
        Of the scenario; cut to what a scenario takes.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Scenario

    Raises
    ------
    ParameterError
        Sites of several kinds: a scenario changes facilities of one.
    """
    if "kind" in effect.sites:
        raise ParameterError(
            _("推演方案只改一类设施，这里一起选了几类。"), hint=_("请分别选每一类，或把地点导出为 GeoJSON。")
        )
    shared = {
        key: value
        for key, value in given.items()
        if key in QUESTION_NAMES and key != "district" and value and not value.startswith(_TOKENS)
    }
    edits = [
        Edit(
            op="add",
            id=f"site-{row['rank']}",
            at=(row["lon"], row["lat"]),
            name=(row[f"name_{lang}"] or _numbered(row, lang))[:80],
            accuracy_m=row["accuracy_m"],
        )
        for row in effect.sites.to_dict("records")
    ]
    return Scenario(name=name[:80], parameters=shared, edits=tuple(edits))


def _numbered(row: Mapping[Any, Any], lang: str) -> str:
    place = row[f"place_{lang}"]
    text = translate(_("新址 {n}（近{place}）") if place else _("新址 {n}"), lang)
    return text.format(n=row["rank"], place=place)


def added_sites(scenario: Scenario) -> tuple[list[str], int]:
    """What a scenario adds, as the ``lon,lat,name`` lines of one's own sites, and how many edits are something else.

    What is added and moved later stands where it was moved to; what is removed again is left out.
    """
    added: dict[str, Edit] = {}
    others = 0
    for edit in scenario.edits:
        if edit.op == "add":
            added[edit.id] = edit
        elif edit.id in added and edit.op == "move":
            added[edit.id] = edit.model_copy(update={"name": added[edit.id].name})
        elif edit.id in added and edit.op == "remove":
            del added[edit.id]
        else:
            others += 1
    return [_line(edit) for edit in added.values()], others


def _line(edit: Edit) -> str:
    lon, lat = edit.at or (0.0, 0.0)
    return ",".join(
        part for part in (f"{lon:.7f}", f"{lat:.7f}", edit.name.translate(_NO_SEPARATORS).strip()) if part
    )
