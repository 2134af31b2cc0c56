"""The feed of the API: whoever follows an entry comes to the card of its work."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import feedparser
from starlette.testclient import TestClient

from geo.register.city import Atlas


def test_every_entry_leads_to_the_card_of_its_work(client: TestClient, atlas: Atlas) -> None:
    answer = client.get("/api/feed", params={"item": "U01", "lang": "en"})
    assert answer.status_code == 200
    entries = feedparser.parse(answer.content).entries
    assert entries
    for entry in entries:
        link = urlsplit(entry.link)
        words = parse_qs(link.query)
        assert link.path == "/"  # the map is the first page
        assert words["lang"] == ["en"]
        assert words["work"][0] in atlas.register.works.index
