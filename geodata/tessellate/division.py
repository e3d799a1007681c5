"""Divide kelurahan into RW and RT that tile them exactly."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.areas import RtNumber, rt_code, rt_name
from geodata.errors import InputError
from geodata.language import Progress
from geodata.tessellate.checked_kelurahan import CheckedKelurahan, RtRequest, check_kelurahan
from geodata.tessellate.numbering import group_rw, number_rt
from geodata.tessellate.points import requests_by_points
from geodata.tessellate.ridges import Ints
from geodata.tessellate.shares import apportion
from geodata.tessellate.tiles import Tiles, make_tiles

_PARENT_COLUMNS = ("kecamatan_code", "kecamatan_name", "kota_code", "kota_name")


def divide(
    kelurahan: gpd.GeoDataFrame,
    rt: int | None = None,
    seed: int = 1,
    points: gpd.GeoDataFrame | None = None,
    progress: Progress | None = None,
) -> gpd.GeoDataFrame:
    """Divide kelurahan into RW and RT.

    Parameters
    ----------
    kelurahan
        One row each: ``code, name, kecamatan_code, kecamatan_name``; optional ``kota_code,
        kota_name, population``; polygons in any CRS. They may have gaps between them, which stay,
        but must not overlap. With a column ``rw`` each row is an RW of the kelurahan of that code
        and name. A column ``rt_count`` gives the number of RT per row, instead of ``rt``.
    rt
        Total number of RT, at least one per kelurahan; apportioned by population, or by area
        without a population, with the largest remainder method.
    seed
        Equal kelurahan, numbers and seed give equal RT, in any order of rows.
    points
        Instead of ``rt``: one point inside each RT. A column ``label`` (``RT 002 RW 003``) gives
        the numbers of the RT. A kelurahan without points is one RT.
    progress
        Called with the step, the number of kelurahan done and their total.

    Returns
    -------
    gpd.GeoDataFrame
        One row per RT, EPSG:4326, sorted by code: ``code, kind, name, rw, rt, kelurahan_code,
        kelurahan_name, kecamatan_code, kecamatan_name``; ``kota_code, kota_name, population`` as
        far as given; ``geometry``. A valid coverage; the union of a kelurahan's RT is the
        kelurahan. Each RT is one polygon; but a part of a kelurahan (an island) whose share rounds
        to no RT, or that has no point, belongs to the nearest RT. Numbers within an RW and within
        a kelurahan run from north to south.

    Raises
    ------
    BoundaryError
        For unusable kelurahan or points; see `check_kelurahan` and `requests_by_points`.
    InputError
        ``rt-number`` for fewer RT than kelurahan, or unless exactly one of ``rt``, ``points`` and
        ``rt_count`` is given; ``bad-population`` for a missing or negative population.
    """
    has_counts = "rt_count" in kelurahan.columns
    if (rt is not None) + (points is not None) + has_counts != 1:
        raise InputError(
            "rt-number",
            "Give exactly one: the total number of RT, the number of RT in each area, or the "
            "points of the RT.",
            indonesian="Berikan tepat satu: jumlah seluruh RT, jumlah RT di setiap wilayah, "
            "atau titik RT.",
        )
    areas = check_kelurahan(kelurahan)
    if points is not None:
        requests = requests_by_points(points, areas)
    elif has_counts:
        requests = [RtRequest(int(number)) for number in areas.rows["rt_count"]]
    else:
        requests = [RtRequest(number) for number in rt_numbers(areas, rt or 0)]
    tiles = make_tiles(areas, requests, seed, progress or (lambda *_: None))
    rows = [_make_rows(areas, k, requests[k], tiles[k]) for k in range(len(tiles))]
    table = pd.concat(rows, ignore_index=True).sort_values("code", ignore_index=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=4326)


def rt_numbers(areas: CheckedKelurahan, rt: int) -> list[int]:
    """Number of RT of each kelurahan, in proportion to population or area, at least one.

    Raises
    ------
    InputError
        ``rt-number`` or ``bad-population``; see `divide`.
    """
    if rt < len(areas.polygons):
        raise InputError(
            "rt-number",
            f"{rt} RT cannot be divided among {len(areas.polygons)} areas. "
            f"Ask for at least {len(areas.polygons)} RT.",
            indonesian=f"{rt} RT tidak dapat dibagi ke {len(areas.polygons)} wilayah. Mintalah "
            f"sedikitnya {len(areas.polygons)} RT.",
        )
    has_people = "population" in areas.rows.columns
    weights = _population(areas).astype(np.float64) if has_people else areas.square_metres
    return [int(number) for number in apportion(weights, rt, least=1)]


def _population(areas: CheckedKelurahan) -> Ints:
    people = pd.to_numeric(areas.rows["population"], errors="coerce").to_numpy(np.float64)
    is_wrong = ~np.isfinite(people) | (people < 0)
    if bool(is_wrong.any()):
        row = int(is_wrong.argmax())
        raise InputError(
            "bad-population",
            f"The population of {areas.rows['code'].iloc[row]} is missing, negative or not a "
            f"number: {areas.rows['population'].iloc[row]!r}. Fill the column, or delete the "
            "column to divide RT by area.",
            indonesian=f"Jumlah penduduk {areas.rows['code'].iloc[row]} kosong, negatif, atau "
            f"bukan angka: {areas.rows['population'].iloc[row]!r}. Isi kolom itu, atau hapus "
            "kolomnya agar RT dibagi menurut luas.",
        )
    rounded: Ints = np.rint(people).astype(np.int64)
    return rounded


def _make_rows(
    areas: CheckedKelurahan, index: int, request: RtRequest, tiles: Tiles
) -> pd.DataFrame:
    row = areas.rows.iloc[index]
    labels = request.labels or _number_labels(tiles, int(row["rw"]) if "rw" in row.index else None)
    columns: dict[str, object] = {
        "code": [rt_code(row["kelurahan_code"], label) for label in labels],
        "kind": "rt",
        "name": [rt_name(label) for label in labels],
        "rw": [label.rw for label in labels],
        "rt": [label.rt for label in labels],
        "kelurahan_code": row["kelurahan_code"],
        "kelurahan_name": row["name"],
    }
    columns |= {parent: row[parent] for parent in _PARENT_COLUMNS if parent in row.index}
    if "population" in row.index:
        people = int(_population(areas)[index])
        columns["population"] = apportion(np.ones(len(labels)), people)
    # One canonical ring order: the bytes must not depend on the order of faces.
    shapes = shapely.orient_polygons(shapely.normalize(tiles.polygons))
    return pd.DataFrame(columns | {"geometry": shapes})


def _number_labels(tiles: Tiles, rw_number: int | None) -> list[RtNumber]:
    """Number the RT; also number the RW, unless the polygons lie in one known RW."""
    if rw_number is None:
        rw = group_rw(tiles.polygons, tiles.sites)
    else:
        rw = np.full(len(tiles.polygons), rw_number, dtype=np.int64)
    rt = number_rt(rw, tiles.sites)
    return [
        RtNumber(int(rw_value), int(rt_value)) for rw_value, rt_value in zip(rw, rt, strict=True)
    ]
