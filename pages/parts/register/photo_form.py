"""The form that attaches a photo to an event: what the camera wrote is offered and then gone; no photo without credit and licence."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from geo.display.card import lasting
from geo.errors import AtlasError
from geo.reading.read_picture import Picture, read_picture
from geo.register.photos import MAX_TEXT, PHOTO_LICENCES
from geo.store import photos
from geo.store.model import Actor
from geo.uploaded_files import laid_down
from pages.parts.shell import edit_form, uploader
from pages.parts.shell.edit_form import key
from pages.parts.shell.html import picture_address
from pages.parts.shell.loaders import atlas, store
from pages.parts.shell.reading import read_or_wait
from pages.parts.shell.texts import error_text, escaped, language, t, translated

ENDINGS = ["jpg", "jpeg", "png", "webp"]


def photo_form(person: Actor, work_id: str) -> None:
    """Choose an event, bring a picture, say what it shows, whose it is and under which licence; below, the photos that are there."""
    events = atlas().register.timeline(work_id)
    if events.empty:
        st.info(t("先记一条进展，再给它配照片。"), icon=":material/event:")
        return
    told = lasting(atlas(), work_id, language())["events"]
    names = {
        str(event_id): f"{event['date']} · {event['what']}"[:80]
        for event_id, event in zip(events.index, told, strict=True)
    }
    event_id = st.selectbox(
        t("哪一条记载"),
        list(names),
        format_func=names.__getitem__,
        index=len(names) - 1,
        key=key("photo-event", work_id),
    )
    picture = _picture(work_id)
    if picture is not None:
        _offer(picture, work_id)
        _details(person, work_id, str(event_id), picture)
    _attached(person, work_id, told)


def _picture(work_id: str) -> Picture | None:
    file = uploader.file_uploader(
        t("照片（JPEG、PNG 或 WebP）"), type=ENDINGS, key=key("photo-file", work_id)
    )
    st.caption(t("照片里的拍摄位置、时间和设备信息读出来给您看，然后删掉：公开的照片里没有。"))
    if file is None:
        return None
    try:
        picture = read_or_wait("photo", file.file_id, lambda _job: _read(file), lambda _picture: True)
    except AtlasError as error:
        st.error(error_text(error))
        return None
    if picture is not None:
        st.image(picture.small)
    return picture


def _read(file: Any) -> Picture:
    with laid_down(file.name, file.getvalue()) as path:
        return read_picture(path, file.name)


def _offer(picture: Picture, work_id: str) -> None:
    """The place that the camera wrote, as a place for the work."""
    if picture.taken:
        st.caption(t("照片记下的拍摄日：{day}", day=date.fromisoformat(picture.taken).isoformat()))
    if picture.lon is None or picture.lat is None:
        return
    where = f"{picture.lon:.6f}, {picture.lat:.6f}"
    st.info(t("照片记下的位置：{where}（WGS84）。它不会公开。", where=where), icon=":material/location_on:")
    st.button(
        t("拿它给项目定位置"), on_click=_take_place, args=(picture, work_id), key=key("photo-place", work_id)
    )


def _take_place(picture: Picture, work_id: str) -> None:
    """Fill the form of the place with the camera's, and open it: the editor decides there."""
    st.session_state[key("x", work_id)], st.session_state[key("y", work_id)] = (
        f"{picture.lon:.6f}",
        f"{picture.lat:.6f}",
    )
    st.session_state[key("system", work_id)] = "WGS84"
    st.session_state["do"] = "place"


def _details(person: Actor, work_id: str, event_id: str, picture: Picture) -> None:
    caption = st.text_input(t("画面里是什么"), max_chars=MAX_TEXT, key=key("photo-caption", work_id))
    credit = st.text_input(t("署名（拍摄者或来源）"), max_chars=MAX_TEXT, key=key("photo-credit", work_id))
    licence = st.selectbox(
        t("许可"),
        list(PHOTO_LICENCES),
        index=None,
        placeholder=t("没有许可的照片不能发布"),
        format_func=translated(PHOTO_LICENCES).__getitem__,
        key=key("photo-licence", work_id),
    )
    reason = edit_form.reason_field(work_id, "photo")
    if not st.button(t("保存"), key=key("photo-save", work_id), type="primary", icon=":material/save:"):
        return
    photo = photos.NewPhoto(
        event_id, caption, credit, licence or "", picture.large, picture.small, picture.width, picture.height
    )
    try:
        applied = photos.add(store().engine, person, photo, reason)
    except AtlasError as error:
        edit_form.show_faults(error)
    else:
        edit_form.announce(applied)
        edit_form.begin_anew(work_id)
        st.rerun()


def _attached(person: Actor, work_id: str, told: list[dict[str, Any]]) -> None:
    """The photos that the work has, each with a way to take it back."""
    for photo in (photo for event in told for photo in event["photos"]):
        with st.container(border=True):
            st.html(f'<img src="{picture_address(photo["id"], "small")}" width="220" alt="">')
            st.caption(escaped(f"{photo['caption']} · {photo['credit']}"))
            name = f"withdraw-{photo['id']}"
            reason = edit_form.reason_field(work_id, name)
            if st.button(t("撤下这张照片"), key=key(name, work_id), icon=":material/visibility_off:"):
                _withdraw(person, work_id, photo["id"], reason)


def _withdraw(person: Actor, work_id: str, photo_id: str, reason: str) -> None:
    try:
        applied = photos.withdraw(store().engine, person, photo_id, reason)
    except AtlasError as error:
        edit_form.show_faults(error)
    else:
        edit_form.announce(applied)
        edit_form.begin_anew(work_id)
        st.rerun()
