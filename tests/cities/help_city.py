"""The small city with places and indicators of every state: room, full, unknown, zero, no data."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from geodata.store import open_store
from tests.databases import copy_of
from zoning.records.intake import load_records

KECAMATAN: Final = "33.74.01"
KELURAHAN: Final = "33.74.01.1003"
OTHER: Final = "33.74.01.1004"
MARKUP: Final = "<b>RS & Co</b>"
WEST, MIDDLE, EAST = (110.400012, -6.980023), (110.420012, -6.980023), (110.450012, -6.980023)
PROFILE: Final = """
[doctor]
id = "Dokter menjawab <b>gratis</b>."
en = "A doctor answers."
url = "https://dokter.example/"
[hotline]
id = "Pusat informasi"
en = "Information"
phone = "024 1000"
[emergency]
id = "Layanan darurat"
en = "Emergency service"
phone = "112"
[referral]
id = "Telepon dahulu."
en = "Call first."
phone = "024 2000"
bring = [{id = "Hasil tes", en = "Test result"}]
[arrivals]
id = "Lapor kepada ketua RT."
en = "Report to the head of the RT."
[aid]
id = "Minta lewat kelurahan."
en = "Ask the kelurahan."
phone = "024 3000"
"""
PLACES: Final[list[dict[str, Any]]] = [
    {"id": "FULL", "jenis": "RS", "nama": "RS Padat", "lon": MIDDLE[0], "lat": MIDDLE[1],
     "kapasitas": 5, "terisi": 5, "stok": "oksigen: 0", "updated_at": "2021-07-14 09:30"},
    {"id": "EAST", "jenis": "RS", "nama": "RS Timur", "lon": EAST[0], "lat": EAST[1],
     "kapasitas": 9, "terisi": 2, "stok": "oksigen: 12; ranjang ICU: 2", "telepon": "024 123",
     "updated_at": "2021-07-15 01:00", "kelurahan": KELURAHAN},
    {"id": "WEST", "jenis": "RS", "nama": MARKUP, "lon": WEST[0], "lat": WEST[1],
     "kapasitas": 3, "terisi": 1, "telepon": "tanya lurah", "updated_at": "2021-07-15 01:00"},
    {"id": "UNKNOWN", "jenis": "puskesmas", "nama": "Puskesmas Diam", "kelurahan": KELURAHAN},
    {"id": "NOWHERE", "jenis": "posko", "nama": "Posko Entah", "kapasitas": 2, "terisi": 0},
]  # fmt: skip


def _row(indicator: str, area: str, day: str, value: float, unit: str = "") -> dict[str, Any]:
    return {"indikator": indicator, "wilayah": area, "tanggal": day, "nilai": value, "satuan": unit}


INDICATORS: Final = [
    _row("vaccination-1", KELURAHAN, "2021-07-04", 100),
    _row("vaccination-1", KELURAHAN, "2021-07-11", 25),
    _row("vaccination-1", OTHER, "2021-07-11", 0),
    _row("vaccination-1", KELURAHAN, "2021-07-25", 1000),
    # The kecamatan reports second doses itself; its kelurahan are part of this number.
    _row("vaccination-2", KECAMATAN, "2021-07-11", 70),
    _row("vaccination-2", KELURAHAN, "2021-07-04", 30),
    _row("aid-parcels", KELURAHAN, "2021-07-11", 40),
    _row("donations-received", "33.74", "2021-07-11", 2_500_000),
    # The unit is no part of the key of a row, so tons have their own day.
    _row("donations-received", "33.74", "2021-07-04", 0.5, "ton"),
    _row("beds", KECAMATAN, "2021-07-04", 50),
    _row("beds", KECAMATAN, "2021-07-11", 60),
    # The newcomers of the list are counted; a reported number is not public.
    _row("newcomers", KELURAHAN, "2021-07-11", 13_579),
]


def help_database(small_database: str, folder: Path) -> str:
    """A copy of the small city with `PLACES` and `INDICATORS`; the URL."""
    url = copy_of(small_database, folder)
    with open_store(url) as store:
        for kind, rows in (("places", PLACES), ("indicators", INDICATORS)):
            path = folder / f"{kind}.csv"
            pd.DataFrame(rows).to_csv(path, index=False)
            load_records(store, kind, path)
    return url
