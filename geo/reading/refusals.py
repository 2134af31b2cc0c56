"""Inside the reading process: what GDAL and GEOS refuse, as our own refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import IngestError
from geo.reading.kinds import FORMATS
from geo.text import mark as _


@contextmanager
def refusals(path: Path, name: str, kind: str) -> Iterator[None]:
    """What GDAL and GEOS refuse, as our own refusal.

    Parameters
    ----------
    path : Path
        Where the file lies; it is never shown.
    name : str
        What the person calls the file.
    kind : str
        A key of :data:`geo.reading.kinds.FORMATS`.

    Yields
    ------
    None

    Raises
    ------
    IngestError
        The block met such a refusal.
    """
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    try:
        yield
    except (
        DataSourceError,
        DataLayerError,
        FeatureError,
        shapely.errors.ShapelyError,
        UnicodeDecodeError,
        ValueError,
        RuntimeError,
    ) as error:
        raise IngestError(
            _("读不了 {name}（{format}）：{detail}。"),
            hint=_("文件可能不完整；请用原来的软件重新导出。"),
            name=name,
            format=FORMATS[kind].title,
            detail=without_path(str(error), path),
        ) from error


def without_path(text: str, path: Path) -> str:
    """GDAL's words without the temporary path, which tells a person nothing."""
    return text.replace(str(path), path.name).replace(str(path.parent), "").strip()
