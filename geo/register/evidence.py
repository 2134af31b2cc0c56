"""How well the register's facts can be checked: where two sources disagree, and which sources nobody can open."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from geo.text import mark as _
from geo.text_tables import read_city_table
from geo.vocabulary import NOT_A_TEXT

_DISAGREEMENTS: Final = "disagreements.csv"
_COLUMNS: Final = (
    "disagreement_id",
    "work_id",
    *(f"{what}_{lang}" for what in ("topic", "first", "second", "shown") for lang in ("zh", "en")),
    "first_source_id",
    "second_source_id",
)
COPY_ONLY: Final = _("只见过转载，原文地址未知")
NO_ADDRESS: Final = _("所存文本没有地址")
NO_TEXT: Final = _("不是一份文件（一般认识、推算或数据集）")


def disagreements(root: Path) -> pd.DataFrame:
    """Matters on which two sources disagree, as ``disagreements.csv`` of the pack in ``root`` has them; none without the file.

    Returns
    -------
    DataFrame
        Texts: ``disagreement_id, work_id``; ``topic``, ``first``, ``second`` and ``shown`` (what the register uses) in
        both languages; ``first_source_id, second_source_id``. Read only.
    """
    return _disagreements(root)


@lru_cache(maxsize=8)
def _disagreements(root: Path) -> pd.DataFrame:
    if not (root / _DISAGREEMENTS).exists():
        return pd.DataFrame(columns=list(_COLUMNS), dtype=object)
    return read_city_table(root, _DISAGREEMENTS, _COLUMNS)


def unlinked_sources(sources: pd.DataFrame) -> pd.DataFrame:
    """The sources without an address, each with ``why`` (a catalogue text), in their own order.

    Parameters
    ----------
    sources : DataFrame
        ``Pack.sources``.

    Returns
    -------
    DataFrame
        The columns of ``sources`` and ``why``.
    """
    found = sources[sources["url"].isna()].copy()
    why = pd.Series(NO_ADDRESS, index=found.index, dtype=object)
    why[found["seen_via_mirror"].astype(bool)] = COPY_ONLY
    why[found["reliability"].isin(NOT_A_TEXT)] = NO_TEXT
    return found.assign(why=why)
