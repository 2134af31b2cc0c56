"""Uploads within bounds: of a session, of all together, only for a page that asks for a file; gone when the session is.

Streamlit takes up to 200 MB a file from any session that is open, as often as it is sent, and holds the files of a session
that has gone until its own memory of sessions happens to be swept.
"""

from __future__ import annotations

import asyncio
import gc
import os
import re
import time
from collections import Counter
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from geo.errors import AccessError, AtlasError, TooLargeError
from geo.text import mark as _

SESSION_BYTES: Final = int(os.environ.get("ATLAS_UPLOAD_SESSION_MB", "300")) << 20
TOTAL_BYTES: Final = int(os.environ.get("ATLAS_UPLOAD_TOTAL_MB", "1000")) << 20
GRACE_S: Final = float(os.environ.get("ATLAS_UPLOAD_GRACE_S", "60"))
"""A session that is away longer has ended: a network that fails for a moment must not cost anybody a file."""
SESSION_FILES: Final = 50
_UPLOAD: Final = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")


class _RefusedError(Exception):
    """The body of an upload has grown beyond what may be held."""


class UploadGuard:
    """Counts what sessions hold and are sending; refuses what goes beyond, and closes sessions that have gone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.coming: Counter[str] = Counter()
        self.away: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but uploads that may not be; look for ended sessions when a connection ends."""
        if scope["type"] == "websocket":
            try:
                await self.app(scope, receive, send)
            finally:
                if self._timer is not None:
                    self._timer.cancel()
                self._sweep()
            return
        found = (
            _UPLOAD.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        )
        if found is None:
            await self.app(scope, receive, send)
            return
        await self._upload(found[1], scope, receive, send)

    async def _upload(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        refusal = self.refusal(session, int(declared) if declared.isdigit() else 0)
        received, begun = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            size = len(message.get("body", b""))
            received += size
            self.coming[session] += size
            if self.refusal(session, 0) is not None:
                raise _RefusedError
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            if refusal is None:
                await self.app(scope, counted, watched)
        except _RefusedError:
            refusal = self.refusal(session, 0)
        finally:
            self.coming[session] -= received
            self.coming += Counter()  # without those that are at nothing
        if refusal is not None and not begun:
            _show(session, refusal)
            await _pass_over(receive)
            await _answer(refusal)(scope, receive, send)

    def refusal(self, session: str, more: int) -> AtlasError | None:
        """Why a session may not send so many bytes more; None where it may."""
        from pages.parts.shell import uploader

        if not uploader.is_asking(session):
            return AccessError(_("这一页不收文件。"), hint=_("请在有上传框的页面上传。"))
        held = {key: [len(file.data) for file in files] for key, files in _held()}
        mine = sum(held.get(session, [])) + self.coming[session] + more
        if mine > SESSION_BYTES or len(held.get(session, [])) >= SESSION_FILES:
            return TooLargeError(
                _("这次会话上传的文件已到上限：共 {n} MB、{files} 个。"),
                hint=_("请先移去不用的文件，或重新打开页面。"),
                n=SESSION_BYTES >> 20,
                files=SESSION_FILES,
            )
        if sum(map(sum, held.values())) + self.coming.total() + more > TOTAL_BYTES:
            return TooLargeError(
                _("服务器上各人上传的文件合计已到上限 {n} MB，暂时收不下。"),
                hint=_("请过几分钟再试。"),
                n=TOTAL_BYTES >> 20,
            )
        return None

    def _sweep(self) -> None:
        """Close the sessions that have been away for the time of grace; look again when more are due."""
        self._timer = None
        if not exists():
            return
        from pages.parts.shell import uploader

        runtime, now = get_instance(), time.monotonic()
        known = {*uploader.sessions(), *(key for key, _files in _held())}
        self.away = {key: self.away.get(key, now) for key in known if not runtime.is_active_session(key)}
        ended = [key for key, since in self.away.items() if now - since >= GRACE_S]
        if sum(_close(runtime, key) for key in ended):
            gc.collect()  # a session is a circle of references, and holds its files until it is collected
        for key in ended:
            del self.away[key]
        if self.away:
            self._timer = asyncio.get_running_loop().call_later(GRACE_S + 0.1, self._sweep)


def _close(runtime: Runtime, session: str) -> bool:
    """Let go of a session that has ended; whether it held anything."""
    from geo.whatif import saved_scenarios
    from layers.analysis import uploads
    from pages.parts.shell import uploader

    held = uploads.holds(session) or any(key == session and files for key, files in _held())
    if held:
        runtime.close_session(session)
        runtime.uploaded_file_mgr.remove_session_files(
            session
        )  # if Streamlit has dropped the session already
        uploads.release(session)
    saved_scenarios.forget(session)
    uploader.forget(session)
    return held


def _held() -> list[tuple[str, list[UploadedFileRec]]]:
    files = get_instance().uploaded_file_mgr if exists() else None
    if not isinstance(files, MemoryUploadedFileManager):
        return []
    return [(session, list(each.values())) for session, each in list(files.file_storage.items())]


def _show(session: str, refusal: AtlasError) -> None:
    """Have the page of a session say so: the browser's widget knows only that it failed."""
    from pages.parts.shell import link, uploader

    uploader.refuse(session, refusal)
    info = get_instance()._session_mgr.get_active_session_info(session) if exists() else None
    if info is not None and uploader.is_asking(session):
        info.session.session_state[link.AGAIN] = True
        info.session.request_rerun(info.session._client_state)


async def _pass_over(receive: Receive) -> None:
    """Let a body go by unheld: a browser that cannot send it to the end never reads why it was refused."""
    size = 0
    while size <= SESSION_BYTES:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


def _answer(refusal: AtlasError) -> PlainTextResponse:
    from layers.http import status_of

    text = "\n".join(refusal.public_text(lang) for lang in ("zh", "en"))
    return PlainTextResponse(text, status_code=status_of(refusal))
