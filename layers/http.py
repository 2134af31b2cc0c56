"""What every HTTP door shares: how a query is read, the language of an answer, and the status of an error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from werkzeug.http import parse_etags, unquote_etag

from geo.errors import (
    AccessError,
    AtlasError,
    BusyError,
    CalledOffError,
    ConflictError,
    CrsError,
    DataError,
    IngestError,
    ParameterError,
    RateError,
    StoreError,
    TooLargeError,
    TooLongError,
    UnknownIdError,
)
from geo.questions.question import Question, check_names, given_parameters, names, parameters
from geo.questions.values import Text
from geo.sender import sender_of
from geo.text import mark as _
from geo.text import read_language
from layers.workers.heavy import asker
from layers.workers.run import Run

STATUS: Final[dict[type[AtlasError], int]] = {
    ParameterError: 400,
    CrsError: 400,
    IngestError: 400,
    AccessError: 403,
    UnknownIdError: 404,
    ConflictError: 409,
    TooLargeError: 413,
    RateError: 429,
    DataError: 503,
    StoreError: 503,
    BusyError: 503,
    TooLongError: 504,
    AtlasError: 500,
}
"""Which status says what is wrong; an error that is not listed has its nearest parent's."""
RETRY_AFTER_S: Final[dict[type[AtlasError], int]] = {RateError: 1, BusyError: 5}
"""After how many seconds to ask again, for errors that pass by themselves."""
LONGEST_WAIT_S: Final = 30
"""A request does not wait longer than this for its work to begin."""
WATCH_INTERVAL_S: Final = 0.5
"""So often a request that waits looks whether its client is still there."""
LONGEST_VALUE: Final = 4000
"""Characters of one parameter in an address; longer ones are refused, never cut."""


class Language(Question):
    """How an answer is worded."""

    lang: Annotated[Literal["zh", "en"], BeforeValidator(read_language)] = Field(
        "zh", title=_("语言"), description=_("名称和说明的语言；别的值即中文。")
    )
    f: Literal["json"] = Field(
        "json", title=_("格式"), description=_("与其他接口同名的参数；分析总是 JSON。")
    )


class Placed(Language):
    """How an answer with coordinates is worded and placed."""

    datum: Literal["WGS84", "GCJ02"] = Field(
        "WGS84", title=_("坐标系"), description=_("答案（图片则是 bbox）里坐标的坐标系。")
    )


class ForMap(Placed):
    """How the page's own map asks."""

    version: Text = Field("", alias="v", title=_("数据版本"), description=_("数据的版本，让浏览器可以久存。"))


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis of the open API: a row of a table that routes and the OpenAPI document are made from.

    Attributes
    ----------
    path : str
        Below ``/api``.
    question : type of Question
        Its parameters.
    summary : str
        What it answers.
    form : type of Language
        Parameters of the answer's form.
    kinds : tuple of str
        Media types, where the answer is no JSON.
    body : str
        What it also takes by POST; empty for nothing.
    """

    path: str
    question: type[Question]
    summary: str
    form: type[Language] = Language
    kinds: tuple[str, ...] = ()
    body: str = ""


def status_of(error: AtlasError) -> int:
    """The status of an error: its own, or that of its nearest parent in :data:`STATUS`."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def language_of(request: Request) -> str:
    """The language that a request asks for by ``lang``."""
    return read_language(request.query_params.get("lang"))


def error_response(error: AtlasError, lang: str, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """``{"error": ...}`` in the reader's language, with the status of the error.

    Parameters
    ----------
    error : AtlasError
    lang : str
        ``zh`` or ``en``.
    headers : mapping or None

    Returns
    -------
    JSONResponse
    """
    safe = dict(headers or {}) | refusal_headers(error)
    return JSONResponse({"error": error.public_text(lang)}, status_code=status_of(error), headers=safe)


def refusal_headers(error: AtlasError) -> dict[str, str]:
    """What goes with every refusal; when to ask again, where waiting helps."""
    after = next((RETRY_AFTER_S[kind] for kind in type(error).__mro__ if kind in RETRY_AFTER_S), None)
    safe = {"X-Content-Type-Options": "nosniff"}
    return safe if after is None else safe | {"Retry-After": str(after)}


def has_tag(request: Request, tag: str) -> bool:
    """Whether ``If-None-Match`` names an answer's tag: one of a list, weak or strong, as GET compares them."""
    opaque, _weak = unquote_etag(tag)
    known = parse_etags(request.headers.get("if-none-match"))
    return not known.star_tag and known.contains_weak(str(opaque))


def has_any(request: Request) -> bool:
    """Whether ``If-None-Match: *`` asks for nothing but news of something that is not there."""
    return bool(parse_etags(request.headers.get("if-none-match")).star_tag)


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether ``If-None-Match`` lets an answer be left out: the reader has this one, or asks for none (``*``)."""
    return has_tag(request, tag) or has_any(request)


async def respond(
    request: Request,
    make: Callable[[str], Response],
    first: Callable[[], Sequence[Run[Any]]] | None = None,
) -> Response:
    """What ``make`` answers in the request's language, worked out in a thread; an error as its status and its words.

    Parameters
    ----------
    request : Request
    make : callable
    first : callable or None
        Begins the heavy work that ``make`` needs. No thread waits for it: light answers always find one.

    Returns
    -------
    Response
    """
    lang = language_of(request)
    asker.set(f"address {sender_of(request.client.host if request.client else None, request.headers)}")
    try:
        for run in await run_in_threadpool(first) if first else ():
            await _finished(request, run)
        return await run_in_threadpool(make, lang)
    except AtlasError as error:
        return error_response(error, lang)


async def _finished(request: Request, run: Run[Any]) -> None:
    """Wait for heavy work as long as its client does."""
    who, end = asker.get(), monotonic() + LONGEST_WAIT_S
    future = asyncio.wrap_future(run.future)
    try:
        while not (await asyncio.wait({future}, timeout=WATCH_INTERVAL_S))[0]:
            run.stay(who)
            if await request.is_disconnected():
                raise CalledOffError(_("这次计算已取消。"))
            if run.place() and monotonic() > end:
                raise BusyError(_("等了 {s} 秒还没有轮到。"), hint=_("请过一会儿再试。"), s=LONGEST_WAIT_S)
    finally:
        run.leave(who)
        future.add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )  # told by whoever takes it


def read_query(
    query: Mapping[str, str], question: type[Question], form: type[Language]
) -> tuple[dict[str, str], Any]:
    """A query as the raw parameters of a question, and the form of the answer.

    Parameters
    ----------
    query : mapping
        Names and values of an address.
    question : type of Question
        Reads the raw parameters later; only their names and lengths are checked here.
    form : type of Language

    Returns
    -------
    dict, Language
        Without the empty values, and an instance of ``form``.

    Raises
    ------
    ParameterError
        A name that neither knows, or a value of more than :data:`LONGEST_VALUE` characters.
    """
    given = given_parameters(query)
    check_names(given, (*names(question), *names(form)))
    for name, value in given.items():
        if len(value) > LONGEST_VALUE:
            raise ParameterError(
                _("参数 {name} 有 {n} 个字符，最多 {most} 个。"), name=name, n=len(value), most=LONGEST_VALUE
            )
    own = {name: value for name, value in given.items() if name in parameters(question)}
    return own, form.read({name: value for name, value in given.items() if name not in own})
