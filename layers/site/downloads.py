"""Files to take away from the public site: what ``python -m geo export`` writes, made once for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from geo.files import (
    CONTENTS,
    Content,
    all_formats,
    file_name,
    get_format,
    get_system,
    stem_of,
    title_of,
    write_file,
)
from geo.register.city import Atlas
from geo.register.facilities import facilities_in
from geo.register.selection import Selection
from geo.text import mark as _
from layers.site.tiles import archive

DISTRICT_FORMATS: Final = ("xlsx", "csv")
TILES_USE: Final = _("矢量瓦片，供别人的网页地图")


@dataclass(frozen=True, slots=True)
class Download:
    """One file.

    Attributes
    ----------
    path : str
        From the site's root.
    title, use : str
        The form's title, and what it is good for (a message id).
    what : str
        A key of :data:`geo.files.CONTENTS`.
    district : str
        Code; empty for the city.
    content : bytes
    """

    path: str
    title: str
    use: str
    what: str
    district: str
    content: bytes

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def contents(self) -> str:
        """What is in it, as a message id."""
        return CONTENTS[self.what].sheet


def downloads(atlas: Atlas, as_of: date, lang: str) -> list[Download]:
    """The plan's works and the facilities of the whole city in every format, and of each district as tables, in WGS84.

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
    forms = [declared.id for declared in all_formats()]
    areas = [("", forms), *((str(code), DISTRICT_FORMATS) for code in atlas.districts.index)]
    state = Selection().apply(atlas.register.state(as_of))
    found = []
    for district, wanted in areas:
        codes = (district,) if district else ()
        rows = {
            "works": Selection(districts=codes).apply(state),
            "facilities": facilities_in(atlas.register, as_of, districts=codes),
        }
        for what in CONTENTS:
            content = CONTENTS[what](
                atlas,
                rows[what],
                as_of,
                get_system("WGS84", atlas.city),
                lang,
                title=title_of(atlas, codes, lang, what=what),
            )
            found += [_file(content, form, what, district) for form in wanted]
    return found


def _file(content: Content, form: str, what: str, district: str) -> Download:
    declared = get_format(form)
    stem = stem_of(content.atlas, (district,) if district else (), what=what)
    path = f"downloads/{content.lang}/{file_name(stem, content, declared)}"
    return Download(path, declared.title, declared.use, what, district, write_file(content, form))


def tiles(atlas: Atlas, as_of: date) -> Download:
    """The plan's works as PMTiles."""
    state = Selection().apply(atlas.register.state(as_of))
    path = f"downloads/{stem_of(atlas)}-{as_of.isoformat()}.pmtiles"
    return Download(path, "PMTiles", TILES_USE, "works", "", archive(atlas, state, as_of))
