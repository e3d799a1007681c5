"""Erasing a person: no data of the person stays, and no count at any moment changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.boundaries import save_boundaries
from geodata.errors import NotFoundError
from geodata.ledger.loading import load_rows
from geodata.ledger.rejected import rejected_frame
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.settings import REINFECTION_DAYS
from geodata.store import Store, now, open_store
from geodata.tables import sheet_from_frame
from tests.cities.small_city import VILLAGES, middle, small_city
from tests.databases import CopyDatabase, NewDatabase
from tests.zoning.ward import TODAY, day, days
from tests.zoning.zones.test_boundaries_in_time import boundaries_after_split
from zoning import City
from zoning.days.daily import run_days
from zoning.records.erasing import Erased, erase_persons
from zoning.records.intake import IntakeReport, load_sheet

SECRET = "a secret of sixteen and more"
KEY = Pseudonymiser(SECRET.encode())
NIK, SISTER, OTHER = (f"33740{n}060101900{n}" for n in range(3))
CARD = "3374010101010001"
STREET = "Jl. Rahasia No. 7"
LON, LAT = middle(0, 1, 1)


def case(**fields: Any) -> dict[str, Any]:
    return {"Status": "Positif", "Tgl konfirmasi": day(3).isoformat()} | fields


PERSON = [
    case(NIK=NIK, KK=CARD, Alamat=STREET, Bujur=LON + 1e-5, Lintang=LAT),
    case(NIK=NIK, Alamat=STREET, RT="1", RW="1", Kelurahan=VILLAGES[3].name)
    | {"ID kasus": "K-7", "Tgl konfirmasi": day(4).isoformat()},
    case(NIK=NIK, Kelurahan=VILLAGES[3].name) | {"Tgl konfirmasi": day(5).isoformat()},
    case(NIK=NIK) | {"Tgl konfirmasi": day(6).isoformat()},
]
OTHERS = [
    case(NIK=SISTER, KK=CARD, Bujur=LON, Lintang=LAT),
    case(NIK=OTHER, Alamat="jalan rahasia 7", RT="1", RW="1", Kelurahan=VILLAGES[3].name),
    case(Alamat="Jl. Lain 3", Bujur=LON, Lintang=LAT, Nama="Siti"),
]


def load(store: Store, *rows: dict[str, Any], kind: str = "cases") -> IntakeReport:
    frame = pd.DataFrame(list(rows)).astype(object)
    sheet = sheet_from_frame(frame.where(frame.notna(), None), "list.csv")
    return load_sheet(store, kind, sheet, pseudonymiser=KEY)


def set_settings(environment: pytest.MonkeyPatch) -> None:
    # Four cases of one person within four days: with the default setting they are one episode.
    environment.setenv(REINFECTION_DAYS, "0")
    environment.setenv("MIKROZONASI_SECRET", SECRET)


@pytest.fixture(scope="module")
def loaded(new_database: NewDatabase) -> str:
    """URL of a database with the persons, loaded once for each engine."""
    url = new_database()
    with pytest.MonkeyPatch.context() as environment:
        set_settings(environment)
        with open_store(url) as opened:
            save_boundaries(opened, small_city(), "before", {})
            save_boundaries(opened, boundaries_after_split(), "after", {}, in_force=day(8))
            load(opened, *PERSON, *OTHERS)
    return url


@pytest.fixture
def store(
    loaded: str, copy_database: CopyDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """A copy of the database with the persons, which the test may change."""
    set_settings(monkeypatch)
    with open_store(copy_database(loaded)) as opened:
        yield opened


def erase(store: Store, **persons: Any) -> Erased:
    return erase_persons(store, KEY, who="tester", **persons)


def all_text(store: Store) -> str:
    tables = ("case_version", "newcomer_version", "rejected", "batch", "erased", "audit")
    return "".join(
        str(store.read(f"select * from {table}").to_pylist())  # noqa: S608  (our own names)
        for table in tables
    )


def test_erasing_changes_no_run_and_no_zones_known_at_any_moment(store: Store) -> None:
    run_days(store, None, days(3, 12), today=TODAY)
    recovered = {"Hasil akhir": "Sembuh", "Tgl sembuh": day(4).isoformat()}
    corrected = PERSON[0] | {"KK": None, "Alamat": "Jl. Lain 3"} | recovered
    before = now()
    load(store, corrected)
    city = City(store)
    runs = {n: (city.compute_day(day(n), before), city.compute_day(day(n))) for n in range(3, 13)}
    assert runs[4][0] != runs[4][1]
    assert erase(store, niks=[NIK]) == Erased(records=4, versions=5, moved=0)
    city_after = City(store)
    for n, (run_then, run_now) in runs.items():
        assert city_after.compute_day(day(n), before) == run_then
        assert city_after.compute_day(day(n)) == run_now
        assert city_after.day(day(n), before).zones.equals(run_then.zones)


def test_erasing_removes_all_data_of_the_person(store: Store) -> None:
    load(store, case(NIK=NIK, Alamat=STREET) | {"Status": "?!"})
    load(
        store,
        {"NIK": NIK, "Alamat": STREET, "Asal": "Jakarta", "Tgl tiba": "2021-06-02"},
        kind="newcomers",
    )
    ids_from_nik = [case_id for case_id in City(store).cases()["case_id"] if len(case_id) == 32]
    assert NIK not in all_text(store)  # before erasing, too
    assert KEY.nik(NIK) in all_text(store)
    erase(store, niks=[NIK])
    text_after = all_text(store)
    assert KEY.nik(NIK) not in text_after
    assert STREET not in text_after
    assert str(LON + 1e-5) not in text_after
    assert "Jakarta" not in text_after
    assert "K-7" in text_after
    cases = City(store).cases()
    assert len(cases) == len(PERSON) + len(OTHERS)
    assert cases["nik"].notna().sum() == 2
    assert len(set(ids_from_nik) & set(cases["case_id"])) == 3  # ids of other persons
    assert len(rejected_frame(store)) == 1
    [audit_line] = store.read("select who, action, records from audit").to_pylist()
    assert audit_line == {"who": "tester", "action": "erase", "records": 5}


def test_an_old_file_does_not_add_erased_records_again_and_a_warning_counts_them(
    store: Store,
) -> None:
    erase(store, niks=[NIK])
    report = load(store, *PERSON, *OTHERS)
    assert (report.new, report.corrected, report.unchanged) == (0, 0, 7)
    assert report.warnings["erased"] == 4
    assert load(store, PERSON[1]).warnings["erased"] == 1
    assert KEY.nik(NIK) not in all_text(store)
    # A later episode is a new record.
    later = PERSON[0] | {"Tgl konfirmasi": day(60).isoformat()}
    assert load(store, later).new == 1


def test_the_id_of_a_record_erases_all_records_of_its_person_once(store: Store) -> None:
    assert erase(store, ids=["K-7"]).records == 4
    assert erase(store, niks=[NIK]) == Erased(0, 0, 0)


def test_a_family_erased_person_by_person_stays_one_house(store: Store) -> None:
    city = City(store)
    before = city.compute_day(day(4))
    for nik in (NIK, SISTER, OTHER):
        erase(store, niks=[nik])
        assert City(store).compute_day(day(4)) == before
    assert CARD not in all_text(store)
    assert KEY.pseudonym("kk", CARD) not in all_text(store)


def test_a_later_case_with_the_card_of_an_erased_person_is_in_the_same_house(store: Store) -> None:
    erase(store, niks=[NIK])
    load(store, case(KK=CARD, Bujur=LON, Lintang=LAT, Nama="Ani"))
    zones = City(store).compute_day(day(3)).zones.to_pylist()
    [houses] = [zone["houses"] for zone in zones if zone["cases"] == 4]
    assert houses == 2


HOMES = (
    "Jl. Rahasia No. 7",
    "jalan rahasia 7, Tembalang",
    "No 7",
    "Jl. Rahasia 8",
    "Jl. Rahasia 7-9",
    None,
)


@given(
    homes=st.lists(
        st.tuples(st.sampled_from(HOMES), st.sampled_from((CARD, "3374010101010002", None))),
        min_size=2,
        max_size=6,
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_erasing_any_person_changes_no_count_of_houses(
    tmp_path: Path, homes: list[tuple[str | None, str | None]]
) -> None:
    with open_store(f"duckdb:///{tmp_path / uuid4().hex}.duckdb", create=True) as store:
        save_boundaries(store, small_city(), "before", {})
        rows = [
            case(NIK=f"33740{n}060101900{n}", Alamat=address, KK=card, Bujur=LON, Lintang=LAT)
            for n, (address, card) in enumerate(homes)
        ]
        load(store, *rows)
        before = City(store).compute_day(day(4)).zones
        erase(store, niks=["3374000601019000"])
        assert City(store).compute_day(day(4)).zones.equals(before)


def test_a_file_that_is_being_loaded_does_not_add_records_of_a_person_erased_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase_and_load(*arguments: Any, **options: Any) -> Any:
        erase(store, niks=[NIK])
        return load_rows(*arguments, **options)

    monkeypatch.setattr("zoning.records.intake.load_rows", erase_and_load)
    report = load(store, *PERSON, *OTHERS)
    assert (report.new, report.unchanged, report.warnings["erased"]) == (0, 7, 4)
    assert KEY.nik(NIK) not in all_text(store)


def test_rows_that_were_matched_to_an_erased_case_by_person_are_not_added_again(
    new_database: NewDatabase,
) -> None:
    """Each row of the person had its own key: another day, or a number of another list."""
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small", {})
        load(opened, *PERSON)
        assert len(City(opened).cases()) == 1
        assert erase(opened, ids=["k-7"]) == Erased(records=1, versions=1, moved=0)
        for rows in (PERSON, PERSON[1:2], PERSON[3:]):
            report = load(opened, *rows)
            assert (report.new, report.warnings["erased"]) == (0, len(rows))
        assert opened.read("select * from record_alias").num_rows == 0
        assert KEY.nik(NIK) not in all_text(opened)


def test_an_unknown_id_is_refused_and_nothing_is_erased(store: Store) -> None:
    before = all_text(store)
    with pytest.raises(NotFoundError, match="K-77"):
        erase(store, ids=["K-7", "K-77"])
    assert all_text(store) == before


def test_erasing_removes_the_name_and_the_keys_of_all_numbers_of_the_case(
    new_database: NewDatabase,
) -> None:
    name = KEY.pseudonym("name", "sitirahasia")
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small", {})
        # A case without a number; later two lists give it numbers, so its key changes.
        load(opened, case(NIK=NIK, Nama="Siti Rahasia", Bujur=LON, Lintang=LAT))
        load(opened, case(NIK=NIK, Nama="Siti Rahasia") | {"ID kasus": "K-1"})
        load(opened, case(NIK=NIK) | {"ID kasus": "K-2"})
        assert name in all_text(opened)
        cases_before = City(opened).cases()
        assert len(cases_before) == 1
        erase(opened, niks=[NIK])
        assert name not in all_text(opened)
        cases_after = City(opened).cases()
        assert len(cases_after) == 1
        assert cases_before["case_id"][0] not in all_text(opened)
