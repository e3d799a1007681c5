"""Which person, which record: no row wipes, moves or doubles what it does not speak of."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import save_boundaries
from geodata.errors import InputError
from geodata.ledger.current import current_cases, current_newcomers
from geodata.ledger.doubles import decide_one_case, decide_two_cases
from geodata.ledger.matching.record_numbers import find_keys
from geodata.ledger.rejected import rejected_frame
from geodata.ledger.withdrawing import record_history, withdraw
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records.record_ids import normal_id, normal_ids
from geodata.store import Store, open_store
from geodata.tables import sheet_of
from tests.cities.small_city import BRINGIN, TEMBALANG, VILLAGES, code, middle, small_city
from tests.databases import NewDatabase
from zoning.days.daily import run_days
from zoning.days.runs import read_run
from zoning.placing.record_boundaries import RecordGround
from zoning.records.doubles import double_cases
from zoning.records.intake import IntakeReport, load_sheet
from zoning.records.listing import Asked, listed_records

KEY = Pseudonymiser(b"a secret of sixteen and more")
NIK = [f"00000601019{k:05}" for k in range(1, 20)]
CARD = "0000060101900099"
TODAY = date(2021, 12, 31)
JULY = date(2021, 7, 1)
LON, LAT = middle(TEMBALANG, 1, 2)
PLACE = {"RT": "2", "RW": "1", "Kelurahan": "Tembalang", "Kecamatan": "Tembalang"}
FULL = {
    "No Kasus": "A-1",
    "NIK": NIK[0],
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
VALUES = (
    "nik",
    "kk",
    "address",
    "rt",
    "rw",
    "kelurahan",
    "kecamatan",
    "lon",
    "lat",
    "status",
    "confirmed_on",
    "onset_on",
    "specimen_on",
    "reported_on",
    "outcome",
    "outcome_on",
)


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small.geojson", {})
        yield opened


def load(store: Store, *rows: dict[str, Any], kind: str = "cases", **how: bool) -> IntakeReport:
    frame = pd.DataFrame(list(rows)).astype(object)
    sheet = sheet_of(frame.where(frame.notna(), None), "list.csv")
    return load_sheet(store, kind, sheet, pseudonymiser=KEY, today=TODAY, **how)  # type: ignore[arg-type]


def person(number: str | None, who: int, day: date = JULY, **more: Any) -> dict[str, Any]:
    dated = {"Status": "Konfirmasi", "Tgl konfirmasi": day.isoformat()}
    return {"No Kasus": number, "NIK": NIK[who]} | dated | PLACE | more


def only(store: Store) -> dict[str, Any]:
    [case] = current_cases(store).to_pylist()
    return {name: case[name] for name in VALUES}


def days_of(store: Store) -> dict[str, date]:
    cases = current_cases(store)
    return dict(zip(cases["case_id"].to_pylist(), cases["confirmed_on"].to_pylist(), strict=True))


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "A-1",
        " a-1 ",
        "A - 1",
        "A\u20131",
        "A\u22121",
        "\uff21-1",
        "A\u200b-1\ufeff",
        "'A-1",
        '="A-1"',
    ],
)
def test_however_a_number_is_written_it_is_one_record(store: Store, written: str) -> None:
    load(store, FULL)
    report = load(store, FULL | {"No Kasus": written})
    assert (report.new, report.unchanged) == (0, 1)
    assert find_keys(store, "cases", [written]) == ["A-1"]
    assert len(record_history(store, "cases", written)) == 1
    assert withdraw(store, "cases", [written], "entered twice", pseudonymiser=KEY) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1", "1.0", True),
        ("1", "1,0", True),
        ("1.10", "1.1", False),
        ("1.000", "1", False),
        ("12", "1 2", True),
        ("1-2", "12", False),
        ("stra\u00dfe-1", "STRASSE-1", True),
        ("A1", "A-1", False),
    ],
)
def test_which_numbers_are_one(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert (normal_id(one) == normal_id(other)) is same


SIGNS = st.sampled_from([*"aA1 0.,-'=\"\t", "\u2013", "\u200b", "\uff11", "\u00df"])


@given(st.text(SIGNS, max_size=8) | st.text(max_size=8))
def test_a_column_of_numbers_is_read_as_each_number_alone(text: str) -> None:
    assert normal_ids(pa.array([text, None])).to_pylist() == [normal_id(text), None]


@given(st.text(SIGNS, min_size=1, max_size=8))
def test_letters_dashes_and_spaces_make_no_other_number(text: str) -> None:
    written = text.swapcase().replace("-", "\u2212").replace("1", "\uff11")
    assert normal_id(f" {written}\u200b ") == normal_id(text)


def test_zeros_before_a_number_are_one_record_where_the_person_is_the_same(store: Store) -> None:
    load(store, person("1", 0), person("2", 1), person("3", 2) | {"NIK": None})
    report = load(
        store,
        person("001", 0),
        person("002", 5, JULY + timedelta(40)),
        person("003", 2) | {"NIK": None},
    )
    assert (report.new, report.unchanged) == (2, 1)
    assert report.numbers_alike == (("002", "2"), ("003", "3"))
    assert report.warnings["numbers-alike"] == 2
    assert set(days_of(store)) == {"1", "2", "3", "002", "003"}


def test_of_two_old_records_of_one_number_the_withdrawn_one_does_not_come_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers had no normal form before: `1` and `1.0` may both be known."""
    load(store, person("1", 0))
    # As an older program kept it.
    monkeypatch.setattr(
        "geodata.ledger.matching.which_record._forms", lambda keys: np.array(keys, dtype=object)
    )
    load(store, person("1.0", 0) | {"NIK": None})
    monkeypatch.undo()
    assert set(days_of(store)) == {"1", "1.0"}
    assert load(store, person("1.0", 0, Alamat="Jl. Contoh 1") | {"NIK": None}).corrected == 1
    withdraw(store, "cases", ["1.0"], "it is number 1", pseudonymiser=KEY)
    load(store, person("1.0", 0, Alamat="Jl. Contoh 2") | {"NIK": None})
    assert set(days_of(store)) == {"1"}
    assert current_cases(store)["address"].to_pylist() == ["Jl. Contoh 2"]


