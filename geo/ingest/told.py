"""What was said of a list, written beside its rejected rows: the corrected file comes back with the same words.

It is a sheet that people can read (a word and its value in each row), in a workbook of :mod:`geo.ingest.rejected`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # the reading process must start quickly
    from geo.atlas import Atlas
    from geo.ingest.options import Options

SHEET: Final = "说明"
HEAD: Final = ("导入说明", "再导入这个文件时沿用；请不要改左边一列")
WORDS: Final = {
    "计划条目": "item",
    "当作": "into",
    "设施类型": "kind",
    "坐标系": "crs",
    "来源编号": "source",
    "标题": "src-title",
    "发布者": "src-publisher",
    "发布日期": "src-published",
    "可靠程度": "src-reliability",
}
"""Word of the sheet -> name of the choice."""
_LONGEST: Final = 200


def told_of(options: Options) -> dict[str, str]:
    """The choices of an import that hold for its rejected rows too: name of a choice -> its value, none empty.

    Of a source that the register had already only its id is told.
    """
    said: dict[str, Any] = {
        "item": options.item_id,
        "into": options.into,
        "kind": options.facility_kind,
        "crs": options.rules.get("crs", "") or options.crs,
        "source": options.source.get("source_id"),
    }
    if not said["source"]:
        row = options.source_row()
        said |= {f"src-{name}": row.get(name) for name in ("title", "publisher", "published", "reliability")}
    return {name: str(value) for name, value in said.items() if value}


def rows_of(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The rows of the sheet, its head first."""
    yield HEAD
    yield from ((word, told[name]) for word, name in WORDS.items() if name in told)


def told_by(rows: Iterable[Sequence[Any]]) -> dict[str, str]:
    """The choices that the sheet holds; empty for a sheet that is not ours, unknown words left out."""
    told: dict[str, str] = {}
    for at, row in enumerate(rows):
        if len(row) < 2 or (at == 0 and str(row[0]).strip() != HEAD[0]) or at > 2 * len(WORDS):
            break
        name, value = WORDS.get(str(row[0]).strip()), str(row[1]).strip()[:_LONGEST]
        if at and name and value:
            told[name] = value
    return told


def is_ours(rows: Iterable[Sequence[Any]]) -> bool:
    """Whether a sheet is the one written by us."""
    first = next(iter(rows), ())
    return bool(len(first)) and str(first[0]).strip() == HEAD[0]


def known(told: Mapping[str, str], atlas: Atlas) -> dict[str, str]:
    """The choices that this register knows: a file is not believed, and may come from another city."""
    from geo.editing import RELIABILITIES
    from geo.ingest.options import INTO
    from geo.ingest.systems import known_system

    allowed: dict[str, Any] = {
        "item": atlas.pack.plan_items.index,
        "into": INTO,
        "kind": atlas.words("kinds").index,
        "source": atlas.pack.sources.index,
        "src-reliability": RELIABILITIES,
    }
    said = {name: value for name, value in told.items() if name not in allowed or value in allowed[name]}
    if system := known_system(said.pop("crs", "")):
        said["crs"] = system
    return said
