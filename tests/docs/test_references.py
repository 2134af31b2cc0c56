"""What docs name exists: files, folders and modules of this repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers.notebook.functions import function_names
from tests.docs.blocks import PAGES, ROOT

NAMED = re.compile(r"`((?:geo|layers|pages|tests|tools|benchmarks|data|docs)(?:/[\w.-]+)+)/?`")
MODULE = re.compile(r"`?\b((?:geo|layers|pages)(?:\.[a-z_]\w*)+)\b")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
MADE = ("data/processed",)  # folders that a command makes


def missing(path: Path) -> list[str]:
    """The names in a page that lead nowhere."""
    text = path.read_text("utf-8")
    files = [name for name in NAMED.findall(text) if not (ROOT / name).exists() and not name.startswith(MADE)]
    modules = [name for name in MODULE.findall(text) if not is_module(name)]
    links = [name for name in LINK.findall(text) if not (path.parent / name).exists()]
    return [*files, *modules, *links]


def is_module(name: str) -> bool:
    """Whether a dotted name is a module or a package, or a name that a module defines."""
    parts = name.split(".")
    if (
        parts[0] == "layers" and parts[1] in function_names()
    ):  # a function of `import layers`, found by the registry
        return True
    for length in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:length])
        rest = parts[length:]
        for file in (base.with_suffix(".py"), base / "__init__.py"):
            if file.exists():
                return not rest or (
                    len(rest) <= 2
                    and re.search(rf"^(?:class |def |async def )?{rest[0]}\b", file.read_text("utf-8"), re.M)
                    is not None
                )
        if base.is_dir() and not rest:
            return True
    return False


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_name_leads_somewhere(path: Path) -> None:
    assert missing(path) == []


def test_every_room_is_described() -> None:
    """Each folder that holds modules of the product stands in the architecture page."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = [*(ROOT / "geo").iterdir(), *(ROOT / "geo" / "ingest").iterdir(), *(ROOT / "layers").iterdir()]
    folders = [room for room in rooms if (room / "__init__.py").exists() and room.name != "ingest"]
    assert len(folders) > 15
    assert [room.name for room in folders if f"`{room.relative_to(ROOT)}`" not in text] == []
