"""Names and numbers of a city without geometry: kelurahan of Semarang with invented RT.

Every kelurahan has RT 1 to 10 in each of RW 1 to 12, except the kelurahan in `SIZES`.
"""

import csv
from functools import cache
from importlib.resources import files

import geopandas as gpd
import pandas as pd
import shapely

from geodata.boundaries import Boundaries
from geodata.boundaries.versions.area_table import AREA_COLUMNS, AREA_TYPES

USUAL = (12, 10)
SIZES = {
    "33.74.14.1005": (3, 5),  # Purwosari, Mijen
    "33.74.16.1007": (6, 5),  # Mangunharjo, Tugu
    "33.74.10.1011": (30, 10),  # Sendangmulyo
    "33.74.06.1004": (28, 10),  # Tlogosari Kulon
    "33.74.01.1010": (4, 10),  # Kauman
    "33.74.05.1012": (2, 3),  # Terboyo Kulon
}
"""Number of RW, and of RT in each."""


@cache
def villages() -> list[dict[str, str]]:
    text = files("geodata").joinpath("sample_city/kelurahan.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def named_city() -> Boundaries:
    rows: list[tuple[object, ...]] = [("33.74", "kota", "kota", "Kota Semarang", None, None, None)]
    kecamatan_names = {village["kecamatan_code"]: village["kecamatan"] for village in villages()}
    rows += [
        (kecamatan_code, "kecamatan", "kecamatan", name, "33.74", None, None)
        for kecamatan_code, name in kecamatan_names.items()
    ]
    for village in villages():
        code = village["code"]
        parent = village["kecamatan_code"]
        rows.append((code, "kelurahan", "kelurahan", village["kelurahan"], parent, None, None))
        rws, rts = SIZES.get(code, USUAL)
        for rw in range(1, rws + 1):
            rw_code = f"{code}-{rw:03d}"
            rows.append((rw_code, "rw", "rw", f"RW {rw:03d}", code, rw, None))
            rows += [
                (f"{rw_code}-{rt:03d}", "rt", "rt", f"RT {rt:03d} RW {rw:03d}", rw_code, rw, rt)
                for rt in range(1, rts + 1)
            ]
    areas = pd.DataFrame(rows, columns=AREA_COLUMNS[:-1]).assign(population=float("nan"))
    geometries = gpd.GeoSeries(
        shapely.from_wkt(["POINT EMPTY"]).repeat(len(areas)), crs="EPSG:4326"
    )
    frame = gpd.GeoDataFrame(areas.astype(AREA_TYPES), geometry=geometries, crs="EPSG:4326")
    return Boundaries("named city", frame)
