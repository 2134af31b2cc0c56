"""With a second plan beside the first, every surface is asked which plan it speaks of, and says so; or stands in a short list with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

import pages
from geo.atlas import load_atlas
from geo.cli import verbs
from geo.files import CONTENTS, all_formats, file_name, get_format, get_system, stem_of
from geo.questions.question import parameters
from geo.register.city import Atlas, atlas_of
from geo.register.pack import load_pack
from geo.report import ReportRequest, report
from geo.store import Store, open_store
from geo.store.model import Actor, Batch
from geo.store.roles import Role
from layers.api.collections import COLLECTIONS
from layers.api.document import ANALYSES
from layers.api.operations import OPERATIONS
from layers.api.server import routes
from layers.report import cli as report_command
from layers.report.report_names import report_name
from layers.site import cli as site_command
from layers.site.build import site_files
from layers.site.near import near_page
from layers.site.pages import Site
from layers.site.parts import Parts
from layers.site.plans import other_plans, plan_folder, plan_links
from layers.site.promises import promise_pages, promises_of
from pages.parts.shell.navigation import find_pages
from tests.plans.invented import PLAN, Invented, beside, item

TITLE: Final = "虚构的2023年计划"
DAY: Final = date(2026, 11, 23)
ITEM: Final = f"{PLAN}-Z01"

WITHOUT: Final[dict[str, dict[str, str]]] = {
    "analyses": {
        "/isochrone": "ground that one reaches: streets and a timetable, no promise",
        "/indicators": "thresholds of codes, the same for every plan",
        "/cities": "lists the cities",
        "/cities/compare": "cities share no plan: the first of each is meant",
    },
    "operations": {
        "": "the front door of the API",
        "/openapi": "what can be asked",
        "/conformance": "which standards",
        "/collections": "which collections there are",
        "/collections/{collection}": "what a collection is",
        "/collections/{collection}/schema": "columns",
        "/collections/{collection}/queryables": "columns that filter",
        "/collections/{collection}/tiles": "which tiles there are",
        "/collections/{collection}/tiles/{scheme}": "where the tiles are",
        "/collections/{collection}/tiles/{scheme}/metadata": "where the tiles are",
        "/tileMatrixSets": "a grid",
        "/tileMatrixSets/{scheme}": "a grid",
        "/TileMatrixSets": "a grid",
        "/TileMatrixSets/{scheme}": "a grid",
    },
    "collections": {
        "lines": "shapes of lines, whoever promises them",
        "districts": "outlines",
        "facilities": "what stands already and is no work of a plan",
        "indicators": "thresholds of codes",
        "sources": "every source of the register",
        "disagreements": "what sources dispute, by work",
    },
    "of the map": {
        "/config.json": "how layers are drawn",
        "/photos/{photo_id}-{size}.jpg": "a picture by its id",
        "/base-map/{version}.pmtiles": "the base map",
        "/reach.json": "asked with the words of the coverage question, plan among them",
    },
    "verbs": {
        "plans": "lists the plans",
        "publish": "the site has every plan",
        "search": "names of the whole register",
        "convert": "coordinates of a file",
        "check": "the whole pack",
        "indicators": "thresholds of codes",
        "isochrone": "ground that one reaches",
        "backup": "the whole store",
        "restore": "the whole store",
        "export-pack": "the whole register, every plan in it",
        "export-geopackage": "the whole register, every plan in it",
        "history": "events of a work by its id",
        "diff": "events of the whole register",
        "undo": "an event by its id",
        "db": "the whole store",
        "sources": "every source of the register",
        "disagreements": "what sources dispute, by work",
        "calibration": "places of the whole register",
        "import-osm": "facilities that stand already",
        "read-plan": "brings a plan; --plan-id names it",
        "datasets": "files of a person",
        "open-data": "files of the pack",
        "systems": "systems of coordinates",
        "base-map": "the base map",
        "completeness": "how far lists of facilities are complete",
        "cities": "lists the cities",
        "take-over": "files of a city",
        "compare-cities": "cities share no plan: the first of each is meant",
        "nation": "a simulated nation, without promises",
    },
    "pages": {
        "plan": "brings a plan",
        "cities": "cities share no plan: the first of each is meant",
    },
    "files of the site": {
        "assets": "one set of scripts and styles for all",
        "photos": "pictures by their ids",
    },
}
"""What is asked of no plan, and why."""


@pytest.fixture(scope="module")
def both() -> Atlas:
    """The city with an invented plan of 2023 beside, which promises S2 again and line 9 for the first time."""
    plan = Invented((item(1, item_id=ITEM, name_zh="锡宜城际S2"), item(2)), (), (("T04", ITEM),), ())
    return atlas_of(beside(load_pack(), plan))


@pytest.fixture
def client(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The API over a store that holds both plans."""
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    fill(open_store(f"sqlite:///{tmp_path}/atlas.db"))
    with TestClient(Starlette(routes=routes()), base_url="http://atlas.test") as client:
        yield client


