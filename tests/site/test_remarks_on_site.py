"""Remarks with their decisions on the public site: those that an editor published, at the promise of their work, as text, and nobody's address."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from geo.register.city import Atlas
from geo.report.promise.page import promise_page
from geo.store.remarks import DECISIONS, PublishedRemark
from layers.site.pages import Site
from layers.site.parts import Parts
from tests.site.site_days import DAY

TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60) | st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"]
)


@st.composite
def remark_lists(draw: Any, works: list[str]) -> list[PublishedRemark]:
    one = st.builds(
        PublishedRemark,
        work_id=st.sampled_from([*works, ""]),
        text=TEXTS,
        decision=st.sampled_from(DECISIONS),
        reason=TEXTS,
        day=st.just("2026-11-01"),
    )
    return draw(st.lists(one, max_size=6))


@given(data=st.data())
def test_a_promise_has_the_remarks_of_its_works_as_they_were_written(atlas: Atlas, data: Any) -> None:
    works = atlas.pack.works
    of_item = {str(key): str(item) for key, item in works["item_id"].items()}
    remarks = data.draw(remark_lists([*sorted(of_item)[::40], "U01-2021-003"]))
    site = Site(Parts(atlas), DAY, defaultdict(str), remarks=tuple(remarks))
    for item_id in ("U01", "T06"):
        wanted = [one for one in remarks if of_item.get(one.work_id) == item_id]
        assert [(row["text"], row["reason"]) for row in site.remarks_of("zh", item_id)] == [
            (one.text, one.reason) for one in wanted
        ]
    assert len(site.remarks_of("en")) == len(remarks)


def test_a_page_shows_them_as_text(atlas: Atlas) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    remarks = (PublishedRemark("U01-2021-003", hostile, "declined", "不符 <b>", "2026-11-01"),)
    site = Site(Parts(atlas), DAY, {"icon": "i", "style": "s"}, remarks=remarks)
    shown = promise_page(atlas, "U01", DAY, "zh")
    rows = site.remarks_of("zh", "U01")
    _path, content = site.render("promise.html", "promises/U01.html", "zh", p=shown, remarks=rows)
    table = re.search(r'<table class="block remarks">.*?</table>', content.decode(), re.S)
    assert table
    assert "<img" not in table[0]
    assert hostile in unescape(table[0])
    assert "不采纳" in table[0]
    _path, content = site.render("promise.html", "promises/U01.html", "zh", p=shown, remarks=[])
    assert "读者反映与处理" not in content.decode()
