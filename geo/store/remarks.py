"""“This is wrong”: remarks of anyone, limited in number, each decided by an editor with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from geo.errors import AccessError, ParameterError, UnknownIdError
from geo.store.edit import checked_reason, checked_text
from geo.store.model import Actor
from geo.store.moments import local_time
from geo.store.schema import decisions
from geo.store.schema import remarks as remark_rows
from geo.store.write import existing_rows, now
from geo.text import mark as _
from geo.vocabulary import DECISION_LABELS

DECISIONS: Final = tuple(DECISION_LABELS)
MAX_REMARK: Final = 2000
MAX_CONTACT: Final = 200
PER_SENDER: Final = 5  # an hour
IN_ALL: Final = 500  # a day
_COLUMNS: Final = ("report_id", "work_id", "text", "contact", "received_at")


@dataclass(frozen=True, slots=True)
class PublishedRemark:
    """A decided remark that an editor published: nothing in it tells who sent it.

    Attributes
    ----------
    work_id : str
        Empty where it is about no single work.
    text, reason : str
        Of people: as they wrote it.
    decision : str
        One of :data:`DECISIONS`.
    day : str
        Of the decision, by the clock of the country.
    """

    work_id: str
    text: str
    decision: str
    reason: str
    day: str


def add(connection: Connection, text: str, work_id: str, contact: str, sender: str) -> int:
    """Put a remark into the queue, inside the caller's transaction; its number.

    ``sender`` is a key that tells one sender from another, such as a digest of an address: at most 64 characters.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
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

    Raises
    ------
    ParameterError, UnknownIdError
        An empty or too long text, or an unknown work.
    """
    if not text.strip():
        raise ParameterError(_("没有写内容。"), hint=_("请写明哪里不对。"))
    text, contact = checked_text(text.strip(), MAX_REMARK), checked_text(contact.strip(), MAX_CONTACT)
    if work_id and work_id not in existing_rows(connection, "works", [work_id]):
        raise UnknownIdError(
            _("没有编号为 {work_id} 的项目。"), hint=_("请在清单中查找编号。"), work_id=work_id[:80]
        )
    sender = checked_text(sender, 64)
    _limit(connection, sender)
    number = int(connection.scalar(select(func.max(remark_rows.c.report_id))) or 0) + 1
    connection.execute(
        insert(remark_rows).values(
            report_id=number,
            work_id=work_id or None,
            text=text,
            contact=contact or None,
            sender=sender,
            received_at=now(),
        )
    )
    return number


def _limit(connection: Connection, sender: str) -> None:
    moment = datetime.now(UTC)
    hour = (moment - timedelta(hours=1)).isoformat(timespec="microseconds")
    day = (moment - timedelta(days=1)).isoformat(timespec="microseconds")
    count = select(func.count()).select_from(remark_rows)
    of_sender = (
        connection.scalar(count.where(remark_rows.c.sender == sender, remark_rows.c.received_at > hour)) or 0
    )
    total = connection.scalar(count.where(remark_rows.c.received_at > day)) or 0
    if of_sender >= PER_SENDER or total >= IN_ALL:
        raise AccessError(
            _("收到的反映太多，请稍后再来。"),
            hint=_("每人每小时最多 {mine} 条，全站每天最多 {every} 条。"),
            mine=PER_SENDER,
            every=IN_ALL,
        )


def queue(connection: Connection) -> pd.DataFrame:
    """Every remark, oldest first.

    Returns
    -------
    DataFrame
        ``report_id, work_id, text, contact, received_at`` and, of the last decision, ``decision, reason, public,
        decided_by, decided_at`` (None where there is none). ``contact`` is for editors alone.
    """
    result = connection.execute(
        select(*(remark_rows.c[name] for name in _COLUMNS)).order_by(remark_rows.c.report_id)
    )
    frame = pd.DataFrame(result.fetchall(), columns=list(_COLUMNS), dtype=object)
    result = connection.execute(
        select(
            decisions.c.report_id,
            decisions.c.decision,
            decisions.c.reason,
            decisions.c.public,
            decisions.c.actor.label("decided_by"),
            decisions.c.decided_at,
        ).order_by(decisions.c.seq)
    )
    made = pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
    last = made.drop_duplicates("report_id", keep="last")
    joined = frame.merge(last, on="report_id", how="left").astype(object)
    return joined.where(joined.notna(), None)


def published(connection: Connection) -> tuple[PublishedRemark, ...]:
    """The remarks whose last decision is for the public, oldest first."""
    rows = queue(connection)
    shown = rows[rows["decision"].notna() & rows["public"].eq(True)]
    return tuple(
        PublishedRemark(
            str(row["work_id"] or ""),
            row["text"],
            row["decision"],
            row["reason"],
            local_time(row["decided_at"])[:10],
        )
        for _at, row in shown.iterrows()
    )


def decide(
    connection: Connection, actor: Actor, remark_id: int, decision: str, reason: str, *, public: bool
) -> None:
    """Decide a remark, inside the caller's transaction; a later decision replaces an earlier one, which stays known.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
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

    Raises
    ------
    ParameterError, UnknownIdError
        An unknown remark or decision.
    """
    if decision not in DECISIONS:
        raise ParameterError(
            _("不能是“{value}”。"), hint=_("可用：{allowed}。"), value=decision, allowed="、".join(DECISIONS)
        )
    if not connection.scalar(select(remark_rows.c.report_id).where(remark_rows.c.report_id == remark_id)):
        raise UnknownIdError(_("没有第 {number} 号反映。"), number=remark_id)
    number = int(connection.scalar(select(func.max(decisions.c.seq))) or 0) + 1
    connection.execute(
        insert(decisions).values(
            seq=number,
            report_id=remark_id,
            decision=decision,
            reason=checked_reason(reason),
            public=public,
            actor=actor.name,
            decided_at=now(),
        )
    )
