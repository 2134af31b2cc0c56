"""What open data the pack names: rows of ``open_data.csv`` with address, licence and credit. A pack without it names none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from geo.paths import var_dir
from geo.text_tables import read_city_table

_NAME: Final = "open_data.csv"
_COLUMNS: Final = (
    "data_id",
    "form",
    "name_zh",
    "name_en",
    "url",
    "md5_url",
    "licence",
    "credit",
    "size_mb",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One file that can be had.

    Attributes
    ----------
    data_id, form : str
        Id, which the tiles of one raster share, and what is in it: ``osm_extract`` or ``population``.
    name_zh, name_en : str
    url, md5_url : str
        Address of the file and of its MD5 sum (empty for none).
    licence, credit : str
    size_mb : str
        About how large it is.
    """

    data_id: str
    form: str
    name_zh: str
    name_en: str
    url: str
    md5_url: str
    licence: str
    credit: str
    size_mb: str

    def name(self, lang: str) -> str:
        """What it is called in ``lang``."""
        return self.name_zh if lang == "zh" else self.name_en

    @property
    def file_name(self) -> str:
        """Name of the file, as its address ends."""
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def path(self) -> Path:
        """Where the fetched file is kept."""
        return var_dir() / "open_data" / self.file_name


def open_data_offers(root: Path) -> list[Offer]:
    """The rows of the pack in ``root``; ``DataError`` where the table cannot be read."""
    if not (root / _NAME).exists():
        return []
    rows = read_city_table(root, _NAME, _COLUMNS)[list(_COLUMNS)].to_dict("records")
    return [Offer(**{str(name): str(value) for name, value in row.items()}) for row in rows]


def sets_of(offers: Iterable[Offer]) -> list[list[Offer]]:
    """Offers that belong together: the tiles of one raster share their id. In the order of their first."""
    found: dict[str, list[Offer]] = {}
    for offer in offers:
        found.setdefault(offer.data_id, []).append(offer)
    return list(found.values())
