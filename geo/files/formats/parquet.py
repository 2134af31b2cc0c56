"""GeoParquet: for analysis; texts, numbers and days keep their types. GCJ-02 is stored with no CRS at all."""

from __future__ import annotations

import json
from io import BytesIO

from geo.files.content import Content
from geo.files.spec import FileFormat
from geo.text import mark as _


def write(content: Content) -> bytes:
    """Zstandard-compressed GeoParquet 1.x; what a reader must know is in the file's own metadata, key ``atlas``."""
    import pyarrow.parquet as pq

    frame = content.features.drop(columns=["wkt", "licence"])
    stream = BytesIO()
    frame.to_parquet(stream, index=False)
    table = pq.read_table(stream)
    about = {"about": dict(content.facts), "coordinate_system": content.system.title}
    about["sources"] = json.loads(content.sources.to_json(orient="records", force_ascii=False))
    told = {b"atlas": json.dumps(about, ensure_ascii=False).encode("utf-8")}
    out = BytesIO()
    pq.write_table(
        table.replace_schema_metadata((table.schema.metadata or {}) | told), out, compression="zstd"
    )
    return out.getvalue()


FORMAT = FileFormat(
    id="geoparquet",
    title="GeoParquet",
    use=_("数据分析"),
    ending=".parquet",
    mime="application/vnd.apache.parquet",
    write=write,
    order=70,
)
