"""The same vector tiles by other tools, and a comparison with ours.

For PostGIS on Debian: ``apt-get install postgresql-15 postgresql-15-postgis-3``.
mapbox-vector-tile is a development dependency.
"""

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import adbc_driver_postgresql.dbapi as postgres
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from benchmarks.measuring import Disagreement
from geodata.areas import Level
from tests.databases import own_server
from zoning.city import City
from zoning.days.runs import DayZones
from zoning.tiles.geometry.scheme import Tile

EXTENT: Final = 4096
_BUFFER: Final = 64
_LEVELS: Final[tuple[Level, ...]] = ("kecamatan", "kelurahan", "rw", "rt")
_LAYERS: Final = (*_LEVELS, "other")
_MERCATOR: Final = "EPSG:3857"
_HALF_WORLD: Final = 20037508.342789244
"""Half the width of EPSG:3857, in its metres."""
_AREA_TOLERANCE: Final = 256.0
"""Tolerance for rounding of small pieces, in square units: one pixel of a tile of 256 pixels."""

_PREPARE: Final = """
create extension postgis;
create table zone as
    select layer, code, name, cast(risk as int) as risk,
           st_transform(st_setsrid(st_geomfromwkb(wkb), 4326), 3857) as geom
    from zone_wkb;
create index on zone using gist (geom);
create function layer_of(wanted text, box geometry, wide geometry) returns bytea
language sql stable as $$
    select st_asmvt(held, wanted, 4096, 'geom')
    from (
        select code, name, risk, st_asmvtgeom(geom, box, 4096, 64, true) as geom
        from zone where layer = wanted and geom && wide
    ) as held
    where geom is not null
$$;
"""
"""Zones in EPSG:3857 with their risk and a spatial index, so a tile needs no projection or join."""
_TILES: Final = """
select x, y,
       layer_of('kecamatan', box, wide) || layer_of('kelurahan', box, wide)
       || layer_of('rw', box, wide) || layer_of('rt', box, wide)
       || layer_of('other', box, wide) as tile
from wanted_tile,
     lateral (
        select st_tileenvelope(cast(z as int), cast(x as int), cast(y as int)) as box,
               st_tileenvelope(cast(z as int), cast(x as int), cast(y as int),
                               margin => 64.0 / 4096) as wide
     ) as around
"""
"""All tiles in one query, without a round trip per tile."""

Tiles = dict[Tile, bytes]


class Zones(NamedTuple):
    """Zones of one day, all layers: ``layer, code, name, risk, geometry`` in degrees."""

    frame: gpd.GeoDataFrame


def zones_of_day(city: City, day: DayZones) -> Zones:
    """The zones in a day's tiles."""
    layers = [city.zones(day, level)[["code", "name", "risk", "geometry"]] for level in _LEVELS]
    smallest = city.ground(day).boundaries.smallest_zones
    layers.append(smallest[smallest["kind"] == "other"][["code", "name", "geometry"]])
    named = [layer.assign(layer=name) for name, layer in zip(_LAYERS, layers, strict=True)]
    return Zones(gpd.GeoDataFrame(pd.concat(named, ignore_index=True), crs="EPSG:4326"))


