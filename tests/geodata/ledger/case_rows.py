"""Rows of case lists for the tests of the ledger, and short ways to load and read them."""

from datetime import date
from typing import Any

import pandas as pd

from geodata.ledger.current import current_cases
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.store import Store
from geodata.tables import sheet_from_frame
from tests.cities.small_city import TEMBALANG, middle
from zoning.records.intake import IntakeReport, load_sheet

KEY = Pseudonymiser(b"a secret of sixteen and more")
NIKS = [f"00000601019{serial:05}" for serial in range(1, 20)]
CARD = "0000060101900099"
TODAY = date(2021, 12, 31)
JULY = date(2021, 7, 1)
LON, LAT = middle(TEMBALANG, 1, 2)
PLACE = {"RT": "2", "RW": "1", "Kelurahan": "Tembalang", "Kecamatan": "Tembalang"}
FULL_ROW = {
    "No Kasus": "A-1",
    "NIK": NIKS[0],
    "No KK": CARD,
    "Nama": "Orang Contoh",
    "Alamat": "Jl. Contoh 5",
    **PLACE,
    "Bujur": LON,
    "Lintang": LAT,
    "Status": "Konfirmasi",
    "Tgl konfirmasi": "2021-07-01",
    "Tgl onset": "2021-06-28",
    "Tgl spesimen": "2021-06-30",
    "Tgl lapor": "2021-07-01",
    "Hasil akhir": "Sembuh",
    "Tgl sembuh": "2021-07-12",
}
"""A row with a value in every column."""
VALUE_COLUMNS = (
    *("nik", "kk", "address", "rt", "rw", "kelurahan", "kecamatan", "lon", "lat", "status"),
    *("confirmed_on", "onset_on", "specimen_on", "reported_on", "outcome", "outcome_on"),
)


def load(store: Store, *rows: dict[str, Any], kind: str = "cases", **options: bool) -> IntakeReport:
    """Load rows as one file."""
    frame = pd.DataFrame(list(rows)).astype(object)
    sheet = sheet_from_frame(frame.where(frame.notna(), None), "list.csv")
    return load_sheet(store, kind, sheet, pseudonymiser=KEY, today=TODAY, **options)  # type: ignore[arg-type]


def case_row(number: str | None, person: int, day: date = JULY, **more: Any) -> dict[str, Any]:
    """A confirmed case of one of the persons of `NIKS`."""
    confirmed = {"Status": "Konfirmasi", "Tgl konfirmasi": day.isoformat()}
    return {"No Kasus": number, "NIK": NIKS[person]} | confirmed | PLACE | more


def only_case(store: Store) -> dict[str, Any]:
    """Values of the only case in force."""
    [case] = current_cases(store).to_pylist()
    return {name: case[name] for name in VALUE_COLUMNS}


def confirmed_days(store: Store) -> dict[str, date]:
    """Day of confirmation of every case in force, by key."""
    cases = current_cases(store)
    return dict(zip(cases["case_id"].to_pylist(), cases["confirmed_on"].to_pylist(), strict=True))
