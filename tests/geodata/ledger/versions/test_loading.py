"""A file adds versions of records; no version that is stored changes."""

from datetime import date
from typing import Any

import pytest

from geodata.errors import StoreError
from geodata.ledger.appending import add_batch
from geodata.ledger.changes import DateChange, FileChanges
from geodata.ledger.current import current_cases
from geodata.records import INDICATORS, NEWCOMERS
from geodata.store import Store
from tests.geodata.ledger.versions.file_loads import (
    JULY,
    KEY,
    NIKS,
    NUMBER,
    as_sheet,
    case,
    counts,
    load,
    load_file,
    stored,
    versions,
)


def test_new_corrected_unchanged_and_rejected_rows_are_counted_and_stored(store: Store) -> None:
    first = load(store, case("A", RT="1"), case("B"), case("B"), case("C", Status="?!"))
    assert counts(first) == (2, 0, 1, 1)
    assert versions(store, "case_id", "version", "rt") == [("A", 1, 1), ("B", 1, None)]
    second = load(store, case("A", RT="2"), case("B"), case("C"), case("C"), case("D", Status="!"))
    assert counts(second) == (1, 1, 2, 1)
    assert versions(store, "case_id", "version", "rt", "withdrawn") == [
        ("A", 1, 1, False),
        ("A", 2, 2, False),
        ("B", 1, None, False),
        ("C", 1, None, False),
    ]
    assert [row["source"] for row in stored(store, "batch")] == ["list.csv", "list.csv"]
    assert sum(first.records.rows) == 3
    assert (second.mended, second.erased, second.rejected_before) == (0, 0, 0)


def test_every_version_has_its_batch_moment_and_a_digest_of_its_content(store: Store) -> None:
    load(store, case("A", RT="1"), case("B", RT="1"))
    load(store, case("A", RT="2"))
    load(store, case("A", RT="1"), case("X", Status="?!"))
    batches = store.read("select batch, recorded_at from batch order by recorded_at").to_pylist()
    rows = stored(store, "case_version", "case_id", "version", "batch", "recorded_at", "digest")
    stamps = {(row["case_id"], row["version"]): (row["batch"], row["recorded_at"]) for row in rows}
    moments = [(batch["batch"], batch["recorded_at"]) for batch in batches]
    assert stamps == {
        ("A", 1): moments[0],
        ("B", 1): moments[0],
        ("A", 2): moments[1],
        ("A", 3): moments[2],
    }
    digests = {(row["case_id"], row["version"]): row["digest"] for row in rows}
    assert digests["A", 1] == digests["A", 3] == digests["B", 1] != digests["A", 2]
    [rejected] = stored(store, "rejected", "kind", "batch", "recorded_at", "row_number")
    assert (rejected["batch"], rejected["recorded_at"]) == moments[2]
    assert (rejected["kind"], rejected["row_number"]) == ("cases", 3)


def test_the_report_is_made_before_anything_is_written(store: Store) -> None:
    def fail(changes: FileChanges) -> None:
        raise OSError(changes.new)

    with pytest.raises(OSError, match="1"):
        load_file(store, as_sheet(case("A"), case("B", Status="?!")), on_changes=fail)
    assert [stored(store, name) for name in ("batch", "case_version", "rejected")] == [[], [], []]


def test_a_file_of_another_secret_is_not_stored(store: Store) -> None:
    load(store, case("A"))
    with pytest.raises(StoreError) as raised, store.transaction() as work:
        add_batch(work, "b", "cases", "s", '{"secret_check": "another"}')
    assert raised.value.code == "other-secret"


def test_the_same_file_again_writes_nothing_but_what_is_new_since_then(store: Store) -> None:
    rows = [case("A", RT="1"), case("B", Status="?!"), case(None, 1)]
    load(store, *rows)
    before = [stored(store, name) for name in ("batch", "case_version", "rejected")]
    again = load(store, *rows)
    assert counts(again) == (0, 0, 2, 1)
    assert again.rejected_before == 1
    assert [stored(store, name) for name in ("batch", "case_version", "rejected")] == before


