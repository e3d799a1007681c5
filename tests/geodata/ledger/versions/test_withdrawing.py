"""A withdrawal is the next version of a record; the versions before it stay readable."""

import json

import pyarrow as pa
import pytest

from geodata.errors import InputError, NotFoundError
from geodata.ledger.current import (
    VersionsStamp,
    cases_and_doubles,
    current_cases,
    current_newcomers,
    current_records,
    newest_versions,
    versions_stamp,
)
from geodata.ledger.matching.record_numbers import find_keys, known_keys, unknown_records_error
from geodata.ledger.withdrawing import add_withdrawals, record_history, withdraw
from geodata.records import INDICATORS, NEWCOMERS
from geodata.store import Store
from tests.geodata.ledger.versions.file_loads import KEY, NIKS, case, load, stored, versions


def withdraw_cases(store: Store, *ids: str, reason: str = "entered twice") -> int:
    return withdraw(store, "cases", ids, reason, pseudonymiser=KEY)


def test_a_withdrawn_version_has_the_values_of_the_version_before_it(store: Store) -> None:
    load(store, case("A", 0, RT="1"), case("B", 1, RT="2"), case("C", 2))
    load(store, case("A", 0, RT="3"))
    assert withdraw_cases(store, "a", "C", "A") == 2
    rows = versions(store, "case_id", "version", "rt", "nik", "withdrawn")
    assert rows == [
        ("A", 1, 1, KEY.nik(NIKS[0]), False),
        ("A", 2, 3, KEY.nik(NIKS[0]), False),
        ("A", 3, 3, KEY.nik(NIKS[0]), True),
        ("B", 1, 2, KEY.nik(NIKS[1]), False),
        ("C", 1, None, KEY.nik(NIKS[2]), False),
        ("C", 2, None, KEY.nik(NIKS[2]), True),
    ]
    assert len({digest for (digest,) in versions(store, "digest")}) == 6
    assert all(len(digest) == 32 for (digest,) in versions(store, "digest"))
    [batch] = [row for row in stored(store, "batch") if row["source"] == "withdrawal"]
    assert batch["batch"].startswith("withdrawal-")
    assert batch["kind"] == "cases"
    assert json.loads(batch["summary"]) == {
        "reason": "entered twice",
        "secret_check": KEY.check_value(),
        "withdrawn": 2,
    }
    assert list(json.loads(batch["summary"])) == ["reason", "secret_check", "withdrawn"]
    stamps = {row[:2] for row in versions(store, "batch", "recorded_at", "withdrawn") if row[2]}
    assert stamps == {(batch["batch"], batch["recorded_at"])}


def test_a_withdrawn_record_is_not_withdrawn_again(store: Store) -> None:
    load(store, case("A"), case("B"))
    assert withdraw_cases(store, "A") == 1
    before = stored(store, "batch")
    assert withdraw_cases(store, "A") == 0
    assert stored(store, "batch") == before
    assert withdraw_cases(store, "A", "B") == 1
    assert [row[1:] for row in versions(store, "case_id", "version", "withdrawn")] == [
        (1, False),
        (2, True),
        (1, False),
        (2, True),
    ]


def test_without_a_pseudonymiser_the_secret_of_the_city_is_used(store: Store) -> None:
    withdraw(store, "cases", [], "none")
    assert stored(store, "batch") == []


def test_each_record_may_be_withdrawn_at_its_own_moment(store: Store) -> None:
    load(store, case("B", RT="1"), case("A", RT="2"), case("C"))
    moments = pa.array([1_000_000, 2_000_000], pa.timestamp("us"))
    with store.transaction() as work:
        add_withdrawals(work, "cases", ["A", "B"], pa.array(["x", "y"]), moments)
    withdrawn = [
        row
        for row in versions(store, "case_id", "batch", "recorded_at", "version", "withdrawn")
        if row[-1]
    ]
    times = moments.to_pylist()
    assert withdrawn == [("A", "x", times[0], 2, True), ("B", "y", times[1], 2, True)]


def test_the_history_of_a_record_has_all_its_versions_with_their_files(store: Store) -> None:
    load(store, case("A", RT="1"), case("B"))
    load(store, case("A", RT="2"), name="later.csv")
    withdraw_cases(store, "A")
    history = record_history(store, "cases", "a")
    assert history["version"].tolist() == [1, 2, 3]
    assert history["rt"].tolist() == [1, 2, 2]
    assert history["withdrawn"].tolist() == [False, False, True]
    assert history["source"].tolist() == ["list.csv", "later.csv", "withdrawal"]
    assert not {"digest", "batch"} & set(history.columns)


def test_an_unknown_kind_or_id_is_an_error(store: Store) -> None:
    load(store, case("A"))
    for change in (withdraw_cases, lambda *ids: record_history(ids[0], "cases", ids[1])):
        with pytest.raises(NotFoundError, match="Z-9") as raised:
            change(store, "Z-9")
        assert raised.value.code == "no-record"
    with pytest.raises(InputError):
        record_history(store, "dogs", "A")


