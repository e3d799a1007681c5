"""Kelurahan divided into RW and RT that tile them exactly."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.areas import RtNumber, rt_code, rt_name
from geodata.errors import InputError
from geodata.language import Progress
from geodata.tessellate.ground import Ground, Wish, ground_of
from geodata.tessellate.numbering import gather_rw, number_rt
from geodata.tessellate.points import wishes_by_points
from geodata.tessellate.ridges import Ints
from geodata.tessellate.shares import apportion
from geodata.tessellate.tiles import Tiles, tiles_of

_PARENTS = ("kecamatan_code", "kecamatan_name", "kota_code", "kota_name")


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
        and name. ``rt_count`` says how many RT each is to have, instead of ``rt``.
    rt
        How many RT in all, at least one per kelurahan; shared out in proportion to population, or
        to area where there is none, by largest remainder.
    seed
        The same kelurahan, numbers and seed give the same RT, whatever the order of rows.
    points
        Instead of ``rt``: one point per RT, each of which gets the RT around it; with a column
        ``label`` (``RT 002 RW 003``) also its numbers. A kelurahan without points is one RT.
    progress
        Called with what is being done, how many are done and how many there are.

    Returns
    -------
    gpd.GeoDataFrame
        One row per RT, EPSG:4326, sorted by code: ``code, kind, name, rw, rt, kelurahan_code,
        kelurahan_name, kecamatan_code, kecamatan_name``; ``kota_code, kota_name, population`` as
        far as given; ``geometry``. A valid coverage; the union of a kelurahan's RT is the
        kelurahan. Each RT is one polygon, except that a part of a kelurahan (an island) whose
        share rounds to no RT, or that holds no point, belongs to the RT nearest to it. Within an
        RW and a kelurahan numbers run from north to south.

    Raises
    ------
    BoundaryError
        If kelurahan or points cannot be used; see `ground_of` and `wishes_by_points`.
    InputError
        ``rt-number`` if there are fewer RT than kelurahan, or both or neither of ``rt`` and
        ``points`` are given; ``bad-population`` if one is missing or negative.
    """
    counted = "rt_count" in kelurahan.columns
    if (rt is not None) + (points is not None) + counted != 1:
        raise InputError(
            "rt-number",
            "Say one thing: how many RT to make in all, how many in each area, or where their "
            "points are.",
            indonesian="Pilih satu saja: jumlah RT seluruhnya, jumlah RT di setiap wilayah, "
            "atau letak titik RT.",
        )
    ground = ground_of(kelurahan)
    if points is not None:
        wishes = wishes_by_points(points, ground)
    elif counted:
        wishes = [Wish(int(number)) for number in ground.areas["rt_count"]]
    else:
        wishes = [Wish(number) for number in rt_numbers(ground, rt or 0)]
    tiles = tiles_of(ground, wishes, seed, progress or (lambda *_: None))
    rows = [_rows(ground, k, wishes[k], tiles[k]) for k in range(len(tiles))]
    table = pd.concat(rows, ignore_index=True).sort_values("code", ignore_index=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=4326)


def rt_numbers(ground: Ground, rt: int) -> list[int]:
    """How many RT each kelurahan gets: in proportion to population or area, at least one.

    Raises
    ------
    InputError
        ``rt-number`` or ``bad-population``; see `divide`.
    """
    if rt < len(ground.polygons):
        raise InputError(
            "rt-number",
            f"{rt} RT cannot be shared among {len(ground.polygons)} areas. "
            f"Ask for at least {len(ground.polygons)}.",
            indonesian=f"{rt} RT tidak dapat dibagi ke {len(ground.polygons)} wilayah. Mintalah "
            f"sedikitnya {len(ground.polygons)}.",
        )
    has_people = "population" in ground.areas.columns
    weights = _population(ground).astype(np.float64) if has_people else ground.square_metres
    return [int(number) for number in apportion(weights, rt, least=1)]


def _population(ground: Ground) -> Ints:
    people = pd.to_numeric(ground.areas["population"], errors="coerce").to_numpy(np.float64)
    wrong = ~np.isfinite(people) | (people < 0)
    if bool(wrong.any()):
        at = int(wrong.argmax())
        raise InputError(
            "bad-population",
            f"The population of {ground.areas['code'].iloc[at]} is missing, negative or no number: "
            f"{ground.areas['population'].iloc[at]!r}. Fill the column "
            "in, or leave it away to share RT out by area.",
            indonesian=f"Jumlah penduduk {ground.areas['code'].iloc[at]} kosong, negatif, atau "
            f"bukan angka: {ground.areas['population'].iloc[at]!r}. Isi kolom itu, atau hapus "
            "kolomnya agar RT dibagi menurut luas.",
        )
    whole: Ints = np.rint(people).astype(np.int64)
    return whole


def _rows(ground: Ground, k: int, wish: Wish, tiles: Tiles) -> pd.DataFrame:
    area = ground.areas.iloc[k]
    labels = wish.labels or _labels(tiles, int(area["rw"]) if "rw" in area.index else None)
    columns: dict[str, object] = {
        "code": [rt_code(area["kelurahan_code"], label) for label in labels],
        "kind": "rt",
        "name": [rt_name(label) for label in labels],
        "rw": [label.rw for label in labels],
        "rt": [label.rt for label in labels],
        "kelurahan_code": area["kelurahan_code"],
        "kelurahan_name": area["name"],
    }
    columns |= {parent: area[parent] for parent in _PARENTS if parent in area.index}
    if "population" in area.index:
        people = int(_population(ground)[k])
        columns["population"] = apportion(np.ones(len(labels)), people)
    # One canonical ring order, so that the bytes do not depend on how faces were found.
    shapes = shapely.orient_polygons(shapely.normalize(tiles.polygons))
    return pd.DataFrame(columns | {"geometry": shapes})


def _labels(tiles: Tiles, known: int | None) -> list[RtNumber]:
    """Numbers of the RT, those of their RW too unless that is known."""
    if known is None:
        rw = gather_rw(tiles.polygons, tiles.sites)
    else:
        rw = np.full(len(tiles.polygons), known, dtype=np.int64)
    rt = number_rt(rw, tiles.sites)
    return [RtNumber(int(w), int(t)) for w, t in zip(rw, rt, strict=True)]
