"""Requests for heavy answers: refused when the queue is full, given up with their client; light ones never wait behind them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from layers.http import RETRY_AFTER_S, respond
from layers.workers.heavy import close_queue, open_queue
from layers.workers.queue import WorkQueue
from tests.asgi import answering
from tests.eventually import eventually
from tests.workers.work import heavy_until
from tools.serving import PATIENCE_S


async def heavy_endpoint(request: Request) -> Response:
    asked = (request.query_params["file"], request.query_params["word"])
    return await respond(
        request, lambda _lang: PlainTextResponse(heavy_until(*asked)), lambda: heavy_until.ahead(*asked)
    )


async def light_endpoint(request: Request) -> Response:
    return await respond(request, lambda _lang: PlainTextResponse("light"))


@pytest.fixture(scope="module")
def queue() -> Iterator[WorkQueue]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_WORKERS", "1")
        yield open_queue()
        close_queue()


@pytest.fixture(scope="module")
def port(queue: WorkQueue) -> Iterator[int]:
    routes = [Route("/heavy", heavy_endpoint), Route("/light", light_endpoint)]
    with answering(Starlette(routes=routes)) as at:
        yield at


def ask(port: int, path: str) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", path)
    return connection


def test_a_full_queue_refuses_and_light_answers_pass_it(port: int, queue: WorkQueue, tmp_path: Path) -> None:
    go = tmp_path / "go"
    before = [ask(port, f"/heavy?file={go}&word=w{n}") for n in range(queue.most_waiting // 2 + 1)]
    eventually(lambda: len(queue._runs) == len(before))
    refused = ask(port, f"/heavy?file={go}&word=more&lang=en").getresponse()
    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) in RETRY_AFTER_S.values()
    assert "waiting" in json.loads(refused.read())["error"]
    lights = [ask(port, "/light") for _ in range(60)]  # more than there are threads
    assert [one.getresponse().status for one in lights] == [200] * len(lights)
    go.touch()
    assert [one.getresponse().read().decode() for one in before] == [f"w{n}" for n in range(len(before))]


def test_work_ends_with_the_client_that_asked_for_it(port: int, queue: WorkQueue, tmp_path: Path) -> None:
    go = tmp_path / "go"
    working = ask(port, f"/heavy?file={go}&word=gone0")
    eventually(lambda: Path(f"{go}.gone0.began").exists())
    waiting = ask(port, f"/heavy?file={go}&word=gone1")
    eventually(lambda: len(queue._runs) == 2)
    for one in (working, waiting):
        one.close()
    eventually(lambda: not queue._runs)
    assert not Path(f"{go}.gone1.began").exists()
    go.touch()
    assert ask(port, f"/heavy?file={go}&word=next").getresponse().read() == b"next"


def test_an_answer_that_was_given_does_not_wait(port: int, queue: WorkQueue, tmp_path: Path) -> None:
    (known := tmp_path / "known").touch()
    assert ask(port, f"/heavy?file={known}&word=known").getresponse().read() == b"known"
    busy: list[Any] = [ask(port, f"/heavy?file={tmp_path / 'go'}&word=busy{n}") for n in range(3)]
    eventually(lambda: len(queue._runs) == 3)
    assert ask(port, f"/heavy?file={known}&word=known").getresponse().read() == b"known"
    (tmp_path / "go").touch()
    assert [one.getresponse().status for one in busy] == [200] * 3
