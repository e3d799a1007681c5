"""The rows of a record are applied in the order of the file, as if each came in its own file."""

from datetime import date
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.ledger.merging.rounds import RecordUpdates, apply_rows, superseded_rows
from tests.geodata.ledger.record_tables import checked_rows, known_records, merge_context

SUSPECT = {"status": "suspect"}


def apply(
    known: list[dict[str, Any]], rows: list[tuple[str, dict[str, Any]]]
) -> tuple[RecordUpdates, list[tuple[str, str, list[int]]]]:
    """Updates of rows, each with the key of its record; and the superseded rows."""
    table = checked_rows(
        *({"case_id": key, "position": 10 * n} | row for n, (key, row) in enumerate(rows))
    )
    keys = np.array([key for key, _ in rows], dtype=object)
    context = merge_context()
    not_searched = np.zeros(len(rows), dtype=bool)
    updates = apply_rows(table, keys, not_searched, known_records(*known), context)
    superseded = superseded_rows(table, updates, context)
    return updates, [
        (rejection.code, rejection.field, rejection.positions.tolist())
        for rejection in superseded
        if len(rejection.positions)
    ]


def test_rows_update_known_and_new_records_in_the_order_of_the_file() -> None:
    known = [{"case_id": "K", "kk": "1", **SUSPECT}, {"case_id": "L", **SUSPECT}]
    rows: list[tuple[str, dict[str, Any]]] = [
        ("N", SUSPECT | {"kk": "7"}),
        ("L", {"kk": "8"}),
        ("K", {"kk": "2"}),
        ("L", {"kk": "9"}),
        ("L", {"rt": 3}),
    ]
    updates, superseded = apply(known, rows)
    assert updates.keys.tolist() == ["N", "L", "K"]
    assert updates.known.tolist() == [-1, 1, 0]
    assert updates.record.tolist() == [0, 1, 2, 1, 1]
    assert updates.base["kk"].to_pylist() == [None, None, "1"]
    assert updates.final["kk"].to_pylist() == ["7", "9", "2"]
    assert updates.final["rt"].to_pylist() == [None, 3, None]
    assert updates.file_content is updates.final
    assert updates.present.tolist() == [True, True, True]
    assert updates.rejections == []
    assert superseded == [("superseded-in-file", "case_id", [10])]


def test_a_rejected_row_changes_nothing_and_later_rows_of_the_record_still_count() -> None:
    known = [{"case_id": "K", "nik": "1", **SUSPECT}]
    rows: list[tuple[str, dict[str, Any]]] = [
        ("K", {"nik": "1", "rt": 1}),
        ("N", {"rt": 5}),
        ("K", {"nik": "2", "rt": 2}),
        ("K", {"nik": "1", "rw": 3}),
        ("N", SUSPECT | {"rt": 6}),
        ("M", {"rt": 7}),
    ]
    updates, superseded = apply(known, rows)
    assert updates.final["rt"].to_pylist() == [1, 6, None]
    assert updates.final["rw"].to_pylist() == [3, None, None]
    assert updates.present.tolist() == [True, True, False]
    rejections = [(each.code, each.positions.tolist()) for each in updates.rejections]
    assert rejections == [("status-missing", [10, 50]), ("id-reused", [20])]
    assert superseded == []


def test_the_only_row_of_the_first_known_record_may_be_of_another_person() -> None:
    updates, _ = apply([{"case_id": "K", "nik": "1", **SUSPECT}], [("K", {"nik": "2", "rt": 2})])
    assert [rejection.code for rejection in updates.rejections] == ["id-reused"]
    assert updates.final["rt"].to_pylist() == [None]


def test_only_earlier_rows_with_another_value_are_superseded() -> None:
    rows: list[tuple[str, dict[str, Any]]] = [
        ("A", SUSPECT | {"rt": 1}),
        ("A", SUSPECT | {"rt": 2}),
        ("A", {"kk": "1"}),
        ("B", SUSPECT | {"rt": 1}),
        ("B", {"rt": 1}),
        ("C", SUSPECT),
        ("D", SUSPECT | {"rt": 1}),
        ("A", {"rt": 3}),
        ("D", {"rt": 2}),
    ]
    _, superseded = apply([], rows)
    assert superseded == [("superseded-in-file", "case_id", [0, 10, 60])]


def test_the_first_of_two_rows_is_superseded() -> None:
    _, superseded = apply([], [("A", SUSPECT | {"rt": 1}), ("A", {"rt": 2})])
    assert superseded == [("superseded-in-file", "case_id", [0])]


def test_of_more_than_a_hundred_rows_of_a_record_the_last_hundred_are_merged() -> None:
    values: list[dict[str, Any]] = [{"kk": "first"}, {"nik": "second"}]
    rest: list[dict[str, Any]] = [{"rt": 1} for _ in range(99)]
    updates, _ = apply([{"case_id": "K", **SUSPECT}], [("K", row) for row in [*values, *rest]])
    [record] = updates.final.to_pylist()
    assert (record["kk"], record["nik"]) == (None, "second")
    updates, _ = apply([{"case_id": "K", **SUSPECT}], [("K", row) for row in [*values, *rest[1:]]])
    [record] = updates.final.to_pylist()
    assert (record["kk"], record["nik"]) == ("first", "second")


def test_a_file_without_rows_updates_nothing() -> None:
    updates, superseded = apply([{"case_id": "K"}], [])
    assert (len(updates.keys), updates.final.num_rows, superseded) == (0, 0, [])


def test_later_rows_in_another_order_update_their_own_records() -> None:
    """The second rows of all records come in another order than the first rows."""
    rows: list[tuple[str, dict[str, Any]]] = [
        ("B", SUSPECT | {"kk": "b"}),
        ("A", SUSPECT | {"kk": "a"}),
        ("A", {"rt": 1}),
        ("B", {"rt": 2}),
    ]
    updates, _ = apply([], rows)
    records = updates.final.select(["kk", "rt"]).to_pylist()
    assert records == [{"kk": "b", "rt": 2}, {"kk": "a", "rt": 1}]


COLUMNS = ("kk", "onset_on", "reported_on", "address")


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sets(st.sampled_from(COLUMNS))), max_size=8))
def test_the_last_value_of_each_column_is_kept(rows: list[tuple[str, set[str]]]) -> None:
    """The oracle is a dictionary for each record, which each row updates."""
    expected: dict[str, dict[str, Any]] = {}
    valued_rows: list[tuple[str, dict[str, Any]]] = []
    for number, (key, names) in enumerate(rows):
        values = {
            name: date(2021, 7, 1 + number) if name.endswith("_on") else f"Jl. X {number}"
            for name in sorted(names)
        }
        expected.setdefault(key, dict.fromkeys(COLUMNS)).update(values)
        valued_rows.append((key, values | {"nik": key, **SUSPECT}))
    updates, _ = apply([], valued_rows)
    records = updates.final.select(list(COLUMNS)).to_pylist()
    assert dict(zip(updates.keys.tolist(), records, strict=True)) == expected
