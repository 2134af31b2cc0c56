"""Texts for people: Simplified Chinese is the message id, other languages are gettext catalogues.

The catalogues are ``geo/locale/<lang>/LC_MESSAGES/atlas.po``; Babel reads them and the standard library's
:mod:`gettext` looks texts up, so there is no compiled file that could be stale.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("zh", "en")
LANGUAGE_TAGS: Final = {"zh": "zh-CN", "en": "en"}
"""What ``lang`` of HTML says of each (BCP 47)."""
LOCALE_DIR: Final = Path(__file__).parent / "locale"


def mark(message: str) -> str:
    """Name a text for extraction without translating it here (it is translated where it is shown)."""
    return message


class Message(str):
    """A message id that stands among the values of another text, and is translated with it."""

    __slots__ = ()


def read_language(text: str | None) -> str:
    """The language that a link, a request or a switch asks for: one of :data:`LANGUAGES`; Chinese for anything else.

    A wrong language is never refused: the refusal would need one.
    """
    return text if text in LANGUAGES else LANGUAGES[0]


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(lang: str) -> gettext.NullTranslations:
    path = LOCALE_DIR / lang / "LC_MESSAGES" / "atlas.po"
    if not path.exists():  # Chinese needs no catalogue: the message ids are Chinese
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as handle:
        write_mo(compiled, read_po(handle))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(message: str, lang: str = "zh") -> str:
    """``message`` in ``lang``; the Chinese text itself where the catalogue has no entry.

    Parameters
    ----------
    message : str
        A Chinese message id (never user data).
    lang : str
        One of :data:`LANGUAGES`; anything else reads as Chinese.
    """
    if not message:
        return message
    return _catalogue(read_language(lang)).gettext(message)
