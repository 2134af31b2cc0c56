"""A session of a running server without a browser: its connection, its page, and files sent to it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tools.serving import PATIENCE_S, Server


@dataclass
class Session:
    """One open tab."""

    server: Server
    connection: ClientConnection
    token: str
    id: str = ""

    def show(self, page: str = "", query: str = "") -> str:
        """Show a page to its end; all that it sent, as text."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        self.connection.send(message.SerializeToString())
        return self.until_finished()

    def until_finished(self) -> str:
        """What the next run of the page sends, as text."""
        lines: list[str] = []
        while True:
            message = ForwardMsg()
            message.ParseFromString(bytes(self.connection.recv(timeout=PATIENCE_S)))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.id = message.new_session.initialize.session_id
            elif kind == "delta":
                lines.append(str(message.delta))
            elif kind == "script_finished":
                return "\n".join(lines)

    def send_file(self, size: int) -> tuple[int, str]:
        """Send a file of so many zeros as the widget would; status and text of the answer."""
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        body = head.encode() + bytes(size) + f"\r\n--{boundary}--\r\n".encode()
        request = urllib.request.Request(  # noqa: S310  (an address of this machine)
            f"{self.server.url}/_stcore/upload_file/{self.id}/{uuid.uuid4()}",
            data=body,
            method="PUT",
            headers={
                "Content-Type": f"multipart/form-data; boundary={boundary}",
                "X-Xsrftoken": self.token,
                "Cookie": f"_streamlit_xsrf={self.token}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@contextmanager
def session(server: Server) -> Iterator[Session]:
    """A tab that is open as long as the block."""
    cookies = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    with opener.open(f"{server.url}/_stcore/host-config", timeout=PATIENCE_S) as answer:
        json.load(answer)
    with opener.open(f"{server.url}/_stcore/health", timeout=PATIENCE_S):
        pass
    token = next((cookie.value for cookie in cookies if cookie.name == "_streamlit_xsrf"), "") or ""
    address = f"{server.url.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(address, origin=server.url, max_size=None, open_timeout=PATIENCE_S) as connection:  # type: ignore[arg-type]
        yield Session(server, connection, token)
