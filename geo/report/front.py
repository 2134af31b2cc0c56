"""The front page: what has become of the promises, what changed lately, and stories of the data. One for the app and the public site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.register.city import Atlas
from geo.report.changes import Latest, latest
from geo.report.promise.overview import Outcomes, outcomes
from geo.report.promise.page import PromisePage, all_promises
from geo.report.stories import Story, stories


@dataclass(frozen=True, slots=True)
class Front:
    """What a visitor reads first, on a day and in one language."""

    promises: tuple[PromisePage, ...]
    outcomes: Outcomes
    latest: tuple[Latest, ...]
    stories: tuple[Story, ...]


def front(atlas: Atlas, as_of: date, lang: str) -> Front:
    """The message of the front page.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Front
    """
    promises = tuple(all_promises(atlas, as_of, lang))
    counted = outcomes((one.outcome for one in promises), lang)
    return Front(promises, counted, tuple(latest(atlas, as_of, lang)), stories(atlas, as_of, lang))
