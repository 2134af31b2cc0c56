"""The choices of an import that hold for its rejected rows too, and which of a file's choices this register knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.ingest.plan.options import INTO, Options
from geo.places.named_systems import canonical_system
from geo.register.city import Atlas
from geo.vocabulary import RELIABILITIES


def choices_of(options: Options) -> dict[str, str]:
    """The choices of an import that hold for its rejected rows too: name of a choice -> its value, none empty.

    A source that the register has already is given by its id alone.
    """
    choices: dict[str, Any] = {
        "item": options.item_id,
        "into": options.into,
        "kind": options.facility_kind,
        "crs": options.rules.get("crs", "") or options.crs,
        "source": options.source.get("source_id"),
    }
    if not choices["source"]:
        row = options.source_row()
        choices |= {
            f"src-{name}": row.get(name) for name in ("title", "publisher", "published", "reliability")
        }
    return {name: str(value) for name, value in choices.items() if value}


def accepted_choices(choices: Mapping[str, str], atlas: Atlas) -> dict[str, str]:
    """The choices that this register knows: a file is not believed, and may come from another city."""
    allowed: dict[str, Any] = {
        "item": atlas.pack.plan_items.index,
        "into": INTO,
        "kind": atlas.vocabulary("kinds").index,
        "source": atlas.pack.sources.index,
        "src-reliability": RELIABILITIES,
    }
    accepted = {
        name: value for name, value in choices.items() if name not in allowed or value in allowed[name]
    }
    if system := canonical_system(accepted.pop("crs", "")):
        accepted["crs"] = system
    return accepted