# --- other persons ------------------------------------------------------------------------------


def test_a_list_that_numbers_its_rows_anew_changes_nobody_and_is_noticed(store: Store) -> None:
    load(store, person("1", 0), person("2", 1, Kelurahan=VILLAGES[BRINGIN].name))
    before = current_cases(store)
    later = JULY + timedelta(1)
    rows = [person("1", 2, later), person("2", 3, later)]
    report = load(store, *rows)
    assert (report.new, report.corrected, report.rejected_by_reason) == (0, 0, {"id-reused": 2})
    assert report.warnings["ids-restarted"] == 2
    assert current_cases(store) == before
    assert rejected_frame(store)["row"].tolist() == [2, 3]
    # The remedy that the sentence names; the rows leave the list.
    again = load(store, *rows, numbered=False)
    assert (again.new, again.mended) == (2, 2)
    assert rejected_frame(store).empty
    assert len(days_of(store)) == 4


@pytest.mark.parametrize(
    ("known", "row", "other"),
    [
        ({"NIK": NIK[0]}, {"NIK": NIK[1]}, True),
        ({"NIK": NIK[0]}, {"NIK": NIK[0], "Nama": "Lain", "Alamat": "Jl. Lain 9"}, False),
        ({"Nama": "Ani"}, {"Nama": "Budi"}, False),
        ({"Nama": "Ani"}, {"Nama": "Budi", "Tgl konfirmasi": "2021-07-02"}, True),
        ({"Nama": "Ani"}, {"Nama": "ANI.", "Tgl konfirmasi": "2021-07-02", "RT": "3"}, False),
        ({"Nama": "Ani"}, {"Nama": "Budi", "RT": "3"}, True),
        ({}, {"RT": "3"}, False),
        ({}, {"Tgl konfirmasi": "2021-07-02"}, False),
        ({}, {"RT": "3", "Tgl konfirmasi": "2021-07-02"}, True),
        ({"NIK": NIK[0]}, {"RT": "3", "Tgl konfirmasi": "2021-07-02"}, True),
        (
            {"Nama": "Ani", "Alamat": "Jl. Contoh 5"},
            {"Nama": "Any", "Alamat": "Jalan Contoh No. 5", "Tgl konfirmasi": "2021-07-02"},
            False,
        ),
        ({"No KK": CARD}, {"No KK": CARD[:-1] + "8", "RT": "3"}, True),
    ],
)
def test_who_is_another_person(
    store: Store,
    known: dict[str, Any],
    row: dict[str, Any],
    other: bool,  # noqa: FBT001
) -> None:
    load(store, person("A", 0) | {"NIK": None} | known)
    report = load(store, person("A", 0) | {"NIK": None} | row)
    assert report.rejected_by_reason == ({"id-reused": 1} if other else {})
    assert "ids-restarted" not in report.warnings


