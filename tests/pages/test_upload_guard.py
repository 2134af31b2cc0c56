"""Uploads of a real server: only for a page that asks for a file, within bounds, and gone when the session is."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.serving import PATIENCE_S, Server, streamlit
from tools.stream import session

ROOT = Path(__file__).resolve().parents[2]
MB = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with bounds of a few megabytes."""
    bounds = {"ATLAS_UPLOAD_SESSION_MB": "3", "ATLAS_UPLOAD_TOTAL_MB": "4", "ATLAS_UPLOAD_GRACE_S": "0.5"}
    with streamlit(env=bounds | {"ATLAS_VAR": str(tmp_path_factory.mktemp("var"))}) as running:
        yield running


def test_a_page_without_an_uploader_takes_no_file(server: Server) -> None:
    with session(server) as tab:
        tab.show("about")
        status, text = tab.send_file(100)
        assert status == 403
        assert "这一页不收文件" in text
        assert "takes no files" in text
        tab.show("siting")
        tab.show("coverage", "ind=custom")
        tab.show("about")
        assert tab.send_file(100)[0] == 403


def test_a_session_and_all_together_are_bounded_and_a_session_that_ends_makes_room(server: Server) -> None:
    with session(server) as first:
        first.show("siting")
        assert [first.send_file(MB)[0] for _n in range(2)] == [204, 204]
        status, text = first.send_file(MB)
        assert (status, "3 MB" in text) == (413, True)
        assert "已到上限" in first.until_finished()  # the page runs again and says so
        with session(server) as second:
            second.show("siting")
            assert second.send_file(MB)[0] == 204
            status, text = second.send_file(MB)
            assert (status, "4 MB" in text) == (413, True)
            second.until_finished()
            first.connection.close()
            end = time.monotonic() + PATIENCE_S
            while second.send_file(MB)[0] != 204:
                second.until_finished()
                assert time.monotonic() < end, "what the first session held was never freed"


def test_pages_ask_for_files_in_one_way() -> None:
    """A page that draws Streamlit's own widget would get no file from the guard."""
    drawing = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "pages").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"file_uploader", "chat_input", "audio_input", "camera_input"}
        and not (isinstance(node.value, ast.Name) and node.value.id == "uploader")
    }
    assert drawing == {"pages/parts/shell/uploader.py"}
