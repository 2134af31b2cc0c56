"""What ``/api/cities`` and ``/api/cities/compare`` answer; what works it out is imported with the first question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.http import Language

if TYPE_CHECKING:
    from layers.analysis.questions import Parameters
    from layers.workers.run import Run


def listed(_parameters: Parameters, form: Language) -> dict[str, Any]:
    """The cities of this process."""
    from layers.analysis.cities import cities_json

    return cities_json(form.lang)


def comparison(parameters: Parameters, form: Language) -> dict[str, Any]:
    """One indicator over the whole of each."""
    from layers.analysis.cities import comparison_json

    return comparison_json(parameters, form.lang)


def begin_comparison(parameters: Parameters, form: Language) -> list[Run[Any]]:
    """The same in the making."""
    from layers.analysis import cities

    return [cities.begin_comparison(parameters, form.lang)]
