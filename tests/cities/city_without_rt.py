"""An invented city whose map has no RT, only RW, dusun or SLS.

Two kelurahan of two by two squares of about 440 m each, in Semarang.
"""

import geopandas as gpd
import shapely

SIDE = 0.004
WEST, SOUTH = 110.42, -7.05
VILLAGES = (("33.74.10.1001", "MELATI"), ("33.74.10.1002", "KENANGA"))


def squares(labels: tuple[str | None, ...]) -> gpd.GeoDataFrame:
    """Eight squares with these labels, first the four squares of the first kelurahan.

    Square ``n`` of kelurahan ``k`` has its lower left corner at ``(WEST + (2 k + n % 2) SIDE,
    SOUTH + (n // 2) SIDE)``.
    """
    rows = []
    for position, label in enumerate(labels):
        village, n = divmod(position, 4)
        code, name = VILLAGES[village]
        x, y = WEST + (2 * village + n % 2) * SIDE, SOUTH + (n // 2) * SIDE
        rows.append(
            {
                "kelurahan_code": code,
                "kelurahan_name": name,
                "label": label,
                "geometry": shapely.box(x, y, x + SIDE, y + SIDE),
            }
        )
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


def middle(village: int, n: int) -> tuple[float, float]:
    """Longitude and latitude near the middle of a square, with the precision of a phone."""
    x, y = 2 * village + n % 2 + 0.51234, n // 2 + 0.51234
    return round(WEST + x * SIDE, 6), round(SOUTH + y * SIDE, 6)


RW = ("RW 01", "Rw 02", "rw. III", "R.W. 4", "RW 01", "RW 02", "RW 03", "PASAR")
"""Four RW and three RW in usual spellings, and a market."""
DUSUN = (
    *("DUSUN I", "Dusun II", "LINGKUNGAN 3", "Krajan"),
    *("DUSUN I", "DUSUN II", "DUSUN III", "RW 04"),
)
SLS = (
    *("RT 001 RW 001", "RT 002 RW 001", "RT 001 RW 002", "DUSUN MAWAR"),
    *("LINGKUNGAN 1", "LINGKUNGAN 2", "LINGKUNGAN 3", None),
)
