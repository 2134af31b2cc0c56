"""The siting map, and the answer: workers solve it, so that the page can be used meanwhile."""

from __future__ import annotations

from typing import Final

from geo.errors import AtlasError
from geo.siting.result import Siting, site_rows
from layers.analysis.siting import start
from pages.parts.shell import waiting
from pages.parts.shell.loaders import atlas
from pages.parts.shell.map_frame import show_map
from pages.parts.shell.texts import language, t
from pages.parts.siting import land, question
from pages.parts.siting.question import SitingChoice

PLACE: Final = "siting"
AnswerState = Siting | AtlasError | None


def answer_of(chosen: SitingChoice) -> AnswerState:
    """The answer, the error that it met, or None while it is being worked out."""
    asked, lang = chosen.parameters, language()
    if not waiting.is_answered(PLACE, (asked, lang), lambda: start(asked, lang)):
        return None
    try:
        answer: Siting = waiting.taken(PLACE)
        return answer
    except AtlasError as error:
        return error


def show_siting_map(chosen: SitingChoice, answer: AnswerState) -> None:
    """Existing facilities with their reach, the chosen sites numbered, and one's own."""
    parameters = dict(chosen.parameters)
    best = site_rows(answer.best) if isinstance(answer, Siting) else []
    radii = {part.key: part.radius_m for part in answer.kinds} if isinstance(answer, Siting) else {}
    state = {
        "day": int(chosen.as_of.strftime("%Y%m%d")),
        "categories": ["-"],  # works are not what this map shows
        "layers": [],
        "basemap": "offline",
        "shade": None,
        "focus": _focus(parameters.get("district", "")),
        "selected": None,
        "reach": {
            "question": {name: parameters[name] for name in ("kind", "as_of", "set") if name in parameters},
            "version": atlas().version,
            "gapsShown": 0,
            "radius": chosen.radius,
            "set": chosen.which,
        },
        "siting": {
            "radius": chosen.radius,
            "best": [[row["lon"], row["lat"], _label(row), radii.get(str(row.get("kind")))] for row in best],
            "own": [list(pair) for pair in chosen.own],
            "land": land.drawn_land(parameters, answer) if isinstance(answer, Siting) else [],
        },
    }
    show_map(state, key="siting_map", on_pick=question.add_own)


def _label(row: dict[str, object]) -> str:
    name = site_name(row)
    return t(
        "第 {rank} 处 {name} · 新增 {gained}",
        rank=row["rank"],
        name=f"{kind_name(row)} {name}" if "kind" in row else name,
        gained=f"{row['gained']:,.0f}",
    )


def kind_name(row: dict[str, object]) -> str:
    """The kind of a site, where several are chosen at once."""
    names = atlas().names("kinds", language())
    return "、".join(names.get(kind, kind) for kind in str(row["kind"]).split("|"))


def _focus(district: str) -> dict[str, object]:
    """The bounds of the chosen districts."""
    codes = [code for code in district.split("|") if code]
    frame = atlas().districts
    west, south, east, north = (frame.loc[codes] if codes else frame).total_bounds.tolist()
    return {"bounds": [[south, west], [north, east]]}


def site_name(row: dict[str, object]) -> str:
    """A site's own name, else what it is: one's own point, or a point of the grid."""
    if row[f"name_{language()}"]:
        return str(row[f"name_{language()}"])
    kind, _, number = str(row["candidate_id"]).partition("-")
    if kind == "own":
        return t("我的点 {letter}", letter=_letter(int(number)))
    return t("候选点 {n}", n=number) if kind == "layer" else t("网格点 {id}", id=str(row["candidate_id"]))


def _letter(number: int) -> str:
    """As the map letters them: A to Z, then by number."""
    return chr(64 + number) if number <= 26 else f"A{number - 26}"