def test_a_wrong_nik_is_corrected_on_purpose(store: Store) -> None:
    load(store, FULL)
    right = FULL | {"NIK": NIK[1]}
    assert load(store, right).rejected_by_reason == {"id-reused": 1}
    assert load(store, right, replace=True).corrected == 1
    assert only(store)["nik"] == KEY.nik(NIK[1])
    assert rejected_frame(store).empty


def test_replacing_does_not_turn_a_record_into_quite_another_person(store: Store) -> None:
    load(store, FULL)
    report = load(store, person("A-1", 3, JULY + timedelta(1), RT="3"), replace=True)
    assert report.rejected_by_reason == {"id-reused": 1}


def test_the_number_of_a_withdrawn_record_is_free_and_nothing_of_the_other_person_stays(
    store: Store,
) -> None:
    load(store, FULL)
    withdraw(store, "cases", ["A-1"], "never was", pseudonymiser=KEY)
    assert load(store, {"No Kasus": "A-1", "NIK": NIK[1], "Status": "Suspek"}).corrected == 1
    case = only(store)
    assert case["nik"] == KEY.nik(NIK[1])
    assert {case[name] for name in ("kk", "address", "rt", "lon", "confirmed_on")} == {None}


def test_within_one_file_too_the_first_person_of_a_number_stands(store: Store) -> None:
    report = load(store, person("1", 0), person("1", 1), person("1", 0, RT="3"))
    assert (report.new, report.rejected_by_reason) == (
        1,
        {"id-reused": 1, "superseded-in-file": 1},
    )
    assert only(store)["rt"] == 3


# --- fewer columns ------------------------------------------------------------------------------

SMALL = ("NIK", "Status", "Tgl konfirmasi", "Hasil akhir", "Tgl sembuh")


def test_a_recovery_list_leaves_the_place_the_card_and_the_day_of_report(store: Store) -> None:
    """The blocker: two placed cases lost all of it, and two RT turned green."""
    second = FULL | {"No Kasus": "A-2", "NIK": NIK[1], "No KK": None, "RT": "3"}
    rows = [row | {"Hasil akhir": None, "Tgl sembuh": None} for row in (FULL, second)]
    rows[1] |= {"Bujur": None, "Lintang": None}
    load(store, *rows)
    run_days(store, small_city(), [JULY], pseudonymiser=KEY)
    before = read_run(store, JULY)
    recovered = [{name: row[name] for name in SMALL} for row in (FULL, second)]
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


