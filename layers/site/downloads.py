"""Files to take away from the public site: what ``python -m geo export`` writes, made once for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from geo.files import Content, all_formats, file_name, get_format, get_system, stem_of, title_of, write_file
from geo.register.city import Atlas
from geo.register.selection import Selection
from geo.text import mark as _
from layers.site.tiles import archive

DISTRICT_FORMATS: Final = ("xlsx", "csv")
TILES_USE: Final = _("矢量瓦片，供别人的网页地图")


@dataclass(frozen=True, slots=True)
class Download:
    """One file: ``path`` from the site's root, the form's title, what it is good for (a message id), district or empty."""

    path: str
    title: str
    use: str
    district: str
    content: bytes

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rsplit("/", 1)[-1]


def downloads(atlas: Atlas, as_of: date, lang: str) -> list[Download]:
    """The plan's works of the whole city in every format, and of each district as tables, in WGS84.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of Download
    """
    state = Selection().apply(atlas.register.state(as_of))
    found = [_file(atlas, state, as_of, lang, declared.id) for declared in all_formats()]
    for code in atlas.districts.index:
        rows = Selection(districts=(str(code),)).apply(state)
        found += [_file(atlas, rows, as_of, lang, form, str(code)) for form in DISTRICT_FORMATS]
    return found


def _file(
    atlas: Atlas, state: pd.DataFrame, as_of: date, lang: str, form: str, district: str = ""
) -> Download:
    codes = (district,) if district else ()
    declared = get_format(form)
    title = title_of(atlas, codes, lang)
    content = Content(atlas, state, as_of, get_system("WGS84", atlas.city), lang, title=title)
    name = file_name(stem_of(atlas, codes), content, declared)
    folder = f"downloads/{lang}"
    return Download(f"{folder}/{name}", declared.title, declared.use, district, write_file(content, form))


def tiles(atlas: Atlas, as_of: date) -> Download:
    """The plan's works as PMTiles."""
    state = Selection().apply(atlas.register.state(as_of))
    path = f"downloads/{stem_of(atlas)}-{as_of.isoformat()}.pmtiles"
    return Download(path, "PMTiles", TILES_USE, "", archive(atlas, state, as_of))
