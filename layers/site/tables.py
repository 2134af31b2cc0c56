"""What the public pages know, as tables: layers, works on every day, the plan's four numbers on every day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from geo.display.labels import name_of
from geo.register.city import Atlas
from geo.register.progress import CHOSEN_SHARE, progress
from geo.register.slider_days import slider_days
from geo.values import json_value
from layers.map.config import MAP_OPTIONS, map_config
from layers.map.payload import day_number
from layers.map.registry import all_layers
from layers.map.spec import MapContext, declaration_of
from layers.program_digest import digest
from layers.site.families import Families
from layers.site.histories import History
from layers.site.parts import Parts
from layers.site.share import share_forms
from layers.site.texts import script_texts

_TOTAL: Final = "aggregate"
"""Kind of a work that is a number without names."""


def core(parts: Parts, as_of: date, lang: str) -> dict[str, Any]:
    """Everything the first view needs, for one language (JSON-serialisable, no NaN).

    Parameters
    ----------
    parts : Parts
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    atlas, span = parts.atlas, parts.atlas.city.days
    return {
        "config": _config(atlas, lang),
        "map": MAP_OPTIONS | {"center": [*reversed(atlas.middle)], "zoom": 10},
        "layers": _layers(parts, lang),
        "day": day_number(as_of),
        "days": [day_number(day) for day in slider_days(span, as_of)],
        "span": [day_number(span.first), day_number(span.last)],
        "works": works(parts, lang),
        "items": items(parts, lang),
        "districts": districts(parts, lang),
        "text": script_texts(lang),
        "chosen_share": CHOSEN_SHARE,
        "share": share_forms(atlas, lang),
        "lang": lang,
    }


def families_shown(families: Families) -> dict[str, frozenset[int]]:
    """The families that layers show anything of, by their ``of_works``; a layer of ``any`` works is always made anew."""
    return {"none": frozenset(), "lines": families.with_lines, "totals": families.naming([_TOTAL])}


def _layers(parts: Parts, lang: str) -> dict[str, Any]:
    context = MapContext(atlas=parts.atlas, lang=lang)
    shown = {word: parts.families.digest(of) for word, of in families_shown(parts.families).items()}
    fixed = {spec.id: spec for spec in all_layers() if spec.of_works in shown}
    made_of = {key: digest(shown[spec.of_works], spec.version()) for key, spec in fixed.items()}

    def make(names: list[str]) -> dict[str, Any]:
        return {name: fixed[name].payload(context) for name in names}

    found = parts.earlier.pieces(f"layers {lang} {parts.atlas.pack.plan}", made_of, make)
    return {spec.id: found[spec.id] if spec.id in found else spec.payload(context) for spec in all_layers()}


def _config(atlas: Atlas, lang: str) -> dict[str, Any]:
    """The app's own declarations with those of the layers, and the one base map that needs no network."""
    config = map_config(atlas, lang)
    config["layers"] = [declaration_of(spec, lang) for spec in all_layers()]
    config["basemaps"] = {"offline": config["basemaps"]["offline"]}
    return config


def works(parts: Parts, lang: str) -> dict[str, Any]:
    """Rows of all works on the first day (``first``, one list a work, in the order of ``fields``) and what changes later
    (``changes``: day, place of the work, field -> value).
    """
    found = parts.works(lang)
    fields = list(found[0]["first"]) if found else []
    return {
        "fields": fields,
        "first": [list(each["first"].values()) for each in found],
        "changes": _changes(found),
    }


def items(parts: Parts, lang: str) -> dict[str, Any]:
    """The plan's items: what never changes (``rows``), and their fields on every day (``first``, ``changes``)."""
    rows = [
        {
            "id": str(item_id),
            "name": name_of(item, lang),
            "unit": str(item["unit"] or ""),
            "target": json_value(item["target"]),
            "headline": int(bool(item["headline"])),
            "verb": str(item["verb"]),
        }
        for item_id, item in parts.atlas.pack.plan_items.iterrows()
    ]
    return {"rows": rows} | _together(parts.items)


def districts(parts: Parts, lang: str) -> dict[str, Any]:
    """The districts' names and their fields on every day; the last row is what belongs to none."""
    table = progress(parts.atlas.register, parts.atlas.city.days.first, "district")
    rows = [{"id": str(code), "name": str(row[f"name_{lang}"])} for code, row in table.iterrows()]
    return {"rows": rows} | _together(parts.districts)


def _together(histories: Sequence[History]) -> dict[str, Any]:
    """Histories one after another as ``first`` (one list each) and ``changes`` (day, place, the new list)."""
    return {"first": [each["first"] for each in histories], "changes": _changes(histories)}


def _changes(histories: Sequence[History]) -> list[list[Any]]:
    """What changes in which, by day: day, place, what is new."""
    found = [[day, place, new] for place, each in enumerate(histories) for day, new in each["changes"]]
    return sorted(found, key=lambda change: (change[0], change[1]))


def as_script(name: str, table: Any) -> bytes:
    """A table as a script that hands it to ``atlasTable`` (static/tables.js): scripts load where ``fetch`` may not, from a
    folder. The JSON stands in a string, so no name in it is ever code, and no ``<`` stands in the file.
    """
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for plain_text, escaped in (
        ("\\", "\\\\"),
        ("'", "\\'"),
        ("<", "\\x3c"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(plain_text, escaped)
    return f"atlasTable('{name}','{text}');\n".encode()
