"""A photo from an editor's file to every surface: form, card, promise page, address, reports, site; nothing of the camera's on any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from geo.atlas import load_atlas
from geo.display.card import lasting
from geo.report import ReportRequest
from geo.report.promise.page import promise_page
from geo.store import Store
from geo.store.model import Actor
from layers.api.server import routes
from layers.report.build import build
from layers.site.build import photo_files
from layers.site.pages import Site
from layers.site.parts import Parts
from tests.pages.test_register_page import html_of, messages, widget
from tests.reading.test_pictures import LAT, LON, photo

CAPTION = "围挡<b>进场"


@pytest.fixture
def work(register: Store) -> str:
    """A work of the plan that something is recorded of, with its item."""
    del register
    state = load_atlas().register.state(date.today())
    events = load_atlas().register.events
    mine = state[
        (state["counted"] == "yes") & (state["kind"] == "work") & state.index.isin(events["work_id"])
    ]
    return str(mine.index[0])


def settled(app: AppTest) -> AppTest:
    """The page once its picture is read (a browser would ask by itself)."""
    app.session_state["_reading-photo"].job.wait(60)
    app.run()
    assert not app.exception, app.exception
    return app


def brought(page: Callable[..., AppTest], tmp_path: Path, work: str) -> AppTest:
    app = page("register.py", work=work, do="photo")
    content = photo(tmp_path / "a.jpg").read_bytes()
    app.file_uploader[0].set_value([("现场.jpg", content, "image/jpeg")]).run()
    return settled(app)


def saved(app: AppTest, **change: str | None) -> AppTest:
    values: dict[str, Any] = {"caption": CAPTION, "credit": "张三", "licence": "CC-BY-4.0"} | change
    for name in ("caption", "credit"):
        widget(app, "text_input", f"photo-{name}").set_value(values[name])
    widget(app, "selectbox", "photo-licence").set_value(values["licence"])
    widget(app, "text_input", "photo-reason").set_value("现场核对")
    widget(app, "button", "photo-save").click().run()
    assert not app.exception, app.exception
    return app


def test_a_photo_reaches_every_surface(
    editor: Actor, page: Callable[..., AppTest], register: Store, work: str, tmp_path: Path
) -> None:
    del editor
    saved(brought(page, tmp_path, work))
    atlas = load_atlas()
    (row,) = register.pack().photos.to_dict("records")
    (shown,) = [one for event in lasting(atlas, work, "zh")["events"] for one in event["photos"]]
    assert (shown["caption"], shown["credit"]) == (CAPTION, "照片：张三，CC BY 4.0")
    client = TestClient(Starlette(routes=routes()))
    for size in ("large", "small"):
        answer = client.get(f"/atlas/photos/{row['photo_id']}-{size}.jpg")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert b"SECRET" not in answer.content
        assert photo_files(atlas)[f"photos/{row['photo_id']}-{size}.jpg"] == answer.content
    for address in ("0" * 16 + "-large", f"{row['photo_id']}-huge", "..%2Fatlas-large"):
        assert client.get(f"/atlas/photos/{address}.jpg").status_code == 404
    card = html_of(page("register.py", work=work, do="history"))
    assert f"/atlas/photos/{row['photo_id']}-small.jpg" in card
    assert "围挡&lt;b&gt;进场" in card
    item = str(atlas.pack.works.loc[work, "item_id"])
    assert f"/atlas/photos/{row['photo_id']}-small.jpg" in html_of(page("promise.py", item=item))
    names: dict[str, str] = dict.fromkeys(("icon", "style"), "x")
    promise = promise_page(atlas, item, date.today(), "en")
    path, content = Site(Parts(atlas), date.today(), names).render(
        "promise.html", "promises/a.html", "en", p=promise, remarks=()
    )
    assert path == "en/promises/a.html"
    assert f'src="../../photos/{row["photo_id"]}-small.jpg"' in content.decode()
    request = ReportRequest("", date.today(), date(2021, 1, 1))
    assert b'src="data:image/jpeg;base64,' in build(atlas, request, "html")
    assert b"/DCTDecode" in build(atlas, request, "pdf")


def test_without_licence_or_credit_nothing_is_written_and_nothing_is_lost(
    editor: Actor, page: Callable[..., AppTest], register: Store, work: str, tmp_path: Path
) -> None:
    del editor
    app = brought(page, tmp_path, work)
    assert "没有写许可" in messages(saved(app, licence=None))
    assert "没有写拍摄者或来源" in messages(saved(app, credit=" "))
    assert register.pack().photos.empty
    assert widget(app, "text_input", "photo-caption").value == CAPTION


def test_the_place_of_the_camera_is_offered(
    editor: Actor, page: Callable[..., AppTest], work: str, tmp_path: Path
) -> None:
    del editor
    app = brought(page, tmp_path, work)
    assert f"{LON:.4f}" in messages(app)
    widget(app, "button", "photo-place").click().run()
    assert not app.exception, app.exception
    assert float(widget(app, "text_input", "x").value) == pytest.approx(LON, abs=1e-5)
    assert float(widget(app, "text_input", "y").value) == pytest.approx(LAT, abs=1e-5)


def test_a_photo_that_is_taken_down_is_gone_from_the_surfaces(
    editor: Actor, page: Callable[..., AppTest], register: Store, work: str, tmp_path: Path
) -> None:
    del editor
    app = saved(brought(page, tmp_path, work))
    (photo_id,) = register.pack().photos.index
    widget(app, "text_input", f"withdraw-{photo_id}-reason").set_value("拍摄者要求")
    widget(app, "button", f"withdraw-{photo_id}").click().run()
    assert not app.exception, app.exception
    assert (
        TestClient(Starlette(routes=routes())).get(f"/atlas/photos/{photo_id}-small.jpg").status_code == 404
    )
    assert register.pack().photos.empty
    assert not photo_files(load_atlas())
