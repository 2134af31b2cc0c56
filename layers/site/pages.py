"""The pages of the public site, from templates that escape every value."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from jinja2 import Environment

from geo.display.labels import name_of, plan_titles
from geo.display.number_heads import NUMBER_DEFINITIONS, NUMBER_HEADS
from geo.questions.works import SCOPES
from geo.register.city import Atlas
from geo.register.photos import photo_name
from geo.report.blocks import block_environment
from geo.report.counts import number
from geo.text import LANGUAGES, translate
from geo.text import mark as _
from geo.vocabulary import CERTAINTY_LABELS, DECISION_LABELS, STATUS_LABELS, promise_label
from layers.map.registry import all_layers
from layers.site.earlier import Earlier
from layers.site.families import Families
from layers.site.parts import Parts
from layers.site.plans import plan_folder, plan_links

if TYPE_CHECKING:
    from geo.store.remarks import PublishedRemark

TEMPLATES: Final = Path(__file__).parent / "templates"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""Content-Security-Policy of every page. ``frame-ancestors`` means nothing in a page: a server sends it (docs/publish.md)."""
LANGUAGE_NAMES: Final = {"zh": "中文", "en": "English"}
_SCOPES: Final = dict(zip(SCOPES, (_("计划内"), _("加上可能属于的"), _("含其他年份与背景")), strict=True))
_SHADES: Final = {
    "none": _("不着色"),
    "named": _("点了名的项目数"),
    "done": _("证实建成数"),
    "unplaced": _("不知道在哪的数"),
    "chosen": _("筛选的区县"),
}


@dataclass(frozen=True, eq=False)
class Site:
    """What all pages of a build share.

    Attributes
    ----------
    as_of : date
        The day the site is made for.
    names : mapping
        Paths of assets and data files, by what templates call them; data by ``name.lang``.
    approval : str
        Number of the map's approval, shown at the foot of every page; empty if there is none.
    remarks : tuple of PublishedRemark
        What readers reported and editors decided in public.
    parts : Parts
        What is known of each work, item and district, and what earlier builds made of it.
    """

    parts: Parts
    as_of: date
    names: Mapping[str, str]
    approval: str = ""
    remarks: tuple[PublishedRemark, ...] = ()

    @property
    def atlas(self) -> Atlas:
        """The city by the plan of the pages."""
        return self.parts.atlas

    @property
    def families(self) -> Families:
        """The families of the city's works."""
        return self.parts.families

    @property
    def earlier(self) -> Earlier:
        """Parts of earlier builds."""
        return self.parts.earlier

    def files(
        self, kind: str, lang: str, *made_of: str, make: Callable[[], dict[str, bytes]]
    ) -> dict[str, bytes]:
        """Files that an earlier build made of the same, else made now.

        Parameters
        ----------
        kind : str
            What they are.
        lang : str
            ``zh`` or ``en``.
        *made_of : str
            What they are made of, besides what all pages of this site show and :attr:`Families.beside`.
        make : callable
            Path -> content.

        Returns
        -------
        dict
        """
        shown = json.dumps([lang, self.as_of.isoformat(), self.approval, sorted(self.names.items())])
        return self.earlier.files(kind, shown, self.families.beside, *made_of, make=make)

    def made(self, kind: str, lang: str, *made_of: str, make: Callable[[], bytes]) -> bytes:
        """One file, as :meth:`files` finds or makes many.

        Parameters
        ----------
        kind : str
            What it is.
        lang : str
            ``zh`` or ``en``.
        *made_of : str
            As in :meth:`files`.
        make : callable
            Its content.

        Returns
        -------
        bytes
        """
        return self.files(kind, lang, *made_of, make=lambda: {"": make()})[""]

    @property
    def root(self) -> str:
        """The way from the first page of this plan to that of the first plan."""
        return "../" * plan_folder(self.atlas, self.atlas.pack.plan).count("/")

    def path(self, page: str, lang: str) -> str:
        """Where a page stands: Chinese at the root, other languages in a folder of their own."""
        return page if lang == LANGUAGES[0] else f"{lang}/{page}"

    def render(self, template: str, page: str, lang: str, **values: Any) -> tuple[str, bytes]:
        """Path and UTF-8 text of a page made from a template.

        Parameters
        ----------
        template, page : str
        lang : str
            ``zh`` or ``en``.
        **values : any

        Returns
        -------
        (str, bytes)
        """
        path = self.path(page, lang)
        up = "../" * path.count("/")
        others = [
            {"lang": other, "name": LANGUAGE_NAMES[other], "href": up + self.path(page, other)}
            for other in LANGUAGES
        ]
        text = (
            template_environment()
            .get_template(template)
            .render(
                t=partial(translated, lang),
                lang=lang,
                policy=POLICY,
                up=up,
                picture=lambda photo_id, size: f"{up}{self.root}photos/{photo_name(photo_id, size)}",
                photos=f"{up}{self.root}photos",
                plan=self.atlas.pack.plan,
                plan_titles=plan_titles(self.atlas, lang),
                plans=[
                    one | {"href": f"{up}{self.root}{one['folder']}{self.path(one['page'], lang)}"}
                    for one in plan_links(self.atlas, page, lang)
                ],
                home=up + ("" if lang == LANGUAGES[0] else f"{lang}/"),
                page=page,
                languages=others,
                asset={name: up + where for name, where in self.names.items()},
                city=self.atlas.city.name(lang),
                program=self.atlas.city.program_name(lang),
                licence=self.atlas.city.licence,
                version=self.atlas.version,
                as_of=self.as_of.isoformat(),
                approval=self.approval,
                districts=self.districts(lang),
                heads=NUMBER_HEADS,
                definitions=NUMBER_DEFINITIONS,
                **values,
            )
        )
        return path, text.encode()

    def remarks_of(self, lang: str, item_id: str = "") -> list[dict[str, str]]:
        """Rows of the remarks, by default all: of the works of one promise where ``item_id`` names it."""
        works = self.atlas.pack.works
        shown = [one for one in self.remarks if not item_id or self._item_of(one.work_id) == item_id]
        return [
            {
                "work_id": one.work_id,
                "name": name_of(pd.Series(works.loc[one.work_id]), lang)
                if one.work_id in works.index
                else one.work_id,
                "text": one.text,
                "decision": translate(DECISION_LABELS[one.decision], lang),
                "reason": one.reason,
                "day": one.day,
            }
            for one in shown
        ]

    def _item_of(self, work_id: str) -> str:
        works = self.atlas.pack.works
        return str(works.at[work_id, "item_id"]) if work_id in works.index else ""

    def districts(self, lang: str) -> dict[str, str]:
        """Code -> name."""
        return {str(code): str(name) for code, name in self.atlas.districts[f"name_{lang}"].items()}


def translated(lang: str, message: str, **values: object) -> str:
    """``message`` in ``lang``, its fields filled.

    Parameters
    ----------
    lang : str
        ``zh`` or ``en``.
    message : str
        Of the catalogue.
    **values : object
        Of the fields.

    Returns
    -------
    str
    """
    text = translate(message, lang)
    return text.format(**values) if values else text


def controls(site: Site, lang: str) -> dict[str, Any]:
    """What the filter widgets offer."""
    groups = {
        "category": (_("类别"), site.atlas.names("categories", lang)),
        "district": (_("区县"), site.districts(lang)),
        "status": (_("状态"), {word: translate(label, lang) for word, label in STATUS_LABELS.items()}),
        "certainty": (
            _("位置有多准"),
            {word: translate(label, lang) for word, label in CERTAINTY_LABELS.items()},
        ),
    }
    return {
        "groups": {
            name: {"label": translate(label, lang), "options": options}
            for name, (label, options) in groups.items()
        },
        "scopes": {name: translate(label, lang) for name, label in _SCOPES.items()},
        "shades": {name: translate(label, lang) for name, label in _SHADES.items()},
        "layers": {spec.id: translate(spec.title, lang) for spec in all_layers() if spec.optional},
    }


def item_rows(table: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """The plan's items (``layers.site.tables.items``) on the first day of a folded table, for a reader without scripts."""
    return [
        row
        | dict(zip(("named", "placed", "done", "probable", "promise"), values, strict=True))
        | {"promise_text": translate(promise_label(values[4], row["verb"]), lang)}
        for row, values in zip(table["rows"], table["first"], strict=True)
    ]


def folded(table: Mapping[str, Any], day: int) -> dict[str, Any]:
    """A table of ``first`` and ``changes`` as it is on a day: what the browser does (site/static/history.js)."""
    rows = list(table["first"])
    for at, place, values in table["changes"]:
        if at <= day:
            rows[place] = values
    return dict(table) | {"first": rows}


def size_text(size: int) -> str:
    """``123456`` -> ``121 kB``."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} kB"


@lru_cache(maxsize=1)
def template_environment() -> Environment:
    """Jinja's environment for the templates of the site."""
    found = block_environment(TEMPLATES)
    found.filters["number"] = number
    found.filters["size"] = size_text
    return found