def test_a_list_of_outcomes_alone_is_enough_for_known_records(store: Store) -> None:
    load(store, FULL | {"Hasil akhir": None, "Tgl sembuh": None})
    ended = {"No Kasus": FULL["No Kasus"], "Hasil akhir": "Sembuh", "Tgl selesai": "2021-07-20"}
    report = load(store, ended, ended | {"No Kasus": "A-9"})
    assert (report.corrected, report.rejected_by_reason) == (1, {"status-missing": 1})
    [case] = current_cases(store).to_pylist()
    assert (case["outcome"], case["outcome_on"]) == ("recovered", date(2021, 7, 20))
    assert (case["status"], case["address"]) == ("confirmed", FULL["Alamat"])


@given(
    columns=st.sets(st.sampled_from(sorted(set(FULL) - {"No Kasus"}))),
    empty=st.sets(st.sampled_from(sorted(set(FULL) - {"No Kasus"}))),
)
@settings(max_examples=12, deadline=None)
def test_no_part_of_a_file_after_the_file_changes_a_known_value(
    new_database: NewDatabase, columns: set[str], empty: set[str]
) -> None:
    part = {name: FULL[name] for name in FULL if name in columns | {"No Kasus", "Status"}}
    part |= dict.fromkeys(empty & set(part))
    if part["Status"] is None and not part.get("Tgl konfirmasi"):
        part["Tgl konfirmasi"] = FULL["Tgl konfirmasi"]
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small", {})
        load(opened, FULL)
        before = only(opened)
        report = load(opened, part)
        assert only(opened) == before
        assert (report.unchanged, report.rejected) == (1, 0)


@given(st.sets(st.sampled_from(sorted(set(FULL) - {"No Kasus", "Status", "Tgl konfirmasi"}))))
@settings(max_examples=8, deadline=None)
def test_two_files_with_columns_of_their_own_say_the_same_in_either_order(
    new_database: NewDatabase, columns: set[str]
) -> None:
    whole = {"Hasil akhir", "Tgl sembuh"}  # an outcome and its day are one thing
    columns = columns | whole if columns & whole else columns
    always = {name: FULL[name] for name in ("No Kasus", "Status", "Tgl konfirmasi")}
    parts = [
        always | {name: FULL[name] for name in FULL if (name in columns) is side}
        for side in (True, False)
    ]
    found = []
    for order in (parts, parts[::-1]):
        with open_store(new_database()) as opened:
            save_boundaries(opened, small_city(), "small", {})
            for part in order:
                load(opened, part)
            found.append(only(opened))
    assert found[0] == found[1]


def test_a_row_without_a_status_is_one_of_its_known_record_and_else_turned_away(
    store: Store,
) -> None:
    load(store, FULL | {"Hasil akhir": None, "Tgl sembuh": None})
    well = {"Status": None, "Hasil akhir": "Sembuh", "Tgl sembuh": "2021-07-12"}
    report = load(store, {"No Kasus": "A-1"} | well, {"No Kasus": "B-9"} | well)
    assert (report.corrected, report.rejected_by_reason) == (1, {"status-missing": 1})
    assert (only(store)["status"], only(store)["outcome"]) == ("confirmed", "recovered")


def test_dates_are_held_against_what_is_known(store: Store) -> None:
    load(store, FULL | {"Hasil akhir": None, "Tgl sembuh": None})
    early = {"No Kasus": "A-1", "Status": "Konfirmasi", "Hasil akhir": "Sembuh"}
    report = load(store, early | {"Tgl sembuh": "2021-06-30"})
    assert report.rejected_by_reason == {"dates-out-of-order": 1}
    assert only(store)["outcome"] is None


def test_a_death_alone_makes_no_less_of_a_confirmed_case(store: Store) -> None:
    load(store, FULL | {"Hasil akhir": None, "Tgl sembuh": None})
    load(store, {"No Kasus": "A-1", "Status": "Meninggal", "Tgl konfirmasi": "2021-07-01"})
    assert (only(store)["status"], only(store)["outcome"]) == ("confirmed", "died")
    load(store, person("S", 4) | {"Status": "Suspek"})
    load(store, {"No Kasus": "S", "Status": "Meninggal"})
    assert current_cases(store)["status"].to_pylist() == ["confirmed", "probable"]


