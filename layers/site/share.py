"""What the share box of the public pages fills in: the forms of a citation, whose day and address only the browser knows."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from geo.display.citation import cite
from geo.display.labels import plan_titles
from geo.display.view import LONGEST_QR
from geo.register.city import Atlas
from geo.text import mark as _
from geo.text import translate

_DAY: Final = date(1001, 1, 1)
_SEEN: Final = date(1002, 1, 1)
_ADDRESS: Final = "address-of-the-view"
_FIELDS: Final = {
    _DAY.isoformat(): "@day@",
    _SEEN.isoformat(): "@seen@",
    f"{{{_DAY.year}}}": "{@year@}",
    _ADDRESS: "@address@",
}
"""What stands in a citation that is made here, and the field that the browser fills (``static/share.js``)."""


def share_forms(atlas: Atlas, lang: str) -> dict[str, Any]:
    """Title, credits, the longest address that a QR code holds, and the citation as texts with fields.

    Parameters
    ----------
    atlas : Atlas
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    title = " · ".join([atlas.city.program_name(lang), *plan_titles(atlas, lang), translate(_("地图"), lang)])
    citation = cite(atlas, title, _DAY, _ADDRESS, accessed=_SEEN, lang=lang)
    forms = {"text": citation.text, "gbt7714": citation.gbt7714, "bibtex": citation.bibtex}
    return {
        "title": title,
        "credits": f"{atlas.city.credit_line(lang)} {atlas.city.licence.label}",
        "longest_qr": LONGEST_QR,
        "citation": {name: _with_fields(text) for name, text in forms.items()},
    }


def _with_fields(text: str) -> str:
    for written, field in _FIELDS.items():
        text = text.replace(written, field)
    return text
