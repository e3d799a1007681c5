"""Rows are appended with their batch and moment; rows that are there already stay as they are."""

from datetime import datetime

import pyarrow as pa

from geodata.ledger.appending import (
    add_aliases,
    add_batch,
    add_rejected,
    add_versions,
    stamp_rows,
)
from geodata.ledger.audit import add_audit_line, audit_lines
from geodata.records import CASES
from geodata.store import Store
from tests.geodata.ledger.record_tables import known_records
from tests.geodata.ledger.versions.file_loads import KEY, stored

SUSPECT = {"case_id": "A", "status": "suspect"}


def test_a_batch_is_stored_with_its_source_moment_and_summary(store: Store) -> None:
    summary = f'{{"secret_check": "{KEY.check_value()}"}}'
    with store.transaction() as work:
        add_batch(work, "b-1", "cases", "list.csv", summary)
        moment = work.moment
    assert stored(store, "batch") == [
        {
            "batch": "b-1",
            "kind": "cases",
            "source": "list.csv",
            "recorded_at": moment,
            "summary": summary,
        }
    ]


def test_versions_without_internal_columns_are_not_withdrawn_and_no_doubles(store: Store) -> None:
    records = known_records(SUSPECT, SUSPECT | {"case_id": "B"})
    plain = records.drop_columns(["withdrawn", "double_of"])
    with store.transaction() as work:
        plain = stamp_rows(work, plain.append_column("digest", pa.array(["d", "e"])), "b-1")
        add_versions(work, "cases", plain)
        moment = work.moment
    rows = stored(store, "case_version")
    names = ("case_id", "batch", "recorded_at", "withdrawn", "double_of", "house")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("A", "b-1", moment, False, None, None),
        ("B", "b-1", moment, False, None, None),
    ]


def test_versions_keep_their_internal_columns(store: Store) -> None:
    records = known_records(SUSPECT | {"double_of": "B", "withdrawn": True})
    with store.transaction() as work:
        full = stamp_rows(work, records.append_column("digest", pa.array(["d"])), "b-1")
        add_versions(work, CASES.name, full.append_column("house", pa.array(["h"])))
        add_versions(work, CASES.name, full.slice(0, 0))
    [row] = stored(store, "case_version", "double_of", "withdrawn", "house")
    assert row == {"double_of": "B", "withdrawn": True, "house": "h"}


def test_stamped_rows_have_the_batch_and_the_moment_of_the_transaction(store: Store) -> None:
    with store.transaction() as work:
        stamped = stamp_rows(work, pa.table({"a": [1, 2]}), "b-1")
        expected = {"batch": "b-1", "recorded_at": work.moment}
    assert stamped.to_pylist() == [{"a": 1} | expected, {"a": 2} | expected]
    assert stamped.schema.field("recorded_at").type == pa.timestamp("us")


def test_a_rejected_row_that_is_stored_already_stays_as_it_is(store: Store) -> None:
    row = {"kind": "cases", "digest": "d", "row_number": 2, "reasons": "[]", "record": "{}"}
    moments: list[datetime] = []
    for changed in (row, row | {"row_number": 9}, row | {"digest": "e"}):
        with store.transaction() as work:
            add_rejected(work, stamp_rows(work, pa.Table.from_pylist([changed]), "b"))
            add_rejected(work, stamp_rows(work, pa.Table.from_pylist([row]).slice(1), "b"))
            moments.append(work.moment)
    columns = ("kind", "digest", "row_number", "recorded_at", "reasons", "record", "batch")
    rows = stored(store, "rejected", *columns)
    assert rows == [
        row | {"recorded_at": moments[0], "batch": "b"},
        row | {"digest": "e", "recorded_at": moments[2], "batch": "b"},
    ]


def test_the_first_record_of_an_alias_is_kept(store: Store) -> None:
    with store.transaction() as work:
        add_aliases(work, "cases", {})
        add_aliases(work, "cases", {"k-2": "B", "k-1": "A"})
        first = work.moment
    with store.transaction() as work:
        add_aliases(work, "cases", {"k-1": "C"})
        add_aliases(work, "newcomers", {"k-1": "N"})
        second = work.moment
    rows = [tuple(row.values()) for row in stored(store, "record_alias")]
    assert rows == [
        ("cases", "k-1", "A", first),
        ("cases", "k-2", "B", first),
        ("newcomers", "k-1", "N", second),
    ]


def test_audit_lines_are_read_oldest_first(store: Store) -> None:
    add_audit_line(store, who="official", action="write", what="/cases", records=2)
    add_audit_line(store, who="auditor", action="read", what="/audit", records=0)
    lines = audit_lines(store).to_pylist()
    moments = [line.pop("noted_at") for line in lines]
    assert lines == [
        {"who": "official", "action": "write", "what": "/cases", "records": 2},
        {"who": "auditor", "action": "read", "what": "/audit", "records": 0},
    ]
    assert moments == sorted(moments)
    assert len(set(moments)) == 2
