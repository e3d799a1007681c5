"""The daily run places cases with the preference and the decisions of the city."""

from copy import copy
from dataclasses import replace

import pandas as pd
import pytest

from geodata.addresses import AddressReader
from geodata.addresses.decisions import store_decision
from geodata.boundaries import Boundaries, save_boundaries
from geodata.settings import Preference
from geodata.store import open_store
from geodata.tables import sheet_from_frame
from tests.cities.small_city import code, middle, small_city
from tests.databases import NewDatabase
from tests.zoning.days.ward_runs import SECRET
from tests.zoning.ward import TODAY, day
from zoning.days.daily import run_days
from zoning.days.runs import read_run
from zoning.records.intake import load_sheet

AMBIGUOUS = "RT 1 RW 2 Kel. Purwosari"
"""Two kelurahan have this name."""


@pytest.mark.parametrize("fixed", [small_city(), None], ids=["one version", "version of the day"])
def test_a_case_is_placed_by_the_preferred_evidence_and_by_a_decision(
    new_database: NewDatabase, fixed: Boundaries | None
) -> None:
    lon, lat = middle(0, 1, 1)
    case: dict[str, object] = {"Status": "Positif", "Tgl konfirmasi": day(3).isoformat()}
    rows: list[dict[str, object]] = [
        {"No Kasus": "A", "Alamat": "RT 2 RW 1 Kel. Tembalang", "Bujur": lon, "Lintang": lat},
        {"No Kasus": "B", "Alamat": AMBIGUOUS, "Bujur": None, "Lintang": None},
    ]
    frame = pd.DataFrame([case | row for row in rows]).astype(object)
    with open_store(new_database()) as store:
        save_boundaries(store, small_city(), "", {})
        sheet = sheet_from_frame(frame.where(frame.notna(), None), "list.csv")
        load_sheet(store, "cases", sheet, pseudonymiser=SECRET)

        def zones_of(preference: Preference) -> list[str]:
            preferring = copy(store)
            preferring.settings = replace(store.settings, prefer=preference)
            run_days(preferring, fixed, [day(3)], today=TODAY, pseudonymiser=SECRET)
            codes: list[str] = read_run(store, day(3)).zones["code"].to_pylist()
            return codes

        assert zones_of("coordinates") == [code(0, 1, 1)]
        assert zones_of("address") == [code(3, 1, 2)]
        reading = AddressReader(small_city()).read(AMBIGUOUS)
        known = {reading.area_part}
        store_decision(store, small_city(), reading.area_part, code(1, 2, 1), by="x", known=known)
        assert zones_of("coordinates") == sorted([code(0, 1, 1), code(1, 2, 1)])