def fill(store: Store) -> None:
    row = {"plan_id": PLAN, "city_code": "320200", "year": 2023, "name_zh": TITLE, "source_id": "S-PLAN"}
    promise = {
        "promise_id": f"T04.{ITEM}", "work_id": "T04", "item_id": ITEM, "basis": "模拟",
        "decided_by": "模拟", "decided_on": "2026-01-01",
    }  # fmt: skip
    items = (item(1, item_id=ITEM, name_zh="锡宜城际S2"), item(2, item_id=f"{PLAN}-Z02"))
    batch = Batch(reason="模拟", plans=(row,), plan_items=items, promises=(promise,))
    store.apply(Actor("模拟", Role.admin), batch)


def listed(kind: str, surface: str, *, asks: bool) -> None:
    """A surface asks, or is listed with a reason; never both."""
    assert asks != (surface in WITHOUT[kind]), f"{kind}: {surface}"


def test_every_question_of_the_api_asks_which_plan() -> None:
    for path, analysis in ANALYSES.items():
        listed("analyses", path, asks="plan" in parameters(analysis.question))


ASKED: Final = {
    "/coverage": {"kind": "metro_station", "radius": "800"},
    "/impact": {"kind": "metro_station", "radius": "800"},
    "/gaps": {"kind": "metro_station", "radius": "800"},
    "/equity": {"kind": "metro_station", "radius": "800"},
    "/matrix": {"indicator": "metro_800"},
    "/services": {"kind": "metro_station"},
    "/site": {"kind": "metro_station", "radius": "800", "district": "320213", "spacing": "1500", "k": "1"},
    "/near": {"lon": "120.30", "lat": "31.57"},
}
"""What must be asked besides the plan."""


def test_every_answer_of_the_api_says_of_which_plan_it_is(client: TestClient) -> None:
    for path in ANALYSES:
        if path in WITHOUT["analyses"]:
            continue
        asked = ASKED.get(path, {}) | {"as_of": DAY.isoformat()}
        refusal = client.get(f"/api{path}", params=asked | {"plan": "1999"})
        assert refusal.status_code == 400, path
        assert "1999" in refusal.text, path
        answer = client.get(f"/api{path}", params=asked | {"plan": PLAN})
        assert answer.status_code == 200, (path, answer.text[:200])
        if not answer.headers["Content-Type"].startswith("image"):
            assert PLAN in answer.text or TITLE in answer.text, path
        assert client.get(f"/api{path}", params=asked | {"plan": "all"}).status_code == 200, path


def test_every_collection_asks_which_plan_and_says_so(client: TestClient) -> None:
    for operation in OPERATIONS:
        listed("operations", operation.path, asks=operation.by_plan or operation.fields)
    for collection in COLLECTIONS:
        path = f"/api/collections/{collection.id}/items"
        asks = client.get(path, params={"plan": PLAN, "limit": 1}).status_code == 200
        listed("collections", collection.id, asks=asks)
        if not asks:
            continue
        assert client.get(path, params={"plan": "1999"}).status_code == 400
        counts, ids = {}, {}
        for plan in ("", "2021", PLAN, "all"):
            found = client.get(path, params={"plan": plan, "limit": 4000}).json()
            counts[plan] = found["numberMatched"]
            ids[plan] = {each["id"] for each in found["features"]}
            said = {each["properties"]["plan"] for each in found["features"]}
            assert said == {plan or "2021"}, collection.id
        assert counts[""] == counts["2021"] > counts[PLAN]
        assert ids["all"] == ids["2021"] | ids[PLAN]
        assert (
            "plan" in client.get(f"/api/collections/{collection.id}/queryables?f=json").json()["properties"]
        )


def test_tiles_are_of_the_plan_that_is_asked(client: TestClient) -> None:
    tile = "/api/collections/works/tiles/WebMercatorQuad/8/104/213"
    first, other = (client.get(tile, params={"plan": plan}) for plan in ("", PLAN))
    assert first.status_code == other.status_code == 200
    assert first.content != other.content
    assert client.get(tile, params={"plan": "1999"}).status_code == 400


def test_every_address_of_the_map_asks_which_plan(client: TestClient) -> None:
    mount = next(each for each in routes() if isinstance(each, Mount) and each.path == "/atlas")
    asked = {
        "/map": {}, "/embed": {}, "/near.json": {}, "/news.json": {}, "/layers/works.json": {"v": "x"}
    }  # fmt: skip
    for route in mount.routes:
        if isinstance(route, Route):
            path = route.path.replace("{layer_id}", "works")
            listed("of the map", route.path, asks=path in asked or path.startswith("/tiles/"))
    for path, more in asked.items():
        first, other = (client.get(f"/atlas{path}", params=more | {"plan": plan}) for plan in ("", PLAN))
        assert first.status_code == other.status_code == 200
        assert first.content != other.content, path


