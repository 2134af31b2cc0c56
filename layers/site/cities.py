"""The public site of many cities: under ``c/<slug>/`` the site of each as it is alone, and before them a page that lists and compares them."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from geo.atlas import load_atlas, published_remarks
from geo.cities import ADDRESS, CityFolder, cities, entered
from geo.city_list import city_counts
from geo.coverage.compare_cities import CityComparison, compare_cities, indicators_of_cities
from geo.questions.cities import CitiesQuestion
from geo.report.compare.cities import city_rows
from geo.text import LANGUAGES
from layers.site.assets import assets
from layers.site.build import build_day, headers, publish
from layers.site.folder import Written, bring
from layers.site.pages import LANGUAGE_NAMES, POLICY, template_environment, translated

_SHARED: Final = 2
"""An indicator is on the page where so many cities have it: of fewer there is nothing to compare."""


def publish_cities(out: Path, as_of: date | None = None, *, approval: str = "") -> dict[str, Written]:
    """Bring ``out`` to the sites of all cities and the page before them; what each run did, by folder (empty: the page's).

    Parameters
    ----------
    out : Path
    as_of : date or None
        The day the sites open on; by default of each city the register's latest day.
    approval : str
        Map approval number, if there is one.

    Returns
    -------
    dict

    Raises
    ------
    ParameterError, DataError
        As :func:`layers.site.build.publish`.
    """
    done: dict[str, Written] = {}
    days = []
    for city in cities():
        with entered(city):
            atlas = load_atlas()
            day = as_of or build_day(atlas)
            days.append(day)
            folder = _folder(city)
            done[folder] = publish(atlas, out / folder, day, approval=approval, remarks=published_remarks())
    done[""] = bring(out, front_files(out, max(days), approval))
    return done


def front_files(out: Path, day: date, approval: str) -> dict[str, bytes]:
    """The page of all cities in every language, what it needs, and the headers of the whole folder.

    Parameters
    ----------
    out : Path
        Where the sites of the cities are already.
    day : date
    approval : str
        Map approval number, if there is one.

    Returns
    -------
    dict
        Path with ``/`` -> content.
    """
    every, names = assets()
    files = {names[name]: every[names[name]] for name in ("style", "icon")}
    for lang in LANGUAGES:
        path = "index.html" if lang == LANGUAGES[0] else f"{lang}/index.html"
        files[path] = _page(names, day, lang, approval)
    own = headers([name for name in files if name.endswith(".html")]).decode()
    below = [
        _moved((out / _folder(city) / "_headers").read_text("utf-8"), _folder(city)) for city in cities()
    ]
    files["_headers"] = "".join([own, *below]).encode()
    return files


def _page(names: dict[str, str], day: date, lang: str, approval: str) -> bytes:
    up = "" if lang == LANGUAGES[0] else "../"
    within = "" if lang == LANGUAGES[0] else f"{lang}/"
    text = (
        template_environment()
        .get_template("cities.html")
        .render(
            t=partial(translated, lang),
            lang=lang,
            policy=POLICY,
            asset={name: up + names[name] for name in ("style", "icon")},
            languages=[
                {
                    "lang": other,
                    "name": LANGUAGE_NAMES[other],
                    "href": f"{up}{'' if other == LANGUAGES[0] else f'{other}/'}index.html",
                }
                for other in LANGUAGES
            ],
            cities=city_counts(lang),
            address=lambda slug: f"{up}{ADDRESS}/{slug}/{within}index.html",
            compared=[(name, _shown(answer, lang)) for name, answer in _compared(day, lang)],
            as_of=day.isoformat(),
            approval=approval,
        )
    )
    return text.encode()


def _compared(day: date, lang: str) -> list[tuple[str, CityComparison]]:
    """The indicators that two cities have, by name, each over the whole of all."""
    found = []
    for key, name in indicators_of_cities(lang, at_least=_SHARED).items():
        answer = compare_cities(CitiesQuestion.read({"indicator": key, "as_of": day}), lang)
        found.append((f"{name} · {key}", answer))
    return found


def _shown(answer: CityComparison, lang: str) -> dict[str, Any]:
    return {"rows": city_rows(answer, lang), "notes": answer.messages(lang)}


def _folder(city: CityFolder) -> str:
    return city.address.strip("/")


def _moved(text: str, folder: str) -> str:
    """Headers of a city's own folder, for the folder that holds it; those of every address stand there once."""
    blocks = text.split("\n/")[1:]
    return "".join(f"/{folder}/{block.rstrip()}\n" for block in blocks)
