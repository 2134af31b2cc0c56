"""Inside the reading process: the tables of a timetable (GTFS), as text with the line of each row, and what may be read of a cell."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from geo.errors import IngestError
from geo.reading.archive import check_archive
from geo.reading.limits import Limits
from geo.text import mark as _

if TYPE_CHECKING:
    import pandas as pd

_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
_LONGEST_HEADER: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Feed:
    """A timetable's archive that :func:`geo.reading.archive.check_archive` has passed.

    Attributes
    ----------
    path : Path
    name : str
        What the person calls the file; for messages.
    limits : Limits
    members : dict
        Table's file name -> member of the archive; tables may lie together in one folder.
    """

    path: Path
    name: str
    limits: Limits
    members: dict[str, str]

    def table(self, file: str, needed: Sequence[str], more: Sequence[str] = ()) -> pd.DataFrame:
        """A table whole; its index is the line of each row, the header being line 1.

        Parameters
        ----------
        file : str
            Such as ``stops.txt``.
        needed : sequence of str
            Columns without which it is refused.
        more : sequence of str
            Columns that are empty where the table has none.

        Returns
        -------
        DataFrame
            Text without blanks around it; no rows where the archive has no such table and ``needed`` is empty or it is optional.

        Raises
        ------
        IngestError
        """
        import pandas as pd

        parts = list(self.parts(file, needed, more))
        return pd.concat(parts) if parts else pd.DataFrame({name: [] for name in (*needed, *more)}, dtype=str)

    def parts(self, file: str, needed: Sequence[str], more: Sequence[str] = ()) -> Iterator[pd.DataFrame]:
        """The same in parts, for a table that is long.

        Parameters
        ----------
        file : str
        needed, more : sequence of str

        Yields
        ------
        DataFrame

        Raises
        ------
        IngestError
            A column that is missing, text that is not UTF-8, a row of another length, a damaged archive.
        """
        import pyarrow as pa
        import pyarrow.csv as pa_csv

        if file not in self.members:
            return
        header = self._header(file)
        self._check_columns(file, header, needed)
        wanted = [name for name in (*needed, *more) if name in header]
        names = [
            name if name in wanted and header.index(name) == at else f"_{at}"
            for at, name in enumerate(header)
        ]
        line = 2
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.members[file]) as handle:
                reader = pa_csv.open_csv(
                    pa.PythonFile(handle, mode="r"),
                    read_options=pa_csv.ReadOptions(
                        use_threads=False, column_names=names, skip_rows=1, block_size=1 << 22
                    ),
                    parse_options=pa_csv.ParseOptions(newlines_in_values=True),
                    convert_options=pa_csv.ConvertOptions(
                        include_columns=wanted,
                        column_types=dict.fromkeys(wanted, pa.string()),
                        strings_can_be_null=False,
                    ),
                )
                for batch in reader:
                    frame = pa.Table.from_batches([batch]).to_pandas()
                    frame.index = range(line, line + len(frame))
                    line += len(frame)
                    self._check_length(file, line)
                    for name in frame:
                        frame[name] = frame[name].str.strip()
                    for name in more:
                        if name not in frame:
                            frame[name] = ""
                    yield frame
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise self.refusal(
                _("{name} 的 {file} 读不了：{detail}。"),
                _("请存成 UTF-8、逗号分隔、各行列数相同的文本。"),
                file=file,
                detail=str(error)[:160],
            ) from error
        except _DAMAGED as error:
            raise self._damaged(file, error) from error

    def fault(self, file: str, line: int, field: str, value: object, remedy: str) -> NoReturn:
        """Refuse a cell.

        Parameters
        ----------
        file : str
        line : int
            As a person counts it.
        field : str
        value : object
        remedy : str
            Message id.

        Returns
        -------
        NoReturn
            It always raises.

        Raises
        ------
        IngestError
        """
        raise self.refusal(
            _("{name} 的 {file} 第 {line} 行，{field} 的值“{value}”不可用。"),
            remedy,
            file=file,
            line=int(line),
            field=field,
            value=str(value)[:60],
        )

    def refusal(self, message: str, remedy: str, **values: Any) -> IngestError:
        """The refusal of this file.

        Parameters
        ----------
        message, remedy : str
            Message ids.
        **values

        Returns
        -------
        IngestError
        """
        return IngestError(message, hint=remedy, name=self.name, **values)

    def _damaged(self, file: str, error: Exception) -> IngestError:
        return self.refusal(
            _("{name} 的 {file} 已损坏：{detail}。"),
            _("请重新下载或压缩。"),
            file=file,
            detail=str(error)[:160],
        )

    def _header(self, file: str) -> list[str]:
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.members[file]) as handle:
                line = handle.readline(_LONGEST_HEADER)
        except _DAMAGED as error:
            raise self._damaged(file, error) from error
        text = line.decode("utf-8-sig", errors="replace")
        return [name.strip() for name in next(csv.reader(io.StringIO(text)), [])]

    def _check_columns(self, file: str, header: list[str], needed: Sequence[str]) -> None:
        missing = [name for name in needed if name not in header]
        if missing:
            raise self.refusal(
                _("{name} 的 {file} 缺少列 {columns}。"),
                _("请核对这份时刻表是否完整，列名是否为 GTFS 的英文列名。"),
                file=file,
                columns="、".join(missing),
            )

    def _check_length(self, file: str, line: int) -> None:
        if line > self.limits.rows:
            raise self.refusal(
                _("{name} 的 {file} 超过 {limit} 行。"),
                _("请只留这座城市的线路，再压缩。"),
                file=file,
                limit=self.limits.rows,
            )


def open_feed(path: Path, name: str, limits: Limits) -> Feed:
    """Look an archive through, and find the tables of a timetable in it.

    Parameters
    ----------
    path : Path
    name : str
        What the person calls the file; for messages.
    limits : Limits

    Returns
    -------
    Feed

    Raises
    ------
    IngestError
        It would harm, or has not the tables of a timetable.
    """
    check_archive(path, name, limits)
    with zipfile.ZipFile(path) as archive:
        inside = archive.namelist()
    stops = sorted((each for each in inside if each.rpartition("/")[2] == "stops.txt"), key=len)
    folder = stops[0].removesuffix("stops.txt") if stops else ""
    members = {
        each.removeprefix(folder): each
        for each in inside
        if each.startswith(folder) and each.endswith(".txt") and "/" not in each.removeprefix(folder)
    }
    feed = Feed(path, name, limits, members)
    missing = [
        each
        for each in ("agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
        if each not in members
    ]
    if not {"calendar.txt", "calendar_dates.txt"} & set(members):
        missing.append("calendar.txt / calendar_dates.txt")
    if missing:
        raise feed.refusal(
            _("{name} 不是完整的时刻表（GTFS），缺少 {files}。"),
            _("请给出 GTFS 的 zip，各表直接放在压缩包里。"),
            files="、".join(missing),
        )
    return feed
