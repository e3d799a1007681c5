"""Intake of a file: new and corrected records, rejected rows, and no NIK in the database."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import openpyxl
import pandas as pd
import pytest
from hypothesis import Phase, assume, given, seed, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from geodata.boundaries import save_boundaries
from geodata.errors import InputError, MikrozonasiError, NotFoundError
from geodata.language import Bilingual
from geodata.ledger.current import current_cases, current_newcomers
from geodata.ledger.rejected import rejected_frame
from geodata.pseudonyms.city_secret import key_path
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_from_frame, write_table
from tests.cities.small_city import TEMBALANG, VILLAGES, code, middle, small_city
from tests.databases import FileDatabases, NewDatabase, Server
from zoning.counting.cases import case_table
from zoning.days.daily import run_days
from zoning.days.runs import read_run
from zoning.placing.placements import Placer
from zoning.records.intake import IntakeReport, load_records, load_sheet
from zoning.risk import FOUR_COLOURS
from zoning.zones.frames import summary_frame

TODAY = date(2021, 9, 9)
TABLES = ("batch", "case_version", "newcomer_version", "rejected")
NIK = "0000060101900017"
KK = "0000060101900099"
KEY = Pseudonymiser(b"a secret of sixteen and more")
AREA = {"RT": "002", "RW": "1", "Kelurahan": "Tembalang", "Kec.": "Tembalang"}
CASE = {"No Kasus": "A-1", "Status": "Konfirmasi", "Tgl konfirmasi": "1/9/2021"} | AREA
NEWCOMER = {"NIK": NIK, "Asal": "Jakarta", "Tgl tiba": "1 September 2021"} | AREA


@pytest.fixture
def store(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A database of either engine."""
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small.geojson", {})
        yield opened


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """A database file in the folder of the test."""
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as opened:
        save_boundaries(opened, small_city(), "small.geojson", {})
        yield opened


@pytest.fixture(scope="module")
def file_databases(tmp_path_factory: pytest.TempPathFactory) -> FileDatabases:
    return FileDatabases(tmp_path_factory)


def _load(store: Store, *rows: dict[str, Any], kind: str = "cases") -> IntakeReport:
    frame = pd.DataFrame(list(rows)).astype(object)
    sheet = sheet_from_frame(frame.where(frame.notna(), None), "list.csv")
    return load_sheet(
        store,
        kind,
        sheet,
        placer=Placer(small_city(), prefer="coordinates"),
        pseudonymiser=KEY,
        today=TODAY,
    )


def _all_tables(store: Store) -> dict[str, list[dict[str, Any]]]:
    rows_by_table = {name: store.read(f"select * from {name}").to_pylist() for name in TABLES}  # noqa: S608
    return {name: sorted(rows, key=str) for name, rows in rows_by_table.items()}


def _current_records(store: Store) -> list[dict[str, Any]]:
    version_columns = ["batch", "recorded_at", "version"]
    return list(current_cases(store).drop_columns(version_columns).to_pylist())


def _counts(report: IntakeReport) -> tuple[int, int, int, int, int]:
    return report.read, report.new, report.corrected, report.unchanged, report.rejected


def test_a_file_is_read_checked_placed_and_stored(store: Store, tmp_path: Path) -> None:
    lon, lat = middle(TEMBALANG, 2, 3)
    rows = [
        CASE,
        CASE,
        CASE | {"No Kasus": "A-2", "Lintang": lat, "Bujur": lon},
        CASE | {"No Kasus": "A-3", "RT": "77", "Lintang": 0, "Bujur": 0},
        CASE | {"No Kasus": "A-4", "Status": "?!"},
        CASE | {"No Kasus": "A-5", "Tgl konfirmasi": "10/9/2021"},
    ]
    write_table(pd.DataFrame(rows), tmp_path / "list.xlsx")
    report = load_records(store, "cases", tmp_path / "list.xlsx", today=TODAY)
    assert _counts(report) == (6, 3, 0, 1, 2)
    assert report.rejected_by_reason == {"date-in-future": 1, "status-unknown": 1}
    assert report.placed == {"coordinates": 1, "nearest": 0, "address": 2, "unplaced": 1}
    assert report.disagreeing == 1
    assert report.warnings == {"coordinates-zero": 1}
    cases = current_cases(store)
    assert cases["case_id"].to_pylist() == ["A-1", "A-2", "A-3"]
    assert cases["confirmed_on"].to_pylist() == [date(2021, 9, 1)] * 3
    placer = Placer(small_city(), prefer="coordinates")
    placement = placer.place(cases)
    assert placement.area.tolist() == [
        code(TEMBALANG, 1, 2),
        code(TEMBALANG, 2, 3),
        VILLAGES[TEMBALANG].code,
    ]
    table = case_table(cases, placement, placer.houses, zones_hold_rt=False)
    assert table.rt.tolist()[2] == -1


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    rows: list[dict[str, Any]] = [
        CASE,
        CASE | {"RT": "1"},
        CASE | {"No Kasus": None, "NIK": NIK},
        AREA,
    ]
    first = _load(store, *rows)
    before = _all_tables(store)
    second = _load(store, *rows)
    assert _all_tables(store) == before
    assert _counts(first) == (4, 2, 0, 0, 2)
    assert _counts(second) == (4, 0, 0, 2, 2)


