"""A day's vector tiles in one file, PMTiles version 3, for a file server or a desktop GIS.

The format is at https://github.com/protomaps/PMTiles.
"""

import gzip
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from zoning.tiles.day import DayTiles
from zoning.tiles.formats.tilejson import CLOSEST_ZOOM

_HEADER_FIELDS: Final = frozenset(
    {"tilejson", "tiles", "scheme", "bounds", "center", "minzoom", "maxzoom"}
)
"""Fields of TileJSON that a PMTiles archive has in its header or does not need."""
_FIELD_TYPES: Final = {"risk": "Number", "code": "String", "name": "String"}
"""Types of the fields of a feature. GDAL expects a type where TileJSON has a description."""
_UNITS_PER_DEGREE: Final = 10_000_000
"""The header has coordinates in units of 1e-7 degrees."""


def write_archive(tiles: DayTiles, tilejson: dict[str, Any], path: Path) -> int:
    """Write the tiles up to the zoom from which clients enlarge; the same bytes for the same run.

    Parameters
    ----------
    tilejson
        TileJSON of the tiles. Fields without a place in the header become metadata.

    Returns
    -------
    int
        Number of tiles.
    """
    closest = CLOSEST_ZOOM["mvt"]
    # In the order of tile ids, so that neighbours are close in the file: a "clustered" archive.
    tiles_by_id = sorted(
        (zxy_to_tileid(*tile), tile) for tile in tiles.pyramid.vectors if tile.z <= closest
    )
    # The writer collects tiles in a temporary file, and leaves the file open after an error.
    with path.open("wb") as file, closing((archive := Writer(file)).tile_f):
        for tile_id, tile in tiles_by_id:
            archive.write_tile(tile_id, gzip.compress(tiles.vector(tile) or b"", mtime=0))
        archive.finalize(_header(tilejson), _metadata(tilejson))
    return len(tiles_by_id)


def _metadata(tilejson: dict[str, Any]) -> dict[str, Any]:
    layers = [
        {**layer, "fields": {name: _FIELD_TYPES[name] for name in layer["fields"]}}
        for layer in tilejson["vector_layers"]
    ]
    metadata = {name: value for name, value in tilejson.items() if name not in _HEADER_FIELDS}
    return {**metadata, "vector_layers": layers}


def _header(tilejson: dict[str, Any]) -> dict[str, Any]:
    sides = ("min_lon", "min_lat", "max_lon", "max_lat", "center_lon", "center_lat")
    longitude, latitude, zoom = tilejson["center"]
    degrees = zip(sides, (*tilejson["bounds"], longitude, latitude), strict=True)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "center_zoom": zoom,
        **{f"{side}_e7": round(degree * _UNITS_PER_DEGREE) for side, degree in degrees},
    }
