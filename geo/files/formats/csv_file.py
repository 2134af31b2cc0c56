"""CSV for spreadsheets and scripts: every line one work, headers in the reader's language, nothing that runs."""

from __future__ import annotations

from geo.columns import json_cells
from geo.files.content import Content, columns_of_type
from geo.files.pieces import headers
from geo.files.spec import ENCODINGS, FileFormat
from geo.table import neutralise
from geo.text import mark as _


def write(content: Content) -> bytes:
    """UTF-8 with a byte order mark (spreadsheets need it for Chinese), or GBK; credits stand in columns of their own."""
    frame = content.frame
    cells = frame.astype(object)
    for name in [*columns_of_type(frame, "number"), *columns_of_type(frame, "date")]:
        cells[name] = json_cells(frame[name])
    text = (
        neutralise(cells).rename(columns=headers(content, frame)).to_csv(index=False, lineterminator="\r\n")
    )
    return text.encode("utf-8-sig" if content.codec == "utf-8" else content.codec)


FORMAT = FileFormat(
    id="csv",
    title="CSV",
    use=_("表格与脚本"),
    ending=".csv",
    mime="text/csv",
    write=write,
    order=20,
    encodings=ENCODINGS,
)
