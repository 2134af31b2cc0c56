"""Vector tiles of a collection, named as OGC API - Tiles has it (WebMercatorQuad), encoded by mapbox-vector-tile."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
from pygeoapi.models.provider.base import LinkType, TileMatrixSetEnum, TileSetMetadata
from pygeoapi.provider.base_mvt import BaseMVTProvider
from pygeoapi.provider.tile import ProviderTileNotFoundError
from pygeoapi.util import url_join

from geo.atlas import load_atlas
from layers.api.collections import get_collection, rows
from layers.map.tiles import encode

MAX_ZOOM: Final = 16
_SCHEME: Final = TileMatrixSetEnum.WEBMERCATORQUAD.value


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
        """Links of the tile service."""
        self._service_url = servicepath or f"{baseurl}/tiles"
        return dict(self.get_tms_links())

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
        if tileset != _SCHEME.tileMatrixSet or not (0 <= row < side and 0 <= column < side):
            raise ProviderTileNotFoundError
        frame = _in_metres(self.collection.id, load_atlas().version, date.today())
        return encode({str(layer): frame}, zoom, row, column)

    def get_default_metadata(
        self,
        dataset: str,
        server_url: str,
        layer: str,
        tileset: str,
        title: str,
        description: str,
        keywords: Any,
        **_kwargs: Any,
    ) -> dict[str, Any]:
        """Tile set metadata."""
        service = url_join(
            server_url, f"collections/{dataset}/tiles/{tileset}", "{tileMatrix}/{tileRow}/{tileCol}?f=mvt"
        )
        content = TileSetMetadata(
            title=title,
            description=description,
            keywords=keywords,
            crs=_SCHEME.crs,
            tileMatrixSetURI=_SCHEME.tileMatrixSetURI,
        )
        content.links = [
            LinkType(
                href=url_join(server_url, "TileMatrixSets", _SCHEME.tileMatrixSet),
                rel="http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
                type_="application/json",
                title=_SCHEME.tileMatrixSet,
            ),
            LinkType(href=service, rel="item", type_=self.mimetype, title=layer),
        ]
        return dict(content.model_dump(exclude_none=True))

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

    def get_html_metadata(self, dataset: str, server_url: str, **kwargs: Any) -> dict[str, Any]:
        """What the page about a tile set shows."""
        tileset = str(kwargs["tileset"])
        address = url_join(server_url, f"collections/{dataset}/tiles/{tileset}")
        return {
            "id": dataset,
            "title": kwargs["title"],
            "tileset": tileset,
            "collections_path": url_join(address, "{tileMatrix}/{tileRow}/{tileCol}?f=mvt"),
            "json_url": f"{address}/metadata?f=json",
        }


@lru_cache(maxsize=16)
def _in_metres(collection_id: str, _version: str, day: date) -> gpd.GeoDataFrame:
    """The placed rows of a collection in EPSG:3857."""
    frame = rows(get_collection(collection_id), day)
    return frame[frame.geometry.notna()].to_crs(3857)
