"""Open data on the coverage page: what everyone sees, and what an administrator starts: fetched, cut to the city, kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from streamlit.testing.v1 import AppTest

from geo.coverage.saved_data import saved_datasets
from geo.detailed_map.make import archive_version
from geo.open_data.offers import Offer
from geo.register.city import Atlas
from geo.store import Store
from geo.store.model import Actor, Role
from layers.map.basemaps import declarations_version
from tests.eventually import eventually
from tests.ingest.osm_extract import write_extract

ADMIN = Actor("王主任", Role.admin)
Page = Callable[..., AppTest]


@pytest.fixture
def served(tmp_path: Path, atlas: Atlas) -> Iterator[tuple[str, Event]]:
    """The address of a raster of the city, of which only the first half comes until the event is set."""
    west, south, east, north = atlas.districts.total_bounds
    file = tmp_path / "served.tif"
    place = Affine(0.01, 0, west - 0.02, 0, -0.01, north + 0.02)
    shape = (int((north - south) / 0.01) + 5, int((east - west) / 0.01) + 5)
    with rasterio.open(file, "w", driver="GTiff", width=shape[1], height=shape[0], count=1, dtype="float32", crs="EPSG:4326",
                       transform=place) as out:  # fmt: skip
        out.write(np.full(shape, 50, "float32"), 1)
    content, more = file.read_bytes(), Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args: Any) -> None: ...

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            more.wait(30)
            self.wfile.write(content[len(content) // 2 :])

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_address[1]}/people.tif", more
    more.set()
    http.shutdown()
    http.server_close()


@pytest.fixture
def offered(served: tuple[str, Event], monkeypatch: pytest.MonkeyPatch) -> Offer:
    offer = Offer("people", "population", "人口样例", "People", served[0], "", "CC BY 4.0", "某人", "1")
    monkeypatch.setattr("pages.parts.coverage.open_data_panel.open_data_offers", lambda _root: [offer])
    return offer


def opened(page: Page) -> AppTest:
    app = page("coverage.py", kind="metro_station", radius="800")
    app.session_state["open_data"] = True
    app.run()
    assert not app.exception, app.exception
    return app


def test_a_visitor_sees_what_there_is_and_starts_nothing(register: Store, page: Page, offered: Offer) -> None:
    app = opened(page)
    texts = [table.value.to_string() for table in app.table] + [each.value for each in app.markdown]
    shown = "\n".join(texts).replace("\\", "")
    assert "CC BY 4.0" in shown
    assert "people.tif" in shown
    assert "--folder" in shown
    assert not [button for button in app.button if str(button.key).startswith("open-data-")]
    assert not offered.path.exists()


def test_an_administrator_fetches_a_raster_and_coverage_offers_it(
    register: Store, page: Page, offered: Offer, served: tuple[str, Event], as_person: Callable[[Actor], None]
) -> None:
    as_person(ADMIN)
    served[1].set()
    app = opened(page)
    app.button(key="open-data-people").click().run()
    eventually(lambda: bool(app.run() and saved_datasets("raster")))
    (kept,) = saved_datasets("raster")
    assert (kept.name, kept.credit) == ("人口样例", "某人 (CC BY 4.0)")
    app.run()
    assert any("已建好" in each.value for each in app.success)


def test_what_is_called_off_is_kept_for_the_next_time(
    register: Store, page: Page, offered: Offer, served: tuple[str, Event], as_person: Callable[[Actor], None]
) -> None:
    as_person(ADMIN)
    app = opened(page)
    app.button(key="open-data-people").click().run()
    part = offered.path.with_name("people.tif.part")
    eventually(part.is_file)
    app.run()
    app.button(key="job-off").click().run()
    served[1].set()
    app.run()
    assert any("已取消" in each.value for each in app.success)
    assert not saved_datasets("raster")


def test_an_administrator_builds_an_extract_and_the_map_offers_the_detailed_base_map(
    register: Store,
    page: Page,
    atlas: Atlas,
    as_person: Callable[[Actor], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_person(ADMIN)
    offer = Offer(
        "osm", "osm_extract", "摘录样例", "An extract", "http://127.0.0.1:9/some.osm", "", "ODbL", "OSM", "1"
    )
    monkeypatch.setattr("pages.parts.coverage.open_data_panel.open_data_offers", lambda _root: [offer])
    offer.path.parent.mkdir(parents=True)
    write_extract(offer.path, atlas)
    before = declarations_version(atlas)
    app = opened(page)
    app.button(key="open-data-osm").click().run()
    eventually(lambda: bool(app.run() and archive_version()))
    eventually(lambda: bool(app.run() and app.success))
    (done,) = app.success
    assert "写入 8 处设施" in done.value
    assert "详细底图" in done.value
    assert {one.kind for one in saved_datasets()} == {"residential", "streets"}
    assert declarations_version(atlas) != before
