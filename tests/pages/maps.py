"""What a page gives its maps."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def map_data(app: AppTest) -> list[dict[str, Any]]:
    """What each map on the page is given, from the left."""
    sent = [json.loads(each.proto.json) for each in app.get("bidi_component")]
    return [data for data in sent if "state" in data]


def maps_of(app: AppTest) -> list[dict[str, Any]]:
    """The states of the maps on the page, from the left."""
    return [data["state"] for data in map_data(app)]