def test_a_list_without_statuses_confirms_a_suspect_and_not_a_discarded_one(store: Store) -> None:
    bare = {"Tgl konfirmasi": None, "Tgl lapor": "2021-07-01"}
    load(
        store,
        person("S", 0, Status="Suspek") | bare,
        person("D", 1, Status="Discarded") | bare,
    )
    load(
        store,
        {"No Kasus": "S", "Tgl konfirmasi": "2021-07-02"},
        {"No Kasus": "D", "Tgl konfirmasi": "2021-07-02"},
    )
    assert current_cases(store)["status"].to_pylist() == ["discarded", "confirmed"]


def test_another_outcome_does_not_take_the_day_of_the_old_one(store: Store) -> None:
    load(store, FULL)
    load(store, {"No Kasus": "A-1", "Status": "Konfirmasi", "Hasil akhir": "Meninggal"})
    assert (only(store)["outcome"], only(store)["outcome_on"]) == ("died", None)
    load(store, {"No Kasus": "A-1", "Status": "Konfirmasi", "Hasil akhir": "Masih sakit"})
    assert only(store)["outcome"] is None


@pytest.mark.parametrize("word", ["(kosong)", "(HAPUS)", "( clear )"])
def test_a_word_in_brackets_clears_a_value_on_purpose(store: Store, word: str) -> None:
    load(store, FULL)
    load(
        store,
        {"No Kasus": "A-1", "Status": "Konfirmasi", "No KK": word, "Bujur": word, "Lintang": None},
    )
    case = only(store)
    assert (case["kk"], case["lon"], case["lat"]) == (None, None, None)
    assert (case["address"], case["rt"]) == ("Jl. Contoh 5", 2)


def test_replacing_clears_empty_cells_of_columns_of_the_file_alone(store: Store) -> None:
    load(store, FULL)
    row = {"No Kasus": "A-1", "Status": None, "No KK": None, "Tgl sembuh": None, "Alamat": None}
    report = load(store, row | {"Tgl konfirmasi": "2021-07-01"}, replace=True)
    case = only(store)
    assert report.corrected == 1
    assert {case[name] for name in ("kk", "outcome_on", "address")} == {None}
    kept = ("status", "outcome", "rt", "lon", "nik", "specimen_on", "reported_on")
    assert all(case[name] is not None for name in kept)


# --- the place is a group -----------------------------------------------------------------------


def place_of(store: Store) -> tuple[object, ...]:
    case = only(store)
    return tuple(case[name] for name in ("address", "rt", "rw", "lon"))


