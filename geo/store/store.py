"""The store itself: opens a database and offers what pages, importers and commands do with the register."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select

from geo.cities import MOST_CITIES
from geo.errors import ConflictError
from geo.paths import data_dir
from geo.register.pack import Pack
from geo.register.register import Register
from geo.store import backup, edit, export, facts, log, remarks
from geo.store.check import Checker
from geo.store.engine import default_url, make_engine, read_url, reading, sqlite_file, writing
from geo.store.migrate import upgrade
from geo.store.model import Actor, Applied, Batch, Role
from geo.store.read import read_pack
from geo.store.read_before import ReadBefore
from geo.store.schema import batches, events
from geo.store.sync import Summary, sync_pack
from geo.store.write import revision_of, write
from geo.text import mark as _


class Store:
    """The register in a database. Threads and processes may share one; writers take turns.

    Parameters
    ----------
    engine : Engine
        Of a database whose tables are up to date: :func:`open_store` sees to that.
    root : Path
        Folder of the city pack: its schema says what rows may be.
    """

    def __init__(self, engine: Engine, root: Path) -> None:
        self.engine, self.root = engine, root
        self._before = ReadBefore()

    @property
    def address(self) -> str:
        """Where the database is, without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    def sync(self) -> Summary | None:
        """Load the city pack anew if its files changed; None if they did not."""
        return sync_pack(self.engine, self.root)

    def revision(self) -> int:
        """Number of the last batch; it grows with everything that is written."""
        return self.stamp()[0]

    def stamp(self) -> tuple[int, str]:
        """Revision and digest of the whole log: one short query, to be asked often."""
        with reading(self.engine) as connection:
            return revision_of(connection)

    def pack(self) -> Pack:
        """The register as a pack: ``Register.from_pack`` gives states, progress and the rest of it."""
        with reading(self.engine) as connection:
            return read_pack(connection, self.root, self._before)

    def version(self, work_id: str) -> int:
        """Number of events of a work, whatever their kind; 0 for a work of the pack that nothing happened to."""
        with reading(self.engine) as connection:
            return facts.version_of(connection, work_id)

    def apply(self, actor: Actor, batch: Batch) -> Applied:
        """Write a batch, all of it or nothing.

        What the store has already, word for word, is not written again; a batch that brings nothing new, or whose
        key was written before and still counts, changes nothing and is ``repeated``. One that was taken back whole
        and comes again is restored.

        Raises
        ------
        AccessError
            The actor is no editor.
        ConflictError
            A work of ``batch.expected`` has another version now.
        DataError
            Rows do not fit the pack's schema: all problems at once, also as ``params["problems"]``.
        StoreError
            The database cannot be written.
        """
        actor.require(Role.editor)
        with writing(self.engine) as connection:
            batch_id = _batch_of_key(connection, batch.key) if batch.key else 0
            if batch_id and edit.counted_event_ids(connection, batch_id):
                return Applied(0, 0, 0, True, revision_of(connection)[0], batch_id)
            _expect(connection, batch)
            draft = Checker(connection, self.root, actor, batch).prepare()
            if draft.empty:
                revision = revision_of(connection)[0]
                return Applied(0, 0, 0, True, revision, revision)
            return write(connection, actor, batch.reason.strip(), draft, key="" if batch_id else batch.key)

    def undo(self, actor: Actor, event_id: str, reason: str) -> Applied:
        """Take an event back: it counts on no day any more. Undoing an undo restores. ``UnknownIdError``,
        ``ParameterError`` where it is undone already.

        Parameters
        ----------
        actor : Actor
            Who does it.
        event_id : str
            Id of the event.
        reason : str
            Why, in the person's own text.

        Returns
        -------
        Applied
        """
        actor.require(Role.editor)
        with writing(self.engine) as connection:
            return edit.take_back(connection, actor, [event_id], edit.checked_reason(reason))

    def undo_batch(self, actor: Actor, batch_id: int, reason: str) -> Applied:
        """Take back everything that one import or edit brought and that still counts.

        Parameters
        ----------
        actor : Actor
            Who does it.
        batch_id : int
            Number of the batch.
        reason : str
            Why, in the person's own text.

        Returns
        -------
        Applied
        """
        actor.require(Role.editor)
        with writing(self.engine) as connection:
            return edit.take_back(
                connection, actor, edit.batch_events(connection, batch_id), edit.checked_reason(reason)
            )

    def merge(self, actor: Actor, work_id: str, into_work_id: str, reason: str) -> Applied:
        """Say that a work is the same as another: it stops counting, its history stays; its parts follow.

        Parameters
        ----------
        actor : Actor
            Who does it.
        work_id : str
            Id of a work.
        into_work_id : str
            Id of the work that stays.
        reason : str
            Why, in the person's own text.

        Returns
        -------
        Applied
        """
        actor.require(Role.editor)
        with writing(self.engine) as connection:
            return edit.merge(connection, actor, work_id, into_work_id, edit.checked_reason(reason))

    def history(self, work_id: str) -> pd.DataFrame:
        """Every event of a work with who, when and why, oldest first; see :func:`geo.store.log.event_rows`."""
        with reading(self.engine) as connection:
            return log.history(connection, work_id)

    def changes_since(self, revision: int) -> pd.DataFrame:
        """Every event written after a revision; see :func:`geo.store.log.event_rows`."""
        with reading(self.engine) as connection:
            return log.since(connection, revision)

    def diff(self, first: date, last: date) -> pd.DataFrame:
        """``work_id, name_zh, field, before, after`` of what differs between two days."""
        return log.difference(Register.from_pack(self.pack()), first, last)

    def batches(self, last: int = 20) -> pd.DataFrame:
        """The last batches, newest first: ``batch_id, kind, actor, role, reason, recorded_at, events, counted`` (those
        that nobody took back)."""
        with reading(self.engine) as connection:
            return log.last_batches(connection, last)

    def backup(self, path: Path) -> dict[str, Any]:
        """Write everything to one file; see :func:`geo.store.backup.backup`."""
        return backup.backup(self.engine, path)

    def restore(self, path: Path, *, replace: bool = False) -> dict[str, Any]:
        """Fill the database from a backup; see :func:`geo.store.backup.restore`."""
        return backup.restore(self.engine, path, replace=replace)

    def holds_something(self) -> bool:
        """Whether anything was ever written."""
        return self.revision() > 0

    def export_pack(self, folder: Path) -> None:
        """Write the register as a city pack; see :func:`geo.store.export.export_pack`."""
        with reading(self.engine) as connection:
            export.export_pack(connection, self.root, folder)

    def export_geopackage(self, path: Path, as_of: date) -> None:
        """Write the register on a day as a GeoPackage; see :func:`geo.store.export.export_geopackage`."""
        export.export_geopackage(self.pack(), path, as_of)

    def add_remark(self, text: str, *, work_id: str = "", contact: str = "", sender: str = "") -> int:
        """Say that something is wrong; the number in the queue. Anyone may, a few times an hour (``AccessError``).

        Parameters
        ----------
        text : str
            What is wrong.
        work_id : str
            Id of a work.
        contact : str
            How to reach the sender; may be empty.
        sender : str
            Key that tells one sender from another.

        Returns
        -------
        int
        """
        with writing(self.engine) as connection:
            return remarks.add(connection, text, work_id, contact, sender)

    def remarks(self) -> pd.DataFrame:
        """The queue with its decisions; see :func:`geo.store.remarks.queue`."""
        with reading(self.engine) as connection:
            return remarks.queue(connection)

    def decide(
        self, actor: Actor, remark_id: int, decision: str, reason: str, *, public: bool = False
    ) -> None:
        """Decide a remark (``accepted`` or ``declined``) with a reason, which may be published.

        Parameters
        ----------
        actor : Actor
            Who does it.
        remark_id : int
            Number in the queue.
        decision : str
            ``accepted`` or ``declined``.
        reason : str
            Why, in the person's own text.
        public : bool
            Whether the reason may be published.
        """
        actor.require(Role.editor)
        with writing(self.engine) as connection:
            remarks.decide(connection, actor, int(remark_id), decision, reason, public=public)


