"""The place of a record is merged as a group: no finer value of an old place is kept."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from geodata.ledger.merging.content import align_records
from geodata.ledger.merging.place import (
    PlaceChange,
    find_place_changes,
    merge_place,
    point_precision,
)
from geodata.records import CASES, PLACES, Kind
from tests.geodata.ledger.record_tables import checked_rows, known_records, merge_context

PLACE = {
    "address": "Jl. Contoh 5",
    "rt": 2,
    "rw": 1,
    "kelurahan": "Tembalang",
    "kecamatan": "Tembalang",
}
POINT = {"lon": 110.5, "lat": -7.5, "point_reading": None}
LOCATION = tuple((PLACE | POINT).keys())
Columns = dict[str, pa.Array]
NOWHERE = dict.fromkeys(LOCATION)


def columns_of(
    known: list[dict[str, Any]], rows: list[dict[str, Any]], kind: Kind = CASES
) -> tuple[Columns, Columns]:
    row_table = checked_rows(*rows, kind=kind)
    positions = list(range(len(known)))
    base = align_records(known_records(*known, kind=kind), positions, row_table, kind)
    return tuple(  # type: ignore[return-value]  # of two tables
        {name: table[name].combine_chunks() for name in table.column_names}
        for table in (base, row_table)
    )


def changed_parts(known: dict[str, Any], row: dict[str, Any], kind: Kind = CASES) -> set[str]:
    """Names of the parts of the place that differ, of a row that stands between two equal rows."""
    change = find_place_changes(
        *columns_of([known] * 3, [known, row, known], kind), merge_context().names
    )
    assert [part.tolist()[::2] for part in change] == [[False, False]] * 5
    return {name for name, part in change._asdict().items() if part[1]}


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ({}, set()),
        (PLACE, set()),
        ({"rt": 3}, {"rt"}),
        ({"rw": 2}, {"rw"}),
        ({"rt": 3, "rw": 2}, {"rt", "rw"}),
        ({"kelurahan": "KEL. TEMBALANG"}, set()),
        ({"kelurahan": "Bringin"}, {"area"}),
        ({"kelurahan": "Tandang"}, {"area"}),
        ({"kelurahan": "Bringin", "kecamatan": "Ngaliyan"}, {"area"}),
        ({"kecamatan": "Kec. Tembalang"}, set()),
        ({"kecamatan": "Ngaliyan"}, {"area"}),
        ({"kecamatan": "Nowhere"}, set()),
        ({"address": "Jalan Contoh No. 5"}, set()),
        ({"address": "Jl. Contoh 6"}, {"address"}),
        ({"address": "Jl. Lain 5"}, {"address"}),
        ({"address": "Jl. Contoh"}, set()),
        ({"address": "Jl. Lain"}, {"address"}),
        ({"address": "Jln Contoh gang"}, set()),
    ],
)
def test_a_row_names_another_place_by_another_area_number_street_or_house(
    row: dict[str, Any], parts: set[str]
) -> None:
    assert changed_parts(PLACE, row) == parts


@pytest.mark.parametrize(
    ("known", "row", "parts"),
    [
        # Names that the city does not know are compared as texts.
        (("Abc", None), ("ABC", None), set()),
        (("Abc", None), ("Abd", None), {"area"}),
        (("Abc", None), ("Tembalang", None), {"area"}),
        (("Tembalang", None), ("Abc", None), {"area"}),
        # A name of two kecamatan takes the kecamatan of the other side.
        (("Purwosari", "Mijen"), ("Purwosari", None), set()),
        (("Purwosari", "Mijen"), ("Purwosari", "Semarang Utara"), {"area"}),
        (("Purwosari", None), ("Purwosari", "Mijen"), set()),
        (("Purwosari", "Mijen"), ("purwosari", "Kec. Mijen"), set()),
        # Only one side has a kelurahan: the kecamatan decide.
        (("Tembalang", "Tembalang"), (None, "Mijen"), {"area"}),
        (("Tembalang", "Tembalang"), (None, "Tembalang"), set()),
        ((None, "Tembalang"), (None, "Mijen"), {"area"}),
        ((None, "Tembalang"), (None, "Nowhere"), set()),
        ((None, "Nowhere"), (None, "Mijen"), set()),
        ((None, "Tembalang"), ("Purwosari", "Mijen"), {"area"}),
        ((None, "Nowhere"), ("Purwosari", "Mijen"), set()),
        ((None, "Tembalang"), ("Abc", "Mijen"), set()),
        ((None, "Tembalang"), ("Tandang", "Kec Tembalang"), set()),
        ((None, "Tembalang"), ("Bringin", None), set()),
        (("Tembalang", None), (None, "Mijen"), set()),
    ],
)
def test_areas_differ_by_their_codes_or_by_names_that_the_city_does_not_know(
    known: tuple[str | None, str | None], row: tuple[str | None, str | None], parts: set[str]
) -> None:
    names = ("kelurahan", "kecamatan")
    record, new = (dict(zip(names, pair, strict=True)) for pair in (known, row))
    assert changed_parts(record, new) == parts


def test_each_row_is_compared_with_the_area_of_its_own_record() -> None:
    known = [{"kelurahan": "Tembalang"}, {"kelurahan": "Bringin"}, {"kelurahan": "Tandang"}]
    rows = [{"kelurahan": "Bringin"}, {"kelurahan": "BRINGIN"}, {"kelurahan": "Abc"}]
    change = find_place_changes(*columns_of(known, rows), merge_context().names)
    assert change.area.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ({"address": "Jl. Contoh 5 RT 3 RW 1"}, {"in_address"}),
        ({"address": "Jl. Contoh 5 RT 02 RW 2"}, {"in_address"}),
        ({"address": "Jl. Contoh 5 RT 02 RW 01"}, set()),
        ({"address": "JL. CONTOH 5 RT. 3"}, {"in_address"}),
        ({"address": "Jl. Contoh 5 RT 3", "rt": 2}, set()),
        ({"address": "Jl. Contoh 5 RT 3", "rw": 1}, set()),
    ],
)
def test_an_address_names_another_rt_or_rw_where_the_row_has_no_numbers(
    row: dict[str, Any], parts: set[str]
) -> None:
    assert changed_parts(PLACE, row) == parts
    assert changed_parts({"address": "Jl. Contoh 5"}, row) == set()


def test_a_row_of_the_same_person_with_a_precise_point_needs_no_comparison_of_addresses() -> None:
    known = PLACE | {"nik": "1"}
    other_house = {"address": "Jl. Lain 9", "nik": "1", "lon": 110.5, "lat": -7.5}
    assert changed_parts(known, other_house) == set()
    assert changed_parts(known, other_house | {"nik": None}) == {"address"}
    assert changed_parts(known, other_house | {"point_reading": "middle"}) == {"address"}
    assert changed_parts(known, {"address": "Jl. Lain 9", "nik": "1"}) == {"address"}
    # A place of the portal has no NIK.
    portal_row = {"address": "Jl. Lain 9"}
    assert changed_parts(PLACE, portal_row, PLACES) == {"address"}
    assert changed_parts(PLACE, portal_row | {"lon": 110.5, "lat": -7.5}, PLACES) == set()


def test_a_place_changes_if_any_of_its_parts_changes() -> None:
    parts = np.eye(5, 6, dtype=bool)
    assert PlaceChange(*parts).any.tolist() == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("area", {"address": "new", "rt": None, "rw": None, "kelurahan": "new", "kecamatan": None}),
        ("rw", {"rt": None}),
        ("rt", {}),
        ("address", {}),
        ("in_address", {"rt": None, "rw": None}),
    ],
)
def test_a_changed_part_removes_all_finer_known_parts(part: str, kept: dict[str, Any]) -> None:
    row = {"address": "new", "kelurahan": "new"}
    base, _ = columns_of([PLACE | POINT] * 2, [row] * 2)
    changed = {name: np.array([name == part, False]) for name in PlaceChange._fields}
    merged = merge_place(base, checked_rows(row, row), PlaceChange(**changed))
    records = pa.table(merged).select(list(LOCATION)).to_pylist()
    assert records[1] == PLACE | row | POINT
    assert records[0] == PLACE | row | kept | dict.fromkeys(POINT)
    base, _ = columns_of([PLACE | POINT] * 2, [{}, {}])
    [without_values, _] = pa.table(
        merge_place(base, checked_rows({}, {}), PlaceChange(**changed))
    ).to_pylist()
    if part == "area":
        assert without_values == NOWHERE
    else:
        assert without_values["kelurahan"] == "Tembalang"
        assert without_values["address"] == "Jl. Contoh 5"


PRECISE = (110.5, -7.5, None)
ROUGH = (110.1, -7.1, "rough")
USELESS = (0.0, 0.0, "zero")
UNREAD = (None, None, "unreadable")
NO_POINT = (None, None, None)


@pytest.mark.parametrize(
    ("known", "row", "moved", "cleared", "merged"),
    [
        (PRECISE, (110.6, -7.6, "minutes"), False, None, "row"),
        (PRECISE, ROUGH, False, None, "known"),
        (PRECISE, ROUGH, True, None, "row"),
        (PRECISE, USELESS, False, None, "known"),
        (PRECISE, UNREAD, False, None, "known"),
        (PRECISE, UNREAD, True, None, "row"),
        (PRECISE, NO_POINT, False, None, "known"),
        (PRECISE, NO_POINT, True, None, "row"),
        (PRECISE, NO_POINT, False, "lon", "row"),
        (PRECISE, NO_POINT, False, "lat", "row"),
        (PRECISE, ROUGH, False, "lat", "row"),
        (ROUGH, PRECISE, False, None, "row"),
        (ROUGH, (110.2, -7.2, "middle"), False, None, "row"),
        (ROUGH, USELESS, False, None, "known"),
        (USELESS, NO_POINT, False, None, "known"),
        (USELESS, UNREAD, False, None, "row"),
        (NO_POINT, PRECISE, False, None, "row"),
        (UNREAD, NO_POINT, False, None, "known"),
    ],
)
def test_a_point_is_replaced_by_a_point_that_is_as_precise(
    known: tuple[Any, ...],
    row: tuple[Any, ...],
    moved: bool,  # noqa: FBT001
    cleared: str | None,
    merged: str,
) -> None:
    known_point, row_point = (dict(zip(POINT, point, strict=True)) for point in (known, row))
    base, _ = columns_of([PLACE | known_point], [row_point])
    same = np.array([False])
    change = PlaceChange(same, same, same, np.array([moved]), same)
    place = merge_place(base, checked_rows(row_point | {"cleared": cleared}), change)
    [record] = pa.table(place).select(list(POINT)).to_pylist()
    assert record == {"row": row_point, "known": known_point}[merged]


def test_the_precision_of_a_point_is_that_of_an_rt_of_a_kelurahan_or_none() -> None:
    readings = [
        *(None, "minutes"),
        *("rough", "middle", "piled", "minutes+rough"),
        *("zero", "outside", "unreadable", "impossible", "incomplete", "vague", "city-middle"),
        *("rough+outside", None),
    ]
    lon = pa.chunked_array([[110.5] * (len(readings) - 1) + [None]])
    precision = point_precision(lon, pa.chunked_array([readings]))
    assert precision.tolist() == [2] * 2 + [1] * 4 + [0] * 9


@pytest.mark.parametrize(
    ("known", "row", "is_other"),
    [
        ("Jl. Contoh", "Jalan Contoh", False),
        ("jln contoh indah", "Contoh", False),
        ("Contoh", "Jl Contoh Indah", False),
        ("Jl. Contoh", "Jl. Contoh 5", False),
        ("Jl. Contoh Indah", "Jl. Contoh Baru", True),
        ("Pasar Jl", "Pasar", False),
        ("Gang Satu", "Gang Dua 7", True),
        ("Contoh_Indah", "Contoh", False),
        ("Jl. Contoh 5", "Jl. Contoh 5 A", True),
    ],
)
def test_without_house_numbers_the_words_of_one_street_contain_those_of_the_other(
    known: str,
    row: str,
    is_other: bool,  # noqa: FBT001
) -> None:
    parts = {"address"} if is_other else set()
    assert changed_parts({"address": known}, {"address": row}) == parts
