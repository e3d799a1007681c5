"""The same vector tiles by what one would use instead, and whether they are the same.

On Debian: ``apt-get install postgresql-15 postgresql-15-postgis-3``. mapbox-vector-tile is among
what development needs.
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
"""Of EPSG:3857, in its metres."""
_PIXEL: Final = 256.0
"""Square units of a tile, a pixel of 256 across: what rounding may do to the smallest pieces."""

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
"""Zones in EPSG:3857 with an index, the risk beside each: a tile needs no projection, no join."""
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
"""All tiles by one query: no way there and back for each."""

Made = dict[Tile, bytes]


class Zones(NamedTuple):
    """Zones of one day, all layers: ``layer, code, name, risk, geometry`` in degrees."""

    frame: gpd.GeoDataFrame


def zones_of(city: City, day: DayZones) -> Zones:
    """What a day's tiles show."""
    layers = [city.zones(day, level)[["code", "name", "risk", "geometry"]] for level in _LEVELS]
    leaves = city.ground(day).boundaries.leaves
    layers.append(leaves[leaves["kind"] == "other"][["code", "name", "geometry"]])
    named = [layer.assign(layer=name) for name, layer in zip(_LAYERS, layers, strict=True)]
    return Zones(gpd.GeoDataFrame(pd.concat(named, ignore_index=True), crs="EPSG:4326"))


@contextmanager
def postgis(zones: Zones, tiles: Sequence[Tile]) -> Iterator[Any]:
    """A PostGIS of our own with these zones, and the list of the tiles wanted.

    Raises
    ------
    FileNotFoundError
        Where there is no PostgreSQL, or one without PostGIS.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs or not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        raise FileNotFoundError("apt-get install postgresql-15 postgresql-15-postgis-3")
    with own_server(programs[-1]) as url, postgres.connect(url, autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.adbc_ingest("zone_wkb", _as_wkb(zones), mode="create")
            wanted = pa.table(
                [list(column) for column in zip(*tiles, strict=True)], ["z", "x", "y"]
            )
            cursor.adbc_ingest("wanted_tile", wanted, mode="create")
            for statement in _statements(_PREPARE):
                cursor.execute(statement)
            cursor.execute("analyze zone")
            # One thread each.
            cursor.execute("set max_parallel_workers_per_gather = 0")
        yield connection


def by_postgis(connection: Any) -> Made:  # noqa: ANN401  (its driver is untyped)
    """ST_AsMVT of ST_AsMVTGeom."""
    with connection.cursor() as cursor:
        cursor.execute(_TILES)
        found = cursor.fetch_arrow_table()
    rows = zip(*(found[name].to_pylist() for name in ("x", "y", "tile")), strict=True)
    return {Tile(14, x, y): tile for x, y, tile in rows if tile}


def _statements(script: str) -> list[str]:
    """One by one: the driver takes no more. The function's body has no semicolon."""
    return [statement for statement in script.split(";") if statement.strip()]


def _as_wkb(zones: Zones) -> pa.Table:
    frame = zones.frame
    columns = {name: pa.array(frame[name], pa.string()) for name in ("layer", "code", "name")}
    columns["risk"] = pa.array(frame["risk"], pa.float64(), from_pandas=True)
    columns["wkb"] = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.binary())
    return pa.table(columns)


class Cut(NamedTuple):
    """What mapbox-vector-tile is given: layers with shapes already cut, and the tile's square."""

    layers: list[dict[str, Any]]
    square: tuple[float, float, float, float]


def cut(zones: Zones, tiles: Sequence[Tile]) -> dict[Tile, Cut]:
    """Cut the shapes as the library does not; this is not timed."""
    plane = zones.frame.to_crs(_MERCATOR)
    shapes = plane.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    found = {}
    for tile in tiles:
        square = _square(tile)
        margin = (square[2] - square[0]) * _BUFFER / EXTENT
        wide = shapely.box(
            square[0] - margin, square[1] - margin, square[2] + margin, square[3] + margin
        )
        rows = np.sort(tree.query(wide, "intersects"))
        pieces = shapely.intersection(shapes[rows], wide)
        held = shapely.area(pieces) > 0
        found[tile] = Cut(_layers(plane, rows[held], pieces[held]), square)
    return found


def _layers(
    plane: gpd.GeoDataFrame, rows: NDArray[np.intp], pieces: NDArray[np.object_]
) -> list[dict[str, Any]]:
    layers: dict[str, list[dict[str, Any]]] = {name: [] for name in _LAYERS}
    named = plane.iloc[rows][["layer", "code", "name", "risk"]].itertuples(index=False)
    for (layer, code, name, risk), piece in zip(named, pieces, strict=True):
        properties = {"code": code, "name": name}
        if layer != "other":
            properties["risk"] = int(risk)
        layers[layer].append({"geometry": piece, "properties": properties})
    return [{"name": name, "features": held} for name, held in layers.items() if held]


def _square(tile: Tile) -> tuple[float, float, float, float]:
    side = 2 * _HALF_WORLD / 2**tile.z
    west, north = tile.x * side - _HALF_WORLD, _HALF_WORLD - tile.y * side
    return west, north - side, west + side, north


def by_mapbox(cuts: Mapping[Tile, Cut]) -> Made:
    """mapbox-vector-tile's ``encode``."""
    import mapbox_vector_tile  # noqa: PLC0415  (a peer may be missing)

    return {
        tile: mapbox_vector_tile.encode(
            one.layers, default_options={"quantize_bounds": one.square, "extents": EXTENT}
        )
        for tile, one in cuts.items()
    }


def seconds_per_tile(call: Any, repeats: int) -> tuple[Made, float]:  # noqa: ANN401
    """What a call makes, and the median of its seconds, for each tile."""
    made: Made = call()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return made, statistics.median(taken) / len(made)


def check(ours: Made, theirs: Made, who: str) -> int:
    """Compare tiles by a decoder, feature for feature.

    Returns
    -------
    int
        How many features were compared.

    Raises
    ------
    Disagreement
        If the tiles, the features of one or their properties are not the same, or a feature is
        more than a hundredth larger or smaller.
    """
    if ours.keys() != theirs.keys():
        raise Disagreement(f"{who} has {len(theirs)} tiles, not the {len(ours)} of ours")
    compared = 0
    for tile, made in ours.items():
        one, other = _decoded(made), _decoded(theirs[tile])
        for layer in one.keys() | other.keys():
            compared += _check(one.get(layer, {}), other.get(layer, {}), f"{who}, {tile} {layer}")
    return compared


_Features = dict[str, tuple[dict[str, Any], float]]
"""Properties and area by code."""


def _check(one: _Features, other: _Features, where: str) -> int:
    for code in one.keys() | other.keys():
        (here, area), (there, size) = one.get(code, ({}, 0.0)), other.get(code, ({}, 0.0))
        if here != there:
            raise Disagreement(f"{where}: {code} is {here} by us, {there} by them")
        if abs(area - size) > max(0.01 * area, _PIXEL):
            raise Disagreement(f"{where}: {code} has {area} square units by us, {size} by them")
    return len(one)


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
