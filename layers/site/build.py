"""Makes the public site: every file from the atlas and a day, then the folder brought to that set."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.atlas import load_picture
from geo.errors import DataError, ParameterError
from geo.register.city import Atlas
from geo.register.photos import PHOTO_SIZES, photo_name
from geo.register.plans import ALL_PLANS
from geo.register.selection import Selection
from geo.register.work_counts import work_counts
from geo.report.front import Front, front
from geo.table import table_text
from geo.text import LANGUAGES
from geo.text import mark as _
from layers.feeds import news
from layers.map.payload import day_number
from layers.site.assets import assets, named
from layers.site.charts import Comparisons, FrontLinks, chart_links, comparison_pages, promise_files
from layers.site.districts import district_files
from layers.site.downloads import Download, downloads
from layers.site.earlier import Earlier
from layers.site.feeds import feeds
from layers.site.folder import Written, as_made, bring
from layers.site.method import method
from layers.site.near import near_page, page_table
from layers.site.pages import POLICY, Site, controls, folded, item_rows
from layers.site.parts import Parts
from layers.site.plans import other_plans, plan_folder
from layers.site.promises import promise_pages, promises_of
from layers.site.recipe import recipe
from layers.site.search_table import search_table, terms_table
from layers.site.tables import as_script, core

if TYPE_CHECKING:
    from geo.store.remarks import PublishedRemark

_CODE: Final = re.compile(r"[0-9A-Za-z_-]{1,40}")


def build_day(atlas: Atlas) -> date:
    """The day a site is made for: the last one on which the register learnt something, so that the same register gives the
    same site on any day of the calendar. Kept within the slider.
    """
    recorded = [str(value)[:10] for value in atlas.register.events["recorded_at"].dropna()]
    confirmed = atlas.register.events[atlas.register.events["confirmed"].astype(bool)]
    days = [datetime.fromisoformat(text).date() for text in recorded] + list(confirmed["date"].dropna())
    span = atlas.city.days
    return span.within(max(days, default=span.last))


def publish(
    atlas: Atlas,
    out: Path,
    as_of: date | None = None,
    *,
    approval: str = "",
    remarks: Sequence[PublishedRemark] = (),
) -> Written:
    """Build the site and bring the folder ``out`` to it; where nothing it is made of changed, only look at the files.

    Parameters
    ----------
    atlas : Atlas
    out : Path
        Folder of the site.
    as_of : date or None
        The day of the state.
    approval : str
        Map approval number, if there is one.
    remarks : sequence of PublishedRemark
        What readers reported and editors decided in public.

    Returns
    -------
    Written

    Raises
    ------
    ParameterError
        ``as_of`` is outside the slider.
    DataError
        The folder holds a file in the way, or cannot be written.
    """
    day = as_of or build_day(atlas)
    made_of = recipe(atlas, day, approval, remarks)
    if (found := as_made(out, made_of)) is not None:
        return found
    earlier = Earlier.of_site(out)
    with earlier.names():
        files = site_files(atlas, day, approval=approval, remarks=remarks, earlier=earlier)
    written = bring(out, files, made_of)
    earlier.forget_unused()
    return written


def site_files(
    atlas: Atlas,
    as_of: date,
    *,
    approval: str = "",
    remarks: Sequence[PublishedRemark] = (),
    earlier: Earlier | None = None,
) -> dict[str, bytes]:
    """Every file of the site: path with ``/`` -> content. The same atlas and day give the same bytes.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        The day of the state.
    approval : str
        Map approval number, if there is one.
    remarks : sequence of PublishedRemark
        What readers reported and editors decided in public.
    earlier : Earlier or None
        Parts of earlier builds; without, all are made.

    Returns
    -------
    dict
    """
    _check(atlas, as_of)
    files, names = assets()
    first = atlas.of_plan()
    before = earlier or Earlier()
    files |= _of_plan(Site(Parts(first, before), as_of, names, approval, tuple(remarks)))
    folders = {plan_folder(other, other.pack.plan): other for other in other_plans(first)}
    for folder, other in folders.items():
        site = Site(Parts(other, before), as_of, names, approval, tuple(remarks))
        shared = {name: f"{site.root}{path}" for name, path in names.items()}
        made = _of_plan(replace(site, names=shared))
        files |= {f"{folder}{path}": content for path, content in made.items()}
    files |= photo_files(first.of_plan(ALL_PLANS))
    files["_headers"] = headers((name for name in files if name.endswith(".html")), folders)
    return files


def _of_plan(plain: Site) -> dict[str, bytes]:
    """Tables, pages and files of one plan, from the folder of that plan; ``plain`` knows the scripts and styles, and no table yet."""
    atlas, as_of, parts = plain.atlas, plain.as_of, plain.parts
    tables = {lang: core(parts, as_of, lang) for lang in LANGUAGES}
    made = _tables(plain, tables)
    site = replace(plain, names=dict(plain.names) | {name: path for name, (path, _content) in made.items()})
    files = dict(made.values())
    compared = Comparisons(parts, as_of)
    for lang, taken in downloads(plain).items():
        files |= {one.path: one.content for one in taken}
        promises = promises_of(plain, lang)
        message = front(atlas, as_of, lang, promises=promises, ranking=compared.first)
        files |= _pages(site, tables[lang], message, taken, lang)
        for code in map(str, atlas.districts.index):
            files |= district_files(plain, code, compared, taken, lang)
        numbers = _district_numbers(tables[lang]["districts"], day_number(as_of))
        files |= comparison_pages(plain, compared, numbers, lang)
        files |= promise_pages(plain, promises, lang)
        files |= promise_files(plain, message, lang)
        files |= near_page(site, lang)
        files |= feeds(plain, lang)
    return files


def _tables(site: Site, cores: dict[str, dict[str, Any]]) -> dict[str, tuple[str, bytes]]:
    """The tables that pages load, by what templates call them: path and content."""
    atlas, as_of = site.atlas, site.as_of
    named_rows = table_text(atlas.register.works)

    def searched(name: str, lang: str, make: Callable[[], dict[str, Any]]) -> bytes:
        return site.made(name, lang, named_rows, make=lambda: as_script(name, make()))

    made = {"terms": searched("terms", "", partial(terms_table, atlas))}
    for lang in LANGUAGES:
        made[f"core.{lang}"] = as_script("core", cores[lang])
        made[f"cards.{lang}"] = as_script("cards", site.parts.cards(lang))
        made[f"search.{lang}"] = searched("search", lang, partial(search_table, atlas, lang))
        made[f"news.{lang}"] = as_script("news", news(atlas, as_of, lang))
        made[f"near.{lang}"] = as_script("near", page_table(site.parts, as_of, lang))
    return {name: (named(f"data/{name}", "js", content), content) for name, content in made.items()}


def _check(atlas: Atlas, as_of: date) -> None:
    span = atlas.city.days
    if not span.first <= as_of <= span.last:
        raise ParameterError(
            _("日期 {day} 不在时间轴上。"),
            hint=_("请选 {first} 到 {last} 之间的一天。"),
            day=as_of.isoformat(),
            first=span.first.isoformat(),
            last=span.last.isoformat(),
        )
    for code in (*atlas.districts.index, *atlas.of_plan(ALL_PLANS).pack.plan_items.index):
        if not _CODE.fullmatch(str(code)):
            raise DataError(
                _("代码 {code} 不能用作文件名。"), hint=_("代码只用字母、数字、- 和 _。"), code=str(code)
            )


def _pages(
    site: Site, table: dict[str, Any], message: Front, taken: list[Download], lang: str
) -> dict[str, bytes]:
    """Map, list, map for frames, data and method, downloads, districts side by side."""
    day = day_number(site.as_of)
    items = item_rows(folded(table["items"], day), lang)
    rows = _rows_on(table["works"], day)
    counted = table["config"]["counted"].index("yes")
    widgets = controls(site, lang)
    made = [
        site.render(
            "index.html",
            "index.html",
            lang,
            items=items,
            days=table["days"],
            day=day,
            front=message,
            links=FrontLinks(),
            files=chart_links("../" * site.path("", lang).count("/"), "promises", lang),
            **widgets,
        ),
        site.render(
            "list.html",
            "list.html",
            lang,
            rows=[row for row in rows if row["counted"] == counted],
            counts=work_counts(Selection().apply(site.atlas.register.state(site.as_of)))
            .sentence(lang)
            .replace("**", ""),
            config=table["config"],
            days=table["days"],
            day=day,
            **widgets,
        ),
        site.render("embed.html", "embed.html", lang),
        site.render(
            "sources.html",
            "sources.html",
            lang,
            remarks=site.remarks_of(lang),
            **method(site.atlas, site.as_of, items, lang),
        ),
        site.render(
            "downloads.html",
            "downloads.html",
            lang,
            downloads=taken,
            middle=site.atlas.middle,
            category=next(iter(site.atlas.names("categories", lang))),
        ),
    ]
    return dict(made)


def _rows_on(works: dict[str, Any], day: int) -> list[dict[str, Any]]:
    """Every work on a day, from the table that the browser reads."""
    rows = [dict(zip(works["fields"], values, strict=True)) for values in works["first"]]
    for at, place, fields in works["changes"]:
        if at <= day:
            rows[place].update(fields)
    return rows


def _district_numbers(table: dict[str, Any], day: int) -> list[dict[str, Any]]:
    fields = ("named", "placed", "done", "unplaced", "shared", "reported")
    return [
        row | dict(zip(fields, values, strict=True))
        for row, values in zip(table["rows"], folded(table, day)["first"], strict=True)
    ]


def photo_files(atlas: Atlas) -> dict[str, bytes]:
    """The pictures of all photos, in both sizes."""
    return {
        f"photos/{photo_name(str(photo_id), size)}": load_picture(str(photo_id), size)
        for photo_id in atlas.pack.photos.index
        for size in PHOTO_SIZES
    }


def headers(pages: Iterable[str], plans: Iterable[str] = ()) -> bytes:
    """Headers for hosts that read such a file; for others see docs/publish.md. Only the map for frames may be framed."""
    lines = ["/*", "  X-Content-Type-Options: nosniff", "  Referrer-Policy: strict-origin-when-cross-origin"]
    for page in sorted(pages):
        allowed = "*" if page.endswith("embed.html") else "'self'"
        for path in dict.fromkeys((f"/{page}", f"/{page.removesuffix('index.html')}")):
            lines += [path, f"  Content-Security-Policy: {POLICY}; frame-ancestors {allowed}"]
    own = [f"{plan}{folder}" for plan in plans for folder in ("data", "maps")]
    for folder in ("assets", "data", "maps", *own):
        lines += [f"/{folder}/*", "  Cache-Control: public, max-age=31536000, immutable"]
    return ("\n".join(lines) + "\n").encode()
