"""Three kelurahan in two kecamatan, for sums over levels; the first has three RT in two RW."""

from functools import cache
from typing import Final

import geopandas as gpd
import shapely

from geodata.boundaries import Boundaries, assemble

CITY, NORTH, SOUTH = "33.74", "33.74.01", "33.74.02"
A, B, C = "33.74.01.1001", "33.74.01.1002", "33.74.02.1001"
RT_OF_A: Final = (f"{A}-001-001", f"{A}-001-002", f"{A}-002-001")


@cache
def three_villages() -> Boundaries:
    codes = [*RT_OF_A, f"{B}-001-001", f"{C}-001-001"]
    return assemble(
        gpd.GeoDataFrame(
            [_rt_row(code, column) for column, code in enumerate(codes)], crs="EPSG:4326"
        )
    )


def _rt_row(code: str, column: int) -> dict[str, object]:
    kelurahan, rw, rt = code.split("-")
    west = 110.4 + 0.001 * column
    return {
        "code": code,
        "kind": "rt",
        "name": f"RT {rt} RW {rw}",
        "rw": int(rw),
        "rt": int(rt),
        "kelurahan_code": kelurahan,
        "kelurahan_name": f"Kelurahan {kelurahan}",
        "kecamatan_code": kelurahan[:8],
        "kecamatan_name": f"Kecamatan {kelurahan[:8]}",
        "kota_code": CITY,
        "kota_name": "Kota Semarang",
        "geometry": shapely.box(west, -7, west + 0.001, -6.999),
    }