def _batch_of_key(connection: Connection, key: str) -> int:
    return int(connection.scalar(select(batches.c.batch_id).where(batches.c.key == key)) or 0)


def _expect(connection: Connection, batch: Batch) -> None:
    """``ConflictError`` where someone wrote events of an expected work since the editor looked."""
    for work_id, seen in batch.expected.items():
        query = (
            select(events, batches.c.actor, batches.c.reason, batches.c.recorded_at.label("moment"))
            .join(batches, batches.c.batch_id == events.c.batch_id)
            .where(facts.of_row(work_id))
            .order_by(events.c.seq)
        )
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if len(rows) != seen:
            raise conflict(work_id, rows[seen:] or rows[-1:])


def conflict(work_id: str, changes: list[dict[str, Any]]) -> ConflictError:
    """Tells what changed, by whom and when."""
    lines = [
        f"{change['moment'][:19].replace('T', ' ')} UTC {change['actor']}: {change['kind']} {change['value'][:200]}"
        for change in changes
    ]
    return ConflictError(
        _("{work_id} 在此期间已被改动：\n{listed}"),
        hint=_("您的改动没有写入，也没有丢；请看过新内容后再提交。"),
        work_id=work_id,
        listed="\n".join(lines) or "—",
        changes=changes,
    )


def open_store(url: str | None = None, root: Path | None = None) -> Store:
    """Open the store at ``url`` (default :func:`geo.store.engine.default_url`), with tables and pack up to date.

    A missing SQLite file is made. Stores are kept: the same address gives the same store.

    Raises
    ------
    StoreError
        The database cannot be reached, made or brought up to date; the hint says what to do.
    DataError
        The city pack is broken.
    """
    store = connect(url, root)
    store.sync()
    return store


def connect(url: str | None = None, root: Path | None = None) -> Store:
    """Like :func:`open_store`, without loading the pack: to restore a backup into an empty database."""
    return _store_at(url or default_url(), root or data_dir())


@lru_cache(maxsize=MOST_CITIES)
def _store_at(url: str, root: Path) -> Store:
    address = read_url(url)
    file = sqlite_file(address)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(address)
    upgrade(engine)
    return Store(engine, root)


def forget_stores() -> None:
    """Open every store anew when it is asked for next: for who has moved a database file."""
    _store_at.cache_clear()
