"""Vector tiles of a collection, named as OGC API - Tiles has it (WebMercatorQuad), encoded by mapbox-vector-tile."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
from pygeoapi.models.provider.base import TileMatrixSetEnum, TileSetMetadata
from pygeoapi.provider.base_mvt import BaseMVTProvider
from pygeoapi.util import url_join

from geo.errors import UnknownIdError
from geo.text import mark as _
from layers.api.collections import get_collection, load_pack, rows
from layers.map.tiles import encode

MAX_ZOOM: Final = 16
_SCHEME_LINK: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
_SCHEME: Final = TileMatrixSetEnum.WEBMERCATORQUAD.value


def check_scheme(name: str) -> None:
    """``UnknownIdError`` for a tile matrix set that is not offered."""
    if name != _SCHEME.tileMatrixSet:
        raise UnknownIdError(_("没有瓦片方案 {name}。"), name=name[:60])


class FrameTiles(BaseMVTProvider):  # type: ignore[misc]
    """Tiles of a collection of :mod:`layers.api.collections` on the present day."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self.collection = get_collection(self.data)

    def __repr__(self) -> str:
        return f"<FrameTiles> {self.data}"

    def get_layer(self) -> str:
        """Name of the layer inside the tiles."""
        return self.collection.id

    def get_fields(self) -> dict[str, Any]:
        """Tiles describe no fields of their own."""
        return {}

    def get_tiling_schemes(self) -> list[Any]:
        """WebMercatorQuad alone."""
        return [_SCHEME]

    def get_tiles_service(
        self,
        baseurl: str | None = None,
        servicepath: str | None = None,
        dirpath: str | None = None,  # noqa: ARG002 (the signature is pygeoapi's)
        tile_type: str | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """The link of a single tile; each tile set has links of its own."""
        address = servicepath or f"{baseurl}/tiles"
        return {
            "links": [{"rel": "item", "type": self.mimetype, "title": self.collection.id, "href": address}]
        }

    def get_tiles(
        self,
        layer: str | None = None,
        tileset: str | None = None,
        z: int | None = None,
        y: int | None = None,
        x: int | None = None,
        format_: str | None = None,  # noqa: ARG002
    ) -> bytes:
        """One tile; 404 outside the scheme or beyond zoom 16."""
        zoom, row, column = int(z or 0), int(y or 0), int(x or 0)
        side = 2**zoom if 0 <= zoom <= MAX_ZOOM else 0
        check_scheme(str(tileset))
        if not (0 <= row < side and 0 <= column < side):
            raise UnknownIdError(_("没有瓦片 {name}。"), name=f"{zoom}/{row}/{column}")
        frame = _in_metres(self.collection.id, load_pack().version, date.today())
        return encode({str(layer): frame}, zoom, row, column)

    def get_default_metadata(
        self,
        dataset: str,
        server_url: str,
        layer: str,  # noqa: ARG002
        tileset: str,
        title: str,
        description: str,
        keywords: Any,
        **_kwargs: Any,
    ) -> dict[str, Any]:
        """Tile set metadata."""
        check_scheme(tileset)
        content = TileSetMetadata(
            title=title,
            description=description,
            keywords=keywords,
            crs=_SCHEME.crs,
            tileMatrixSetURI=_SCHEME.tileMatrixSetURI,
        )
        base = url_join(server_url, f"collections/{dataset}/tiles/{tileset}")
        links = (
            ("self", base, "json"),
            ("alternate", base, "html"),
            (_SCHEME_LINK, url_join(server_url, "tileMatrixSets", _SCHEME.tileMatrixSet), "json"),
            ("item", url_join(base, "{tileMatrix}/{tileRow}/{tileCol}"), "mvt"),
            ("describedby", url_join(base, "metadata"), "tilejson"),
        )
        told = content.model_dump(exclude_none=True, exclude={"links"}) | {"dataType": "vector"}
        told["links"] = [
            {"rel": rel, "type": "", "title": title, "href": f"{address}?f={form}"}
            for rel, address, form in links
        ]
        return dict(told)

    def get_vendor_metadata(
        self,
        dataset: str,
        server_url: str,
        layer: str,
        tileset: str,
        title: str,
        description: str,
        keywords: Any,  # noqa: ARG002
        **_kwargs: Any,
    ) -> dict[str, Any]:
        """TileJSON 3.0."""
        check_scheme(tileset)
        service = url_join(server_url, f"collections/{dataset}/tiles/{tileset}", "{z}/{y}/{x}?f=mvt")
        bounds = [round(float(value), 5) for value in rows(self.collection, date.today()).total_bounds]
        return {
            "tilejson": "3.0.0",
            "name": title,
            "description": description,
            "tiles": [service],
            "minzoom": 0,
            "maxzoom": MAX_ZOOM,
            "bounds": bounds,
            "vector_layers": [{"id": layer, "fields": {}}],
        }

    def get_html_metadata(
        self,
        dataset: str,
        server_url: str,
        _layer: str,
        tileset: str,
        title: str,
        *_words: Any,
        **_kwargs: Any,
    ) -> dict[str, Any]:
        """What the page about a tile set shows."""
        check_scheme(tileset)
        address = url_join(server_url, f"collections/{dataset}/tiles/{tileset}")
        return {
            "id": dataset,
            "title": title,
            "tileset": tileset,
            "collections_path": url_join(address, "{tileMatrix}/{tileRow}/{tileCol}?f=mvt"),
            "json_url": f"{address}/metadata?f=json",
        }


@lru_cache(maxsize=16)
def _in_metres(collection_id: str, _version: str, day: date) -> gpd.GeoDataFrame:
    """The placed rows of a collection in EPSG:3857."""
    frame = rows(get_collection(collection_id), day)
    return frame[frame.geometry.notna()].to_crs(3857)
