"""Numbers of sources in the order a report names them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.display.labels import source_publisher, source_title
from geo.report.model import Source, Sources
from geo.text import translate
from geo.vocabulary import RELIABILITY_LABELS


def web_address(url: Any) -> str:
    """The address of a source where it is one of the web; else empty."""
    return str(url) if str(url or "").startswith(("http://", "https://")) else ""


class References:
    """Gives every source a number when it is first named."""

    def __init__(self, sources: pd.DataFrame) -> None:
        self._sources = sources
        self._numbers: dict[str, int] = {}

    def numbers_of(self, *source_ids: Any) -> tuple[int, ...]:
        """Numbers of the sources that exist among ``source_ids``, each once."""
        known = [str(key) for key in source_ids if isinstance(key, str) and key in self._sources.index]
        for key in known:
            self._numbers.setdefault(key, len(self._numbers) + 1)
        return tuple(dict.fromkeys(self._numbers[key] for key in known))

    def as_block(self, lang: str) -> Sources:
        """The list of sources, as numbered."""
        return Sources(tuple(self._entry(key, number, lang) for key, number in self._numbers.items()))

    def _entry(self, key: str, number: int, lang: str) -> Source:
        row = self._sources.loc[key]
        parts = [part for part in (source_publisher(row, lang), source_title(row), row["published"]) if part]
        parts.append(translate(RELIABILITY_LABELS[str(row["reliability"])], lang))
        return Source(number, ("，" if lang == "zh" else ", ").join(parts), web_address(row["url"]))
