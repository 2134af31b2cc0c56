"""Edits that say what counts: taking an event back, and merging two works. Both are events, and can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, select

from geo.errors import ParameterError, UnknownIdError
from geo.register.undone_and_merged import merged_into, undone
from geo.store import facts
from geo.store.model import MAX_TEXT, Actor, Applied
from geo.store.rows import unfit
from geo.store.schema import events
from geo.store.write import Draft, existing_rows, parts_of, write
from geo.text import mark as _


def checked_reason(reason: str) -> str:
    """A reason in the user's words, without blanks around it; ``ParameterError`` for none or an unfit one."""
    text = reason.strip()
    if not text:
        raise ParameterError(_("没有写理由。"), hint=_("请用一句话说明为什么改。"))
    return checked_text(text)


def checked_text(text: str, limit: int = MAX_TEXT) -> str:
    """The text, if it can be stored and is not too long; ``ParameterError`` otherwise."""
    if len(text) > limit:
        raise ParameterError(_("有 {length} 个字，最多 {limit} 个。"), length=len(text), limit=limit)
    if fault := unfit(text):
        raise ParameterError(fault, length=len(text), limit=limit)
    return text


def take_back(connection: Connection, actor: Actor, ids: Iterable[str], reason: str) -> Applied:
    """Undo events, inside the caller's transaction; ``ParameterError`` for one that is undone already.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    actor : Actor
        Who does it.
    ids : iterable of str
        Primary keys.
    reason : str
        Why, in the person's own text.

    Returns
    -------
    Applied

    Raises
    ------
    UnknownIdError, ParameterError
        An unknown event, or one that is undone already.
    """
    wanted = list(dict.fromkeys(ids))
    existing = _targets(connection, wanted)
    pairs = facts.undos(connection)
    gone, turns = undone(pairs), Counter(target for _undo, target in pairs)
    draft = Draft()
    for event_id in () if existing.keys() >= set(wanted) and gone.isdisjoint(wanted) else wanted:
        if event_id not in existing:
            raise UnknownIdError(
                _("没有编号为 {event_id} 的事件。"), hint=_("请在历史里查找编号。"), event_id=event_id[:80]
            )
        if event_id in gone:
            raise ParameterError(
                _("事件 {event_id} 已经撤销。"),
                hint=_("要恢复它，请撤销 {undo}。"),
                event_id=event_id,
                undo="、".join(undo for undo, target in pairs if target == event_id and undo not in gone),
            )
    targets = [existing[event_id] for event_id in wanted]
    draft.events.extend(facts.undos_of(targets, [turns[event_id] + 1 for event_id in wanted]))
    return write(connection, actor, reason, draft, kind="undo")


_TARGET: Final = ("event_id", "table_name", "row_id", "work_id", "always")


def _targets(connection: Connection, ids: list[str]) -> dict[str, dict[str, Any]]:
    """What an undo needs to know of those of ``ids`` that are events."""
    found: dict[str, dict[str, Any]] = {}
    for part in parts_of(ids):
        query = select(*(events.c[name] for name in _TARGET)).where(events.c.event_id.in_(part))
        found |= {str(row[0]): dict(zip(_TARGET, row, strict=True)) for row in connection.execute(query)}
    return found


def batch_events(connection: Connection, batch_id: int) -> list[str]:
    """Ids of a batch's events that still count, newest first; ``UnknownIdError`` if it has none."""
    ids = counted_event_ids(connection, batch_id)
    if not ids:
        raise UnknownIdError(
            _("第 {batch} 批里没有可撤销的事件。"), hint=_("请在历史里查找批号。"), batch=batch_id
        )
    return ids


def counted_event_ids(connection: Connection, batch_id: int) -> list[str]:
    """Ids of a batch's events that still count, newest first; none where all of it was taken back."""
    gone = facts.undone_ids(connection)
    query = select(events.c.event_id).where(events.c.batch_id == batch_id).order_by(events.c.seq.desc())
    return [str(event_id) for event_id in connection.scalars(query) if str(event_id) not in gone]


def merge(connection: Connection, actor: Actor, work_id: str, into: str, reason: str) -> Applied:
    """Say that two works are one, inside the caller's transaction.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    actor : Actor
        Who does it.
    work_id : str
        Id of a work.
    into : str
        Id of the work that stays.
    reason : str
        Why, in the person's own text.

    Returns
    -------
    Applied

    Raises
    ------
    ParameterError, UnknownIdError
        An unknown work, one that is merged already, or a circle of merges.
    """
    existing = existing_rows(connection, "works", [work_id, into])
    for wanted in (work_id, into):
        if wanted not in existing:
            raise UnknownIdError(
                _("没有编号为 {work_id} 的项目。"), hint=_("请在清单中查找编号。"), work_id=wanted[:80]
            )
    earlier = _merges(connection)
    gone = facts.undone_ids(connection)
    merged = {row["work_id"]: row["value"] for row in earlier if row["event_id"] not in gone}
    if work_id in merged:
        raise ParameterError(
            _("{work_id} 已并入 {into}。"),
            hint=_("要改，请先撤销那次合并。"),
            work_id=work_id,
            into=merged[work_id],
        )
    if work_id not in merged_into(merged | {work_id: into}):
        raise ParameterError(
            _("{work_id} 不能并入 {into}：会成一个圈。"),
            hint=_("请选另一个项目，或先撤销原来的合并。"),
            work_id=work_id,
            into=into,
        )
    turn = sum(1 for row in earlier if (row["work_id"], row["value"]) == (work_id, into)) + 1
    draft = Draft()
    draft.events.append(facts.merge(work_id, into, turn))
    return write(connection, actor, reason, draft, kind="merge")


def _merges(connection: Connection) -> list[dict[str, Any]]:
    query = select(events.c.event_id, events.c.work_id, events.c.value).where(events.c.kind == "merge")
    return [dict(row) for row in connection.execute(query).mappings()]
