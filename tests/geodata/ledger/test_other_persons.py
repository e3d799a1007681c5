"""A row of another person does not change the record with its number."""

from datetime import timedelta
from typing import Any

import pytest

from geodata.ledger.current import current_cases
from geodata.ledger.rejected import rejected_frame
from geodata.ledger.withdrawing import withdraw
from geodata.store import Store
from tests.cities.small_city import BRINGIN, VILLAGES
from tests.geodata.ledger.case_rows import (
    CARD,
    FULL_ROW,
    JULY,
    KEY,
    NIKS,
    case_row,
    confirmed_days,
    load,
    only_case,
)


def test_a_list_with_restarted_numbers_changes_no_record_and_gives_a_warning(store: Store) -> None:
    load(store, case_row("1", 0), case_row("2", 1, Kelurahan=VILLAGES[BRINGIN].name))
    before = current_cases(store)
    later = JULY + timedelta(1)
    rows = [case_row("1", 2, later), case_row("2", 3, later)]
    report = load(store, *rows)
    assert (report.new, report.corrected, report.rejected_by_reason) == (0, 0, {"id-reused": 2})
    assert report.warnings["ids-restarted"] == 2
    assert current_cases(store) == before
    assert rejected_frame(store)["row"].tolist() == [2, 3]
    # The error sentence names this remedy; the rows leave the list.
    again = load(store, *rows, numbered=False)
    assert (again.new, again.mended) == (2, 2)
    assert rejected_frame(store).empty
    assert len(confirmed_days(store)) == 4


@pytest.mark.parametrize(
    ("known", "row", "is_rejected"),
    [
        ({"NIK": NIKS[0]}, {"NIK": NIKS[1]}, True),
        ({"NIK": NIKS[0]}, {"NIK": NIKS[0], "Nama": "Lain", "Alamat": "Jl. Lain 9"}, False),
        ({"Nama": "Ani"}, {"Nama": "Budi"}, False),
        ({"Nama": "Ani"}, {"Nama": "Budi", "Tgl konfirmasi": "2021-07-02"}, True),
        ({"Nama": "Ani"}, {"Nama": "ANI.", "Tgl konfirmasi": "2021-07-02", "RT": "3"}, False),
        ({"Nama": "Ani"}, {"Nama": "Budi", "RT": "3"}, True),
        ({}, {"RT": "3"}, False),
        ({}, {"Tgl konfirmasi": "2021-07-02"}, False),
        ({}, {"RT": "3", "Tgl konfirmasi": "2021-07-02"}, True),
        ({"NIK": NIKS[0]}, {"RT": "3", "Tgl konfirmasi": "2021-07-02"}, True),
        (
            {"Nama": "Ani", "Alamat": "Jl. Contoh 5"},
            {"Nama": "Any", "Alamat": "Jalan Contoh No. 5", "Tgl konfirmasi": "2021-07-02"},
            False,
        ),
        ({"No KK": CARD}, {"No KK": CARD[:-1] + "8", "RT": "3"}, True),
    ],
)
def test_a_row_is_of_another_person_by_nik_or_by_two_differences(
    store: Store,
    known: dict[str, Any],
    row: dict[str, Any],
    is_rejected: bool,  # noqa: FBT001
) -> None:
    load(store, case_row("A", 0) | {"NIK": None} | known)
    report = load(store, case_row("A", 0) | {"NIK": None} | row)
    assert report.rejected_by_reason == ({"id-reused": 1} if is_rejected else {})
    assert "ids-restarted" not in report.warnings


def test_replace_corrects_a_wrong_nik(store: Store) -> None:
    load(store, FULL_ROW)
    corrected = FULL_ROW | {"NIK": NIKS[1]}
    assert load(store, corrected).rejected_by_reason == {"id-reused": 1}
    assert load(store, corrected, replace=True).corrected == 1
    assert only_case(store)["nik"] == KEY.nik(NIKS[1])
    assert rejected_frame(store).empty


def test_replace_does_not_accept_a_row_of_another_person(store: Store) -> None:
    load(store, FULL_ROW)
    report = load(store, case_row("A-1", 3, JULY + timedelta(1), RT="3"), replace=True)
    assert report.rejected_by_reason == {"id-reused": 1}


def test_another_person_gets_the_number_of_a_withdrawn_record_without_its_values(
    store: Store,
) -> None:
    load(store, FULL_ROW)
    withdraw(store, "cases", ["A-1"], "never was", pseudonymiser=KEY)
    assert load(store, {"No Kasus": "A-1", "NIK": NIKS[1], "Status": "Suspek"}).corrected == 1
    case = only_case(store)
    assert case["nik"] == KEY.nik(NIKS[1])
    assert {case[name] for name in ("kk", "address", "rt", "lon", "confirmed_on")} == {None}


def test_within_one_file_the_first_person_of_a_number_is_kept(store: Store) -> None:
    report = load(store, case_row("1", 0), case_row("1", 1), case_row("1", 0, RT="3"))
    assert (report.new, report.rejected_by_reason) == (
        1,
        {"id-reused": 1, "superseded-in-file": 1},
    )
    assert only_case(store)["rt"] == 3
