"""Corrections, withdrawals and mended rows: nothing is lost, and the same again changes nothing."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import save_boundaries
from geodata.errors import InputError, NotFoundError
from geodata.ledger.current import current_cases
from geodata.ledger.rejected import rejected_frame
from geodata.ledger.withdrawing import record_history, withdraw
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.store import Store, Transaction, now, open_store
from geodata.tables import Sheet, sheet_of
from tests.cities.small_city import VILLAGES, small_city
from tests.databases import NewDatabase
from zoning.records.intake import IntakeReport, load_sheet

KEY = Pseudonymiser(b"a secret of sixteen and more")
NIK = "33740" + "1" * 10 + "7"


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small.geojson", {})
        yield opened


def case(number: str, status: str = "Konfirmasi", day: int = 3, **more: Any) -> dict[str, Any]:
    where = {"RT": "1", "RW": "1", "Kelurahan": VILLAGES[3].name}
    dated = {"Tgl konfirmasi": f"2021-09-{day:02}"}
    return {"ID kasus": number, "Status": status} | dated | where | more


def load(store: Store, *rows: dict[str, Any]) -> IntakeReport:
    frame = pd.DataFrame(list(rows)).astype(object)
    return load_frame(store, frame)


def load_frame(store: Store, frame: pd.DataFrame) -> IntakeReport:
    sheet: Sheet = sheet_of(frame.where(frame.notna(), None), "list.csv")
    return load_sheet(store, "cases", sheet, pseudonymiser=KEY)


def standing(store: Store) -> dict[str, int]:
    """Day of confirmation of every case that stands, by its id."""
    cases = current_cases(store)
    days = [day.day for day in cases["confirmed_on"].to_pylist()]
    return dict(zip(cases["case_id"].to_pylist(), days, strict=True))


def take_back(store: Store, *ids: str) -> int:
    return withdraw(store, "cases", ids, "entered twice", pseudonymiser=KEY)


def test_a_withdrawn_record_leaves_the_counts_and_stays_readable_before(store: Store) -> None:
    load(store, case("A"), case("B", day=4))
    before = now()
    assert take_back(store, "A") == 1
    assert standing(store) == {"B": 4}
    assert current_cases(store, before)["case_id"].to_pylist() == ["A", "B"]
    assert take_back(store, "A") == 0
    versions = record_history(store, "cases", "A")
    assert versions["version"].tolist() == [1, 2]
    assert versions["withdrawn"].tolist() == [False, True]
    assert versions["source"].tolist() == ["list.csv", "withdrawal"]
    assert len(set(versions["confirmed_on"])) == 1


def test_the_same_file_does_not_bring_it_back_and_a_new_one_does(store: Store) -> None:
    load(store, case("A"), case("B"))
    take_back(store, "A")
    assert load(store, case("A"), case("B")).unchanged == 2
    assert standing(store) == {"B": 3}
    assert load(store, case("A")).corrected == 1
    assert standing(store) == {"A": 3, "B": 3}


@pytest.mark.parametrize("word", ["Dibatalkan", "withdrawn", "HAPUS"])
def test_a_status_withdraws_too_and_a_file_may_bring_a_record_that_never_was(
    store: Store, word: str
) -> None:
    load(store, case("A"))
    report = load(store, case("A", word), case("C", word))
    assert (report.new, report.corrected, report.warnings["withdrawn"]) == (1, 1, 2)
    assert standing(store) == {}
    assert load(store, case("A", word), case("C", word)).unchanged == 2


def test_withdrawing_what_is_not_there_withdraws_nothing(store: Store) -> None:
    load(store, case("A"))
    with pytest.raises(NotFoundError) as refused:
        take_back(store, "A", "Z")
    assert (refused.value.code, standing(store)) == ("no-record", {"A": 3})
    with pytest.raises(NotFoundError):
        record_history(store, "cases", "Z")
    with pytest.raises(InputError):
        withdraw(store, "dogs", ["A"], "", pseudonymiser=KEY)


def test_numbers_in_a_reason_are_not_kept(store: Store) -> None:
    load(store, case("A"))
    withdraw(store, "cases", ["A"], f"same as {NIK}", pseudonymiser=KEY)
    said = "".join(store.read("select summary from batch")["summary"].to_pylist())
    assert "same as ..." in said
    assert NIK not in said


File = tuple[tuple[str, int, bool], ...]
"""Rows: id, day of confirmation, whether the row withdraws."""
files = st.lists(
    st.dictionaries(
        st.sampled_from("ABC"), st.tuples(st.integers(1, 3), st.booleans()), min_size=1
    ).map(lambda rows: tuple((number, *said) for number, said in sorted(rows.items()))),
    min_size=1,
    max_size=3,
)


@given(st.data())
@settings(max_examples=12, deadline=None)
def test_any_sequence_of_files_ends_where_a_ledger_on_paper_ends(
    new_database: NewDatabase, data: st.DataObject
) -> None:
    """Overlapping files, the same file again, and a load that is cut off half-way."""
    drawn = data.draw(files)
    order = data.draw(st.lists(st.sampled_from(drawn), min_size=1, max_size=8))
    ledger: dict[str, list[tuple[int, bool]]] = {}
    seen: set[File] = set()
    with open_store(new_database()) as store:
        save_boundaries(store, small_city(), "small.geojson", {})
        for file in order:
            rows = [case(n, "Batal" if gone else "Positif", day) for n, day, gone in file]
            if data.draw(st.booleans()):
                cut_off(store, rows)
            load(store, *rows)
            for number, day, gone in file:
                versions = ledger.setdefault(number, [])
                said = (day, gone)
                if said not in (versions if file in seen else versions[-1:]):
                    versions.append(said)
            seen.add(file)
        assert standing(store) == {
            number: versions[-1][0] for number, versions in ledger.items() if not versions[-1][1]
        }
        for number, versions in ledger.items():
            kept = record_history(store, "cases", number)
            days = [day.day for day in kept["confirmed_on"]]
            assert list(zip(days, kept["withdrawn"], strict=True)) == versions


def cut_off(store: Store, rows: list[dict[str, Any]]) -> None:
    def fail(*_: object) -> None:
        raise OSError("power cut")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transaction, "append", fail)
        try:
            load(store, *rows)
        except OSError:
            return


def test_a_mended_row_is_the_same_person_in_the_same_house(store: Store) -> None:
    card = "33740" + "2" * 10 + "9"
    load(store, case("A", NIK=NIK, KK=card))
    # Four months earlier: another episode of the same person.
    del_number = {"ID kasus": None, "NIK": NIK, "KK": card, "Tgl konfirmasi": "2021-05-03"}
    load(store, case("", "Posotif") | del_number)
    open_rows = rejected_frame(store, "cases")
    assert len(open_rows) == 1
    assert NIK not in open_rows.to_csv()
    mended = open_rows.assign(status="Positif")
    report = load_frame(store, mended)
    assert (report.new, report.rejected, report.mended) == (1, 0, 1)
    assert "nik-unusable" not in report.warnings
    cases = current_cases(store)
    assert len(set(cases["nik"].to_pylist())) == len(set(cases["kk"].to_pylist())) == 1
    assert rejected_frame(store, "cases").empty
    assert len(store.read("select digest from rejected")) == 1
    again = load_frame(store, mended)
    assert (again.unchanged, again.mended) == (1, 0)
    # The row typed anew with the NIK itself is that very record.
    assert load(store, case("", "Positif") | del_number).unchanged == 1


def test_a_superseded_row_that_comes_back_as_it_was_does_not_undo_the_later_one(
    store: Store,
) -> None:
    load(store, case("A", day=3, NIK=NIK), case("A", day=5, NIK=NIK))
    listed = rejected_frame(store, "cases")
    report = load_frame(store, listed)
    assert standing(store) == {"A": 5}
    assert (report.read, report.mended) == (0, 0)
    assert report.warnings == {"superseded-left-out": 1}
    # Once a person changes it, it is that person's word.
    assert load_frame(store, listed.assign(confirmed_on="2021-09-04")).corrected == 1
    assert standing(store) == {"A": 4}


def test_a_row_that_is_turned_away_again_takes_the_place_of_the_first(store: Store) -> None:
    load(store, case("A", "Posotif"))
    first = rejected_frame(store, "cases")
    report = load_frame(store, first)
    assert (report.rejected, report.mended) == (1, 0)
    assert rejected_frame(store, "cases")["mends"].tolist() == first["mends"].tolist()
    load_frame(store, first.assign(status="Positop"))
    second = rejected_frame(store, "cases")
    assert second["status"].tolist() == ["Positop"]
    load_frame(store, second.assign(status="Positif"))
    assert rejected_frame(store, "cases").empty


def test_a_forged_pseudonym_is_nobody(store: Store) -> None:
    forged = "pseudonym:" + "a" * 32 + ":" + "b" * 16
    report = load(store, case("A", NIK=forged))
    assert report.warnings["nik-unusable"] == 1
    assert current_cases(store)["nik"].to_pylist() == [None]