def test_the_same_rows_in_another_file_are_unchanged(store: Store, tmp_path: Path) -> None:
    _load(store, CASE, CASE | {"No Kasus": "A-2"})
    report = _load(store, CASE | {"No Kasus": "A-2"}, CASE, CASE | {"No Kasus": "A-3"})
    assert _counts(report) == (3, 1, 0, 2, 0)


def test_a_correction_is_the_next_version_and_the_first_version_stays(store: Store) -> None:
    _load(store, CASE)
    report = _load(store, CASE | {"Hasil akhir": "Sembuh", "Tgl sembuh": "8/9/2021"})
    assert _counts(report) == (1, 0, 1, 0, 0)
    versions = store.read("select version, outcome from case_version order by version")
    assert versions.to_pylist() == [
        {"version": 1, "outcome": None},
        {"version": 2, "outcome": "recovered"},
    ]
    assert current_cases(store)["version"].to_pylist() == [2]


def test_an_old_file_loaded_again_does_not_undo_a_correction(store: Store) -> None:
    _load(store, CASE)
    _load(store, CASE | {"RT": "3"})
    assert _counts(_load(store, CASE)) == (1, 0, 0, 1, 0)
    assert current_cases(store)["rt"].to_pylist() == [3]


def test_a_new_file_may_undo_a_correction(store: Store) -> None:
    _load(store, CASE)
    _load(store, CASE | {"RT": "3"})
    assert _load(store, CASE, CASE | {"No Kasus": "A-2"}).corrected == 1
    assert current_cases(store)["version"].to_pylist() == [3, 1]


def test_a_row_with_a_future_date_is_accepted_when_the_day_comes(store: Store) -> None:
    sheet = sheet_from_frame(pd.DataFrame([CASE | {"Tgl konfirmasi": "10/9/2021"}]))
    reports = [
        load_sheet(store, "cases", sheet, pseudonymiser=KEY, today=day)
        for day in (TODAY, date(2021, 9, 10))
    ]
    assert [_counts(report) for report in reports] == [(1, 0, 0, 0, 1), (1, 1, 0, 0, 0)]


def test_newcomers_are_loaded(store: Store) -> None:
    assert _counts(_load(store, NEWCOMER, kind="newcomers")) == (1, 1, 0, 0, 0)
    assert _counts(_load(store, NEWCOMER, kind="newcomers")) == (1, 0, 0, 1, 0)
    [newcomer] = current_newcomers(store).to_pylist()
    assert (newcomer["origin"], newcomer["arrived_on"]) == ("Jakarta", date(2021, 9, 1))
    assert newcomer["nik"] == KEY.nik(NIK)


def test_a_person_from_another_city_is_stored_with_a_flag_and_counted_in_no_rt(
    store: Store,
) -> None:
    lon, lat = middle(TEMBALANG, 2, 3)
    point = {"Lintang": lat, "Bujur": lon}
    non_resident = CASE | {"No Kasus": "A-2", "Kabupaten/Kota": "Kab. Semarang"} | point
    report = _load(store, CASE, non_resident)
    assert report.placed["non-resident"] == 1
    assert sum(report.placed.values()) == report.accepted == 2
    cases = current_cases(store)
    assert cases["non_resident"].to_pylist() == [False, True]
    placement = Placer(small_city(), prefer="coordinates").place(cases)
    assert placement.rt.tolist()[1] == -1
    assert placement.area.tolist() == [code(TEMBALANG, 1, 2), "luar kota"]
    run_days(store, small_city(), [date(2021, 9, 2)])
    day = read_run(store, date(2021, 9, 2))
    assert day.unplaced.select(["code", "cases", "active"]).to_pylist() == [
        {"code": "luar kota", "cases": 1, "active": 1}
    ]
    summary = summary_frame(small_city(), day, "kota", FOUR_COLOURS)
    assert summary[["yellow", "unplaced"]].to_numpy().tolist() == [[1, 0]]


