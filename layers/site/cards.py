"""The cards of all works on every day, as one table that a page asks for when the first card is opened."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.display.card import dated, lasting
from geo.register.city import Atlas
from geo.vocabulary import STATUSES
from layers.map.payload import day_number
from layers.site.histories import Days


def cards(days: Days, lang: str) -> dict[str, Any]:
    """Work id -> what its card (:mod:`geo.display.card`) says on every day, and in ``on`` what follows the day: pairs of a day
    number and the fields that are new from that day.
    """
    atlas = days.atlas
    _day, first, _all = days.states[0]
    parts = {str(key): [str(part) for part in atlas.register.children(str(key)).index] for key in first.index}
    parents = {part: key for key, found in parts.items() for part in found}
    out: dict[str, dict[str, Any]] = {}
    now: dict[str, dict[str, Any]] = {}
    for day, state, changed in days.states:
        touched = dict.fromkeys([*changed, *(parents[key] for key in changed if key in parents)])
        for work_id in touched:
            fields = dated(atlas, pd.Series(state.loc[work_id]), state, lang, parts[work_id])
            fields["status"] = STATUSES.index(fields["status"])
            old = now.get(work_id)
            now[work_id] = fields
            if old is None:
                out[work_id] = _lasting(atlas, work_id, lang) | {"on": [[0, fields]]}
            elif new := {name: value for name, value in fields.items() if value != old[name]}:
                out[work_id]["on"].append([day_number(day), new])
    return out


def _lasting(atlas: Atlas, work_id: str, lang: str) -> dict[str, Any]:
    facts = lasting(atlas, work_id, lang)
    return facts | {"events": [event | {"day": day_number(event["day"])} for event in facts["events"]]}
