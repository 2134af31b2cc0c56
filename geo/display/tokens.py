"""The design tokens of ``tokens.toml``: sizes of text, spaces and every colour, for a light and for a dark page.

Python reads them here. What cannot read the file has it written out by ``tools/design_tokens.py``: the custom properties of all
style sheets, the constants of the map's code, Streamlit's theme.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("tokens.toml")
_TABLES: Final[dict[str, dict[str, Any]]] = tomllib.loads(FILE.read_text("utf-8"))
_PREFIXES: Final = {
    "text": "text-",
    "space": "space-",
    "radius": "radius-",
    "colours": "",
    "charts": "chart-",
    "certainty": "",
    "map": "map-",
    "drawings": "draw-",
    "lettering": "lettering-",
}
"""Tables that style sheets use -> what the names of their custom properties begin with."""
_USED: Final = re.compile(r"var\((--[\w-]+)")


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as CSS has it (``#rrggbb`` or ``#rrggbbaa``), on a light and on a dark page."""

    light: str
    dark: str

    @property
    def css(self) -> str:
        """One value that is right on either page."""
        return self.light if self.light == self.dark else f"light-dark({self.light}, {self.dark})"


def _colour(value: str | list[str]) -> Colour:
    return Colour(value, value) if isinstance(value, str) else Colour(*value)


def _colours(table: str) -> dict[str, Colour]:
    return {name: _colour(value) for name, value in _TABLES[table].items()}


COLOURS: Final = _colours("colours")
CHARTS: Final = _colours("charts")
MAP: Final = _colours("map")
DRAWINGS: Final = _colours("drawings")
DETAILED_MAP: Final = _colours("detailed_map")
LINES: Final = tuple(colour.light for colour in _colours("lines").values())
STATUS: Final[dict[str, dict[str, str]]] = _TABLES["status"]
"""Status word -> ``fill`` and ``ink``, the same on every page and on paper."""
LETTERING: Final[dict[str, str]] = _TABLES["lettering"]
"""Sizes of the letters on the map, CSS pixels."""
TEXT: Final[dict[str, str]] = _TABLES["text"]


def _is_colour(value: str | list[str]) -> bool:
    return isinstance(value, list) or value.startswith("#")


def _custom_properties() -> Iterator[tuple[str, str]]:
    for table, prefix in _PREFIXES.items():
        for name, value in _TABLES[table].items():
            yield f"--{prefix}{name}", _colour(value).css if _is_colour(value) else value


def style_sheet(*styles: str) -> str:
    """The tokens that styles use, as custom properties of the page that holds them; to stand before those styles.

    Each page decides by ``color-scheme`` whether it is light or dark.
    """
    used = set(_USED.findall("".join(styles)))
    lines = [f"  {name}: {value};\n" for name, value in _custom_properties() if name in used]
    return ":root {\n" + "".join(lines) + "}\n"


def letter_pixels(name: str) -> float:
    """Size of letters of the map (a name of the table ``lettering``), CSS pixels."""
    return float(LETTERING[name].removesuffix("px"))


def two_themes(**names: str) -> dict[str, Any]:
    """Colours of the map's table as a layer declares them: those of a light page, and under ``dark`` the others.

    ``two_themes(fill="lake")`` has ``fill``, and another ``fill`` under ``dark``.
    """
    pairs = {key: MAP[name] for key, name in names.items()}
    light = {key: pair.light for key, pair in pairs.items()}
    return light | {"dark": {key: pair.dark for key, pair in pairs.items()}}


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (``#rrggbb``) as WCAG 2 has it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
