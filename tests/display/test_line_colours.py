"""Each line has a colour that both themes can show and white letters can stand on."""

from __future__ import annotations

from itertools import pairwise

import pytest

from geo.display.line_colours import line_colours
from geo.display.tokens import LINES, MAP
from geo.register.city import Atlas

LAND = {"light": MAP["land"].light, "dark": MAP["land"].dark}


def _luminance(colour: str) -> float:
    """WCAG 2: relative luminance of ``#rrggbb``."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", LINES)
def test_a_colour_of_a_line_is_read_on_both_themes(colour: str) -> None:
    assert _contrast(colour, "#ffffff") >= 4.5
    assert all(_contrast(colour, land) >= 3 for land in LAND.values())


def test_lines_of_one_network_differ(atlas: Atlas) -> None:
    lines = atlas.pack.lines
    colours = line_colours(lines)
    assert list(colours.index) == list(lines.index)
    for _category, own in colours.groupby(lines["category"]):
        assert own.nunique() == min(len(own), len(LINES))
        assert all(one != other for one, other in pairwise(own))