@contextmanager
def postgis(zones: Zones, tiles: Sequence[Tile]) -> Iterator[Any]:
    """A temporary PostGIS server with these zones and the list of tiles.

    Raises
    ------
    FileNotFoundError
        If PostgreSQL or PostGIS is not installed.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs or not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        raise FileNotFoundError("apt-get install postgresql-15 postgresql-15-postgis-3")
    with own_server(programs[-1]) as url, postgres.connect(url, autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.adbc_ingest("zone_wkb", _as_wkb(zones), mode="create")
            tile_table = pa.table(
                [list(column) for column in zip(*tiles, strict=True)], ["z", "x", "y"]
            )
            cursor.adbc_ingest("wanted_tile", tile_table, mode="create")
            for statement in _statements(_PREPARE):
                cursor.execute(statement)
            cursor.execute("analyze zone")
            # One thread, like the other contenders.
            cursor.execute("set max_parallel_workers_per_gather = 0")
        yield connection


def by_postgis(connection: Any) -> Tiles:  # noqa: ANN401  (its driver is untyped)
    """ST_AsMVT of ST_AsMVTGeom."""
    with connection.cursor() as cursor:
        cursor.execute(_TILES)
        table = cursor.fetch_arrow_table()
    rows = zip(*(table[name].to_pylist() for name in ("x", "y", "tile")), strict=True)
    return {Tile(14, x, y): tile for x, y, tile in rows if tile}


def _statements(script: str) -> list[str]:
    """Single statements, because the driver runs one at a time; no body has a semicolon."""
    return [statement for statement in script.split(";") if statement.strip()]


def _as_wkb(zones: Zones) -> pa.Table:
    frame = zones.frame
    columns = {name: pa.array(frame[name], pa.string()) for name in ("layer", "code", "name")}
    columns["risk"] = pa.array(frame["risk"], pa.float64(), from_pandas=True)
    columns["wkb"] = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.binary())
    return pa.table(columns)


class Cut(NamedTuple):
    """The input of mapbox-vector-tile: layers with cut shapes, and the bounds of the tile."""

    layers: list[dict[str, Any]]
    square: tuple[float, float, float, float]


def cut_shapes(zones: Zones, tiles: Sequence[Tile]) -> dict[Tile, Cut]:
    """Cut the shapes, which the library does not do; not timed."""
    plane = zones.frame.to_crs(_MERCATOR)
    shapes = plane.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    cuts = {}
    for tile in tiles:
        square = _square(tile)
        margin = (square[2] - square[0]) * _BUFFER / EXTENT
        box_with_margin = shapely.box(
            square[0] - margin, square[1] - margin, square[2] + margin, square[3] + margin
        )
        rows = np.sort(tree.query(box_with_margin, "intersects"))
        pieces = shapely.intersection(shapes[rows], box_with_margin)
        has_area = shapely.area(pieces) > 0
        cuts[tile] = Cut(_layers(plane, rows[has_area], pieces[has_area]), square)
    return cuts


def _layers(
    plane: gpd.GeoDataFrame, rows: NDArray[np.intp], pieces: NDArray[np.object_]
) -> list[dict[str, Any]]:
    layers: dict[str, list[dict[str, Any]]] = {name: [] for name in _LAYERS}
    rows_of_frame = plane.iloc[rows][["layer", "code", "name", "risk"]].itertuples(index=False)
    for (layer, code, name, risk), piece in zip(rows_of_frame, pieces, strict=True):
        properties = {"code": code, "name": name}
        if layer != "other":
            properties["risk"] = int(risk)
        layers[layer].append({"geometry": piece, "properties": properties})
    return [{"name": name, "features": features} for name, features in layers.items() if features]


def _square(tile: Tile) -> tuple[float, float, float, float]:
    side = 2 * _HALF_WORLD / 2**tile.z
    west, north = tile.x * side - _HALF_WORLD, _HALF_WORLD - tile.y * side
    return west, north - side, west + side, north


def by_mapbox(cuts: Mapping[Tile, Cut]) -> Tiles:
    """mapbox-vector-tile's ``encode``."""
    import mapbox_vector_tile  # noqa: PLC0415  (a peer may be missing)

    return {
        tile: mapbox_vector_tile.encode(
            tile_cut.layers, default_options={"quantize_bounds": tile_cut.square, "extents": EXTENT}
        )
        for tile, tile_cut in cuts.items()
    }


def seconds_per_tile(call: Any, repeats: int) -> tuple[Tiles, float]:  # noqa: ANN401
    """The tiles of a call, and the median of its seconds per tile."""
    tiles: Tiles = call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return tiles, statistics.median(seconds) / len(tiles)


def check(ours: Tiles, theirs: Tiles, peer: str) -> int:
    """Compare tiles with a decoder, feature by feature.

    Returns
    -------
    int
        Number of compared features.

    Raises
    ------
    Disagreement
        If tiles, features or properties differ, or the area of a feature differs by more than one
        percent.
    """
    if ours.keys() != theirs.keys():
        raise Disagreement(f"{peer} has {len(theirs)} tiles, not the {len(ours)} of ours")
    compared = 0
    for tile, our_tile in ours.items():
        our_layers, their_layers = _decoded(our_tile), _decoded(theirs[tile])
        for layer in our_layers.keys() | their_layers.keys():
            compared += _check(
                our_layers.get(layer, {}), their_layers.get(layer, {}), f"{peer}, {tile} {layer}"
            )
    return compared


_Features = dict[str, tuple[dict[str, Any], float]]
"""Properties and area by code."""


def _check(our_features: _Features, their_features: _Features, location: str) -> int:
    for code in our_features.keys() | their_features.keys():
        (our_properties, our_area), (their_properties, their_area) = (
            our_features.get(code, ({}, 0.0)),
            their_features.get(code, ({}, 0.0)),
        )
        if our_properties != their_properties:
            raise Disagreement(
                f"{location}: {code} is {our_properties} by us, {their_properties} by them"
            )
        if abs(our_area - their_area) > max(0.01 * our_area, _AREA_TOLERANCE):
            raise Disagreement(
                f"{location}: {code} has {our_area} square units by us, {their_area} by them"
            )
    return len(our_features)


def _decoded(tile: bytes) -> dict[str, _Features]:
    import mapbox_vector_tile  # noqa: PLC0415

    return {
        name: {
            feature["properties"]["code"]: (feature["properties"], _area(feature["geometry"]))
            for feature in layer["features"]
        }
        for name, layer in mapbox_vector_tile.decode(tile).items()
    }


def _area(geometry: Any) -> float:  # noqa: ANN401
    return float(shapely.geometry.shape(geometry).area)
