"""The public site's map for somebody else's page says which plan it is of, where there are several."""

from __future__ import annotations

from datetime import date

from geo.atlas import load_atlas
from geo.display.labels import plan_name
from geo.register.city import atlas_of
from geo.register.pack import load_pack
from layers.site.pages import Site
from layers.site.parts import Parts
from layers.site.share import share_forms
from tests.plans.invented import Invented, beside, item

DAY = date(2026, 11, 23)
NAMES = dict.fromkeys(
    ("icon", "style", "leaflet_css", "leaflet_js", "cluster_js", "script", "core.zh", "cards.zh"), "x"
)


def page(site: Site) -> str:
    return site.render("embed.html", "embed.html", "zh")[1].decode()


def test_a_map_for_a_frame_says_which_plan_it_is_of() -> None:
    both = atlas_of(beside(load_pack(), Invented((item(1),), (), (), ())))
    for plan in both.pack.plans.index:
        title, seen = plan_name(both, "zh", plan), both.of_plan(plan)
        assert f"：地图 · {title}</title>" in page(Site(Parts(seen), DAY, NAMES))
        assert share_forms(seen, "zh")["title"].endswith(f" · {title} · 地图"), "above the map, by its script"


def test_with_one_plan_it_does_not_speak_of_plans() -> None:
    alone = load_atlas()
    assert "<title>无锡城建一张图：地图</title>" in page(Site(Parts(alone), DAY, NAMES))
    assert share_forms(alone, "zh")["title"] == "无锡城建一张图 · 地图"
