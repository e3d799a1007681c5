"""A row is of another person by another NIK, or by two differences and no agreement."""

from typing import Any

import numpy as np
import pytest

from geodata.ledger.merging.content import align_records
from geodata.ledger.merging.persons import find_other_persons
from geodata.ledger.merging.place import PlaceChange, find_place_changes
from geodata.records import CASES, INDICATORS, Kind
from tests.geodata.ledger.record_tables import checked_rows, known_records, merge_context

HOME = {"address": "Jl. Contoh 5", "rt": 2, "rw": 1, "kelurahan": "Tembalang"}
POINT = {"lon": 110.5, "lat": -7.5}
DAY, NEXT_DAY = ({"confirmed_on": f"2021-07-0{number}"} for number in (1, 2))


def is_other_person(known: dict[str, Any], row: dict[str, Any], *, replace: bool = False) -> bool:
    rows = checked_rows(_with_days(row))
    base = align_records(known_records(_with_days(known)), [0], rows, CASES)
    known_columns, row_columns = (
        {name: table[name].combine_chunks() for name in table.column_names}
        for table in (base, rows)
    )
    change = find_place_changes(known_columns, row_columns, merge_context().names)
    others = find_other_persons(base, rows, CASES, change, replace=replace)
    assert others.dtype == np.bool_
    return bool(others[0])


def _with_days(record: dict[str, Any]) -> dict[str, Any]:
    return {
        name: np.datetime64(value).astype("O") if name.endswith("_on") else value
        for name, value in record.items()
    }


@pytest.mark.parametrize(
    ("known", "row", "expected"),
    [
        # A NIK decides alone.
        ({"nik": "1"}, {"nik": "2"}, True),
        ({"nik": "1", "person": "a", **HOME}, {"nik": "2", "person": "a", **HOME}, True),
        ({"nik": "1", "person": "a", **DAY}, {"nik": "1", "person": "b", **NEXT_DAY}, False),
        # One difference is not enough, and a missing value is no difference.
        ({"person": "a"}, {"person": "b"}, False),
        ({"kk": "1"}, {"kk": "2"}, False),
        ({"person": "a"}, {"person": "b", "kk": "2"}, False),
        (HOME, {"rt": 3}, False),
        (DAY, NEXT_DAY, False),
        # Two of name, family card, place and day.
        ({"person": "a", "kk": "1"}, {"person": "b", "kk": "2"}, True),
        ({"person": "a", **HOME}, {"person": "b", "rt": 3}, True),
        ({"person": "a", **DAY}, {"person": "b", **NEXT_DAY}, True),
        ({"kk": "1", **HOME}, {"kk": "2", "rt": 3}, True),
        ({"kk": "1", **DAY}, {"kk": "2", **NEXT_DAY}, True),
        ({**HOME, **DAY}, {"rt": 3, **NEXT_DAY}, True),
        ({"nik": "1", "person": "a", **DAY}, {"person": "b", **NEXT_DAY}, True),
        # The same name or family card is the same person.
        ({"person": "a", "kk": "1", **DAY}, {"person": "a", "kk": "2", **NEXT_DAY}, False),
        ({"person": "a", "kk": "1", **DAY}, {"person": "b", "kk": "1", **NEXT_DAY}, False),
        # The same address with a number, or the same point, is the same house.
        (
            {"person": "a", "address": "Jl. Contoh 5", **DAY},
            {"person": "b", "address": "Jalan Contoh no 5", **NEXT_DAY},
            False,
        ),
        (
            {"person": "a", "address": "Jl. Contoh", **DAY},
            {"person": "b", "address": "Jl. Contoh", **NEXT_DAY},
            True,
        ),
        ({"person": "a", **DAY}, {"person": "b", "address": "Jl. Contoh 5", **NEXT_DAY}, True),
        ({"person": "a", **HOME, **DAY}, {"person": "b", **NEXT_DAY}, True),
        ({"person": "a", **POINT, **DAY}, {"person": "b", **POINT, **NEXT_DAY}, False),
        (
            {"person": "a", **POINT, **DAY},
            {"person": "b", "lon": 110.5 + 9e-7, "lat": -7.5 - 9e-7, **NEXT_DAY},
            False,
        ),
        (
            {"person": "a", **POINT, **DAY},
            {"person": "b", "lon": 110.5 + 1.1e-6, "lat": -7.5, **NEXT_DAY},
            True,
        ),
        (
            {"person": "a", **POINT, **DAY},
            {"person": "b", "lon": 110.5, "lat": -7.5 + 1.1e-6, **NEXT_DAY},
            True,
        ),
        (
            {"person": "a", "lon": 0.0, "lat": 0.0, **DAY},
            {"person": "b", "lon": 1e-6, "lat": 0.0, **NEXT_DAY},
            True,
        ),
        # The centre of a kelurahan is no house.
        (
            {"person": "a", **POINT, **DAY},
            {"person": "b", **POINT, "point_reading": "middle", **NEXT_DAY},
            True,
        ),
        ({"person": "a", **DAY}, {"person": "b", **POINT, **NEXT_DAY}, True),
        # Days differ if one differs and none is the same.
        (
            {"person": "a", **DAY, "onset_on": "2021-07-01"},
            {"person": "b", **NEXT_DAY, "onset_on": "2021-07-01"},
            False,
        ),
        (
            {"person": "a", "onset_on": "2021-07-01", **DAY},
            {"person": "b", "onset_on": "2021-07-02", **DAY},
            False,
        ),
        (
            {"person": "a", "reported_on": "2021-07-01", **DAY},
            {"person": "b", "reported_on": "2021-07-02"},
            True,
        ),
    ],
)
def test_another_person_differs_in_the_nik_or_in_two_parts_and_agrees_in_none(
    known: dict[str, Any],
    row: dict[str, Any],
    expected: bool,  # noqa: FBT001
) -> None:
    assert is_other_person(known, row) is expected


@pytest.mark.parametrize(
    ("known", "row", "expected"),
    [
        ({"nik": "1"}, {"nik": "2"}, True),
        ({"nik": "1", "person": "a"}, {"nik": "2", "person": "a"}, False),
        ({"nik": "1", "kk": "1"}, {"nik": "2", "kk": "1"}, False),
        ({"nik": "1", **HOME}, {"nik": "2", **HOME}, False),
        ({"nik": "1", **HOME}, {"nik": "2", **HOME, "rt": 3}, True),
        ({"nik": "1", "person": "a"}, {"nik": "2", "person": "b"}, True),
        ({"person": "a", **DAY}, {"person": "b", **NEXT_DAY}, True),
    ],
)
def test_a_replacing_row_may_correct_the_nik_if_name_card_or_house_agree(
    known: dict[str, Any],
    row: dict[str, Any],
    expected: bool,  # noqa: FBT001
) -> None:
    assert is_other_person(known, row, replace=True) is expected


@pytest.mark.parametrize("kind", [INDICATORS])
def test_a_kind_without_persons_has_no_other_persons(kind: Kind) -> None:
    rows = checked_rows({}, {}, kind=kind)
    unchanged = np.zeros(2, dtype=bool)
    change = PlaceChange(unchanged, unchanged, unchanged, unchanged, unchanged)
    others = find_other_persons(rows, rows, kind, change, replace=False)
    assert others.tolist() == [False, False]
    assert others.dtype == np.bool_
