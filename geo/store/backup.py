"""Backup and restore: every row of every table, and the outlines beside them, in one file that either database can be restored from."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, Engine, LargeBinary, Table, func, insert, inspect, select, text

from geo.errors import AtlasError, DataError, ParameterError
from geo.reading.isolate import staged
from geo.reading.limits import LIMITS
from geo.store.backup_outlines import drop_other_outlines, listed_outlines, pack_outlines, put_outlines
from geo.store.engine import reading, translated_errors, writing
from geo.store.migrate import HEAD, migrate
from geo.store.schema import META, batches
from geo.store.write import revision_of
from geo.text import mark as _

_FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 500
_PLANS: Final = ("plans", "promises")
_LATER_THAN: Final = {"m0001": ("photos", "photo_files", *_PLANS), "m0002": _PLANS, HEAD: ()}
"""Migration that a backup may be of -> tables that came after it, of which it knows nothing."""
_LIMITS: Final = replace_fields(
    LIMITS, archive_bytes=4 * 2**30, archive_members=20_000, seconds=600
)  # unpacked: far above any register, far below a bomb; each list that drew outlines is two members


def backup(engine: Engine, path: Path) -> dict[str, Any]:
    """Write the whole store, as it is at one moment, to ``path`` (a zip of JSON lines) with the outlines that lists drew
    of its works and facilities; the manifest.

    ``ParameterError`` where the file exists. It appears whole or not at all.
    """
    if path.exists():
        raise ParameterError(_("{path} 已存在。"), hint=_("请换一个文件名。"), path=str(path))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with translated_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as handle:
                with (
                    zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive,
                    reading(engine) as connection,
                ):
                    manifest = _write_tables(archive, connection) | {"outlines": pack_outlines(archive)}
                    archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
                handle.flush()
                os.fsync(handle.fileno())
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()
    return manifest


def _write_tables(archive: zipfile.ZipFile, connection: Connection) -> dict[str, Any]:
    revision, digest = revision_of(connection)
    tables = {}
    for table in META.sorted_tables:
        total, count = hashlib.sha256(), 0
        with archive.open(_member(table), "w", force_zip64=True) as out:
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
                line = (
                    json.dumps({name: _json_value(value) for name, value in row.items()}, ensure_ascii=False)
                    + "\n"
                )
                out.write(line.encode())
                total.update(line.encode())
                count += 1
        tables[table.name] = {"rows": count, "sha256": total.hexdigest()}
    return {"format": _FORMAT, "migration": HEAD, "revision": revision, "digest": digest, "tables": tables}


def _json_value(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def restore(engine: Engine, path: Path, *, replace: bool = False) -> dict[str, Any]:
    """Fill the database from a backup, all of it or nothing; the manifest.

    Parameters
    ----------
    engine : Engine
    path : Path
        The file to write or read.
    replace : bool
        Replace what the database holds.

    Returns
    -------
    dict

    Raises
    ------
    ParameterError
        The database holds a register already, and ``replace`` is False.
    DataError
        The file is no backup, is damaged, or was written by a newer program.
    """
    try:
        with staged(path, path.name, ".zip", limits=_LIMITS) as copy:
            copy.run("unpacked", members=[_MANIFEST])
            manifest = _read_manifest(copy.folder)
            later = _LATER_THAN[manifest["migration"]]
            tables = [table for table in META.sorted_tables if table.name not in later]
            outlines = listed_outlines(manifest)
            copy.run("unpacked", members=[*map(_member, tables), *(one.name for one in outlines or ())])
            with writing(engine) as connection:
                _make_room(connection, replace=replace)
                for table in tables:
                    _read_table(copy.folder, connection, table, manifest["tables"][table.name])
                if revision_of(connection) != (manifest["revision"], manifest["digest"]):
                    raise _damaged(path, "digest")
                put_outlines(copy.folder, outlines)
            drop_other_outlines(outlines)
    except AtlasError:
        raise
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise _damaged(path, str(error)) from error
    return manifest


def _damaged(path: Path, detail: str) -> DataError:
    return DataError(
        _("{path} 不是完好的备份：{detail}。"),
        hint=_("请换另一份备份；数据库没有改动。"),
        path=path.name,
        detail=detail,
    )


def _member(table: Table) -> str:
    return f"{table.name}.jsonl"


def _read_manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_bytes())
    if manifest["format"] != _FORMAT or manifest["migration"] not in _LATER_THAN:
        raise ValueError(f"format {manifest['format']}, {manifest['migration']}; {_FORMAT}, {HEAD}")
    return manifest


def _make_room(connection: Connection, *, replace: bool) -> None:
    present = inspect(connection).has_table(batches.name)
    if present and connection.scalar(select(func.count()).select_from(batches)) and not replace:
        raise ParameterError(
            _("这个数据库里已有登记。"),
            hint=_("加 --replace 可替换它（先自动备份），或用 ATLAS_VAR、ATLAS_DATABASE_URL 另指一个空库。"),
        )
    if present:
        drop_all(connection)
    migrate(connection)


def drop_all(connection: Connection) -> None:
    """Remove every table, inside the caller's transaction: nothing else may empty what is append-only."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP VIEW IF EXISTS works_qgis, facilities_qgis, lines_qgis"))
    META.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS atlas_append_only()"))


def _read_table(folder: Path, connection: Connection, table: Table, expected: dict[str, Any]) -> None:
    total, count = hashlib.sha256(), 0
    binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
    with (folder / _member(table)).open("rb") as lines:
        for chunk in _chunks(lines):
            rows = []
            for line in chunk:
                total.update(line)
                row = json.loads(line)
                rows.append(row | {name: bytes.fromhex(row[name]) if row[name] else None for name in binary})
            connection.execute(insert(table), rows)
            count += len(rows)
    if (count, total.hexdigest()) != (expected["rows"], expected["sha256"]):
        raise ValueError(table.name)


def _chunks(lines: IO[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
