"""Erasing a person: nothing of them is left, and every count of every moment is as it was."""

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
from geodata.ledger.keeping import keep
from geodata.ledger.rejected import rejected_frame
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.settings import REINFECTION_DAYS
from geodata.store import Store, now, open_store
from geodata.tables import sheet_of
from tests.cities.small_city import VILLAGES, middle, small_city
from tests.databases import NewDatabase
from tests.zoning.ward import TODAY, day, days
from tests.zoning.zones.test_boundaries_in_time import after
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


def case(**said: Any) -> dict[str, Any]:
    return {"Status": "Positif", "Tgl konfirmasi": day(3).isoformat()} | said


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
    sheet = sheet_of(frame.where(frame.notna(), None), "list.csv")
    return load_sheet(store, kind, sheet, pseudonymiser=KEY)


@pytest.fixture
def store(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    # Four cases of one person within four days: with the days of an episode they would be one.
    monkeypatch.setenv(REINFECTION_DAYS, "0")
    monkeypatch.setenv("MIKROZONASI_SECRET", SECRET)
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "before", {})
        save_boundaries(opened, after(), "after", {}, in_force=day(8))
        load(opened, *PERSON, *OTHERS)
        yield opened


def erase(store: Store, **who: Any) -> Erased:
    return erase_persons(store, KEY, who="tester", **who)


def everything(store: Store) -> str:
    tables = ("case_version", "newcomer_version", "rejected", "batch", "erased", "audit")
    return "".join(
        str(store.read(f"select * from {table}").to_pylist())  # noqa: S608  (our own names)
        for table in tables
    )


def test_every_run_and_every_moment_says_what_it_said(store: Store) -> None:
    run_days(store, None, days(3, 12), today=TODAY)
    well = {"Hasil akhir": "Sembuh", "Tgl sembuh": day(4).isoformat()}
    corrected = PERSON[0] | {"KK": None, "Alamat": "Jl. Lain 3"} | well
    before = now()
    load(store, corrected)
    city = City(store)
    runs = {n: (city.judged(day(n), before), city.judged(day(n))) for n in range(3, 13)}
    assert runs[4][0] != runs[4][1]
    assert erase(store, niks=[NIK]) == Erased(records=4, versions=5, moved=0)
    again = City(store)
    for n, (then, current) in runs.items():
        assert again.judged(day(n), before) == then
        assert again.judged(day(n)) == current
        assert again.day(day(n), before).zones.equals(then.zones)


def test_nothing_of_the_person_is_left(store: Store) -> None:
    load(store, case(NIK=NIK, Alamat=STREET) | {"Status": "?!"})
    load(
        store,
        {"NIK": NIK, "Alamat": STREET, "Asal": "Jakarta", "Tgl tiba": "2021-06-02"},
        kind="newcomers",
    )
    own = [case_id for case_id in City(store).cases()["case_id"] if len(case_id) == 32]
    assert NIK not in everything(store)  # it never was
    assert KEY.nik(NIK) in everything(store)
    erase(store, niks=[NIK])
    left = everything(store)
    assert KEY.nik(NIK) not in left
    assert STREET not in left
    assert str(LON + 1e-5) not in left
    assert "Jakarta" not in left
    assert "K-7" in left
    cases = City(store).cases()
    assert len(cases) == len(PERSON) + len(OTHERS)
    assert cases["nik"].notna().sum() == 2
    assert len(set(own) & set(cases["case_id"])) == 3  # those of the others
    assert len(rejected_frame(store)) == 1
    [noted] = store.read("select who, action, records from audit").to_pylist()
    assert noted == {"who": "tester", "action": "erase", "records": 5}


def test_the_old_file_does_not_bring_them_back_and_says_so(store: Store) -> None:
    erase(store, niks=[NIK])
    report = load(store, *PERSON, *OTHERS)
    assert (report.new, report.corrected, report.unchanged) == (0, 0, 7)
    assert report.warnings["erased"] == 4
    assert load(store, PERSON[1]).warnings["erased"] == 1
    assert KEY.nik(NIK) not in everything(store)
    # Another illness is another record.
    later = PERSON[0] | {"Tgl konfirmasi": day(60).isoformat()}
    assert load(store, later).new == 1


def test_a_record_names_its_person_and_a_second_time_there_is_nothing(store: Store) -> None:
    assert erase(store, ids=["K-7"]).records == 4
    assert erase(store, niks=[NIK]) == Erased(0, 0, 0)


def test_a_family_erased_one_by_one_is_one_house_to_the_end(store: Store) -> None:
    city = City(store)
    before = city.judged(day(4))
    for nik in (NIK, SISTER, OTHER):
        erase(store, niks=[nik])
        assert City(store).judged(day(4)) == before
    assert CARD not in everything(store)
    assert KEY.pseudonym("kk", CARD) not in everything(store)


def test_who_comes_later_to_the_house_is_of_it(store: Store) -> None:
    erase(store, niks=[NIK])
    load(store, case(KK=CARD, Bujur=LON, Lintang=LAT, Nama="Ani"))
    zones = City(store).judged(day(3)).zones.to_pylist()
    [own] = [zone for zone in zones if zone["cases"] == 4]
    assert own["houses"] == 2


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
def test_whoever_is_erased_houses_are_counted_as_before(
    tmp_path: Path, homes: list[tuple[str | None, str | None]]
) -> None:
    with open_store(f"duckdb:///{tmp_path / uuid4().hex}.duckdb", create=True) as store:
        save_boundaries(store, small_city(), "before", {})
        rows = [
            case(NIK=f"33740{n}060101900{n}", Alamat=address, KK=card, Bujur=LON, Lintang=LAT)
            for n, (address, card) in enumerate(homes)
        ]
        load(store, *rows)
        before = City(store).judged(day(4)).zones
        erase(store, niks=["3374000601019000"])
        assert City(store).judged(day(4)).zones.equals(before)


def test_who_is_erased_while_a_file_is_read_does_not_come_back_with_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase_and_keep(*of: Any, **said: Any) -> Any:
        erase(store, niks=[NIK])
        return keep(*of, **said)

    monkeypatch.setattr("zoning.records.intake.keep", erase_and_keep)
    report = load(store, *PERSON, *OTHERS)
    assert (report.new, report.unchanged, report.warnings["erased"]) == (0, 7, 4)
    assert KEY.nik(NIK) not in everything(store)


def test_rows_that_were_put_to_an_erased_case_by_the_person_do_not_come_back(
    new_database: NewDatabase,
) -> None:
    """Each row of the person had a key of its own: of another day, or a number of another list."""
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small", {})
        load(opened, *PERSON)
        assert len(City(opened).cases()) == 1
        assert erase(opened, ids=["k-7"]) == Erased(records=1, versions=1, moved=0)
        for rows in (PERSON, PERSON[1:2], PERSON[3:]):
            report = load(opened, *rows)
            assert (report.new, report.warnings["erased"]) == (0, len(rows))
        assert opened.read("select * from record_alias").num_rows == 0
        assert KEY.nik(NIK) not in everything(opened)


def test_an_id_that_names_nobody_is_refused_and_nothing_is_erased(store: Store) -> None:
    before = everything(store)
    with pytest.raises(NotFoundError, match="K-77"):
        erase(store, ids=["K-7", "K-77"])
    assert everything(store) == before


def test_the_name_goes_too_and_the_key_by_which_other_numbers_named_the_case(
    new_database: NewDatabase,
) -> None:
    name = KEY.pseudonym("name", "sitirahasia")
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small", {})
        # A case without a number, so that its key changes; two lists number it later.
        load(opened, case(NIK=NIK, Nama="Siti Rahasia", Bujur=LON, Lintang=LAT))
        load(opened, case(NIK=NIK, Nama="Siti Rahasia") | {"ID kasus": "K-1"})
        load(opened, case(NIK=NIK) | {"ID kasus": "K-2"})
        assert name in everything(opened)
        before = City(opened).cases()
        assert len(before) == 1
        erase(opened, niks=[NIK])
        assert name not in everything(opened)
        after_all = City(opened).cases()
        assert len(after_all) == 1
        assert before["case_id"][0] not in everything(opened)
