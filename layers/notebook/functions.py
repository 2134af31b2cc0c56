"""Which functions ``import layers`` has: one for each declared layer, and those for whole maps and coverage questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, Protocol

from geo.atlas import load_atlas
from geo.register.city import Atlas
from geo.text import translate
from layers.map.element import LayerElement, Switch, own_element
from layers.map.registry import all_layers
from layers.map.spec import LayerSpec, MapContext
from layers.notebook.choices import checked_datum, checked_language, checked_view
from layers.notebook.coverage import coverage, gaps
from layers.notebook.explore import explore

_OTHERS: Final[Mapping[str, Callable[..., Any]]] = {"coverage": coverage, "explore": explore, "gaps": gaps}


class LayerFunction(Protocol):
    """A declared layer as a function."""

    def __call__(
        self,
        atlas: Atlas | None = None,
        *,
        as_of: date | str | None = None,
        lang: str = "zh",
        categories: Iterable[str] | str = (),
        districts: Iterable[str] | str = (),
        statuses: Iterable[str] | str = (),
        certainties: Iterable[str] | str = (),
        scope: str = "plan",
        shade: Mapping[str, float] | None = None,
        datum: str = "WGS84",
        name: str | None = None,
        overlay: bool = True,
        control: bool = True,
        show: bool = True,
    ) -> LayerElement:
        """The layer as a folium element, data inside.

        Parameters
        ----------
        atlas : Atlas, optional
            From :func:`geo.atlas.load_atlas`, which is also the default.
        as_of : date or str, optional
            The day that statuses are shown on, such as ``"2021-12-31"``; today where it is not given.
        lang : str
            Language of names, ``zh`` or ``en``.
        categories, districts, statuses, certainties : iterable of str or str
            Ids of what is shown; all of it where none is named. A work in several districts is shown for each.
        scope : str
            ``plan``: works of the plan; ``probable``: those that probably belong to it, too; ``all``: every work.
        shade : mapping, optional
            District code -> 0 (light) to 1 (dark), such as a column of a coverage table; districts alone use it.
        datum : str
            System of coordinates of the map's tiles: ``WGS84``, or ``GCJ02`` for tiles of Chinese map services.
        name, overlay, control, show
            As folium's layers have them: name in the layer control, whether it lies over a base map, stands in the
            control, and is on at first.

        Returns
        -------
        LayerElement
            ``element.add_to(any folium.Map)``.

        Raises
        ------
        ParameterError
            A day, language or scope that does not exist.
        UnknownIdError
            An id that the atlas does not know; the message lists those that it does.
        """
        ...


def function_names() -> list[str]:
    """Names of all functions of ``import layers``."""
    return sorted([*_OTHERS, *(spec.id for spec in all_layers())])


def function_named(name: str) -> Callable[..., Any]:
    """The function with that name; ``AttributeError`` lists the names that there are."""
    if name in _OTHERS:
        return _OTHERS[name]
    spec = next((spec for spec in all_layers() if spec.id == name), None)
    if spec is None or name.startswith("_"):
        raise AttributeError(
            f"module 'layers' has no attribute {name!r}; it has {', '.join(function_names())}"
        )
    return layer_function(spec)


def layer_function(spec: LayerSpec) -> LayerFunction:
    """The function of one declared layer."""

    def layer(
        atlas: Atlas | None = None,
        *,
        as_of: date | str | None = None,
        lang: str = "zh",
        categories: Iterable[str] | str = (),
        districts: Iterable[str] | str = (),
        statuses: Iterable[str] | str = (),
        certainties: Iterable[str] | str = (),
        scope: str = "plan",
        shade: Mapping[str, float] | None = None,
        datum: str = "WGS84",
        name: str | None = None,
        overlay: bool = True,
        control: bool = True,
        show: bool = True,
    ) -> LayerElement:
        chosen = atlas or load_atlas()
        context = MapContext(chosen, checked_language(lang), checked_datum(datum))
        lists = {
            "categories": categories,
            "districts": districts,
            "statuses": statuses,
            "certainties": certainties,
        }
        view = checked_view(chosen, as_of, lists, scope=scope, shade=shade)
        return own_element(spec, context, view, Switch(name, overlay, control, show))

    layer.__name__ = layer.__qualname__ = spec.id
    layer.__doc__ = (
        f"{translate(spec.title, 'en')} ({spec.title}).\n\n        {LayerFunction.__call__.__doc__}"
    )
    return layer
