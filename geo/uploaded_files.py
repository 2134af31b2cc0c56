"""Uploaded bytes as files under names of our own: what a person calls a file never becomes a path."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from geo.errors import AtlasError, ParameterError
from geo.text import mark as _

PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
"""Files that make one loose shapefile; brought together they are read together."""
JOURNAL: Final = ".gpkg-wal"
"""The latest changes of a GeoPackage that a program still holds open: they are read with it."""
_SETS: Final = ((".shp", frozenset(PARTS)), (".gpkg", frozenset({".gpkg", JOURNAL})))
_ENDINGS: Final = (
    ".osm.pbf",
    ".docx",
    ".html",
    ".htm",
    ".pdf",
    ".geoparquet",
    ".geojsonl",
    ".geojsons",
    ".ndjson",
    ".jsonl",
    ".gpx",
    ".geojson",
    ".parquet",
    ".json",
    ".xlsx",
    ".xlsm",
    ".gpkg",
    ".xls",
    ".csv",
    ".tsv",
    ".txt",
    ".zip",
    ".kml",
    ".kmz",
    ".gml",
    ".xml",
    ".tiff",
    ".tif",
    ".dxf",
    ".fgb",
    ".osm",
    ".pbf",
    *PARTS,
    JOURNAL,
)


def ending(name: str) -> str:
    """The ending of a name if it is one we know, else empty."""
    return next((known for known in _ENDINGS if name.lower().endswith(known)), "")


def stage(folder: Path, files: Sequence[tuple[str, bytes | memoryview]]) -> tuple[Path, str]:
    """Write what was brought into ``folder``; the path to read, and the name to show.

    Raises
    ------
    ParameterError
        Several files that are not the parts of one shapefile or GeoPackage.
    """
    if len(files) == 1:
        name, content = files[0]
        path = folder / f"upload{ending(name)}"
        path.write_bytes(content)
        return path, name
    endings = [ending(name) for name, _content in files]
    stems = {
        name[: -len(end)].casefold() if end else name
        for (name, _content), end in zip(files, endings, strict=True)
    }
    main = next((first for first, parts in _SETS if first in endings and set(endings) <= parts), "")
    if not main or len(stems) > 1 or len(set(endings)) < len(endings):
        raise ParameterError(
            _("一次只能导入一个文件，或一个 Shapefile 的几个部分（{parts}，主名相同）。"),
            hint=_("也可以把它们打成一个 zip。"),
            parts="、".join(PARTS),
        )
    for (_name, content), end in zip(files, endings, strict=True):
        (folder / f"upload{end}").write_bytes(content)
    return folder / f"upload{main}", files[endings.index(main)][0]


@contextmanager
def laid_down(name: str, content: bytes) -> Iterator[Path]:
    """An uploaded file in a folder of its own while the block runs; refusals name it as the person does.

    Parameters
    ----------
    name : str
        The file's own name; only a known ending of it is in the path.
    content : bytes

    Yields
    ------
    Path

    Raises
    ------
    AtlasError
        Whatever the block raises, with the person's own name of the file in its values.
    """
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        path = Path(folder) / f"upload{ending(name)}"
        path.write_bytes(content)
        try:
            yield path
        except AtlasError as error:
            error.params = {key: _own_name(value, path, name) for key, value in error.params.items()}
            raise


def _own_name(value: object, path: Path, name: str) -> object:
    if isinstance(value, Path):
        return name if value == path else value
    return value.replace(str(path), name).replace(path.name, name) if type(value) is str else value
