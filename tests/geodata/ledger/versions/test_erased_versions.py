"""Erasing replaces the data of a person in all versions, and keeps a tombstone of each key."""

from typing import Any

import pyarrow as pa
import pytest

from geodata.ledger.erasing import (
    erasable_kinds,
    erase_versions,
    find_persons,
    find_versions,
    finish_erasing,
    without_erased,
)
from geodata.records import NEWCOMERS
from geodata.store import Store
from tests.geodata.ledger.record_tables import checked_rows
from tests.geodata.ledger.versions.file_loads import KEY, NIKS, case, counts, load, stored, versions

NEWCOMER = {"ID": "N-1", "NIK": NIKS[0], "Asal": "Jakarta", "Tgl tiba": "2021-07-01"}
REMAINING: dict[str, Any] = {
    "rt": 1,
    "rw": 2,
    "kelurahan": "K",
    "kecamatan": "L",
    "lon": 110.5,
    "lat": -7.5,
    "house": "h",
}


def erase(store: Store, kind: str, persons: list[str], keys: list[str]) -> pa.Table:
    """Erase the records of persons and keys; the versions before."""
    with store.transaction() as work:
        rows = find_versions(work, kind, persons, keys)
        remaining = {name: pa.array([value] * rows.num_rows) for name, value in REMAINING.items()}
        erase_versions(work, kind, rows, remaining, KEY)
    return rows


