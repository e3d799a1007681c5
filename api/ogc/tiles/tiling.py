"""Which tiles there are, as OGC API Tiles and the standard of tile matrix sets describe them."""

from typing import Any, Final, Literal, NamedTuple

import numpy as np
from fastapi import Request

from api.ogc.crs import CRS84
from api.ogc.features.collection import Collection
from api.ogc.links import JSON, REL, Link, address, both, link
from api.ogc.messages import said
from api.tiles.responses import MVT, PNG
from geodata.boundaries import Boundaries
from geodata.language import Bilingual
from zoning.risk import Classes
from zoning.tiles.formats.tilejson import vector_layers
from zoning.tiles.geometry.coverage import EXTENT, FIRST_ZOOM
from zoning.tiles.geometry.cutting import BUFFER
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile, to_tiles

Kind = Literal["vector", "map"]
SCHEME: Final = "WebMercatorQuad"
SCHEME_URI: Final = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{SCHEME}"
_MERCATOR: Final = "http://www.opengis.net/def/crs/EPSG/0/3857"
_HALF: Final = 20037508.342789244
"""Metres from the middle of the Web Mercator square to its edge."""
_PIXEL: Final = 0.00028
"""Metres of a standardised pixel."""
_LEVELS: Final = 25
_MARGIN: Final = (BUFFER + 1) / EXTENT
"""Of a tile: what it shows beyond its edges, and the unit that corners are rounded by."""
_SCHEMES: Final = "/tileMatrixSets"
TITLES: Final[dict[Kind, Bilingual]] = {
    "vector": Bilingual("Tile vektor", "Vector tiles"),
    "map": Bilingual("Tile gambar", "Picture tiles"),
}
MEDIA: Final[dict[Kind, str]] = {"vector": MVT, "map": PNG}
FORMS: Final[dict[Kind, str]] = {"vector": "mvt", "map": "png"}


class Tileset(NamedTuple):
    """Tiles of one kind: of everything, or of one collection."""

    kind: Kind
    collection: Collection | None = None

    @property
    def path(self) -> str:
        """Where the list that names it is."""
        of = "" if self.collection is None else f"/collections/{self.collection.id}"
        return f"{of}/map/tiles" if self.kind == "map" else f"{of}/tiles"

    @property
    def title(self) -> Bilingual:
        """What it is called."""
        own = TITLES[self.kind]
        if self.collection is None:
            return own
        named = self.collection.title
        return Bilingual(f"{own.id}: {named.id}", f"{own.en}: {named.en}")

    @property
    def layer(self) -> str | None:
        """The one layer of its tiles; None where it has them all."""
        return None if self.collection is None else self.collection.level

    @property
    def zooms(self) -> range:
        """Zooms it has tiles for."""
        layer = None if self.kind == "map" else self.layer
        first = MIN_ZOOM if layer is None else FIRST_ZOOM[layer]
        return range(first, MAX_ZOOM + 1)


def tilesets_of(collection: Collection) -> list[Tileset]:
    """Tilesets a collection has: a layer of the vector tiles, and the RT their picture."""
    found = [Tileset("vector", collection)] if collection.level in FIRST_ZOOM else []
    return [*found, Tileset("map", collection)] if collection.level == "rt" else found


def links_to(request: Request, tilesets: list[Tileset]) -> list[Link]:
    """Links from what has tilesets to their lists."""
    return [
        link(f"{REL}tilesets-{one.kind}", address(request, one.path), JSON, said(one.title))
        for one in tilesets
    ]


def scheme_link(request: Request) -> Link:
    """The link to the tile matrix sets."""
    return link(f"{REL}tiling-schemes", address(request, _SCHEMES), JSON, "Tile matrix sets")


def tileset_list(
    request: Request, tileset: Tileset, boundaries: Boundaries, form: str
) -> dict[str, Any]:
    """The list that names a tileset, with all it takes to ask for its tiles."""
    here = address(request, f"{tileset.path}/{SCHEME}")
    links = [link("self", here, JSON, said(tileset.title)), _item(request, tileset)]
    found = {
        **_common(tileset),
        "tileMatrixSetLimits": _limits(tileset, boundaries),
        "links": [*links, _scheme(request)],
    }
    return {"links": both(request, tileset.path, {}, form), "tilesets": [found]}