def test_a_messy_spreadsheet_is_loaded_and_omitted_rows_are_reported(
    store: Store, tmp_path: Path
) -> None:
    page = openpyxl.Workbook().active
    assert isinstance(page, Worksheet)
    rows: list[list[Any]] = [
        ["DAFTAR KASUS"],
        [],
        list(CASE),
        list(CASE.values()),
        ["Total", 1],
        [None, "ttd"],
    ]
    for row in rows:
        page.append(row)
    assert page.parent is not None
    page.parent.save(tmp_path / "list.xlsx")
    report = load_records(store, "cases", tmp_path / "list.xlsx", today=TODAY)
    assert _counts(report) == (1, 1, 0, 0, 0)
    assert report.warnings == {"rows-left-out": 2}


def test_rejected_rows_can_be_listed_by_kind(store: Store) -> None:
    _load(store, CASE | {"Status": "?!"})
    _load(store, NEWCOMER | {"Tgl tiba": None}, NEWCOMER, kind="newcomers")
    frame = rejected_frame(store)
    assert frame["kind"].tolist() == ["cases", "newcomers"]
    assert frame["row"].tolist() == [2, 2]
    assert "status: status-unknown." in frame["reasons"][0]
    assert frame["rt"].tolist() == ["002", "002"]
    newcomers = rejected_frame(store, "newcomers")
    assert newcomers["nik"].tolist() == [KEY.sign_pseudonym("nik", KEY.nik(NIK))]
    assert "status" not in newcomers.columns


def test_no_nik_name_or_phone_is_stored_in_the_database_or_files_beside_the_database(
    file_store: Store, tmp_path: Path
) -> None:
    store = file_store
    person = {"Nama": "Budiman Q", "NIK": NIK, "No KK": KK, "No HP": "081234567890"}
    rows = [
        CASE | person,
        CASE | person | {"No Kasus": NIK, "Alamat": f"Jl. Mawar 3 / {NIK} / 081234567890"},
        CASE | person | {"No Kasus": None, "Status": f"?! {NIK}", "Kec.": KK},
        CASE | person | {"No Kasus": None, "Tgl konfirmasi": NIK, "RT": KK},
    ]
    folder = tmp_path / "in"
    folder.mkdir()
    write_table(pd.DataFrame(rows), folder / "list.csv")
    with (folder / "list.csv").open("a") as file:
        file.write(f"{NIK},{KK},Budiman Q" + ",x" * 20 + "\n")
    report = load_records(store, "cases", folder / "list.csv", today=TODAY)
    assert _counts(report) == (5, 2, 0, 0, 3)
    write_table(rejected_frame(store), tmp_path / "rejected.csv")
    everything = str(_all_tables(store))
    store.close()
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.suffix for path in files} >= {".duckdb", ".key", ".csv"}
    for secret in (NIK, KK, NIK[4:], "Budiman", "081234567890", "81234567890"):
        assert secret not in everything
        for path in files:
            assert secret.encode() not in path.read_bytes(), path.name


def test_the_scan_of_the_database_file_finds_a_stored_nik(
    file_store: Store, tmp_path: Path
) -> None:
    store = file_store
    with store.transaction() as work:
        work.execute(
            "insert into batch values ('b', 'cases', $1, '2021-09-09', '{}')", f"list {NIK}"
        )
    store.close()
    assert NIK.encode() in (tmp_path / "city.duckdb").read_bytes()


def _exchanged(row: dict[str, Any]) -> dict[str, Any]:
    lon, lat = middle(TEMBALANG, 1, 1)
    return row | {"lon": lat, "lat": lon}


