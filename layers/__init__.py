"""What is drawn and how. ``import layers`` in a notebook: each declared layer is a function here that gives a folium element.

``layers.works(atlas, as_of="2021-12-31").add_to(folium.Map())``, and so with ``districts``, ``lakes``, ``lines``,
``stations`` and every other module of ``layers/map/`` that has a ``LAYER``; ``layers.coverage`` and ``layers.gaps`` for a
coverage question; ``layers.explore`` for a whole map in one line (docs/notebook.md).
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.notebook.coverage import coverage, gaps
    from layers.notebook.explore import explore
    from layers.notebook.functions import LayerFunction

    __all__ = ["coverage", "explore", "gaps"]

    def __getattr__(name: str) -> LayerFunction: ...

else:  # found on first use: the app's server imports rooms of this package and none of these

    def __getattr__(name: str) -> Any:
        if find_spec(f"{__name__}.{name}"):  # a room of this package, which the import system then loads
            raise AttributeError(name)
        from layers.notebook.functions import function_named

        return function_named(name)

    def __dir__() -> list[str]:
        from layers.notebook.functions import function_names

        return function_names()
