"""A very small city: four kelurahan side by side, each with six squares.

The square of RW ``w`` and RT ``t`` in kelurahan ``k`` has its lower left corner at
``(110.4 + 0.002 k + 0.001 (w - 1), -7 + 0.001 (t - 1))`` and sides of 0.001 degrees. Two of the
kelurahan are called Purwosari, in two kecamatan. Beringin's RT 003 RW 002 is a market.
"""

from functools import cache
from typing import NamedTuple

import geopandas as gpd
import shapely

from geodata.boundaries import Boundaries, assemble

SIDE = 0.001
WEST, SOUTH = 110.4, -7.0


class Village(NamedTuple):
    code: str
    name: str
    above: str
    kecamatan_name: str


VILLAGES = (
    Village("33.74.14.1001", "Purwosari", "33.74.14", "Mijen"),
    Village("33.74.02.1002", "Purwosari", "33.74.02", "Semarang Utara"),
    Village("33.74.15.1003", "Bringin", "33.74.15", "Ngaliyan"),
    Village("33.74.10.1004", "Tembalang", "33.74.10", "Tembalang"),
)
BRINGIN, TEMBALANG = 2, 3
MARKET = "33.74.15.1003-x-001"


def code(village: int, rw: int, rt: int) -> str:
    if (village, rw, rt) == (BRINGIN, 2, 3):
        return MARKET
    return f"{VILLAGES[village].code}-{rw:03d}-{rt:03d}"


def corner(village: int, rw: int, rt: int) -> tuple[float, float]:
    return WEST + 2 * SIDE * village + SIDE * (rw - 1), SOUTH + SIDE * (rt - 1)


def middle(village: int, rw: int, rt: int) -> tuple[float, float]:
    x, y = corner(village, rw, rt)
    return x + SIDE / 2, y + SIDE / 2


def _square(village: int, rw: int, rt: int) -> dict[str, object]:
    x, y = corner(village, rw, rt)
    kelurahan = VILLAGES[village]
    is_rt = code(village, rw, rt) != MARKET
    return {
        "code": code(village, rw, rt),
        "kind": "rt" if is_rt else "other",
        "name": f"RT {rt:03d} RW {rw:03d}" if is_rt else "Pasar",
        "rw": rw if is_rt else None,
        "rt": rt if is_rt else None,
        "kelurahan_code": kelurahan.code,
        "kelurahan_name": kelurahan.name,
        "kecamatan_code": kelurahan.above,
        "kecamatan_name": kelurahan.kecamatan_name,
        "kota_code": "33.74",
        "kota_name": "Kota Semarang",
        "geometry": shapely.box(x, y, x + SIDE, y + SIDE),
    }


def square_rows() -> list[dict[str, object]]:
    """A row for each square, in the columns of `assemble`."""
    return [_square(k, rw, rt) for k in range(4) for rw in (1, 2) for rt in (1, 2, 3)]


@cache
def small_city() -> Boundaries:
    return assemble(gpd.GeoDataFrame(square_rows(), crs="EPSG:4326"))


def square_row(village: int, rw: int, rt: int) -> int:
    """Row number of a square, in the order of the codes."""
    codes = sorted(
        code(kelurahan, rw_number, rt_number)
        for kelurahan in range(4)
        for rw_number in (1, 2)
        for rt_number in (1, 2, 3)
    )
    return codes.index(code(village, rw, rt))