@pytest.mark.parametrize(
    ("write", "error"),
    [
        (lambda path: path.write_text(""), "empty-file"),
        (lambda path: path.write_bytes(b"PK\x03\x04 a picture"), "unreadable"),
        (lambda path: path.write_text("Merek,Harga\nX,1\n"), "no-usable-columns"),
        (lambda path: write_table(pd.DataFrame([_exchanged(CASE)]), path), "swapped-axes"),
        (lambda _path: None, "no-file"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    store: Store, tmp_path: Path, write: Callable[[Path], object], error: str
) -> None:
    write(tmp_path / "list.csv")
    before = _all_tables(store)
    with pytest.raises(MikrozonasiError) as raised:
        load_records(store, "cases", tmp_path / "list.csv", today=TODAY)
    assert raised.value.code == error
    assert _all_tables(store) == before


def test_without_boundaries_no_file_is_loaded(tmp_path: Path) -> None:
    with open_store(f"duckdb:///{tmp_path}/bare.duckdb", create=True) as bare:
        with pytest.raises(NotFoundError, match="boundaries load"):
            load_records(bare, "cases", tmp_path / "list.csv")
        assert not key_path(bare.url).exists()


def test_an_unknown_kind_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cases, newcomers"):
        load_records(store, "pets", tmp_path / "list.csv")


def test_an_intake_that_fails_half_way_changes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _all_tables(store)
    # The rejected rows are written last; their statement fails.
    monkeypatch.setattr("geodata.ledger.appending._ADD_REJECTED", "insert into nowhere select 1")
    with pytest.raises(Exception, match="nowhere"):
        _load(store, CASE, CASE | {"Status": "?!"})
    assert _all_tables(store) == before


def test_of_two_machines_with_different_secrets_only_the_first_can_load(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both machines see an empty database; the second intake is refused and changes nothing."""
    _load(store, CASE)
    before = _all_tables(store)
    monkeypatch.setattr(f"{__name__}.KEY", Pseudonymiser(b"a secret of another machine"))
    with pytest.raises(MikrozonasiError) as raised:
        _load(store, CASE | {"No Kasus": "A-2", "NIK": NIK})
    assert raised.value.code == "other-secret"
    assert _all_tables(store) == before


def test_each_step_of_an_intake_is_reported(store: Store, tmp_path: Path) -> None:
    write_table(pd.DataFrame([CASE]), tmp_path / "list.csv")
    steps: list[tuple[Bilingual, int, int]] = []
    load_records(store, "cases", tmp_path / "list.csv", progress=lambda *step: steps.append(step))
    assert [step for _, step, _ in steps] == [0, 1, 2, 3, 4]
    assert {n_steps for _, _, n_steps in steps} == {4}


row = st.fixed_dictionaries(
    {
        "No Kasus": st.sampled_from([None, "A", "B", "C"]),
        "NIK": st.sampled_from([None, NIK, "0000060101900018"]),
        "Status": st.sampled_from(["Konfirmasi", "suspek", "?!"]),
        "Tgl konfirmasi": st.sampled_from(["2021-09-01", "2/9/2021", "2021-12-31", None]),
        "RT": st.sampled_from(["1", "02", None]),
    }
)


# Number B occurs first without a NIK, then with the NIK of a row without a number.
B: Final = {"No Kasus": "B", "Status": "Konfirmasi", "Tgl konfirmasi": "2021-09-01", "RT": "1"}
ANONYMOUS: Final = B | {"NIK": None}
NUMBERED: Final = B | {"NIK": NIK}
UNNUMBERED: Final = NUMBERED | {"No Kasus": None}


files_of_rows = given(rows=st.lists(row, min_size=1, max_size=8), cut=st.integers(0, 8))


# The same examples in every run, none with two persons of one number: see the tests below.
# An example takes more than twice as long on a server, so the server gets fewer examples.
@seed(2021)
@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@files_of_rows
def test_overlapping_files_give_the_same_records_as_one_file_with_all_rows(
    rows: list[dict[str, Any]], cut: int, file_databases: FileDatabases
) -> None:
    assume(not _has_number_of_two_persons(rows))
    _assert_split_changes_nothing(rows, cut, file_databases.new)


@seed(2021)
@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@files_of_rows
def test_overlapping_files_on_a_server_give_the_same_records_as_one_file_with_all_rows(
    rows: list[dict[str, Any]], cut: int, postgres_server: Server
) -> None:
    assume(not _has_number_of_two_persons(rows))
    _assert_split_changes_nothing(rows, cut, postgres_server.new)


def _assert_split_changes_nothing(
    rows: list[dict[str, Any]], cut: int, new_database: NewDatabase
) -> None:
    in_one_file, cut_in_two, twice = _states(
        new_database, [rows], [rows[: cut + 1], rows], [rows, rows]
    )
    assert in_one_file == cut_in_two == twice


@pytest.mark.parametrize(
    ("rows", "cut"),
    [
        ([ANONYMOUS, UNNUMBERED, NUMBERED], 0),
        ([ANONYMOUS, UNNUMBERED, NUMBERED], 2),
        ([ANONYMOUS, NUMBERED, UNNUMBERED], 0),
        ([UNNUMBERED, ANONYMOUS, NUMBERED], 1),
    ],
)
def test_a_number_without_a_nik_is_one_record_for_any_split_into_files(
    rows: list[dict[str, Any]], cut: int, new_database: NewDatabase
) -> None:
    _assert_split_changes_nothing(rows, cut, new_database)


def test_the_id_of_a_record_is_that_of_its_first_row_and_its_values_do_not_depend_on_the_split(
    new_database: NewDatabase,
) -> None:
    """The first file knows the person only without a number."""
    rows: list[dict[str, Any]] = [UNNUMBERED, NUMBERED, UNNUMBERED]
    in_one_file, cut_in_two = _states(new_database, [rows], [rows[:1], rows])
    [[whole], [cut]] = in_one_file, cut_in_two
    assert whole["case_id"] == "B" != cut["case_id"]
    ids = {"case_id", "digest"}
    assert whole.keys() == cut.keys()
    assert all(whole[name] == cut[name] for name in whole.keys() - ids)


def test_a_number_of_two_persons_gives_the_same_records_for_one_split_into_files(
    new_database: NewDatabase,
) -> None:
    """Such rows are errors of an office. Before, later rows were merged with another record."""
    other_nik = "0000060101900018"
    rows = [
        {"No Kasus": number, "NIK": nik, "Status": status, "Tgl konfirmasi": confirmed_on, "RT": rt}
        for number, nik, status, confirmed_on, rt in (
            ("B", None, "Konfirmasi", "2021-09-01", "1"),
            (None, None, "Konfirmasi", None, "1"),
            ("C", None, "Konfirmasi", None, "1"),
            ("C", NIK, "?!", "2021-09-01", "02"),
            ("C", None, "Konfirmasi", "2/9/2021", "1"),
            ("C", NIK, "Konfirmasi", None, "02"),
            ("B", other_nik, "suspek", "2021-12-31", "02"),
            ("B", NIK, "suspek", None, None),
        )
    ]
    in_one_file, cut_in_two = _states(new_database, [rows], [rows[:7], rows])
    assert in_one_file == cut_in_two


def _has_number_of_two_persons(rows: list[dict[str, Any]]) -> bool:
    """Whether two persons have the same number."""
    persons: dict[str, set[str]] = {}
    for row in rows:
        if row["No Kasus"] is not None and row["NIK"] is not None:
            persons.setdefault(row["No Kasus"], set()).add(row["NIK"])
    return any(len(niks) > 1 for niks in persons.values())


def _states(new_database: NewDatabase, *splits: list[list[dict[str, Any]]]) -> list[Any]:
    """The state of a new database after each list of files, each a list of rows."""
    states = []
    for files in splits:
        with open_store(new_database()) as opened:
            for file_rows in files:
                report = _load(opened, *(AREA | row for row in file_rows))
                assert report.read == sum(_counts(report)[1:])
            states.append(_current_records(opened))
    return states


def test_the_summary_of_a_batch_is_the_report(store: Store) -> None:
    report = _load(store, CASE, CASE | {"Status": "?!"})
    [batch] = _all_tables(store)["batch"]
    summary = json.loads(batch["summary"])
    assert summary.pop("secret_check") == KEY.check_value()
    # Rejected rows are stored separately, and a summary has no ids of records.
    omitted = {"rejections", "details", "moved", "place_lost", "dates_corrected", "doubles"}
    omitted |= {"numbers_alike"}
    assert summary == {k: v for k, v in report._asdict().items() if k not in omitted}
    assert batch["source"] == "list.csv"
