"""Tilesets and the tile matrix set, in the documents of OGC API Tiles."""

from typing import Any, Final, Literal, NamedTuple

import numpy as np
from fastapi import Request

from api.ogc.crs import CRS84
from api.ogc.features.collection import Collection
from api.ogc.links import JSON, REL, Link, format_links, link, ogc_url
from api.ogc.messages import join_languages
from api.tiles.responses import MVT, PNG
from geodata.boundaries import Boundaries
from geodata.language import Bilingual
from zoning.risk import Classes
from zoning.tiles.formats.tilejson import vector_layers
from zoning.tiles.geometry.coverage import EXTENT, FIRST_ZOOM
from zoning.tiles.geometry.cutting import BUFFER
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile, to_tiles

TileKind = Literal["vector", "map"]
SCHEME: Final = "WebMercatorQuad"
SCHEME_URI: Final = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{SCHEME}"
_MERCATOR: Final = "http://www.opengis.net/def/crs/EPSG/0/3857"
_HALF_SIDE: Final = 20037508.342789244
"""Metres from the centre of the Web Mercator square to its edge."""
_PIXEL: Final = 0.00028
"""Metres of a standardised pixel."""
_LEVELS: Final = 25
_MARGIN: Final = (BUFFER + 1) / EXTENT
"""Margin as a part of a tile: the buffer of a tile and one unit of rounding."""
_SCHEMES: Final = "/tileMatrixSets"
TITLES: Final[dict[TileKind, Bilingual]] = {
    "vector": Bilingual("Tile vektor", "Vector tiles"),
    "map": Bilingual("Tile gambar", "Picture tiles"),
}
MEDIA: Final[dict[TileKind, str]] = {"vector": MVT, "map": PNG}
FORMS: Final[dict[TileKind, str]] = {"vector": "mvt", "map": "png"}


class Tileset(NamedTuple):
    """Tiles of one kind, of all collections or of one collection."""

    kind: TileKind
    collection: Collection | None = None

    @property
    def path(self) -> str:
        """Path of the tileset list with this tileset."""
        prefix = "" if self.collection is None else f"/collections/{self.collection.id}"
        return f"{prefix}/map/tiles" if self.kind == "map" else f"{prefix}/tiles"

    @property
    def title(self) -> Bilingual:
        """Title of the tileset."""
        kind_title = TITLES[self.kind]
        if self.collection is None:
            return kind_title
        title = self.collection.title
        return Bilingual(f"{kind_title.id}: {title.id}", f"{kind_title.en}: {title.en}")

    @property
    def layer(self) -> str | None:
        """The layer of the tiles; None if the tiles have all layers."""
        return None if self.collection is None else self.collection.level

    @property
    def zooms(self) -> range:
        """Zooms of the tiles."""
        layer = None if self.kind == "map" else self.layer
        first_zoom = MIN_ZOOM if layer is None else FIRST_ZOOM[layer]
        return range(first_zoom, MAX_ZOOM + 1)


def find_tilesets(collection: Collection) -> list[Tileset]:
    """Tilesets of a collection: a layer of the vector tiles, and pictures for RT."""
    tilesets = [Tileset("vector", collection)] if collection.level in FIRST_ZOOM else []
    return [*tilesets, Tileset("map", collection)] if collection.level == "rt" else tilesets


def tileset_links(request: Request, tilesets: list[Tileset]) -> list[Link]:
    """Links to the lists of tilesets."""
    return [
        link(
            f"{REL}tilesets-{tileset.kind}",
            ogc_url(request, tileset.path),
            JSON,
            join_languages(tileset.title),
        )
        for tileset in tilesets
    ]


def scheme_link(request: Request) -> Link:
    """Link to the list of tile matrix sets."""
    return link(f"{REL}tiling-schemes", ogc_url(request, _SCHEMES), JSON, "Tile matrix sets")


def tileset_list(
    request: Request, tileset: Tileset, boundaries: Boundaries, form: str
) -> dict[str, Any]:
    """The list of a tileset, with the data that a client needs to request tiles."""
    url = ogc_url(request, f"{tileset.path}/{SCHEME}")
    document = {
        **_shared_properties(tileset),
        "tileMatrixSetLimits": _limits(tileset, boundaries),
        "links": [
            link("self", url, JSON, join_languages(tileset.title)),
            _item_link(request, tileset),
            _scheme_link(request),
        ],
    }
    return {"links": format_links(request, tileset.path, {}, form), "tilesets": [document]}


