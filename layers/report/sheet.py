"""A sheet of paper for maps: size, font, and the settings with which matplotlib draws the same bytes twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any, Final

from geo.report.pdf import font_file

FONT: Final = "Noto Sans SC"
_DRAWING: Final = Lock()  # matplotlib's settings are the process's
MM: Final = 1 / 25.4


@lru_cache(maxsize=1)
def _registered_font() -> str:
    from matplotlib import font_manager

    font_manager.fontManager.addfont(str(font_file()))
    return FONT


@contextmanager
def drawing() -> Iterator[None]:
    """Within it figures are drawn in one font, with letters kept as letters in SVG and no random names."""
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "font.family": [_registered_font()],
        "svg.fonttype": "none",
        "svg.hashsalt": "atlas",
        "axes.unicode_minus": False,
    }
    with _DRAWING, mpl.rc_context(settings):
        yield


def as_svg(figure: Any, creator: str) -> bytes:
    """The figure as SVG, without the time of day; ``creator`` is the program that it says to be made by."""
    stream = BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": creator})
    return stream.getvalue()


def as_png(figure: Any, creator: str, dpi: int = 200) -> bytes:
    """The figure as PNG.

    Parameters
    ----------
    figure : matplotlib Figure
    creator : str
        The program that it says to be made by.
    dpi : int

    Returns
    -------
    bytes
    """
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": creator})
    return stream.getvalue()
