"""How much memory an import will take, said before it begins; one that the machine has no room for is refused while nothing is lost.

The figures were measured with lists of invented facilities (docs/performance.md); a list of works of the same size takes no less.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.errors import IngestError
from geo.reading.model import Note
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.reading.model import Layer

_PROGRAM_BYTES: Final = 350 * 2**20
"""What the program takes with the city loaded, before any row."""
_ROW_BYTES: Final = 3_200
"""What a row takes, however few its columns are: its typed fields, what it becomes, and its event."""
_CELL_BYTES: Final = 280
"""What each further cell of the file takes."""
WORTH_SAYING: Final = 20_000
"""From how many rows on a person is told."""
PAGE_ROWS: Final = 200_000
"""Rows of a list that a page takes, whose answers have a minute; the command line takes what the reader does."""
_MEMINFO: Final = Path("/proc/meminfo")
_GROUPS: Final = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (
        Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ),
)


@dataclass(frozen=True, slots=True)
class ImportSize:
    """How large a list is, and the memory that reading it into the register takes at its peak.

    Attributes
    ----------
    rows, columns : int
    """

    rows: int
    columns: int

    @property
    def bytes(self) -> int:
        """Bytes at the peak, from reading to writing."""
        return _PROGRAM_BYTES + self.rows * (_ROW_BYTES + self.columns * _CELL_BYTES)

    def most_rows(self, free: int) -> int:
        """How many rows of such a list ``free`` bytes are enough for."""
        return max(0, free - _PROGRAM_BYTES) // (_ROW_BYTES + self.columns * _CELL_BYTES)


def size_of(layer: Layer) -> ImportSize:
    """The size of a layer."""
    return ImportSize(len(layer.frame), len(layer.frame.columns))


def free_memory() -> int | None:
    """Bytes that this process may still take: of the machine, and of the container that it runs in; None where the system says neither."""
    free = [_available(_MEMINFO), *(_left(*files) for files in _GROUPS)]
    known = [one for one in free if one is not None]
    return min(known) if known else None


def _available(file: Path) -> int | None:
    if not file.exists():
        return None
    for line in file.read_text("ascii").splitlines():
        name, _colon, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return None


def _left(limit: Path, used: Path) -> int | None:
    if not (limit.exists() and used.exists()):
        return None
    most = limit.read_text("ascii").strip()
    return max(0, int(most) - int(used.read_text("ascii"))) if most.isdecimal() else None


def _figures(size: ImportSize, free: int | None) -> dict[str, str]:
    return {
        "rows": f"{size.rows:,}",
        "columns": str(size.columns),
        "need": f"{size.bytes / 2**20:,.0f}",
        "free": "—" if free is None else f"{free / 2**20:,.0f}",
    }


def memory_note(layer: Layer) -> Note | None:
    """What to tell of the memory that a large list will take, and of what there is; None for a small one."""
    size = size_of(layer)
    if size.rows < WORTH_SAYING:
        return None
    message = _("{rows} 行、{columns} 列：导入约需 {need} MB 内存，现在有 {free} MB 可用。")
    return Note(message, _figures(size, free_memory()))


def refuse_without_room(layer: Layer, free: int | None = None) -> None:
    """Refuse a large list that the machine has no room for.

    Parameters
    ----------
    layer : Layer
    free : int or None
        Bytes that may be taken; None to ask the system.

    Raises
    ------
    IngestError
        The message has both figures, the hint how many rows there is room for.
    """
    size = size_of(layer)
    free = free_memory() if free is None else free
    if size.rows < WORTH_SAYING or free is None or size.bytes <= free:
        return
    raise IngestError(
        _("{rows} 行、{columns} 列，导入约需 {need} MB 内存，现在只有 {free} MB 可用；什么也没有写入。"),
        hint=_("请关掉别的程序，换一台内存大些的机器，或把文件拆开，一次不超过 {most} 行。"),
        most=f"{size.most_rows(free):,}",
        **_figures(size, free),
    )


def refuse_for_page(layer: Layer) -> None:
    """``IngestError`` for a list that is longer than a page takes, which names the way that takes it."""
    rows = len(layer.frame)
    if rows > PAGE_ROWS:
        raise IngestError(
            _("{rows} 行，页面一次最多 {limit} 行；什么也没有写入。"),
            hint=_("请用命令行导入（python -m geo import），或把文件拆成几个。"),
            rows=f"{rows:,}",
            limit=f"{PAGE_ROWS:,}",
        )
