"""Corrections, withdrawals and mended rows lose nothing; the same file again changes nothing."""

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
from geodata.tables import Sheet, sheet_from_frame
from tests.cities.small_city import VILLAGES, small_city
from tests.databases import NewDatabase
from zoning.records.intake import IntakeReport, load_sheet

KEY = Pseudonymiser(b"a secret of sixteen and more")
NIK = "33740" + "1" * 10 + "7"


def case(number: str, status: str = "Konfirmasi", day: int = 3, **more: Any) -> dict[str, Any]:
    place = {"RT": "1", "RW": "1", "Kelurahan": VILLAGES[3].name}
    confirmed = {"Tgl konfirmasi": f"2021-09-{day:02}"}
    return {"ID kasus": number, "Status": status} | confirmed | place | more


def load(store: Store, *rows: dict[str, Any]) -> IntakeReport:
    frame = pd.DataFrame(list(rows)).astype(object)
    return load_frame(store, frame)


def load_frame(store: Store, frame: pd.DataFrame) -> IntakeReport:
    sheet: Sheet = sheet_from_frame(frame.where(frame.notna(), None), "list.csv")
    return load_sheet(store, "cases", sheet, pseudonymiser=KEY)


def confirmed_days(store: Store) -> dict[str, int]:
    """Day of the month of confirmation of every case in force, by key."""
    cases = current_cases(store)
    days = [day.day for day in cases["confirmed_on"].to_pylist()]
    return dict(zip(cases["case_id"].to_pylist(), days, strict=True))


def withdraw_cases(store: Store, *ids: str) -> int:
    return withdraw(store, "cases", ids, "entered twice", pseudonymiser=KEY)


def test_a_withdrawn_record_leaves_the_counts_and_stays_readable_before(store: Store) -> None:
    load(store, case("A"), case("B", day=4))
    before = now()
    assert withdraw_cases(store, "A") == 1
    assert confirmed_days(store) == {"B": 4}
    assert current_cases(store, before)["case_id"].to_pylist() == ["A", "B"]
    assert withdraw_cases(store, "A") == 0
    versions = record_history(store, "cases", "A")
    assert versions["version"].tolist() == [1, 2]
    assert versions["withdrawn"].tolist() == [False, True]
    assert versions["source"].tolist() == ["list.csv", "withdrawal"]
    assert len(set(versions["confirmed_on"])) == 1


def test_the_same_file_does_not_restore_a_withdrawn_record_and_a_new_file_does(
    store: Store,
) -> None:
    load(store, case("A"), case("B"))
    withdraw_cases(store, "A")
    assert load(store, case("A"), case("B")).unchanged == 2
    assert confirmed_days(store) == {"B": 3}
    assert load(store, case("A")).corrected == 1
    assert confirmed_days(store) == {"A": 3, "B": 3}


@pytest.mark.parametrize("word", ["Dibatalkan", "withdrawn", "HAPUS"])
def test_a_status_withdraws_a_record_even_when_it_is_new(store: Store, word: str) -> None:
    load(store, case("A"))
    report = load(store, case("A", word), case("C", word))
    assert (report.new, report.corrected, report.warnings["withdrawn"]) == (1, 1, 2)
    assert confirmed_days(store) == {}
    assert load(store, case("A", word), case("C", word)).unchanged == 2


def test_withdrawing_with_an_unknown_id_withdraws_nothing(store: Store) -> None:
    load(store, case("A"))
    with pytest.raises(NotFoundError) as raised:
        withdraw_cases(store, "A", "Z")
    assert (raised.value.code, confirmed_days(store)) == ("no-record", {"A": 3})
    with pytest.raises(NotFoundError):
        record_history(store, "cases", "Z")
    with pytest.raises(InputError):
        withdraw(store, "dogs", ["A"], "", pseudonymiser=KEY)


