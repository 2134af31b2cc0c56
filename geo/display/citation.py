"""How a view is cited: plain words, BibTeX, GB/T 7714-2015; the link is part of each, so the view can be seen again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from geo.register.city import Atlas
from geo.register.city_facts import City
from geo.text import mark as _
from geo.text import translate


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited.

    Attributes
    ----------
    title : str
        Of the page, as its reader sees it.
    as_of : date
        Day of the state that the view shows.
    seen : date
        The day it was looked at.
    url : str
        Address of the view.
    version : str
        Of the city pack.
    city : City
        Whose pack it is: author and licence.
    lang : str
        Language of the words.
    """

    title: str
    as_of: date
    accessed: date
    url: str
    version: str
    city: City
    lang: str

    @property
    def text(self) -> str:
        """One sentence with title, day, address and licence."""
        text = translate(
            _(
                "《{title}》，截至 {as_of}，资料版本 {version}。{url}（{seen} 访问）。许可：{licence}（{address}）。"
            ),
            self.lang,
        )
        return text.format(
            title=self.title,
            as_of=self.as_of.isoformat(),
            version=self.version,
            url=self.url,
            seen=self.accessed.isoformat(),
            licence=self.city.licence.label,
            address=self.city.licence.path,
        )

    @property
    def gbt7714(self) -> str:
        """GB/T 7714-2015, an electronic resource: ``[EB/OL]``, day of the state, day of reading, address."""
        author = self.city.author.of(self.lang)
        return f"{author}. {self.title}[EB/OL]. ({self.as_of.isoformat()})[{self.accessed.isoformat()}]. {self.url}."

    @property
    def bibtex(self) -> str:
        """A ``@misc`` entry for biblatex and BibTeX, in UTF-8."""
        author = self.city.author.of(self.lang)
        fields = {
            "author": f"{{{_tex(author)}}}",
            "title": f"{{{_tex(self.title)}}}",
            "year": str(self.as_of.year),
            "note": _tex(f"As of {self.as_of.isoformat()}; data {self.version}; {self.city.licence.label}"),
            "url": self.url.replace("{", "%7B").replace("}", "%7D"),
            "urldate": self.accessed.isoformat(),
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{atlas-{self.as_of.isoformat()},\n{body}\n}}"


def cite(atlas: Atlas, title: str, as_of: date, url: str, *, accessed: date, lang: str) -> Citation:
    """The citation of a view of ``atlas``.

    Parameters
    ----------
    atlas : Atlas
    title : str
    as_of : date
        The day of the state.
    url : str
        Address of the view.
    accessed : date
        The day the view was read.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Citation
    """
    return Citation(
        title=title,
        as_of=as_of,
        accessed=accessed,
        url=url,
        version=atlas.version,
        city=atlas.city,
        lang=lang,
    )


def _tex(text: str) -> str:
    """Without what TeX would act on."""
    return re.sub(r"([\\{}$&#%_^~])", " ", text).strip()
