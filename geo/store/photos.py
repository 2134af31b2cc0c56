"""Photos of events: added as rows of a batch, read as pictures, withdrawn as any event is taken back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, insert, select

from geo.errors import ParameterError, UnknownIdError
from geo.register.photos import MAX_TEXT, PHOTO_LICENCES, PHOTO_SIZES
from geo.store import facts
from geo.store.edit import checked_reason, checked_text, take_back
from geo.store.engine import writing
from geo.store.model import Actor, Applied, Role
from geo.store.schema import events, photo_files
from geo.store.write import Draft, existing_rows, revision_of, write
from geo.text import mark as _

MOST_BYTES: Final = 4 * 2**20
"""Of one size of a picture."""


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A picture (JPEG in two sizes, without metadata: :mod:`geo.reading.read_picture`) and what its editor says of it."""

    event_id: str
    caption: str
    credit: str
    licence: str
    large: bytes
    small: bytes
    width: int
    height: int


def add(engine: Engine, actor: Actor, photo: NewPhoto, reason: str) -> Applied:
    """Attach a photo to an event; one that the event has already changes nothing.

    Parameters
    ----------
    engine : Engine
        Of the store.
    actor : Actor
        Who does it.
    photo : NewPhoto
    reason : str
        Why, in the person's own text.

    Returns
    -------
    Applied

    Raises
    ------
    AccessError
        The actor is no editor.
    ParameterError, UnknownIdError
        No caption, no credit, no licence, no reason, a picture beyond its limits, or an unknown event.
    """
    actor.require(Role.editor)
    cells = _cells(photo)
    with writing(engine) as connection:
        return _add(connection, actor, photo, cells, checked_reason(reason))


def _add(
    connection: Connection, actor: Actor, photo: NewPhoto, cells: dict[str, str], reason: str
) -> Applied:
    known = select(events.c.event_id).where(
        events.c.event_id == photo.event_id, events.c.table_name == "works"
    )
    if connection.scalar(known) is None or photo.event_id in facts.undone_ids(connection):
        raise UnknownIdError(
            _("没有编号为 {event_id} 的事件。"), hint=_("请在历史里查找编号。"), event_id=photo.event_id[:80]
        )
    photo_id, draft = cells["photo_id"], Draft()
    if photo_id in existing_rows(connection, "photos", [photo_id]):
        return _again(connection, actor, photo_id, reason)
    draft.add("photos", photo_id, cells)
    draft.events.append(facts.creation("photos", photo_id, cells))
    applied = write(connection, actor, reason, draft)
    connection.execute(insert(photo_files).values(photo_id=photo_id, large=photo.large, small=photo.small))
    return applied


def _again(connection: Connection, actor: Actor, photo_id: str, reason: str) -> Applied:
    """A photo that was withdrawn and comes again is restored."""
    created = "C" + facts.hashed("photos", photo_id)
    undos = facts.effective_undos(connection, [created])
    if not undos:
        revision = revision_of(connection)[0]
        return Applied(0, 0, 0, True, revision, revision)
    return take_back(connection, actor, undos, reason)


def _cells(photo: NewPhoto) -> dict[str, str]:
    if photo.licence not in PHOTO_LICENCES:
        raise ParameterError(_("没有写许可。"), hint=_("没有许可的照片不能发布。"))
    texts = {"caption": photo.caption.strip(), "credit": photo.credit.strip()}
    for name, message in (("caption", _("没有写画面里是什么。")), ("credit", _("没有写拍摄者或来源。"))):
        if not texts[name]:
            raise ParameterError(message, hint=_("照片要有说明、署名和许可才能发布。"))
        checked_text(texts[name], MAX_TEXT)
    for picture_bytes in (photo.large, photo.small):
        if not picture_bytes.startswith(b"\xff\xd8\xff") or len(picture_bytes) > MOST_BYTES:
            raise ParameterError(_("照片没有处理好。"), hint=_("请重新选择文件。"))
    content = hashlib.sha256(photo.event_id.encode() + photo.large).hexdigest()[:16]
    size = {"width": str(photo.width), "height": str(photo.height)}
    return {"photo_id": content, "event_id": photo.event_id, **texts, "licence": photo.licence, **size}


def withdraw(engine: Engine, actor: Actor, photo_id: str, reason: str) -> Applied:
    """Take a photo back: it is shown nowhere any more, and stays in the store.

    Parameters
    ----------
    engine : Engine
        Of the store.
    actor : Actor
        Who does it.
    photo_id : str
    reason : str
        Why, in the person's own text.

    Returns
    -------
    Applied

    Raises
    ------
    AccessError
        The actor is no editor.
    UnknownIdError, ParameterError
        No such photo, or one that came with the pack, or no reason.
    """
    actor.require(Role.editor)
    with writing(engine) as connection:
        return take_back(connection, actor, ["C" + facts.hashed("photos", photo_id)], checked_reason(reason))


def picture(connection: Connection, photo_id: str, size: str) -> bytes:
    """A photo's picture (JPEG).

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    photo_id : str
    size : str
        One of :data:`geo.register.photos.PHOTO_SIZES`.

    Returns
    -------
    bytes

    Raises
    ------
    UnknownIdError
        The store has no such picture.
    """
    column = photo_files.c[size] if size in PHOTO_SIZES else photo_files.c.small
    found = connection.scalar(select(column).where(photo_files.c.photo_id == photo_id))
    if found is None:
        raise UnknownIdError(_("没有这张照片。"), photo_id=photo_id[:80])
    return bytes(found)
