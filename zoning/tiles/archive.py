"""A day's vector tiles in one file, PMTiles version 3: for a file server, or a desktop GIS.

The format is at https://github.com/protomaps/PMTiles.
"""

import gzip
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from zoning.tiles.day import DayTiles
from zoning.tiles.formats.tilejson import CLOSEST

_IN_HEADER: Final = frozenset(
    {"tilejson", "tiles", "scheme", "bounds", "center", "minzoom", "maxzoom"}
)
"""What a TileJSON says that an archive says in its header, or by being one."""
_TYPES: Final = {"risk": "Number", "code": "String", "name": "String"}
"""Of the fields: GDAL reads them by what stands where a TileJSON describes them."""
_E7: Final = 10_000_000
"""The header's units of a degree."""


def write_archive(tiles: DayTiles, about: dict[str, Any], path: Path) -> int:
    """Write the tiles up to the zoom beyond which clients enlarge them: one run, the same bytes.

    Parameters
    ----------
    about
        Their TileJSON; what the header does not say of it becomes the archive's metadata.

    Returns
    -------
    int
        How many there are.
    """
    closest = CLOSEST["mvt"]
    # In the order of their ids, so that neighbours lie side by side: a "clustered" archive.
    found = sorted((zxy_to_tileid(*at), at) for at in tiles.pyramid.vectors if at.z <= closest)
    # Its writer collects tiles in a file of its own, which it leaves open where one fails.
    with path.open("wb") as file, closing((archive := Writer(file)).tile_f):
        for number, at in found:
            archive.write_tile(number, gzip.compress(tiles.vector(at) or b"", mtime=0))
        archive.finalize(_header(about), _metadata(about))
    return len(found)


def _metadata(about: dict[str, Any]) -> dict[str, Any]:
    layers = [
        {**layer, "fields": {name: _TYPES[name] for name in layer["fields"]}}
        for layer in about["vector_layers"]
    ]
    held = {name: said for name, said in about.items() if name not in _IN_HEADER}
    return {**held, "vector_layers": layers}


def _header(about: dict[str, Any]) -> dict[str, Any]:
    sides = ("min_lon", "min_lat", "max_lon", "max_lat", "center_lon", "center_lat")
    longitude, latitude, zoom = about["center"]
    degrees = zip(sides, (*about["bounds"], longitude, latitude), strict=True)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "center_zoom": zoom,
        **{f"{side}_e7": round(at * _E7) for side, at in degrees},
    }
