"""A drawing as a picture of pixels, with the font of the reports: no letter depends on what the machine has installed."""

from __future__ import annotations

from typing import Final

from geo.report.pdf import compile_typst

_MAIN: Final = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg", width: 705pt)'
_PPI: Final = 144.0


def png_of(svg: str) -> bytes:
    """An SVG drawing as PNG, 1,410 pixels wide."""
    pages = compile_typst({"main.typ": _MAIN, "drawing.svg": svg.encode()}, format="png", ppi=_PPI)
    return bytes(pages[0] if isinstance(pages, list) else pages)
