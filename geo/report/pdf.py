"""PDF by typst: tagged for screen readers (PDF/UA-1), archivable (PDF/A-2a), one embedded CJK font, no clock.

The template is a file of this package; what a report says reaches it as JSON, so no text is ever typst markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from geo.display.tokens import COLOURS
from geo.errors import DataError
from geo.report.model import Report
from geo.text import mark as _

TEMPLATES: Final = Path(__file__).parent / "templates"
STANDARDS: Final = ("a-2a", "ua-1")


def font_file() -> Path:
    """Noto Sans SC (SIL Open Font License 1.1), out of an installed package; it may be embedded and passed on."""
    from pylopdf_fonts_zh_cn import sans_path

    return Path(str(sans_path()))


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst

    folder = str(font_file().parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def compile_typst(files: dict[str, bytes], inputs: dict[str, str] | None = None, **how: Any) -> Any:
    """What typst makes of files, with no other font than the one that is embedded.

    Parameters
    ----------
    files : dict
        Name -> content; ``main.typ`` is the document.
    inputs : dict or None
        What the document reads as ``sys.inputs``.
    **how : any
        As ``typst.Compiler.compile`` takes it.

    Returns
    -------
    bytes or list of bytes

    Raises
    ------
    DataError
        The document cannot be set.
    """
    import typst

    compiler = typst.Compiler(files, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs or {})
    try:
        return compiler.compile(**how)
    except typst.TypstError as error:
        raise DataError(
            _("排不出报告：{detail}。"), hint=_("请把这段文字告诉维护者。"), detail=str(error)
        ) from error


def _compile(report: Report, map_svg: bytes, pictures: Mapping[str, bytes] | None = None, **how: Any) -> Any:
    data = report.as_dict() | {
        "colours": {name: colour.light for name, colour in COLOURS.items()},
        "pictures": {photo_id: list(picture) for photo_id, picture in (pictures or {}).items()},
    }
    files = {"main.typ": (TEMPLATES / "report.typ").read_bytes(), "map.svg": map_svg}
    day = date.fromisoformat(report.as_of)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return compile_typst(files, {"data": json.dumps(data, ensure_ascii=False)}, timestamp=moment, **how)


def to_pdf(report: Report, map_svg: bytes, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The report as PDF, A4. The same report, map and pictures give the same bytes.

    Parameters
    ----------
    report : Report
    map_svg : bytes
    pictures : mapping or None
        Id of each photo of the report -> its picture (JPEG).

    Returns
    -------
    bytes
    """
    return bytes(_compile(report, map_svg, pictures, format="pdf", pdf_standards=list(STANDARDS)))


def to_png(report: Report, map_svg: bytes, *, ppi: float = 110.0) -> list[bytes]:
    """Its pages as pictures.

    Parameters
    ----------
    report : Report
    map_svg : bytes
    ppi : float
        Pixels an inch.

    Returns
    -------
    list of bytes
    """
    pages = _compile(report, map_svg, format="png", ppi=ppi)
    return list(pages) if isinstance(pages, list) else [bytes(pages)]
