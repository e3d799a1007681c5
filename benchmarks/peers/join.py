"""Other libraries for the point-in-polygon join, one function each, with the same answer.

Each function prepares the areas once, and returns a function from points to row numbers: the lowest
row of the areas that contain a point, -1 for none. Libraries differ for points on a boundary; the
check allows for that.
"""

import importlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Float64s = NDArray[np.float64]


class Points(NamedTuple):
    """``n`` points by their coordinates."""

    x: Float64s
    y: Float64s


Join = Callable[[Points], Int32s]


def lowest_rows(n: int, point: NDArray[Any], row: NDArray[Any]) -> Int32s:
    """The lowest row number of each point, from the pairs of a join."""
    rows = np.full(n, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(rows, point, row.astype(np.int32))
    rows[rows == np.iinfo(np.int32).max] = -1
    return rows


def geopandas_sjoin(areas: gpd.GeoDataFrame, predicate: str) -> Join:
    """``geopandas.sjoin``."""

    def join(points: Points) -> Int32s:
        left = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points, crs=areas.crs))
        joined = gpd.sjoin(left, areas, how="inner", predicate=predicate)
        pairs = (np.asarray(joined.index), np.asarray(joined["index_right"]))
        return lowest_rows(len(points.x), *pairs)

    return join


def geopandas_within(areas: gpd.GeoDataFrame) -> Join:
    return geopandas_sjoin(areas, "within")


def geopandas_intersects(areas: gpd.GeoDataFrame) -> Join:
    return geopandas_sjoin(areas, "intersects")


def shapely_tree(areas: gpd.GeoDataFrame) -> Join:
    """An STRtree of the areas, queried with all points."""
    polygons = areas.geometry.to_numpy()
    tree = shapely.STRtree(polygons)

    def join(points: Points) -> Int32s:
        point, row = tree.query(shapely.points(*points), predicate="within")
        return lowest_rows(len(points.x), point, row)

    return join


_DUCKDB: Final = """
    SELECT p.k, min(a.k) AS held
    FROM points p JOIN areas a ON ST_Within(ST_Point(p.x, p.y), a.shape)
    GROUP BY p.k
"""


def duckdb_spatial(areas: gpd.GeoDataFrame) -> Join:
    """DuckDB's spatial join of two tables in memory."""
    import duckdb  # noqa: PLC0415 - a peer that is often not installed

    importlib.import_module("duckdb_extensions").import_extension("spatial")
    session = duckdb.connect()
    session.execute("LOAD spatial")
    import pyarrow as pa  # noqa: PLC0415

    shapes = pa.table({"k": np.arange(len(areas)), "wkb": areas.geometry.to_wkb()})
    session.register("given", shapes)
    session.execute("CREATE TABLE areas AS SELECT k, ST_GeomFromWKB(wkb) AS shape FROM given")

    def join(points: Points) -> Int32s:
        session.register("points", pa.table({"k": np.arange(len(points.x)), **points._asdict()}))
        answer = session.execute(_DUCKDB).fetchnumpy()
        return lowest_rows(len(points.x), np.asarray(answer["k"]), np.asarray(answer["held"]))

    return join


_SEDONA: Final = """
    SELECT p.k, min(a.k) AS held
    FROM points p JOIN areas a ON ST_Within(ST_Point(p.x, p.y), a.geometry)
    GROUP BY p.k
"""


def sedonadb(areas: gpd.GeoDataFrame) -> Join:
    """SedonaDB's spatial join."""
    import pyarrow as pa  # noqa: PLC0415

    session = importlib.import_module("sedonadb").connect()
    shapes = areas.geometry.to_numpy()
    plain = gpd.GeoDataFrame({"k": np.arange(len(areas))}, geometry=shapes)
    session.create_data_frame(plain).to_memtable().to_view("areas")

    def join(points: Points) -> Int32s:
        table = pa.table({"k": np.arange(len(points.x)), **points._asdict()})
        session.create_data_frame(table).to_view("points", overwrite=True)
        answer = pa.table(session.sql(_SEDONA))
        return lowest_rows(len(points.x), answer["k"].to_numpy(), answer["held"].to_numpy())

    return join


def polars_st(areas: gpd.GeoDataFrame) -> Join:
    """polars-st's spatial join."""
    pl = importlib.import_module("polars")
    st = importlib.import_module("polars_st")
    right = pl.DataFrame({"row": np.arange(len(areas)), "geometry": areas.geometry.to_wkb()})

    def join(points: Points) -> Int32s:
        left = pl.DataFrame({"k": np.arange(len(points.x)), **points._asdict()})
        left = left.select("k", st.point(pl.concat_arr("x", "y")).alias("geometry"))
        answer = left.st.sjoin(right, on="geometry", how="inner", predicate="within")
        return lowest_rows(len(points.x), answer["k"].to_numpy(), answer["row"].to_numpy())

    return join


PEERS: Final[dict[str, tuple[str, Callable[[gpd.GeoDataFrame], Join]]]] = {
    "geopandas within": ("geopandas", geopandas_within),
    "geopandas intersects": ("geopandas", geopandas_intersects),
    "shapely STRtree": ("shapely", shapely_tree),
    "DuckDB spatial": ("duckdb-extension-spatial", duckdb_spatial),
    "SedonaDB": ("sedonadb", sedonadb),
    "polars-st": ("polars-st", polars_st),
}
"""Package and function of each peer, by name."""