def test_an_old_file_does_not_undo_a_correction_and_adds_what_it_could_not_add(
    store: Store,
) -> None:
    old = [case("A", 0, RT="1"), case("B", RT="1"), case("C", 2, RT="1")]
    load(store, case("C", 3, RT="7"))
    assert counts(load(store, *old)) == (2, 0, 0, 1)
    load(store, case("A", 0, RT="2"))
    load(store, case("B", RT="1", Alamat="Jl. Contoh 5"))
    again = load(store, *old)
    assert counts(again) == (0, 0, 2, 1)
    assert again.checked.reasons == {"id-reused": 1}
    assert again.records.before["rt"].to_pylist() == [2, 1, 7]
    assert again.records.after["rt"].to_pylist() == [2, 1, 7]
    assert [row for row in versions(store, "case_id", "version", "rt") if row[0] == "A"] == [
        ("A", 1, 1),
        ("A", 2, 2),
    ]


def test_an_old_file_with_two_rows_of_a_record_rejects_the_same_row_again(store: Store) -> None:
    old = [case("A", 0, RT="1"), case("A", 1, RT="5"), case("A", 0, RT="2"), case("B", 3)]
    first = load(store, *old)
    assert first.checked.reasons == {"id-reused": 1, "superseded-in-file": 1}
    # Meanwhile the number is withdrawn from its first person.
    load(store, case("A", 0, RT="3"), case("B", 3, RT="3"))
    again = load(store, *old)
    assert again.checked.reasons == first.checked.reasons
    assert (counts(again), again.rejected_before) == ((0, 0, 2, 2), 2)
    assert again.checked.rejected.equals(first.checked.rejected)


def test_each_rejected_row_is_stored_once(store: Store) -> None:
    unknown = case("A", Status="?!")
    first = load(store, unknown, unknown)
    assert (counts(first), first.rejected_before) == ((0, 0, 0, 2), 0)
    assert len(stored(store, "rejected")) == 2
    other = load(store, unknown, case("B", Status="?!"))
    assert (counts(other), other.rejected_before) == ((0, 0, 0, 2), 1)
    assert len(stored(store, "rejected")) == 3
    assert {row["kind"] for row in stored(store, "rejected", "kind")} == {"cases"}


def test_a_row_without_values_of_another_person_is_superseded_or_rejected_with_its_reason(
    store: Store,
) -> None:
    changes = load(store, case("A", RT="1"), case("A", RT="2"), case("A"))
    assert counts(changes) == (1, 0, 1, 1)
    assert changes.checked.reasons == {"superseded-in-file": 1}
    assert current_cases(store)["rt"].to_pylist() == [2]


def test_a_new_double_is_stored_and_every_later_version_keeps_its_counted_case(
    store: Store,
) -> None:
    changes = load(store, case("H", 0), case("D", 0, RT="3"), case("E", 0, RT="4"), case("F", 1))
    assert changes.doubles == [("D", "H"), ("E", "H")]
    assert load(store, case("D", 0, RT="5"), case("F", 1, RT="2")).doubles == []
    assert versions(store, "case_id", "version", "double_of") == [
        ("D", 1, "H"),
        ("D", 2, "H"),
        ("E", 1, "H"),
        ("F", 1, None),
        ("F", 2, None),
        ("H", 1, None),
    ]


def test_new_numbers_of_a_known_case_are_stored_as_aliases(store: Store) -> None:
    load(store, case(None, 0))
    [(key,)] = versions(store, "case_id")
    load(store, case("K-1", 0, RT="2"))
    [alias] = stored(store, "record_alias")
    moment = store.read("select max(recorded_at) as moment from batch")["moment"][0].as_py()
    expected = {"kind": "cases", "alias": "k-1", "record": key, "recorded_at": moment}
    assert alias == expected
    assert counts(load(store, {NUMBER: "k - 1", "RT": "3", "Status": "Suspek"}))[1] == 1
    load(store, case("K-1", 0, RT="9"))
    assert stored(store, "record_alias") == [expected]


def test_the_days_of_an_episode_are_a_setting_of_the_city(store: Store) -> None:
    load(store, case("A", 0))
    late = {"Tgl konfirmasi": "2021-09-29"}
    changes = load(store, case(None, 0, **late))
    assert counts(changes) == (0, 0, 1, 0)
    assert counts(load(store, case(None, 0, **{"Tgl konfirmasi": "2021-09-30"}))) == (1, 0, 0, 0)


