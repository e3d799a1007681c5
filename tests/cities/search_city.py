"""A city without polygons for searches: every kelurahan of Semarang, with few RT.

Every kelurahan has RW 1 to 5 with RT 1 to 4, except Miroto (gaps, a market, codes that follow no
pattern) and Brumbungan (only one RW).
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files

import pandas as pd

from geodata.areas import RtNumber, rt_code, rt_name, rw_code, rw_name
from geodata.boundaries import AREA_COLUMNS, AreaTable

MIROTO, BRUMBUNGAN = "33.74.01.1001", "33.74.01.1002"
MARKET = f"{MIROTO}-x-001"
UNUSUAL = f"{MIROTO}-A7"
"""Code of RT 2 RW 9 of Miroto."""
Zones = Callable[[str], Iterable[dict[str, object]]]
"""Gives the areas within a kelurahan by its code."""


def search_city() -> AreaTable:
    """The city for the cases in ``search_cases.csv``."""
    text = files("geodata.sample_city").joinpath("kelurahan.csv").read_text(encoding="utf-8")
    kelurahan = [
        (row["kecamatan_code"], row["kecamatan"], row["code"], row["kelurahan"])
        for row in csv.DictReader(text.splitlines())
    ]
    return area_table("33.74", "Kota Semarang", kelurahan, numbers_of)


def numbers_of(code: str) -> Iterator[dict[str, object]]:
    """The RW and the zones of a kelurahan."""
    rts_by_rw = {rw: [1, 2, 3, 4] for rw in range(1, 6)}
    if code == BRUMBUNGAN:
        rts_by_rw = {1: [1, 2]}
    if code == MIROTO:
        rts_by_rw = {1: [1, 2], 3: [1, 2, 4], 9: []}
    for rw, rts in rts_by_rw.items():
        parent = rw_code(code, rw)
        yield area(parent, "rw", rw_name(rw), code, rw=rw)
        for rt in rts:
            number = RtNumber(rw=rw, rt=rt)
            yield area(rt_code(code, number), "rt", rt_name(number), parent, rw=rw, rt=rt)
    if code == MIROTO:
        yield area(MARKET, "rt", "Pasar Johar", code, kind="other")
        yield area(UNUSUAL, "rt", "RT 2/9 Miroto", rw_code(code, 9), rw=9, rt=2)


def area_table(
    city: str, name: str, kelurahan: list[tuple[str, str, str, str]], zones: Zones
) -> AreaTable:
    """A table of areas; `zones` gives the areas within a kelurahan."""
    rows = [area(city, "kota", name, None)]
    rows += [
        area(code, "kecamatan", parent, city)
        for code, parent in dict.fromkeys((row[0], row[1]) for row in kelurahan)
    ]
    for kecamatan, _, code, kelurahan_name in kelurahan:
        rows += [area(code, "kelurahan", kelurahan_name, kecamatan), *zones(code)]
    table = pd.DataFrame(rows)[[*AREA_COLUMNS]]
    order = ["kota", "kecamatan", "kelurahan", "rw", "rt"]
    table = table.sort_values(
        ["level", "code"],
        key=lambda column: column.map(order.index) if column.name == "level" else column,
        ignore_index=True,
    )
    return AreaTable(
        "0123456789abcdef", table.astype({"rw": "Int64", "rt": "Int64", "population": "float64"})
    )


def area(
    code: str, level: str, name: str, parent: str | None, **others: object
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(AREA_COLUMNS)
    return (
        row | {"code": code, "level": level, "kind": level, "name": name, "parent": parent} | others
    )
