"""Records are found by status, day, area, placing and number."""

from datetime import timedelta
from typing import Any

import pytest

from geodata.errors import InputError
from geodata.ledger.withdrawing import withdraw
from geodata.store import Store
from tests.cities.small_city import TEMBALANG, VILLAGES, code, small_city
from tests.geodata.ledger.case_rows import JULY, KEY, case_row, load
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.records.listing import RecordFilter, find_records


def found_ids(store: Store, kind: str = "cases", **filters: Any) -> list[str]:
    records = find_records(
        store, RecordBoundaries(small_city(), "coordinates"), kind, RecordFilter(**filters)
    )
    return [str(record_id) for record_id in records["id"]]


def test_records_are_found_by_status_day_area_placing_and_number(store: Store) -> None:
    load(
        store,
        case_row("A-1", 0),
        case_row("A-2", 1, JULY + timedelta(5), RT="3"),
        case_row("B-1", 2, Status="Suspek", RT=None),
        case_row("B-2", 0, JULY + timedelta(1)),
    )
    withdraw(store, "cases", ["A-2"], "entered twice", pseudonymiser=KEY)
    assert found_ids(store) == ["A-1", "B-1", "B-2"]
    assert found_ids(store, status="withdrawn") == ["A-2"]
    assert found_ids(store, status="suspect") == ["B-1"]
    assert found_ids(store, status="double") == ["B-2"]
    assert found_ids(store, last=JULY) == ["A-1", "B-1"]
    assert found_ids(store, first=JULY + timedelta(1)) == ["B-2"]
    assert found_ids(store, area=code(TEMBALANG, 1, 2)) == ["A-1", "B-2"]
    assert found_ids(store, area=VILLAGES[TEMBALANG].code) == ["A-1", "B-1", "B-2"]
    assert found_ids(store, placed="unplaced") == ["B-1"]
    assert found_ids(store, text="b \u2013") == ["B-1", "B-2"]
    records = find_records(
        store, RecordBoundaries(small_city(), "coordinates"), "cases", RecordFilter()
    )
    assert not {"nik", "kk", "address", "person"} & set(records.columns)


@pytest.mark.parametrize(
    ("filters", "error_code"),
    [
        ({"status": "ill"}, "no-status"),
        ({"placed": "guess"}, "no-way"),
        ({"first": JULY, "last": JULY - timedelta(1)}, "days-out-of-order"),
    ],
)
def test_an_invalid_search_raises_an_error_with_a_code(
    store: Store, filters: dict[str, Any], error_code: str
) -> None:
    with pytest.raises(InputError) as raised:
        found_ids(store, **filters)
    assert raised.value.code == error_code