def test_persons_and_their_versions_are_found_by_nik_and_by_key(store: Store) -> None:
    load(store, case("A", 0), case("B", 1), case("C"), case("D", 2))
    load(store, case("A", 0, RT="2"))
    load(store, NEWCOMER | {"NIK": NIKS[3]}, kind=NEWCOMERS)
    niks = [KEY.nik(nik) for nik in NIKS[:4]]
    assert erasable_kinds() == ("cases", "newcomers")
    assert find_persons(store, ["p"], []) == ["p"]
    assert find_persons(store, [niks[1]], ["A", "C", "N-1"]) == sorted([niks[0], niks[1], niks[3]])
    found = find_versions(store, "cases", [niks[0]], ["D"])
    rows = found.select(["case_id", "version"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [("A", 1), ("A", 2), ("D", 1)]
    assert find_versions(store, "cases", [], ["B"])["case_id"].to_pylist() == ["B"]
    assert find_versions(store, "newcomers", [niks[3]], [])["newcomer_id"].to_pylist() == ["N-1"]
    assert find_versions(store, "cases", [niks[3]], []).num_rows == 0


@pytest.mark.parametrize("kind", ["places", "indicators"])
def test_a_kind_without_persons_has_no_versions_of_persons(store: Store, kind: str) -> None:
    with pytest.raises(ValueError, match=kind):
        find_versions(store, kind, [], [])


def test_an_erased_version_keeps_its_number_status_and_dates_only(store: Store) -> None:
    row = case("A", 0, RT="5", Alamat="Jl. Rahasia 7", Nama="Siti", **{"No KK": NIKS[9]})
    load(store, row, case("B", 1, RT="5"))
    load(store, row | {"RT": "6"})
    before = versions(store, "case_id", "version", "batch", "recorded_at", "status", "confirmed_on")
    digests = {digest for (digest,) in versions(store, "digest")}
    rows = erase(store, "cases", [KEY.nik(NIKS[0])], [])
    assert rows.num_rows == 2
    names = ("case_id", "version", "batch", "recorded_at", "status", "confirmed_on")
    assert versions(store, *names) == before
    personal = ("nik", "kk", "address", "person", "point_reading")
    assert versions(store, *personal)[:2] == [(None,) * 5] * 2
    assert versions(store, *REMAINING)[:2] == [tuple(REMAINING.values())] * 2
    assert versions(store, "rt", "nik")[2] == (5, KEY.nik(NIKS[1]))
    new_digests = [digest for (digest,) in versions(store, "digest")]
    assert all(digest.startswith("erased-") for digest in new_digests[:2])
    assert new_digests[0] != new_digests[1]
    assert new_digests[2] in digests


def test_a_key_that_was_computed_from_a_person_becomes_a_random_key(store: Store) -> None:
    load(store, case(None, 0, RT="1"), case("D-1", 0), case(None, 1))
    load(store, case(None, 0, RT="2"), case("E-1", 2))
    computed_keys = {row for row in versions(store, "nik", "case_id") if len(row[1]) == 32}
    key_of = dict(computed_keys)
    old_key, other_key = (key_of[KEY.nik(nik)] for nik in NIKS[:2])
    erase(store, "cases", [], [old_key])
    keys = {key for (key,) in versions(store, "case_id")}
    [new_key] = keys - {"D-1", "E-1", other_key}
    assert new_key.startswith("erased-")
    assert len(new_key) == len("erased-") + 32
    assert [row for row in versions(store, "case_id", "version") if row[0] == new_key] == [
        (new_key, 1),
        (new_key, 2),
    ]


def test_references_to_an_erased_record_have_its_new_key(store: Store) -> None:
    load(store, case(None, 0), case("Z", 3))
    key = next(key for (key,) in versions(store, "case_id") if key != "Z")
    with store.transaction() as work:
        for first, second, stands in ((key, "Z", key), ("A", key, "A")):
            work.execute(
                "insert into double_decision values ($1, $2, $3, $4, 'ana')",
                *(first, second, stands, work.moment),
            )
        work.execute("update case_version set double_of = $1 where case_id = 'Z'", key)
        for alias, record in (("k-1", key), ("k-2", "Z")):
            work.execute(
                "insert into record_alias values ('cases', $1, $2, $3)",
                *(alias, record, work.moment),
            )
    erase(store, "cases", [], [key])
    new_key = next(key for (key,) in versions(store, "case_id") if key != "Z")
    decisions = stored(store, "double_decision", "first_id", "second_id", "stands")
    assert {tuple(row.values()) for row in decisions} == {
        (new_key, "Z", new_key),
        ("A", new_key, "A"),
    }
    assert dict(versions(store, "case_id", "double_of"))["Z"] == new_key
    assert [row["alias"] for row in stored(store, "record_alias")] == ["k-2"]
    assert key not in str([stored(store, name) for name in ("case_version", "double_decision")])


def test_a_file_does_not_bring_back_a_record_by_its_key_number_or_alias(store: Store) -> None:
    load(store, case("A-1", 0), case(None, 1), case("B", 2))
    load(store, case("K-1", 1, RT="3"))
    erase(store, "cases", [KEY.nik(NIKS[0]), KEY.nik(NIKS[1])], [])
    moments = {row["recorded_at"] for row in stored(store, "erased")}
    assert len(moments) == 1
    assert {row["kind"] for row in stored(store, "erased")} == {"cases"}
    assert len(stored(store, "erased")) == 3
    texts = [f"cases {key}" for key in ("A-1", "k-1")]
    tombstones = {row["tombstone"] for row in stored(store, "erased")}
    assert set(KEY.column("erased", pa.array(texts)).to_pylist()) < tombstones
    changes = load(store, case("a-1", 0), case("A-1", 0), case(None, 1), case("K-1", 1), case("C"))
    assert (counts(changes), changes.erased) == ((1, 0, 4, 0), 4)
    assert load(store, case("C"), case("B", 2)).erased == 0
    # Erasing again adds no second tombstone.
    erase(store, "cases", [], ["A-1"])
    assert len(stored(store, "erased")) == 3


def test_rows_of_erased_records_are_counted_and_left_out(store: Store) -> None:
    rows = checked_rows({"case_id": "a", "count": 3}, {"case_id": "B"}, {"case_id": " A "})
    assert without_erased(store, "cases", rows, KEY) == (rows, 0)
    load(store, case("a", 0), case("Z", 1))
    erase(store, "cases", [], ["a"])
    left, number = without_erased(store, "cases", rows, KEY)
    assert (left["case_id"].to_pylist(), number) == (["B"], 4)
    assert without_erased(store, "cases", rows.slice(1, 1), KEY)[1] == 0
    newcomers = checked_rows({"newcomer_id": "a"}, kind=NEWCOMERS)
    assert without_erased(store, "newcomers", newcomers, KEY)[1] == 0


def test_newcomers_are_erased_too(store: Store) -> None:
    load(store, NEWCOMER, NEWCOMER | {"ID": None, "NIK": NIKS[1]}, kind=NEWCOMERS)
    rows = erase(store, "newcomers", [KEY.nik(NIKS[0]), KEY.nik(NIKS[1])], [])
    assert rows.num_rows == 2
    keys = [row["newcomer_id"] for row in stored(store, "newcomer_version", "newcomer_id")]
    assert keys[0] == "N-1"
    assert keys[1].startswith("erased-")
    assert load(store, NEWCOMER, kind=NEWCOMERS).erased == 1


def test_rejected_rows_of_a_person_are_emptied_and_the_erasing_is_noted(store: Store) -> None:
    load(store, case("A", 0, Status="?!"), case("B", 1, Status="?!"), case("C", 2, Status="?!"))
    with store.transaction() as work:
        finish_erasing(work, [KEY.nik(NIKS[0]), KEY.nik(NIKS[2])], "ana", 5)
        moment = work.moment
    records = store.read("select record from rejected order by row_number")["record"].to_pylist()
    assert records[0] == records[2] == "{}"
    assert "B" in records[1]
    [line] = stored(store, "audit", "noted_at", "who", "action", "what", "records")
    assert line == {
        "noted_at": moment,
        "who": "ana",
        "action": "erase",
        "what": "a person",
        "records": 5,
    }
