"""A row with fewer values does not delete the known values of its record."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import save_boundaries
from geodata.ledger.current import current_cases
from geodata.store import Store, open_store
from tests.cities.small_city import small_city
from tests.databases import NewDatabase
from tests.geodata.ledger.case_rows import FULL_ROW, JULY, KEY, NIKS, case_row, load, only_case
from zoning.days.daily import run_days
from zoning.days.runs import read_run

RECOVERY_COLUMNS = ("NIK", "Status", "Tgl konfirmasi", "Hasil akhir", "Tgl sembuh")


def test_a_recovery_list_keeps_place_card_report_day_and_zones(store: Store) -> None:
    """Two placed cases once lost their place by a recovery list, and two RT became green."""
    second = FULL_ROW | {"No Kasus": "A-2", "NIK": NIKS[1], "No KK": None, "RT": "3"}
    rows = [row | {"Hasil akhir": None, "Tgl sembuh": None} for row in (FULL_ROW, second)]
    rows[1] |= {"Bujur": None, "Lintang": None}
    load(store, *rows)
    run_days(store, small_city(), [JULY], pseudonymiser=KEY)
    before = read_run(store, JULY)
    recovered = [{name: row[name] for name in RECOVERY_COLUMNS} for row in (FULL_ROW, second)]
    report = load(store, *recovered)
    assert (report.new, report.corrected, report.rejected) == (0, 2, 0)
    assert report.placed == {"coordinates": 1, "nearest": 0, "address": 1, "unplaced": 0}
    assert (report.moved, report.place_lost) == ((), ())
    cases = current_cases(store).to_pylist()
    assert [case["outcome"] for case in cases] == ["recovered", "recovered"]
    assert [case["address"] for case in cases] == ["Jl. Contoh 5"] * 2
    assert [case["kk"] is None for case in cases] == [False, True]
    assert [case["reported_on"] for case in cases] == [JULY] * 2
    run_days(store, small_city(), [JULY], pseudonymiser=KEY)
    assert read_run(store, JULY).zones.equals(before.zones)


def test_a_list_with_outcomes_only_updates_known_records(store: Store) -> None:
    load(store, FULL_ROW | {"Hasil akhir": None, "Tgl sembuh": None})
    outcome = {
        "No Kasus": FULL_ROW["No Kasus"],
        "Hasil akhir": "Sembuh",
        "Tgl selesai": "2021-07-20",
    }
    report = load(store, outcome, outcome | {"No Kasus": "A-9"})
    assert (report.corrected, report.rejected_by_reason) == (1, {"status-missing": 1})
    [case] = current_cases(store).to_pylist()
    assert (case["outcome"], case["outcome_on"]) == ("recovered", date(2021, 7, 20))
    assert (case["status"], case["address"]) == ("confirmed", FULL_ROW["Alamat"])


@given(
    columns=st.sets(st.sampled_from(sorted(set(FULL_ROW) - {"No Kasus"}))),
    empty=st.sets(st.sampled_from(sorted(set(FULL_ROW) - {"No Kasus"}))),
)
@settings(max_examples=12, deadline=None)
def test_loading_some_columns_of_the_same_file_again_changes_no_value(
    new_database: NewDatabase, columns: set[str], empty: set[str]
) -> None:
    part = {name: FULL_ROW[name] for name in FULL_ROW if name in columns | {"No Kasus", "Status"}}
    part |= dict.fromkeys(empty & set(part))
    if part["Status"] is None and not part.get("Tgl konfirmasi"):
        part["Tgl konfirmasi"] = FULL_ROW["Tgl konfirmasi"]
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small", {})
        load(opened, FULL_ROW)
        before = only_case(opened)
        report = load(opened, part)
        assert only_case(opened) == before
        assert (report.unchanged, report.rejected) == (1, 0)


@given(st.sets(st.sampled_from(sorted(set(FULL_ROW) - {"No Kasus", "Status", "Tgl konfirmasi"}))))
@settings(max_examples=8, deadline=None)
def test_two_files_with_different_columns_give_the_same_record_in_either_order(
    new_database: NewDatabase, columns: set[str]
) -> None:
    outcome_columns = {"Hasil akhir", "Tgl sembuh"}  # an outcome and its day are a group
    columns = columns | outcome_columns if columns & outcome_columns else columns
    shared_columns = {name: FULL_ROW[name] for name in ("No Kasus", "Status", "Tgl konfirmasi")}
    parts = [
        shared_columns
        | {name: FULL_ROW[name] for name in FULL_ROW if (name in columns) is in_first_file}
        for in_first_file in (True, False)
    ]
    records = []
    for order in (parts, parts[::-1]):
        with open_store(new_database()) as opened:
            save_boundaries(opened, small_city(), "small", {})
            for part in order:
                load(opened, part)
            records.append(only_case(opened))
    assert records[0] == records[1]


def test_a_row_without_a_status_updates_a_known_record_and_is_rejected_as_a_new_one(
    store: Store,
) -> None:
    load(store, FULL_ROW | {"Hasil akhir": None, "Tgl sembuh": None})
    recovery = {"Status": None, "Hasil akhir": "Sembuh", "Tgl sembuh": "2021-07-12"}
    report = load(store, {"No Kasus": "A-1"} | recovery, {"No Kasus": "B-9"} | recovery)
    assert (report.corrected, report.rejected_by_reason) == (1, {"status-missing": 1})
    assert (only_case(store)["status"], only_case(store)["outcome"]) == ("confirmed", "recovered")


def test_dates_of_a_row_are_checked_against_the_known_dates(store: Store) -> None:
    load(store, FULL_ROW | {"Hasil akhir": None, "Tgl sembuh": None})
    recovery = {"No Kasus": "A-1", "Status": "Konfirmasi", "Hasil akhir": "Sembuh"}
    report = load(store, recovery | {"Tgl sembuh": "2021-06-30"})
    assert report.rejected_by_reason == {"dates-out-of-order": 1}
    assert only_case(store)["outcome"] is None


def test_the_status_meninggal_does_not_lower_a_confirmed_case(store: Store) -> None:
    load(store, FULL_ROW | {"Hasil akhir": None, "Tgl sembuh": None})
    load(store, {"No Kasus": "A-1", "Status": "Meninggal", "Tgl konfirmasi": "2021-07-01"})
    assert (only_case(store)["status"], only_case(store)["outcome"]) == ("confirmed", "died")
    load(store, case_row("S", 4) | {"Status": "Suspek"})
    load(store, {"No Kasus": "S", "Status": "Meninggal"})
    assert current_cases(store)["status"].to_pylist() == ["confirmed", "probable"]


def test_a_list_without_statuses_confirms_a_suspect_but_not_a_discarded_record(
    store: Store,
) -> None:
    reported = {"Tgl konfirmasi": None, "Tgl lapor": "2021-07-01"}
    load(
        store,
        case_row("S", 0, Status="Suspek") | reported,
        case_row("D", 1, Status="Discarded") | reported,
    )
    load(
        store,
        {"No Kasus": "S", "Tgl konfirmasi": "2021-07-02"},
        {"No Kasus": "D", "Tgl konfirmasi": "2021-07-02"},
    )
    assert current_cases(store)["status"].to_pylist() == ["discarded", "confirmed"]


def test_another_outcome_does_not_keep_the_day_of_the_old_outcome(store: Store) -> None:
    load(store, FULL_ROW)
    load(store, {"No Kasus": "A-1", "Status": "Konfirmasi", "Hasil akhir": "Meninggal"})
    assert (only_case(store)["outcome"], only_case(store)["outcome_on"]) == ("died", None)
    load(store, {"No Kasus": "A-1", "Status": "Konfirmasi", "Hasil akhir": "Masih sakit"})
    assert only_case(store)["outcome"] is None


@pytest.mark.parametrize("word", ["(kosong)", "(HAPUS)", "( clear )"])
def test_a_clearing_word_in_brackets_removes_a_value(store: Store, word: str) -> None:
    load(store, FULL_ROW)
    load(
        store,
        {"No Kasus": "A-1", "Status": "Konfirmasi", "No KK": word, "Bujur": word, "Lintang": None},
    )
    case = only_case(store)
    assert (case["kk"], case["lon"], case["lat"]) == (None, None, None)
    assert (case["address"], case["rt"]) == ("Jl. Contoh 5", 2)


def test_replace_clears_empty_cells_only_in_columns_of_the_file(store: Store) -> None:
    load(store, FULL_ROW)
    row = {"No Kasus": "A-1", "Status": None, "No KK": None, "Tgl sembuh": None, "Alamat": None}
    report = load(store, row | {"Tgl konfirmasi": "2021-07-01"}, replace=True)
    case = only_case(store)
    assert report.corrected == 1
    assert {case[name] for name in ("kk", "outcome_on", "address")} == {None}
    kept_columns = ("status", "outcome", "rt", "lon", "nik", "specimen_on", "reported_on")
    assert all(case[name] is not None for name in kept_columns)
