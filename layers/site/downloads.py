"""Files to take away from the public site: what ``python -m geo export`` writes, made once for everyone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import product
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
from geo.text import LANGUAGES
from geo.text import mark as _
from layers.site.pages import Site
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


def downloads(site: Site) -> dict[str, list[Download]]:
    """The plan's works and the facilities of the whole city in every format, and of each district as tables, in WGS84; the works as PMTiles.

    Parameters
    ----------
    site : Site

    Returns
    -------
    dict
        Language -> files.
    """
    forms = [declared.id for declared in all_formats()]
    areas = [("", forms), *((str(code), DISTRICT_FORMATS) for code in site.atlas.districts.index)]
    found: dict[str, list[Download]] = {lang: [] for lang in LANGUAGES}
    for district, wanted in areas:
        for what in CONTENTS:
            content = content_of(site.atlas, site.as_of, what, district)
            for lang, form in product(LANGUAGES, wanted):
                found[lang].append(_file(site, content, form, lang, district))
    shared = tiles(site)
    return {lang: [*files, shared] for lang, files in found.items()}


def content_of(atlas: Atlas, as_of: date, what: str = Content.layer, district: str = "") -> Content:
    """What a download holds, not yet in a language.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        The day of the state.
    what : str
        A key of :data:`geo.files.CONTENTS`.
    district : str
        A code; empty for the city.

    Returns
    -------
    Content
    """
    codes = (district,) if district else ()
    if what == Content.layer:
        rows = Selection(districts=codes).apply(atlas.register.state(as_of))
    else:
        rows = facilities_in(atlas.register, as_of, districts=codes)
    return CONTENTS[what](atlas, rows, as_of, get_system("WGS84", atlas.city))


def _file(site: Site, content: Content, form: str, lang: str, district: str) -> Download:
    declared, codes, what = get_format(form), (district,) if district else (), content.layer
    title = title_of(content.atlas, codes, lang, what=what)
    stem = stem_of(content.atlas, codes, what=what)
    made = site.made(
        "download",
        lang,
        form,
        what,
        district,
        # a change of the facilities is one of what is beside the works
        content.digest if what == Content.layer else "",
        make=lambda: write_file(replace(content, lang=lang, title=title), form),
    )
    path = f"downloads/{lang}/{file_name(stem, content, declared)}"
    return Download(path, declared.title, declared.use, what, district, made)


def tiles(site: Site) -> Download:
    """The plan's works as PMTiles."""
    content = content_of(site.atlas, site.as_of)
    path = f"downloads/{stem_of(site.atlas)}-{site.as_of.isoformat()}.pmtiles"
    return Download(path, "PMTiles", TILES_USE, content.layer, "", archive(content, site.earlier))