def test_a_large_layer_is_of_the_plan_that_is_asked(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.map.tiled.large.TILED_FROM", 1)
    answers = []
    for plan in ("", PLAN):
        tiles = client.get("/atlas/layers/works.json", params={"v": "x", "plan": plan}).json()["tiles"]
        place = {"day": "20211231", "z": 8, "x": 213, "y": 104, "id": "T04"}
        addresses = [f"/atlas/{tiles[name]}".format(**place) for name in ("numbers", "url", "place")]
        answers.append([client.get(address) for address in addresses])
    for one, other in zip(*answers, strict=True):
        assert one.status_code == other.status_code == 200
    assert answers[0][0].content != answers[1][0].content


def test_every_verb_asks_which_plan() -> None:
    verbs.add_verbs(report_command.__name__, site_command.__name__)
    commands = {
        name: command for module in verbs.modules() for name, command in verbs.verbs_of(module).items()
    }
    for name, command in commands.items():
        options = {each.name for each in command.params}
        listed("verbs", name, asks=bool({"plan", "of_plan"} & options))
    assert set(WITHOUT["verbs"]) <= set(commands)


def test_every_file_that_leaves_says_in_its_name_and_its_notes_of_which_plan_it_is(both: Atlas) -> None:
    other = both.of_plan(PLAN)
    for what, content_of in CONTENTS.items():
        rows = other.register.state(DAY) if what == "works" else other.register.facilities_on(DAY).head(3)
        content = content_of(other, rows, DAY, get_system("WGS84", other.city), "zh", title="x")
        assert "虚构的计划" in repr(dict(content.facts)), what
        for form in all_formats():
            assert f"plan-{PLAN}" in file_name(stem_of(other, what=what), content, get_format(form.id))
    request = ReportRequest("", DAY, date(2025, 11, 23))
    assert f"plan-{PLAN}" in report_name(other, request, "pdf")
    assert "虚构的计划" in dict(report(other, request).facts)["计划"]


def test_every_page_asks_which_plan() -> None:
    for file, page in find_pages(pages).items():
        name = file.rsplit("/", 1)[-1].removesuffix(".py")
        listed("pages", name, asks=page.by_plan)


@pytest.fixture(scope="module")
def site(both: Atlas) -> dict[str, bytes]:
    """The site in one language with its promises and one page more of each plan: the others are rendered alike, and take long."""

    def pages_of(site: Site) -> dict[str, bytes]:
        site = replace(site, names=NAMES | dict(site.names))
        return promise_pages(site, promises_of(site, "zh"), "zh") | near_page(site, "zh")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("layers.site.build._of_plan", pages_of)
        return site_files(both, DAY)


def test_the_site_has_each_plan_at_an_address_of_its_own_and_all_of_them(
    both: Atlas, site: dict[str, bytes]
) -> None:
    folders = {plan: plan_folder(both, plan) for plan in ("2021", PLAN, "all")}
    assert folders["2021"] == ""
    for folder in folders.values():  # what each year's plan carried over, kept late or dropped, on each
        assert "每份计划后来怎样" in site[f"{folder}promises/index.html"].decode()
    inner = tuple(folder for folder in folders.values() if folder)
    root = {name for name in site if name.endswith(".html") and not name.startswith(inner)}
    for plan, folder in folders.items():
        mine = {
            name.removeprefix(folder) for name in site if name.endswith(".html") and name.startswith(folder)
        }
        if folder:
            items = {name for name in root if re.search(r"promises/(?!index)", name)}
            assert root - items <= mine, plan
            assert any(f"promises/{ITEM}.html" in name for name in mine)
    for name, content in site.items():
        if name.endswith(".html") and not name.endswith("embed.html"):  # a map in a frame has no head
            text = content.decode()
            plan = next(
                (plan for plan, folder in folders.items() if folder and name.startswith(folder)), "2021"
            )
            chosen = re.findall(r'data-plan="([^"]+)" aria-current="true"', text)
            assert chosen == [plan], name
            for address in re.findall(r'href="([^"#?]+)[^"]*" data-plan=', text):
                assert target(name, address) in site, (name, address)


def target(page: str, address: str) -> str:
    parts = page.split("/")[:-1]
    for part in address.split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


NAMES: Final = dict.fromkeys(
    ("icon", "style", "script", "proj4_js", "near.zh", "search.zh", "terms", "minisearch_js"), "x"
)


def test_with_one_plan_the_site_does_not_speak_of_plans() -> None:
    alone = load_atlas()
    assert other_plans(alone) == []
    assert plan_links(alone, "index.html", "zh") == []
    _path, page = Site(Parts(alone), DAY, NAMES).render("near.html", "near.html", "zh")
    assert b"plans" not in page
