"""What is remembered of the map, and how it is asked for: its page, its declarations and its layers, as they are sent."""

from __future__ import annotations

from datetime import date
from typing import Final

from layers.api.layer_memory import recalled
from layers.map.beside import beside

DATUMS: Final = ("WGS84", "GCJ02")
_LINE: Final = b"\n"


def page_question(lang: str, plan: str = "") -> tuple[str, ...]:
    """The map's page in a language."""
    return ("page", lang, plan, *beside())


def config_question(lang: str) -> tuple[str, ...]:
    """The declarations of all layers, and the texts."""
    return ("config", lang, date.today().isoformat(), *beside())


def layer_question(layer_id: str, lang: str, datum: str, plan: str = "") -> tuple[str, ...]:
    """A layer's rows.

    Parameters
    ----------
    layer_id : str
    lang : str
        ``zh`` or ``en``.
    datum : str
        One of :data:`DATUMS`.
    plan : str
        Id of a plan, ``all``, or empty for the first.

    Returns
    -------
    tuple of str
    """
    return ("layer", layer_id, lang, datum, plan, *beside())


def address_question(lang: str) -> tuple[str, ...]:
    """The address of the newest page."""
    return ("address", lang, *beside())


def with_version(version: str, body: bytes) -> bytes:
    """An answer and the version that it is of, as one text to remember."""
    return version.encode() + _LINE + body


def split_version(content: bytes) -> tuple[str, bytes]:
    """What :func:`with_version` put together."""
    version, _line, body = content.partition(_LINE)
    return version.decode(), body


def recalled_answer(question: tuple[str, ...]) -> tuple[str, bytes] | None:
    """Version and compressed JSON of an answer that is remembered; None where it must be made."""
    content = recalled(question)
    return None if content is None else split_version(content)