def test_records_of_a_file_are_listed_before_and_after_the_file(store: Store) -> None:
    load(store, case("A", RT="1"), case("B", RT="1"))
    point = {"Bujur": "110.4065", "Lintang": "-6.9985"}
    changes = load(
        store,
        case("A", RT="2"),
        case("B", RT="1"),
        case("C", RT="3", **point),
        case("C", RT="3", **point),
        case("C", RT="4"),
        case("D", Status="?!"),
    )
    records = changes.records
    assert records.keys.tolist() == ["A", "B", "C"]
    assert records.before["rt"].to_pylist() == [1, 1, None]
    assert records.after["rt"].to_pylist() == [2, 1, 4]
    assert records.rows.tolist() == [1, 1, 1]
    assert records.rows.dtype == "int64"
    assert records.with_point.tolist() == [False, False, False]
    assert records.corrected.tolist() == [True, False, False]
    other = load(store, case("A", RT="2"), case("B", **point), case("B", **point), case("E"))
    assert other.records.rows.tolist() == [1, 2, 1]
    assert other.records.with_point.tolist() == [False, True, False]
    assert other.records.corrected.tolist() == [False, True, False]
    assert counts(other) == (1, 1, 2, 0)


@pytest.mark.parametrize(
    ("known", "row", "change"),
    [
        ("2021-07-01", "2021-07-05", (JULY, date(2021, 7, 5), date(2021, 7, 5))),
        ("2021-07-01", "2021-07-01", None),
        # Of two distant tests the first counts.
        ("2021-07-01", "2021-08-01", (JULY, date(2021, 8, 1), JULY)),
        ("2021-08-01", "2021-07-01", (date(2021, 8, 1), JULY, JULY)),
    ],
)
def test_another_day_of_a_known_case_is_listed_once(
    store: Store, known: str, row: str, change: tuple[date, date, date] | None
) -> None:
    load(store, case(None, 0, **{"Tgl konfirmasi": known}))
    [(key,)] = versions(store, "case_id")
    day = {"Tgl konfirmasi": row}
    changes = load(store, case(None, 0, **day), case(None, 0, RT="1", **day), case("N", 1))
    assert changes.dates == ([] if change is None else [DateChange(key, *change)])


def test_a_day_of_a_rejected_row_is_not_listed(store: Store) -> None:
    load(store, case("A", 0), case("B", 1))
    other_day = {"Tgl konfirmasi": "2021-07-03"}
    changes = load(store, case("A", 5, **other_day), case("B", 1, **other_day))
    assert [change.id for change in changes.dates] == ["B"]
    assert load(store, case("C", **other_day)).dates == []


@pytest.mark.parametrize(
    ("reused", "same", "restarted"), [(1, 0, 0), (2, 0, 2), (2, 2, 2), (2, 3, 0), (3, 1, 3)]
)
def test_a_list_seems_to_number_its_rows_anew_if_half_of_its_known_numbers_are_reused(
    store: Store, reused: int, same: int, restarted: int
) -> None:
    numbers = range(reused + same)
    load(store, *(case(f"A-{number}", number) for number in numbers))
    rows = [case(f"A-{number}", (number + 10) if number < reused else number) for number in numbers]
    new = [case("N-1", 18), case(None, 17)]
    assert load(store, *rows, *new).restarted == restarted


def test_similar_numbers_are_reported(store: Store) -> None:
    load(store, case("1", 0))
    assert load(store, case("01", 1)).numbers_alike == [("01", "1")]


def test_newcomers_and_indicators_are_counted_without_episodes_and_points(store: Store) -> None:
    newcomer = {"ID": "N-1", "NIK": NIKS[0], "Asal": "Jakarta", "Tgl tiba": "2021-07-01"}
    assert counts(load(store, newcomer, kind=NEWCOMERS)) == (1, 0, 0, 0)
    changed = load(store, newcomer | {"Tgl tiba": "2021-07-02"}, kind=NEWCOMERS)
    assert (counts(changed), changed.dates, changed.doubles) == ((0, 1, 0, 0), [], [])
    indicator: dict[str, Any] = {
        "Indikator": "dosis",
        "Kode wilayah": "33.74",
        "Tanggal": "2021-07-01",
        "Nilai": "5",
    }
    first = load(store, indicator, kind=INDICATORS)
    assert (counts(first), first.records.with_point.tolist()) == ((1, 0, 0, 0), [False])
    assert counts(load(store, indicator | {"Nilai": "6"}, kind=INDICATORS)) == (0, 1, 0, 0)
    assert counts(load(store, case("A", 0))) == (1, 0, 0, 0)
    assert KEY.nik(NIKS[0]) == stored(store, "newcomer_version", "nik")[0]["nik"]
