"""Connections: SQLite or PostgreSQL by one address, and errors of either as plain sentences."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import quote
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from geo.errors import AtlasError, StoreError
from geo.paths import database_url, register_file
from geo.store.earlier import require_taken_over
from geo.text import mark as _

BUSY_MS: Final = 5000
TURN_S: Final = 120.0
"""How long a writer waits for the others of its process."""
_WRITE: Final = "atlas_write"
_WRITES: Final = [0]
_LOCK: Final = Lock()
_TURNS: Final[WeakKeyDictionary[Engine, Lock]] = WeakKeyDictionary()

# Words of a driver's message -> what to tell and what to do; the first that fits
_CAUSES: Final = (
    (("database is locked", "database table is locked", "lock timeout"),
     _("数据库正被别的程序占用。"), _("请稍候再试；若一直如此，请关闭占用它的程序。")),
    (("database or disk is full", "disk i/o error", "no space left", "disk full"),
     _("磁盘已满或写入失败，这次改动没有写入。"), _("请腾出空间后再试；已有数据完好。")),
    (("readonly database", "read-only", "permission denied for"),
     _("数据库只能读，这次改动没有写入。"), _("请检查文件、文件夹或数据库用户的写权限。")),
    (("unable to open database",),
     _("打不开数据库文件。"), _("请检查文件夹是否存在、是否有读写权限。")),
    (("not a database", "malformed", "file is encrypted"),
     _("数据库文件已损坏，或不是数据库。"), _("请用 python -m geo restore 由备份恢复。")),
    (("password authentication failed", "no password supplied", "role \"", "authentication failed"),
     _("数据库拒绝了用户名或密码。"), _("请核对 ATLAS_DATABASE_URL 里的用户名和密码。")),
    (("does not exist",),
     _("数据库里缺少所需的库或表。"), _("请先建库（createdb），再运行 python -m geo db upgrade。")),
    (("connection refused", "could not connect", "connection failed", "server closed", "terminat", "no such file",
      "shutting down", "starting up", "connection is bad", "connection is lost", "timeout expired", "resolve host"),
     _("连不上 PostgreSQL。"), _("请启动数据库服务；恢复后会自动重连，无需重启本程序。")),
)  # fmt: skip


def default_url() -> str:
    """``ATLAS_DATABASE_URL``, else the file of :func:`geo.paths.register_file`; ``StoreError`` as :func:`geo.store.earlier.require_taken_over`."""
    if url := database_url():
        return url
    require_taken_over()
    return f"sqlite:///{register_file()}"


def read_url(text: str) -> URL:
    """An address of a database; ``StoreError`` for what is neither SQLite's nor PostgreSQL's."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise StoreError(
            _("读不懂数据库地址。"),
            hint=_("可用：sqlite:///路径，或 postgresql://用户:密码@主机/库名。"),
        ) from error
    family = url.drivername.split("+")[0]
    if family in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if family == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    raise StoreError(
        _("不支持的数据库 {name}。"),
        hint=_("可用：sqlite:///路径，或 postgresql://用户:密码@主机/库名。"),
        name=family,
    )


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL."""
    return Path(str(url.database)) if url.drivername == "sqlite" else None


def make_engine(url: URL) -> Engine:
    """An engine for the address. Nothing is opened yet."""
    encode = json.JSONEncoder(ensure_ascii=False).encode  # made once: a batch may have a million rows
    if url.drivername != "sqlite":
        return create_engine(
            url,
            json_serializer=encode,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "application_name": "atlas"},
        )
    engine = create_engine(
        url, json_serializer=encode, creator=partial(_connect_sqlite, Path(str(url.database)))
    )
    event.listen(engine, "checkout", partial(_same_file, Path(str(url.database))))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_sqlite(path: Path) -> sqlite3.Connection:
    """A connection; one that only reads where the file or its folder may not be written."""
    folder_open = os.access(path.parent, os.W_OK)
    read_only = path.exists() and not (folder_open and os.access(path, os.W_OK))
    address = f"file:{quote(str(path))}"
    if read_only:
        # in a closed folder SQLite cannot make its shared memory: without a log of changes the file is all there is
        log, memory = (path.with_name(f"{path.name}-{part}") for part in ("wal", "shm"))
        still = not folder_open and not log.exists()
        if not folder_open and log.exists() and not memory.exists():
            raise StoreError(
                _("数据库旁有还没有并入的改动（{log}），而这个文件夹不能写，所以读不到最新的状态。"),
                hint=_("请让本程序能写这个文件夹，或把 {name} 和 {log} 一起复制到能写的文件夹。"),
                name=path.name,
                log=log.name,
            )
        address += "?mode=ro&immutable=1" if still else "?mode=ro"
    connection = sqlite3.connect(
        address, uri=True, timeout=BUSY_MS / 1000, check_same_thread=False, isolation_level=None
    )  # transactions begin where we say so, and hold changes of tables too
    settings = ["foreign_keys=ON", f"busy_timeout={BUSY_MS}"]
    for setting in settings if read_only else ["journal_mode=WAL", "synchronous=FULL", *settings]:
        connection.execute(f"PRAGMA {setting}")
    return connection


def _same_file(path: Path, _connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A pooled connection to a file that was replaced (a restored backup) is dropped and made anew."""
    inode = path.stat().st_ino if path.exists() else 0
    if record.info.setdefault("inode", inode) != inode:
        raise DisconnectionError("the database file was replaced")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: two writers wait in turn instead of failing half way."""
    writes = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database."""
    with translated_errors(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction, one writer at a time: everything in it is kept, or nothing."""
    with translated_errors(), _turn_of(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITE: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                # writers take turns, so that revisions come in the order in which they become visible
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4159271)")
            yield connection
    _WRITES[0] += 1


@contextmanager
def _turn_of(engine: Engine) -> Iterator[None]:
    """Writers of this process wait here, not in the database: who waits holds no connection that a reader needs."""
    with _LOCK:
        turn = _TURNS.setdefault(engine, Lock())
    if not turn.acquire(timeout=TURN_S):
        raise StoreError(_CAUSES[0][1], hint=_CAUSES[0][2])
    try:
        yield
    finally:
        turn.release()


def writes() -> int:
    """How often this process has written: a cheap sign that what was read may be old."""
    return _WRITES[0]


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn faults of the database or its file into a ``StoreError`` with a remedy."""
    try:
        yield
    except AtlasError:
        raise
    except (DBAPIError, PoolTimeout, DisconnectionError, sqlite3.Error, OSError) as error:
        raise store_error(error) from error


def store_error(error: Exception) -> StoreError:
    """The fault of a driver as a ``StoreError``; the driver's own words are kept, never the password."""
    detail = _first_line(getattr(error, "orig", None) or error)
    lowered = f"{getattr(error, 'orig', None) or error}".lower()
    for fragments, message, hint in _CAUSES:
        if any(word in lowered for word in fragments):
            return StoreError(message, hint=hint, detail=detail)
    return StoreError(
        _("数据库出错：{detail}"), hint=_("这次改动没有写入；请记下这句话并告诉管理员。"), detail=detail
    )


def _first_line(error: Any) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
