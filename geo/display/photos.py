"""Photos of events as they are shown: what is to be seen, whose picture it is, under which licence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from geo.display.labels import day_text, name_of
from geo.register.city import Atlas
from geo.register.photos import PHOTO_LICENCES
from geo.text import mark as _
from geo.text import translate


def photos_of_event(atlas: Atlas, event_id: str, lang: str) -> list[dict[str, Any]]:
    """The photos of an event: ``id, caption, credit`` (author and licence in words), ``width, height`` (pixels of the large picture).

    Parameters
    ----------
    atlas : Atlas
    event_id : str
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of dict
    """
    photos = atlas.pack.photos
    return [_shown(photo, lang) for _id, photo in photos[photos["event_id"] == event_id].iterrows()]


def photos_of_works(atlas: Atlas, work_ids: Iterable[str], lang: str) -> list[dict[str, Any]]:
    """The photos of works, the newest event first: as :func:`photos_of_event`, each caption with its work and its day.

    Parameters
    ----------
    atlas : Atlas
    work_ids : iterable of str
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of dict
    """
    if atlas.pack.photos.empty:
        return []
    events = pd.concat(
        [atlas.register.timeline(work_id).assign(of=work_id) for work_id in work_ids] or [pd.DataFrame()]
    )
    if events.empty:
        return []
    shown = events[events.index.isin(atlas.pack.photos["event_id"])].sort_values(
        "date", ascending=False, kind="stable"
    )
    return [
        photo | {"caption": _with_work(atlas, event, photo["caption"], lang)}
        for event_id, event in shown.iterrows()
        for photo in photos_of_event(atlas, str(event_id), lang)
    ]


def _with_work(atlas: Atlas, event: pd.Series[Any], caption: str, lang: str) -> str:
    return translate(_("{work}，{day}：{caption}"), lang).format(
        work=name_of(pd.Series(atlas.pack.works.loc[event["of"]]), lang),
        day=day_text(event["date"], event["date_precision"], lang),
        caption=caption,
    )


def _shown(photo: pd.Series[Any], lang: str) -> dict[str, Any]:
    licence = translate(PHOTO_LICENCES[photo["licence"]], lang)
    return {
        "id": str(photo["photo_id"]),
        "caption": str(photo["caption"]),
        "credit": translate(_("照片：{credit}，{licence}"), lang).format(
            credit=photo["credit"], licence=licence
        ),
        "width": int(photo["width"]),
        "height": int(photo["height"]),
    }
