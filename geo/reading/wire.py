"""What the reading process hands back: Arrow files and a JSON letter, nothing that could be run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.reading.model import Choice, Layer, Note

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

ORDER: Final = "order.json"
LETTER: Final = "letter.json"
_WKB: Final = "geometry as WKB \x00"  # no column of a file can have this name: NUL is refused


@dataclass(eq=False)
class RawLayer:
    """A layer inside the reading process: columns of plain values, geometry as WKB."""

    name: str
    columns: dict[str, Any]
    numbers: Sequence[int]
    geometry: NDArray[np.object_] | None = None
    crs: str | None = None
    notes: Sequence[Note] = field(default=())
    import_choices: dict[str, str] = field(default_factory=dict)
    titles: Sequence[str] = ()


def of_layer(layer: Layer) -> RawLayer:
    """A table without geometry, on its way out."""
    import pyarrow as pa

    columns = {str(name): pa.array(layer.frame[name], pa.large_string()) for name in layer.frame.columns}
    return RawLayer(
        layer.name,
        columns,
        list(layer.frame.index),
        notes=layer.notes,
        import_choices=layer.import_choices,
        titles=layer.titles,
    )


def pack(folder: Path, layers: Sequence[RawLayer], choices: Sequence[Choice], kind: str) -> dict[str, Any]:
    """Write what was found into ``folder``; the letter that goes with it.

    Parameters
    ----------
    folder : Path
        Where files are written.
    layers : sequence of RawLayer
    choices : sequence of Choice
    kind : str
        A key of :data:`geo.reading.kinds.FORMATS`.

    Returns
    -------
    dict
    """
    import pyarrow as pa

    letters = []
    for at, layer in enumerate(layers):
        arrays = {str(at): _packed(values) for at, values in enumerate(layer.columns.values())}
        table = pa.table({"row": pa.array(layer.numbers, pa.int64()), **arrays})
        if layer.geometry is not None:
            table = table.append_column(_WKB, pa.array(layer.geometry, pa.large_binary()))
        with (
            pa.OSFile(str(folder / f"{at}.arrow"), "wb") as sink,
            pa.ipc.new_file(sink, table.schema) as writer,
        ):
            writer.write_table(table)
        letters.append(
            {
                "name": layer.name,
                "columns": list(layer.columns),
                "crs": layer.crs,
                "notes": [asdict(note) for note in layer.notes],
                "import_choices": layer.import_choices,
                "titles": list(layer.titles),
            }
        )
    return {"kind": kind, "layers": letters, "choices": [asdict(choice) for choice in choices]}


def unpack(folder: Path, letter: dict[str, Any]) -> tuple[tuple[Layer, ...], tuple[Choice, ...]]:
    """Read what :func:`pack` wrote; ``letter`` is its letter."""
    import pyarrow as pa

    layers = []
    for at, head in enumerate(letter["layers"]):
        with pa.OSFile(str(folder / f"{at}.arrow"), "rb") as source:
            table = pa.ipc.open_file(source).read_all()
        notes = tuple(Note(**note) for note in head["notes"])
        layers.append(_layer(table, head, notes))
    return tuple(layers), tuple(Choice(**choice) for choice in letter["choices"])


def _layer(table: pa.Table, head: dict[str, Any], notes: tuple[Note, ...]) -> Layer:
    import pandas as pd
    import shapely

    numbers = pd.Index(table.column("row").to_numpy())
    columns = {name: _unpacked(table.column(str(at))) for at, name in enumerate(head["columns"])}
    geometry = None
    if _WKB in table.column_names:
        geometry = shapely.from_wkb(table.column(_WKB).to_numpy(zero_copy_only=False))
    frame = pd.DataFrame(columns, index=numbers, copy=False)
    return Layer(
        head["name"], frame, geometry, head["crs"], notes, head["import_choices"], tuple(head["titles"])
    )


_TAGS: Final = {bool: "b", int: "i", float: "f", str: "s", date: "d", datetime: "t"}


def _packed(values: Any) -> pa.Array:
    """A column of one kind as Arrow has it; of several kinds as text with a letter that says which."""
    import pyarrow as pa

    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values
    kinds = {type(value) for value in values if value is not None}
    arrow_types = {
        str: pa.large_string(),
        float: pa.float64(),
        int: pa.int64(),
        date: pa.date32(),
        bool: pa.bool_(),
    }
    if kinds == {int, float}:
        values, kinds = [None if value is None else float(value) for value in values], {float}
    if len(kinds) <= 1 and kinds <= arrow_types.keys():
        kind = next(iter(kinds), str)
        if kind is not int or all(value is None or abs(value) < 2**63 for value in values):
            return pa.array(values, arrow_types[kind])
    return pa.array([None if value is None else _tagged(value) for value in values], pa.large_string()).cast(
        pa.large_binary()
    )


def _tagged(value: Any) -> str:
    tag = _TAGS[type(value)]
    return tag + (value.isoformat() if tag in "dt" else repr(value) if tag in "bif" else value)


def _untagged(text: bytes) -> Any:
    body = text[1:].decode()
    match text[:1]:
        case b"b":
            return body == "True"
        case b"i":
            return int(body)
        case b"f":
            return float(body)
        case b"d":
            return date.fromisoformat(body)
        case b"t":
            return datetime.fromisoformat(body)
        case _:
            return body


def _unpacked(column: pa.ChunkedArray) -> Any:
    """A column as :class:`geo.reading.model.Layer` promises it."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_large_string(column.type):
        return pd.array(column, dtype="str")
    if pa.types.is_large_binary(column.type):
        values = [None if text is None else _untagged(text) for text in column.to_pylist()]
    elif column.null_count == 0 and (pa.types.is_int64(column.type) or pa.types.is_float64(column.type)):
        return column.to_numpy()
    else:
        values = column.to_pylist()
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells
