"""A new kind of records is loaded, corrected, withdrawn and erased like any other kind."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pandas as pd
import pytest

from geodata.boundaries import load_boundaries, save_boundaries
from geodata.ledger.current import current_records, newest_versions, versions_stamp
from geodata.ledger.dismissing import dismiss
from geodata.ledger.rejected import rejected_frame
from geodata.ledger.withdrawing import record_history, withdraw
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.record_kinds import KIND_NAMES
from geodata.records import KINDS
from geodata.store import Store, open_store
from geodata.store.schema import schema
from geodata.tables import sheet_from_frame
from tests.cities.small_city import TEMBALANG, VILLAGES, code, middle, small_city
from tests.databases import NewDatabase
from tests.geodata.records.kinds.contacts import KIND, MIGRATION
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.records.disagreements import disagreements_frame
from zoning.records.erasing import erase_persons
from zoning.records.intake import IntakeReport, load_sheet
from zoning.records.listing import RecordFilter, find_records

KEY: Final = Pseudonymiser(b"a secret of sixteen and more")
NIK: Final = "0000000101900012"
CONTACT: Final = {
    "Contact ID": "C-1",
    "NIK": NIK,
    "Nama": "Orang Satu",
    "Traced on": "2021-07-01",
    "RT": "1",
    "RW": "1",
    "Kelurahan": "Tembalang",
    "Kecamatan": "Tembalang",
}
OTHER: Final = CONTACT | {"Contact ID": "C-2", "NIK": "0000000202900013", "Nama": "Orang Dua"}


@pytest.fixture
def store(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setitem(KINDS, KIND.name, KIND)
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small", {})
        with opened.transaction() as work:
            work.execute(MIGRATION)
        yield opened


def load(store: Store, *rows: dict[str, Any]) -> IntakeReport:
    sheet = sheet_from_frame(pd.DataFrame(rows, dtype=str), "contacts")
    return load_sheet(store, KIND.name, sheet, pseudonymiser=KEY, today=date(2021, 8, 1))


def listed(store: Store, **filters: Any) -> pd.DataFrame:
    boundaries = RecordBoundaries(load_boundaries(store), "coordinates")
    return find_records(store, boundaries, KIND.name, RecordFilter(**filters))


def test_records_of_a_new_kind_are_loaded_placed_and_listed(store: Store) -> None:
    report = load(store, CONTACT, OTHER)
    assert (report.read, report.new, report.placed["address"]) == (2, 2, 2)
    rows = listed(store)
    assert rows["id"].tolist() == ["C-1", "C-2"]
    assert rows["day"].tolist() == [date(2021, 7, 1)] * 2
    assert rows["area"].tolist() == [code(TEMBALANG, 1, 1)] * 2
    assert listed(store, area=VILLAGES[TEMBALANG].code, first=date(2021, 7, 2)).empty


def test_the_same_file_of_a_new_kind_twice_changes_nothing(store: Store) -> None:
    load(store, CONTACT, OTHER)
    before = newest_versions(store, KIND.name)
    assert load(store, CONTACT, OTHER).unchanged == 2
    assert newest_versions(store, KIND.name).equals(before)


def test_a_record_of_a_new_kind_is_corrected_and_its_past_stays(store: Store) -> None:
    load(store, CONTACT)
    known_at = versions_stamp(store, KIND.name).newest
    report = load(store, {"Contact ID": "C-1", "Traced on": "2021-07-03", "Remark": "serumah"})
    assert (report.corrected, report.rejected) == (1, 0)
    history = record_history(store, KIND.name, "c-1")
    assert history["version"].tolist() == [1, 2]
    [current] = current_records(store, KIND.name).to_pylist()
    [past] = current_records(store, KIND.name, known_at).to_pylist()
    assert (current["traced_on"], current["remark"], current["kelurahan"]) == (
        date(2021, 7, 3),
        "serumah",
        "Tembalang",
    )
    assert (past["traced_on"], past["remark"]) == (date(2021, 7, 1), None)


def test_a_record_of_a_new_kind_is_withdrawn_and_restored_by_a_changed_row(store: Store) -> None:
    load(store, CONTACT, OTHER)
    assert withdraw(store, KIND.name, ["C-1"], "entered twice", pseudonymiser=KEY) == 1
    assert listed(store)["id"].tolist() == ["C-2"]
    assert listed(store, status="withdrawn")["id"].tolist() == ["C-1"]
    assert load(store, CONTACT, OTHER).unchanged == 2
    assert current_records(store, KIND.name)["contact_id"].to_pylist() == ["C-2"]
    load(store, CONTACT | {"Traced on": "2021-07-02"})
    assert current_records(store, KIND.name)["contact_id"].to_pylist() == ["C-1", "C-2"]


def test_a_row_of_a_new_kind_is_rejected_corrected_and_dismissed(
    store: Store,
) -> None:
    bad = {**CONTACT, "Traced on": None, "Remark": "serumah"}
    report = load(store, bad, OTHER)
    assert report.rejected_by_reason == {"day-missing": 1}
    [row] = rejected_frame(store, KIND.name).to_dict("records")
    assert (row["contact_id"], row["remark"], row["traced_on"]) == ("C-1", "serumah", None)
    correction = load(store, CONTACT | {"mends": row["mends"]})
    assert (correction.new, correction.mended) == (1, 1)
    assert rejected_frame(store, KIND.name).empty
    load(store, {**bad, "Contact ID": "C-9"})
    assert dismiss(store, "no day", code="day-missing", kind=KIND.name, who="test").rows == 1


def test_a_person_is_erased_from_a_new_kind_too(store: Store) -> None:
    load(store, CONTACT, OTHER)
    assert erase_persons(store, KEY, niks=[NIK], who="test").records == 1
    rows = current_records(store, KIND.name)
    assert sorted(nik is None for nik in rows["nik"].to_pylist()) == [False, True]
    assert load(store, CONTACT).warnings == {"erased": 1}


def test_disagreements_in_records_of_a_new_kind_are_listed(store: Store) -> None:
    lon, lat = middle(TEMBALANG, 2, 3)
    load(store, CONTACT | {"Lon": str(lon), "Lat": str(lat)}, OTHER)
    [row] = disagreements_frame(store, KIND.name).to_dict("records")
    assert (row["record"], row["point"], row["address"]) == (
        "C-1",
        code(TEMBALANG, 2, 3),
        code(TEMBALANG, 1, 1),
    )


def test_every_kind_has_its_name() -> None:
    assert tuple(KINDS) == KIND_NAMES
    assert all(kind.name == name for name, kind in KINDS.items())


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_versions_are_appended_with_every_column_by_name(kind: str) -> None:
    statement = re.match(
        r"\s*insert into (\w+) \((.*?)\)\s*select (.*?)\s+from stage", KINDS[kind].sql.append, re.S
    )
    assert statement is not None
    table, *lists = statement.groups()
    inserted, selected = ([name.strip() for name in names.split(",")] for names in lists)
    assert inserted == selected
    assert sorted(inserted) == sorted(schema()[table].columns.names)
