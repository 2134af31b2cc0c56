"""A file that a person brings is read beside the page: it says so, can be cancelled, and is read once."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from layers.analysis import uploads
from layers.analysis.owned import OwnedData
from layers.workers.run import Run
from pages.parts.shell import reading
from tests.pages.test_siting import FRAME
from tools.serving import PATIENCE_S

ZONES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": name},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[w, 31.5], [w + 0.02, 31.5], [w + 0.02, 31.52], [w, 31.52], [w, 31.5]]],
                },
            }
            for name, w in (("甲", 120.30), ("乙", 120.33))
        ],
    }
).encode()


class Workers:
    """Stands for the workers that read: never done, until they are given an answer."""

    def __init__(self) -> None:
        self.runs: list[Run[Any]] = []
        self.left: list[str] = []
        self.begun = threading.Event()

    def begin(self, *_asked: object) -> Run[Any]:
        run: Run[Any] = Run("session", 20.0)
        run.leave = self.left.append  # type: ignore[method-assign]  # to see it
        self.runs.append(run)
        self.begun.set()
        return run


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page of the matrix; whatever another test of this process has brought is not held."""
    monkeypatch.setattr(uploads, "_data", OwnedData(uploads.BOUNDS))
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    app.switch_page("matrix.py")
    app.query_params["by"] = "all"
    return app.run()


def bring(app: AppTest, content: bytes = ZONES) -> AppTest:
    box = next(box for box in app.file_uploader if box.label == "分区（多边形）")
    box.set_value([("zones.geojson", content, "application/geo+json")]).run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> list[str]:
    return [box.value for box in (*app.info, *app.error)]


def press(app: AppTest, label: str) -> None:
    next(
        button
        for button in app.button
        if button.label == label and button.key.startswith(("own", "again-own"))
    ).click().run()


def test_the_page_can_be_used_while_a_file_is_read(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers()
    monkeypatch.setattr(uploads, "read_brought", workers)
    monkeypatch.setattr(reading, "QUICK_S", 0.05)
    app = bring(page)
    assert [bar.proto.text for bar in app.get("progress")] == ["读取文件…"]
    assert workers.begun.wait(PATIENCE_S)
    app.run()
    assert len(workers.runs) == 1, "another run of the page reads nothing anew"
    press(app, "取消")
    app.session_state["_reading-own-zones"].job.wait(PATIENCE_S)
    app.run()
    assert "已取消，文件没有读入。" in texts(app)
    assert len(workers.left) == 1, "nobody waits for the worker any more"
    app.run()
    assert len(workers.runs) == 1, "what was called off is not begun again by itself"
    press(app, "再读一次")
    assert len(workers.runs) == 2


def test_a_file_is_read_once_and_again_when_its_data_have_gone(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    begin = uploads.read_brought.begin
    monkeypatch.setattr(
        uploads.read_brought, "begin", lambda *asked: (read.append(asked[0]), begin(*asked))[1]
    )
    monkeypatch.setattr(reading, "QUICK_S", PATIENCE_S)
    app = bring(page)
    assert not app.error
    app.run()
    assert read == ["zones"]
    uploads.release(uploads.NOBODY)
    for name in list(uploads._data.names()):
        uploads._data._pieces.pop(name)
    app.run()
    assert not app.error
    assert read == ["zones", "zones"]


def test_what_is_wrong_with_a_file_is_said_in_every_run(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "QUICK_S", PATIENCE_S)
    app = bring(page, b'{"type": "FeatureCollection", "features": [')
    first = texts(app)
    assert first
    assert texts(app.run()) == first