def tileset_metadata(
    request: Request, tileset: Tileset, of: tuple[Boundaries, Classes], form: str
) -> dict[str, Any]:
    """A tileset of some boundaries and classes: its tiles, their layers and limits."""
    boundaries, classes = of
    path = f"{tileset.path}/{SCHEME}"
    west, south, east, north = (float(side) for side in boundaries.areas.total_bounds)
    found: dict[str, Any] = {
        **_common(tileset),
        "tileMatrixSetLimits": _limits(tileset, boundaries),
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": CRS84.uri,
        },
        "links": [
            *both(request, path, {}, form),
            _item(request, tileset),
            _scheme(request),
            *_of_what(request, tileset),
        ],
    }
    if tileset.kind == "vector":
        found["layers"] = [
            _layer(one) for one in vector_layers(classes) if tileset.layer in {None, one["id"]}
        ]
    return found


def scheme_list(request: Request, form: str) -> dict[str, Any]:
    """The tile matrix sets there are: one."""
    here = link("self", address(request, f"{_SCHEMES}/{SCHEME}"), JSON, SCHEME)
    one = {"id": SCHEME, "title": SCHEME, "uri": SCHEME_URI, "crs": _MERCATOR, "links": [here]}
    return {"links": both(request, _SCHEMES, {}, form), "tileMatrixSets": [one]}


def scheme() -> dict[str, Any]:
    """WebMercatorQuad, as OGC 17-083r4 defines it in its annex D."""
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
    cell = 2 * _HALF / (256 << zoom)
    return {
        "id": str(zoom),
        "scaleDenominator": cell / _PIXEL,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_HALF, _HALF],
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 1 << zoom,
        "matrixHeight": 1 << zoom,
    }


def _common(tileset: Tileset) -> dict[str, Any]:
    return {
        "title": said(tileset.title),
        "dataType": tileset.kind,
        "crs": _MERCATOR,
        "tileMatrixSetId": SCHEME,
        "tileMatrixSetURI": SCHEME_URI,
    }


def _item(request: Request, tileset: Tileset) -> Link:
    tile = f"{address(request, tileset.path)}/{SCHEME}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    item = link("item", f"{tile}?f={FORMS[tileset.kind]}", MEDIA[tileset.kind], "Tile")
    return {**item, "templated": True}


def within_limits(tileset: Tileset, boundaries: Boundaries, tile: Tile) -> bool:
    """Whether a tile is one of those its tileset says it has."""
    if tile.z not in tileset.zooms:
        return False
    first, last = _ends(boundaries, tile.z)
    return first.x <= tile.x <= last.x and first.y <= tile.y <= last.y


def _limits(tileset: Tileset, boundaries: Boundaries) -> list[dict[str, Any]]:
    found = []
    for zoom in tileset.zooms:
        first, last = _ends(boundaries, zoom)
        limits = {
            "minTileRow": first.y,
            "maxTileRow": last.y,
            "minTileCol": first.x,
            "maxTileCol": last.x,
        }
        found.append({"tileMatrix": str(zoom), **limits})
    return found


def _ends(boundaries: Boundaries, zoom: int) -> tuple[Tile, Tile]:
    """The first and last tiles that may hold something, be it in their margin alone."""
    west, south, east, north = boundaries.areas.total_bounds
    corners = to_tiles([west, east], [north, south], zoom) + np.array([-_MARGIN, _MARGIN])
    columns, rows = np.clip(corners, 0, (1 << zoom) - 1).astype(np.int64).tolist()
    return Tile(zoom, columns[0], rows[0]), Tile(zoom, columns[1], rows[1])


def _layer(one: dict[str, Any]) -> dict[str, Any]:
    properties = {
        name: {"type": "integer" if name == "risk" else "string", "description": about}
        for name, about in one["fields"].items()
    }
    return {
        "id": one["id"],
        "title": one["description"],
        "dataType": "vector",
        "geometryDimension": 2,
        "crs": _MERCATOR,
        "minTileMatrix": str(one["minzoom"]),
        "maxTileMatrix": str(MAX_ZOOM),
        "propertiesSchema": {"type": "object", "properties": properties},
    }


def _scheme(request: Request) -> Link:
    return link(f"{REL}tiling-scheme", address(request, f"{_SCHEMES}/{SCHEME}"), JSON, SCHEME)


def _of_what(request: Request, tileset: Tileset) -> list[Link]:
    if tileset.collection is None:
        return [link(f"{REL}dataset", address(request, ""), JSON, "Dataset")]
    href = address(request, f"/collections/{tileset.collection.id}")
    return [link(f"{REL}geodata", href, JSON, said(tileset.collection.title))]