def tileset_metadata(
    request: Request, tileset: Tileset, boundaries: Boundaries, classes: Classes, form: str
) -> dict[str, Any]:
    """Metadata of a tileset: its limits, its bounding box and the layers of its tiles."""
    path = f"{tileset.path}/{SCHEME}"
    west, south, east, north = (float(side) for side in boundaries.areas.total_bounds)
    document: dict[str, Any] = {
        **_shared_properties(tileset),
        "tileMatrixSetLimits": _limits(tileset, boundaries),
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": CRS84.uri,
        },
        "links": [
            *format_links(request, path, {}, form),
            _item_link(request, tileset),
            _scheme_link(request),
            *_source_links(request, tileset),
        ],
    }
    if tileset.kind == "vector":
        document["layers"] = [
            _layer(layer)
            for layer in vector_layers(classes)
            if tileset.layer in {None, layer["id"]}
        ]
    return document


def scheme_list(request: Request, form: str) -> dict[str, Any]:
    """The list of tile matrix sets: only WebMercatorQuad."""
    links = [link("self", ogc_url(request, f"{_SCHEMES}/{SCHEME}"), JSON, SCHEME)]
    entry = {"id": SCHEME, "title": SCHEME, "uri": SCHEME_URI, "crs": _MERCATOR, "links": links}
    return {"links": format_links(request, _SCHEMES, {}, form), "tileMatrixSets": [entry]}


def scheme_document() -> dict[str, Any]:
    """The tile matrix set WebMercatorQuad, as defined in annex D of OGC 17-083r4."""
    return {
        "id": SCHEME,
        "title": "Google Maps Compatible for the World",
        "uri": SCHEME_URI,
        "crs": _MERCATOR,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(_LEVELS)],
    }


def _matrix(zoom: int) -> dict[str, Any]:
    cell = 2 * _HALF_SIDE / (256 << zoom)
    return {
        "id": str(zoom),
        "scaleDenominator": cell / _PIXEL,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_HALF_SIDE, _HALF_SIDE],
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 1 << zoom,
        "matrixHeight": 1 << zoom,
    }


def _shared_properties(tileset: Tileset) -> dict[str, Any]:
    return {
        "title": join_languages(tileset.title),
        "dataType": tileset.kind,
        "crs": _MERCATOR,
        "tileMatrixSetId": SCHEME,
        "tileMatrixSetURI": SCHEME_URI,
    }


def _item_link(request: Request, tileset: Tileset) -> Link:
    template = f"{ogc_url(request, tileset.path)}/{SCHEME}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    item = link("item", f"{template}?f={FORMS[tileset.kind]}", MEDIA[tileset.kind], "Tile")
    return {**item, "templated": True}


def within_limits(tileset: Tileset, boundaries: Boundaries, tile: Tile) -> bool:
    """Whether a tile is within the limits of its tileset."""
    if tile.z not in tileset.zooms:
        return False
    first, last = _corner_tiles(boundaries, tile.z)
    return first.x <= tile.x <= last.x and first.y <= tile.y <= last.y


def _limits(tileset: Tileset, boundaries: Boundaries) -> list[dict[str, Any]]:
    limits_by_zoom = []
    for zoom in tileset.zooms:
        first, last = _corner_tiles(boundaries, zoom)
        limits = {
            "minTileRow": first.y,
            "maxTileRow": last.y,
            "minTileCol": first.x,
            "maxTileCol": last.x,
        }
        limits_by_zoom.append({"tileMatrix": str(zoom), **limits})
    return limits_by_zoom


def _corner_tiles(boundaries: Boundaries, zoom: int) -> tuple[Tile, Tile]:
    """The north-west and south-east tiles that may contain features, at least in their margin."""
    west, south, east, north = boundaries.areas.total_bounds
    corners = to_tiles([west, east], [north, south], zoom) + np.array([-_MARGIN, _MARGIN])
    columns, rows = np.clip(corners, 0, (1 << zoom) - 1).astype(np.int64).tolist()
    return Tile(zoom, columns[0], rows[0]), Tile(zoom, columns[1], rows[1])


def _layer(layer: dict[str, Any]) -> dict[str, Any]:
    properties = {
        name: {"type": "integer" if name == "risk" else "string", "description": description}
        for name, description in layer["fields"].items()
    }
    return {
        "id": layer["id"],
        "title": layer["description"],
        "dataType": "vector",
        "geometryDimension": 2,
        "crs": _MERCATOR,
        "minTileMatrix": str(layer["minzoom"]),
        "maxTileMatrix": str(MAX_ZOOM),
        "propertiesSchema": {"type": "object", "properties": properties},
    }


def _scheme_link(request: Request) -> Link:
    return link(f"{REL}tiling-scheme", ogc_url(request, f"{_SCHEMES}/{SCHEME}"), JSON, SCHEME)


def _source_links(request: Request, tileset: Tileset) -> list[Link]:
    if tileset.collection is None:
        return [link(f"{REL}dataset", ogc_url(request, ""), JSON, "Dataset")]
    href = ogc_url(request, f"/collections/{tileset.collection.id}")
    return [link(f"{REL}geodata", href, JSON, join_languages(tileset.collection.title))]