def test_an_id_in_any_spelling_and_an_alias_name_a_record_once(store: Store) -> None:
    load(store, case(None, 0), case("A-1", 1), case("B-1", 2))
    load(store, case("K-1", 0, RT="2"))
    [key] = {key for (key,) in versions(store, "case_id")} - {"A-1", "B-1"}
    ids = ["b-1", "k-1", "A-1", "a - 1", key]
    assert find_keys(store, "cases", ids) == ["B-1", key, "A-1"]
    assert known_keys(store, "cases", [*ids, "Z"]) == ["B-1", key, "A-1"]
    assert known_keys(store, "newcomers", ids) == []
    with pytest.raises(NotFoundError, match=r"^2 of the ids name no record of cases: Z, Y\. "):
        find_keys(store, "cases", ["Z", "A-1", "Y"])


def test_the_error_for_unknown_ids_lists_five_ids_and_no_nik() -> None:
    message = str(unknown_records_error("cases", ["1234567890123456", "12345678901234x5"]))
    assert "cases: ..., 12345678901234x5. Nothing" in message
    assert "1234567890123456" not in message
    six = unknown_records_error("cases", list("abcdef"))
    assert "6 of the ids name no record of cases: a, b, c, d, e, .... Nothing" in str(six)
    assert "6 id tidak menunjuk catatan cases: a, b, c, d, e, .... Tidak" in six.indonesian
    five = unknown_records_error("cases", list("abcde"))
    assert "cases: a, b, c, d, e. Nothing" in str(five)
    assert "cases: a, b, c, d, e. Tidak" in five.indonesian


def test_records_are_read_as_known_at_a_moment_or_with_a_batch(store: Store) -> None:
    load(store, case("A", RT="1"), case("B", RT="1"))
    [first] = stored(store, "batch")
    load(store, case("A", RT="2"))
    load(store, case("A", RT="3"))
    batches = store.read("select batch, recorded_at from batch order by recorded_at").to_pylist()
    then = first["recorded_at"]
    assert newest_versions(store, "cases")["rt"].to_pylist() == [3, 1]
    assert newest_versions(store, "cases", known_at=then)["rt"].to_pylist() == [1, 1]
    with_batch = newest_versions(store, "cases", known_at=then, batch=batches[1]["batch"])
    assert with_batch["rt"].to_pylist() == [2, 1]
    assert current_cases(store)["rt"].to_pylist() == [3, 1]
    assert current_cases(store, then)["rt"].to_pylist() == [1, 1]
    assert current_records(store, "cases", batches[1]["recorded_at"])["rt"].to_pylist() == [2, 1]
    assert versions_stamp(store, "cases") == VersionsStamp(4, batches[2]["recorded_at"])
    assert versions_stamp(store, "cases", then) == VersionsStamp(2, then)
    assert versions_stamp(store, "newcomers") == VersionsStamp(0, None)


def test_doubles_are_no_records_in_force(store: Store) -> None:
    load(store, case("H", 0), case("D", 0), case("B", 1))
    [batch] = stored(store, "batch")
    later = load(store, case("B", 1, RT="5"))
    assert later.corrected == 1
    assert current_cases(store)["case_id"].to_pylist() == ["B", "H"]
    assert "double_of" not in current_cases(store).column_names
    both = cases_and_doubles(store, batch["recorded_at"])
    assert both.select(["case_id", "double_of", "rt"]).to_pylist() == [
        {"case_id": "B", "double_of": None, "rt": None},
        {"case_id": "D", "double_of": "H", "rt": None},
        {"case_id": "H", "double_of": None, "rt": None},
    ]
    assert cases_and_doubles(store)["rt"].to_pylist() == [5, None, None]


def test_newcomers_and_indicators_are_read_as_known_at_a_moment(store: Store) -> None:
    newcomer = {"ID": "N-1", "NIK": NIKS[0], "Asal": "Jakarta", "Tgl tiba": "2021-07-01"}
    load(store, newcomer, kind=NEWCOMERS)
    [batch] = stored(store, "batch")
    load(store, newcomer | {"Asal": "Solo"}, kind=NEWCOMERS)
    assert current_newcomers(store)["origin"].to_pylist() == ["Solo"]
    then = batch["recorded_at"]
    assert current_newcomers(store, then)["origin"].to_pylist() == ["Jakarta"]
    indicator = {
        "Indikator": "dosis",
        "Kode wilayah": "33.74",
        "Tanggal": "2021-07-01",
        "Nilai": "5",
    }
    load(store, indicator, kind=INDICATORS)
    assert current_records(store, "indicators")["value"].to_pylist() == [5.0]
    assert current_records(store, "indicators", then).num_rows == 0
