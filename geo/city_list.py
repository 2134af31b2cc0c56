"""The cities of this process side by side: what each has, and what is wrong with one that cannot be loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from geo.atlas import load_atlas
from geo.cities import CityFolder, cities, entered
from geo.errors import AtlasError
from geo.register.city import Atlas
from geo.register.plans import ALL_PLANS

R = TypeVar("R")


def in_each_city(answer_of: Callable[[Atlas], R]) -> Iterator[tuple[CityFolder | None, R | AtlasError]]:
    """What ``answer_of`` answers of the atlas of every city, the first city first; an error of one does not hide the others.

    Where there is no list, the one city has no folder of a list: None.
    """
    for city in cities() or (None,):
        with entered(city):
            try:
                answer: R | AtlasError = answer_of(load_atlas())
            except AtlasError as error:
                answer = error
        yield city, answer


def city_counts(lang: str = "zh") -> list[dict[str, Any]]:
    """A row a city: its slug, names, how many plans, items, works, facilities and districts it has; and ``problem``, why it cannot be read."""
    rows = []
    for at, (city, found) in enumerate(in_each_city(_counts)):
        slug = city.slug if city else None
        counted = {"problem": found.public_text(lang)} if isinstance(found, AtlasError) else found
        rows.append({"slug": slug, "first": at == 0, "problem": ""} | counted)
    return rows


def city_names() -> dict[str, dict[str, str]]:
    """Slug -> language -> name of every city; of one that cannot be read, its slug."""
    return {
        city.slug: {
            lang: city.slug if isinstance(named, AtlasError) else named.city.name(lang)
            for lang in ("zh", "en")
        }
        for city, named in in_each_city(lambda atlas: atlas)
        if city
    }


def _counts(atlas: Atlas) -> dict[str, Any]:
    whole = atlas.of_plan(ALL_PLANS)
    return {
        "slug": atlas.city.slug,
        "city_code": atlas.city.code,
        "name_zh": atlas.city.name_zh,
        "name_en": atlas.city.name_en,
        "plans": len(whole.pack.plans),
        "items": len(whole.pack.plan_items),
        "works": len(whole.register.works),
        "facilities": len(whole.register.facilities),
        "districts": len(atlas.districts),
        "version": atlas.version,
    }