UPDATE = {"No Kasus": "A-1", "Status": "Konfirmasi"}


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"RT": "3"}, ("Jl. Contoh 5", 3, 1, None)),
        ({"RT": "2"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"RW": "2"}, ("Jl. Contoh 5", None, 2, None)),
        ({"Kelurahan": "Bringin"}, (None, None, None, None)),
        ({"Kelurahan": "KEL. TEMBALANG"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Kelurahan": VILLAGES[TEMBALANG].code}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Kelurahan": "Tembalamg"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Kecamatan": "Ngaliyan"}, (None, None, None, None)),
        ({"Kecamatan": "Kec. Tembalang"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Alamat": "Jalan Contoh No. 5"}, ("Jalan Contoh No. 5", 2, 1, LON)),
        ({"Alamat": "Jl Contoh 5 RT 02 RW 01"}, ("Jl Contoh 5 RT 02 RW 01", 2, 1, LON)),
        ({"Alamat": "Jl. Contoh 55"}, ("Jl. Contoh 55", 2, 1, None)),
        ({"Alamat": "Jl. Lain 5"}, ("Jl. Lain 5", 2, 1, None)),
        ({"Alamat": "Jl Contoh 5 RT 3 RW 1"}, ("Jl Contoh 5 RT 3 RW 1", None, None, None)),
        ({"Bujur": LON + 1e-4, "Lintang": LAT}, ("Jl. Contoh 5", 2, 1, LON + 1e-4)),
        ({"Bujur": 0, "Lintang": 0}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Bujur": 110.4, "Lintang": -7}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"Bujur": "?", "Lintang": "x"}, ("Jl. Contoh 5", 2, 1, LON)),
        ({"RT": "3", "Bujur": 0, "Lintang": 0}, ("Jl. Contoh 5", 3, 1, 0.0)),
    ],
)
def test_what_belongs_to_the_old_place_is_not_put_beside_the_new_one(
    store: Store, row: dict[str, Any], place: tuple[object, ...]
) -> None:
    load(store, FULL)
    load(store, UPDATE | row)
    assert place_of(store) == place


def test_records_that_move_or_lose_their_place_are_counted_and_named(store: Store) -> None:
    rows = [FULL | {"No Kasus": f"A-{k}", "NIK": NIK[k]} for k in range(3)]
    load(store, *rows)
    report = load(
        store,
        UPDATE | {"No Kasus": "A-0", "RT": "3", "Kelurahan": None},
        UPDATE | {"No Kasus": "A-1", "RT": None, "Kelurahan": "Bringin"},
        UPDATE | {"No Kasus": "A-2", "RT": "2", "Kelurahan": "Tembalang"},
    )
    old = code(TEMBALANG, 1, 2)
    assert report.moved == (("A-0", old, code(TEMBALANG, 1, 3)),)
    assert report.place_lost == (("A-1", old, None),)
    assert (report.warnings["moved"], report.warnings["place-lost"]) == (1, 1)


def test_who_lives_elsewhere_stays_so_until_a_row_says_otherwise(store: Store) -> None:
    load(store, FULL | {"Kabupaten/Kota": "Kab. Demak"})
    load(store, UPDATE | {"Hasil akhir": "Meninggal"})
    assert current_cases(store)["non_resident"].to_pylist() == [True]
    load(store, UPDATE | {"Kabupaten/Kota": "Kota Semarang"})
    assert current_cases(store)["non_resident"].to_pylist() == [False]


def test_newcomers_places_and_indicators_keep_what_a_file_leaves_out(store: Store) -> None:
    arrived = {"ID": "N-1", "NIK": NIK[0], "Asal": "Jakarta", "Tgl tiba": "2021-07-01"} | PLACE
    load(store, arrived, kind="newcomers")
    load(store, {"ID": "N-1", "Tgl tiba": None, "Hasil tes": "negatif"}, kind="newcomers")
    [newcomer] = current_newcomers(store).to_pylist()
    assert (newcomer["origin"], newcomer["rt"], newcomer["arrived_on"]) == ("Jakarta", 2, JULY)
    assert newcomer["test_result"] == "negative"
    beds = {"Kode": "P-1", "Jenis": "RS", "Nama": "RS Contoh", "Kapasitas": 50, "Terisi": 20}
    load(store, beds | PLACE, kind="places")
    load(store, {"Kode": "P-1", "Nama": "RS Contoh", "Terisi": 25}, kind="places")
    newest = store.read(
        "select capacity, in_use, rt, place_kind from place_version where version = 2"
    )
    assert newest.to_pylist() == [{"capacity": 50, "in_use": 25, "rt": 2, "place_kind": "hospital"}]


# --- one person, one case -----------------------------------------------------------------------


def test_a_corrected_date_is_said_and_doubles_nobody(store: Store) -> None:
    load(store, person(None, 0, date(2021, 7, 13)))
    report = load(store, person(None, 0, date(2021, 7, 14)))
    assert (report.new, report.corrected) == (0, 1)
    [(key, day)] = days_of(store).items()
    assert day == date(2021, 7, 14)
    assert report.dates_corrected == ((key, date(2021, 7, 13), day, day),)
    assert report.warnings["dates-corrected"] == 1
    assert load(store, person(None, 0, date(2021, 7, 14)), person(None, 1)).unchanged == 1


@pytest.mark.parametrize(
    ("days", "episodes"),
    [
        ((0, 14), {14}),
        ((0, 15), {0}),
        ((15, 0), {0}),
        ((0, 90), {0}),
        ((0, 91), {0, 91}),
        ((0, 80, 160), {0, 160}),
        # Each comes as the first test of the episode known so far.
        ((160, 80, 0), {0}),
        ((80, 0, 160), {0, 160}),
    ],
)
def test_an_episode_lasts_ninety_days_from_its_first(
    store: Store, days: Sequence[int], episodes: set[int]
) -> None:
    for number in days:
        load(store, person(None, 0, JULY - timedelta(180) + timedelta(number)))
    found = {(day - (JULY - timedelta(180))).days for day in days_of(store).values()}
    assert found == episodes


def test_how_long_an_episode_is_can_be_set(store: Store) -> None:
    store.settings = replace(store.settings, reinfection_days=30)
    load(store, person(None, 0, JULY))
    load(store, person(None, 0, JULY + timedelta(31)))
    assert len(days_of(store)) == 2


def test_a_number_that_comes_later_names_the_case_that_was_known_without_one(store: Store) -> None:
    load(store, person(None, 0))
    report = load(store, person("K-1", 0, JULY + timedelta(1)))
    assert (report.new, report.corrected) == (0, 1)
    [key] = days_of(store)
    assert load(store, {"No Kasus": "k-1", "Status": "Suspek"}).corrected == 1
    assert find_keys(store, "cases", ["K-1"]) == [key]


def test_a_row_without_a_number_is_the_numbered_case_of_the_person(store: Store) -> None:
    load(store, person("K-1", 0))
    report = load(store, person(None, 0, JULY + timedelta(3)))
    assert (report.new, report.corrected) == (0, 1)
    assert days_of(store) == {"K-1": JULY + timedelta(3)}


def test_a_contact_of_long_ago_is_no_episode_of_a_later_case(store: Store) -> None:
    load(store, person(None, 0, Status="Kontak erat"))
    load(store, person(None, 0, JULY + timedelta(15)))
    assert len(days_of(store)) == 2
    load(store, person(None, 1, Status="Kontak erat"))
    load(store, person(None, 1, JULY + timedelta(5)))
    assert len(days_of(store)) == 3


def doubles(store: Store) -> pd.DataFrame:
    return double_cases(store, RecordGround(small_city(), "coordinates"))


def test_two_lists_with_numbers_of_their_own_count_a_person_once_until_somebody_decides(
    store: Store,
) -> None:
    load(store, person("H-1", 0))
    report = load(store, person("D-1", 0, JULY + timedelta(2), RT="3"))
    assert (report.new, report.doubles) == (1, (("D-1", "H-1"),))
    assert report.warnings["double"] == 1
    assert set(days_of(store)) == {"H-1"}
    found = doubles(store)
    assert found["case_id"].tolist() == ["D-1", "H-1"]
    assert found["counted"].tolist() == [False, True]
    assert decide_one_case(store, "d-1", ["H-1"], by="dinkes", pseudonymiser=KEY) == 2
    assert set(days_of(store)) == {"D-1"}
    assert doubles(store).empty
    # New versions of either do not undo it.
    load(store, person("H-1", 0, RT="1"))
    load(store, person("D-1", 0, JULY + timedelta(3)))
    assert days_of(store) == {"D-1": JULY + timedelta(3)}
    assert decide_two_cases(store, ["D-1", "H-1"], by="dinkes", pseudonymiser=KEY) == 1
    assert set(days_of(store)) == {"D-1", "H-1"}
    load(store, person("H-1", 0, RT="2"))
    assert set(days_of(store)) == {"D-1", "H-1"}
    assert len(double_cases(store, RecordGround(small_city(), "coordinates"), "all")) == 2


def test_a_double_is_counted_when_the_case_in_its_place_is_not(store: Store) -> None:
    load(store, person("H-1", 0))
    load(store, person("D-1", 0, JULY + timedelta(2)))
    withdraw(store, "cases", ["H-1"], "entered twice", pseudonymiser=KEY)
    assert set(days_of(store)) == {"D-1"}
    load(store, person("H-1", 0, Status="Discarded"))
    assert set(days_of(store)) == {"D-1", "H-1"}


def test_only_cases_of_one_person_are_decided_on(store: Store) -> None:
    load(store, person("A", 0), person("B", 1), person("C", 1, JULY + timedelta(1)))
    for ids, code_ in ((["A", "B"], "not-one-person"), (["B", "b"], "one-record")):
        with pytest.raises(InputError) as refused:
            decide_two_cases(store, ids, by="dinkes", pseudonymiser=KEY)
        assert refused.value.code == code_
    with pytest.raises(InputError) as refused:
        decide_two_cases(store, ["B", "C"], by=NIK[0], pseudonymiser=KEY)
    assert refused.value.code == "no-decider"
    assert NIK[0] not in refused.value.message


def test_a_file_sent_again_after_corrections_still_changes_nothing(store: Store) -> None:
    part = {"No Kasus": "A-1", "Status": "Konfirmasi", "RT": "3"}
    load(store, FULL)
    load(store, part)
    load(store, part | {"RT": "1", "RW": "2"})
    before = current_cases(store)
    for rows in ([part], [FULL]):
        report = load(store, *rows)
        assert (report.corrected, report.unchanged, report.rejected) == (0, 1, 0)
    assert current_cases(store) == before


# --- looking records up -------------------------------------------------------------------------


def ids(store: Store, kind: str = "cases", **asked: Any) -> list[str]:
    found = listed_records(store, RecordGround(small_city(), "coordinates"), kind, Asked(**asked))
    return [str(each) for each in found["id"]]


def test_records_are_looked_up_by_what_one_knows_of_them(store: Store) -> None:
    load(
        store,
        person("A-1", 0),
        person("A-2", 1, JULY + timedelta(5), RT="3"),
        person("B-1", 2, Status="Suspek", RT=None),
        person("B-2", 0, JULY + timedelta(1)),
    )
    withdraw(store, "cases", ["A-2"], "entered twice", pseudonymiser=KEY)
    assert ids(store) == ["A-1", "B-1", "B-2"]
    assert ids(store, status="withdrawn") == ["A-2"]
    assert ids(store, status="suspect") == ["B-1"]
    assert ids(store, status="double") == ["B-2"]
    assert ids(store, last=JULY) == ["A-1", "B-1"]
    assert ids(store, first=JULY + timedelta(1)) == ["B-2"]
    assert ids(store, area=code(TEMBALANG, 1, 2)) == ["A-1", "B-2"]
    assert ids(store, area=VILLAGES[TEMBALANG].code) == ["A-1", "B-1", "B-2"]
    assert ids(store, placed="unplaced") == ["B-1"]
    assert ids(store, text="b \u2013") == ["B-1", "B-2"]
    found = listed_records(store, RecordGround(small_city(), "coordinates"), "cases", Asked())
    assert not {"nik", "kk", "address", "person"} & set(found.columns)


@pytest.mark.parametrize(
    ("asked", "code_"),
    [
        ({"status": "ill"}, "no-status"),
        ({"placed": "guess"}, "no-way"),
        ({"first": JULY, "last": JULY - timedelta(1)}, "days-out-of-order"),
    ],
)
def test_a_wrong_question_is_a_sentence(store: Store, asked: dict[str, Any], code_: str) -> None:
    with pytest.raises(InputError) as refused:
        ids(store, **asked)
    assert refused.value.code == code_
