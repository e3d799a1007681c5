"""The list of houses in doubt, for officials."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from geodata.boundaries import save_boundaries
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.store import Store, open_store
from geodata.tables import sheet_from_frame
from tests.cities.small_city import code, middle, small_city
from tests.databases import NewDatabase
from tests.zoning.ward import day
from zoning.records.house_doubts import house_doubts_frame
from zoning.records.intake import load_sheet

KEY = Pseudonymiser(b"a secret of sixteen and more")
CARD = "3374010101010001"


def case(number: str, address: str, *, rt: int = 1, card: str | None = None) -> dict[str, Any]:
    lon, lat = middle(0, 1, rt)
    fields = {"Status": "Positif", "Tgl konfirmasi": day(3).isoformat(), "Alamat": address}
    return {"No Kasus": number, "Bujur": lon, "Lintang": lat, "KK": card} | fields


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "before", {})
        rows = [
            case("A-1", "Jl Mawar 5", card=CARD),
            case("A-2", "Jl Mawar 7", card=CARD),
            case("B-1", "Jl Mawar 5", rt=2),
            case("B-2", "No 5", rt=2),
            case("C-1", "Jl Mawar 5", rt=3),
            case("C-2", "jalan mawar no. 05", rt=3),
        ]
        frame = pd.DataFrame(rows).astype(object)
        sheet = sheet_from_frame(frame.where(frame.notna(), None), "list.csv")
        load_sheet(opened, "cases", sheet, pseudonymiser=KEY)
        yield opened


def test_a_card_with_two_addresses_and_two_unclear_spellings_are_listed(
    store: Store,
) -> None:
    assert house_doubts_frame(store).to_dict("records") == [
        {
            "rt": code(0, 1, 1),
            "doubt": "card-with-two-addresses",
            "houses": 2,
            "houses_at_least": 1,
            "records": ["A-1", "A-2"],
        },
        {
            "rt": code(0, 1, 2),
            "doubt": "maybe-one-house",
            "houses": 2,
            "houses_at_least": 1,
            "records": ["B-1", "B-2"],
        },
    ]


def test_first_and_last_day_filter_the_cases(store: Store) -> None:
    before, after = day(3) - timedelta(1), day(3) + timedelta(1)
    assert len(house_doubts_frame(store, first=day(3), last=day(3))) == 2
    assert house_doubts_frame(store, last=before).empty
    assert house_doubts_frame(store, first=after).empty
