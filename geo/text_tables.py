"""Reads and writes the tables that belong to the program or to a city pack; a person's own files go through geo/reading."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pandas as pd

from geo.errors import DataError
from geo.text import mark as _


def read_columns(path: Path) -> dict[str, list[str]]:
    """A CSV file (UTF-8, with or without a byte order mark) as it is written, column by column: every cell a text, the empty one for unknown.

    ``OSError`` and ``ValueError`` are for the caller to explain, who knows what the table is for. A row with fewer cells than the header is
    unknown where they end; one with more is refused, for nobody can tell what is in which column. Lines without anything are no rows.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = [line for line in csv.reader(stream) if line]
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if not lines:
        raise ValueError("no columns to read")
    names, *rows = lines
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            if len(row) > len(names):
                raise ValueError(f"{len(row)} cells in row {number}, {len(names)} columns")
            row.extend([""] * (len(names) - len(row)))
    columns = map(list, zip(*rows, strict=True)) if rows else ([] for _name in names)
    return dict(zip(names, columns, strict=True))


def read_texts(path: Path) -> pd.DataFrame:
    """:func:`read_columns` as a frame."""
    return pd.DataFrame(read_columns(path), dtype=str)


def city_file_error(name: str, error: Exception, hint: str) -> DataError:
    """Why a file of the city pack could not be read.

    Parameters
    ----------
    name : str
        File name.
    error : Exception
        What reading it met.
    hint : str
        What the file should be, for one that is there.

    Returns
    -------
    DataError
    """
    if isinstance(error, FileNotFoundError):
        return DataError(
            _("城市资料包里没有 {name}。"), hint=_("请从资料包的备份或版本库恢复这个文件。"), name=name
        )
    detail = getattr(error, "strerror", None) or str(error)
    return DataError(_("读不了城市资料包的 {name}：{detail}。"), hint=hint, name=name, detail=detail)


def read_city_table(root: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """A table of the city pack in ``root`` as :func:`read_texts` gives it, for tables without which nothing goes on.

    Parameters
    ----------
    root : Path
        Folder of the city pack.
    name : str
        File name, such as ``indicators.csv``.
    columns : tuple of str
        Columns that must be there.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        The file is missing, is no such table or lacks columns.
    """
    try:
        frame = read_texts(root / name)
    except (OSError, ValueError) as error:
        hint = _("它应是 UTF-8 的 CSV；请从资料包的备份或版本库恢复。")
        raise city_file_error(name, error, hint) from error
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise DataError(
            _("城市资料包的 {name} 缺少列 {missing}。"),
            hint=_("请恢复列名，写法见 docs/data-pack.md。"),
            name=name,
            missing="、".join(missing),
        )
    return frame


def table_bytes(frame: pd.DataFrame) -> bytes:
    """A table of a city pack as its file: UTF-8 without a BOM, every cell as it is, for programs read it and compare it to the letter."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.astype(object).where(frame.notna(), "").to_numpy().tolist())
    return stream.getvalue().encode()