def test_numbers_in_a_reason_are_not_kept(store: Store) -> None:
    load(store, case("A"))
    withdraw(store, "cases", ["A"], f"same as {NIK}", pseudonymiser=KEY)
    content = "".join(store.read("select summary from batch")["summary"].to_pylist())
    assert "same as ..." in content
    assert NIK not in content


File = tuple[tuple[str, int, bool], ...]
"""Rows: id, day of confirmation, whether the row withdraws."""
files = st.lists(
    st.dictionaries(
        st.sampled_from("ABC"), st.tuples(st.integers(1, 3), st.booleans()), min_size=1
    ).map(lambda rows: tuple((number, *content) for number, content in sorted(rows.items()))),
    min_size=1,
    max_size=3,
)


@given(st.data())
@settings(max_examples=12, deadline=None)
def test_any_sequence_of_files_gives_the_versions_of_a_plain_ledger(
    new_database: NewDatabase, data: st.DataObject
) -> None:
    """Overlapping files, the same file again, and interrupted loads."""
    drawn_files = data.draw(files)
    order = data.draw(st.lists(st.sampled_from(drawn_files), min_size=1, max_size=8))
    ledger: dict[str, list[tuple[int, bool]]] = {}
    seen: set[File] = set()
    with open_store(new_database()) as store:
        save_boundaries(store, small_city(), "small.geojson", {})
        for file in order:
            rows = [
                case(n, "Batal" if is_withdrawn else "Positif", day)
                for n, day, is_withdrawn in file
            ]
            if data.draw(st.booleans()):
                interrupted_load(store, rows)
            load(store, *rows)
            for number, day, is_withdrawn in file:
                versions = ledger.setdefault(number, [])
                content = (day, is_withdrawn)
                if content not in (versions if file in seen else versions[-1:]):
                    versions.append(content)
            seen.add(file)
        assert confirmed_days(store) == {
            number: versions[-1][0] for number, versions in ledger.items() if not versions[-1][1]
        }
        for number, versions in ledger.items():
            history = record_history(store, "cases", number)
            days = [day.day for day in history["confirmed_on"]]
            assert list(zip(days, history["withdrawn"], strict=True)) == versions


def interrupted_load(store: Store, rows: list[dict[str, Any]]) -> None:
    def fail(*_: object) -> None:
        raise OSError("power cut")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transaction, "append", fail)
        try:
            load(store, *rows)
        except OSError:
            return


def test_a_mended_row_keeps_its_person_and_house(store: Store) -> None:
    card = "33740" + "2" * 10 + "9"
    load(store, case("A", NIK=NIK, KK=card))
    # Four months earlier: another episode of the same person.
    row_without_number = {"ID kasus": None, "NIK": NIK, "KK": card, "Tgl konfirmasi": "2021-05-03"}
    load(store, case("", "Posotif") | row_without_number)
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
    # A new row with the NIK itself is the same record.
    assert load(store, case("", "Positif") | row_without_number).unchanged == 1


def test_a_superseded_row_that_comes_back_unchanged_does_not_undo_the_later_row(
    store: Store,
) -> None:
    load(store, case("A", day=3, NIK=NIK), case("A", day=5, NIK=NIK))
    listed = rejected_frame(store, "cases")
    report = load_frame(store, listed)
    assert confirmed_days(store) == {"A": 5}
    assert (report.read, report.mended) == (0, 0)
    assert report.warnings == {"superseded-left-out": 1}
    # A changed row is a correction.
    assert load_frame(store, listed.assign(confirmed_on="2021-09-04")).corrected == 1
    assert confirmed_days(store) == {"A": 4}


def test_a_row_that_is_rejected_again_replaces_the_first_rejected_row(store: Store) -> None:
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


def test_a_forged_pseudonym_is_not_accepted_as_a_nik(store: Store) -> None:
    forged = "pseudonym:" + "a" * 32 + ":" + "b" * 16
    report = load(store, case("A", NIK=forged))
    assert report.warnings["nik-unusable"] == 1
    assert current_cases(store)["nik"].to_pylist() == [None]
