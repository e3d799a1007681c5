"""Rejected rows are listed, mended and dismissed; each stays on record."""

import json
from typing import Any

import numpy as np
import pytest

from geodata.errors import InputError, MikrozonasiError, NotFoundError
from geodata.ledger.audit import audit_lines
from geodata.ledger.dismissing import Dismissal, dismiss, dismissed_rows, rejected_rows, row_id
from geodata.ledger.mending import MendedRows, find_mended_rows, without_superseded
from geodata.ledger.rejected import dismissed_frame, rejected_frame
from geodata.records import CASES, NEWCOMERS
from geodata.store import Store
from geodata.tables import Sheet, sheet_from_frame
from tests.geodata.ledger.versions.file_loads import (
    KEY,
    NIKS,
    as_sheet,
    case,
    counts,
    load,
    load_file,
    stored,
    versions,
)

UNKNOWN = case("A", Status="?!")
NO_DAY = case("B") | {"Tgl konfirmasi": None}
NEWCOMER = {"ID": "N-1", "NIK": NIKS[0], "Asal": "Jakarta", "Tgl tiba": None}


def listed(store: Store) -> Sheet:
    """The list of rejected rows as a file."""
    frame = rejected_frame(store, "cases").astype(object)
    return sheet_from_frame(frame.where(frame.notna(), None), "rejected.csv")


def load_list(store: Store, **changes: Any) -> Any:
    frame = rejected_frame(store, "cases").assign(**changes).astype(object)
    return load_file(store, sheet_from_frame(frame.where(frame.notna(), None), "rejected.csv"))


def test_the_list_has_the_columns_of_the_row_and_of_its_file(store: Store) -> None:
    load(store, case("OK"), UNKNOWN | {"RT": "3", "NIK": NIKS[0]}, name="first.csv")
    load(store, NEWCOMER, kind=NEWCOMERS, name="second.csv")
    frame = rejected_frame(store)
    digests = [row["digest"] for row in stored(store, "rejected", "recorded_at", "digest")]
    assert frame.columns[:8].tolist() == [
        "row_id",
        "kind",
        "source",
        "row",
        "recorded_at",
        "reasons",
        "mends",
        "case_id",
    ]
    assert frame["row_id"].tolist() == [f"r{digest[:8]}" for digest in digests]
    assert frame["mends"].tolist() == digests
    assert frame["kind"].tolist() == ["cases", "newcomers"]
    assert frame["source"].tolist() == ["first.csv", "second.csv"]
    assert frame["row"].tolist() == [3, 2]
    moments = [row["recorded_at"] for row in stored(store, "batch", "recorded_at")]
    assert list(frame["recorded_at"]) == moments
    assert (frame["rt"][0], frame["status"][0], frame["origin"][1]) == ("3", "?!", "Jakarta")
    assert frame["rt"][1] is None
    assert frame["nik"][0] == KEY.sign_pseudonym("nik", KEY.nik(NIKS[0]))
    assert not {"person", "digest", "record", "row_number"} & set(frame.columns)
    assert frame["reasons"][0].startswith('status: status-unknown. The status "?!" is not')
    assert frame["reasons"][1].startswith("arrived_on: arrived-on-missing. ")
    assert rejected_frame(store, "newcomers")["newcomer_id"].tolist() == ["N-1"]
    assert "case_id" not in rejected_frame(store, "newcomers")


def test_an_empty_list_has_the_columns_of_its_kinds(store: Store) -> None:
    every = rejected_frame(store)
    assert {"case_id", "newcomer_id", "place_id", "indicator_id"} <= set(every.columns)
    only = rejected_frame(store, "newcomers")
    assert ("newcomer_id" in only, "case_id" in only, len(only)) == (True, False, 0)
    load(store, UNKNOWN)
    assert "newcomer_id" not in rejected_frame(store)


def test_a_row_with_two_reasons_or_without_a_field_has_a_text_for_each(store: Store) -> None:
    load(store, UNKNOWN | {"Tgl konfirmasi": "31/2/2021"})
    [text] = rejected_frame(store)["reasons"]
    assert ". status: status-unknown. " in f". {text}"
    assert " confirmed_on: date-impossible. " in f" {text}"
    [indonesian] = rejected_frame(store, language="id")["reasons"]
    assert 'Status "?!" bukan' in indonesian
    misaligned = as_sheet(case("C"))._replace(misaligned=np.array([True]))
    load_file(store, misaligned)
    assert rejected_frame(store)["reasons"][1].startswith("row: misaligned-row. ")
    assert rejected_frame(store, language="id")["reasons"][1].startswith("baris: misaligned-row. ")


def test_the_list_is_in_the_order_of_recording_and_of_the_file(store: Store) -> None:
    load(store, UNKNOWN, case("OK"), NO_DAY)
    load(store, case("C", Status="?!"))
    rows = rejected_rows(store, "cases")
    assert rows["row_number"].to_pylist() == [2, 4, 2]
    names = ["kind", "source", "row_number", "recorded_at", "reasons", "record", "digest"]
    assert rows.column_names == names
    assert rejected_rows(store, "newcomers").num_rows == 0
    assert row_id("0123456789abcdef") == "r01234567"


def test_rows_are_dismissed_by_their_ids_with_a_reason_and_an_audit_line(store: Store) -> None:
    load(store, UNKNOWN, UNKNOWN | {"RT": "2"}, NO_DAY)
    first, second, third = rejected_rows(store)["digest"].to_pylist()
    ids = [f" {row_id(first).upper()} ", third, row_id(first)]
    dismissal = dismiss(store, f"  no case {NIKS[0]} ", ids=ids, who="ana")
    assert dismissal == Dismissal(2, {"confirmed-on-missing": 1, "status-unknown": 1})
    assert list(dismissal.by_reason) == ["confirmed-on-missing", "status-unknown"]
    assert rejected_rows(store)["digest"].to_pylist() == [second]
    [line] = audit_lines(store).to_pylist()
    moment = line.pop("noted_at")
    assert line == {"who": "ana", "action": "dismiss", "what": "rejected rows", "records": 2}
    expected = {"kind": "cases", "recorded_at": moment, "reason": "no case ..."}
    columns = ("kind", "digest", "recorded_at", "reason")
    assert stored(store, "dismissed", *columns) == sorted(
        (expected | {"digest": digest} for digest in (first, third)), key=lambda row: row["digest"]
    )
    closed = dismissed_frame(store)
    assert closed.columns[:8].tolist() == [
        *("row_id", "kind", "source", "row", "recorded_at", "closed", "reasons", "mends")
    ]
    assert closed["mends"].tolist() == [first, third]
    assert closed["closed"].tolist() == ["no case ..."] * 2
    assert list(closed["recorded_at"]) == [moment] * 2
    assert dismissed_frame(store, "newcomers").empty
    assert dismissed_rows(store, "cases")["reason"].to_pylist() == ["no case ..."] * 2
    indonesian = dismissed_frame(store, "cases", language="id")["reasons"][0]
    assert 'Status "?!" bukan' in indonesian


def test_all_rows_with_one_reason_are_dismissed_by_its_code(store: Store) -> None:
    load(store, UNKNOWN, NO_DAY, UNKNOWN)
    load(store, NEWCOMER, kind=NEWCOMERS)
    preview = dismiss(store, "x", code="status-unknown", who="ana", preview=True)
    assert preview == Dismissal(2, {"status-unknown": 2})
    assert (stored(store, "dismissed"), audit_lines(store).num_rows) == ([], 0)
    assert dismiss(store, "x", code="status-unknown", kind="cases", who="ana") == preview
    assert audit_lines(store)["what"].to_pylist() == ["cases"]
    with pytest.raises(NotFoundError):
        dismiss(store, "x", code="status-unknown", who="ana")
    with pytest.raises(NotFoundError):
        dismiss(store, "x", code="arrived-on-missing", kind="cases", who="ana")
    [newcomer] = rejected_rows(store, "newcomers")["digest"].to_pylist()
    for preview_only in (True, False):
        with pytest.raises(NotFoundError):
            dismiss(store, "x", ids=[newcomer], kind="cases", who="a", preview=preview_only)
    assert dismiss(store, "x", ids=[newcomer], kind="newcomers", who="ana").rows == 1


@pytest.mark.parametrize(
    ("arguments", "error", "code", "words"),
    [
        ({"ids": ["r0"]}, NotFoundError, "no-rejected", "^1 of the ids name no row"),
        (
            {"ids": ["r6", "r5", "r4", "r3", "r2", "r1"]},
            NotFoundError,
            "no-rejected",
            r"^6 of the ids .* \(r1, r2, r3, r4, r5\)\.",
        ),
        ({}, InputError, "nothing-named", "^Name the rows"),
        ({"ids": ["r0"], "code": "status-unknown"}, InputError, "nothing-named", "^Name the rows"),
        ({"code": "no-such"}, InputError, "nothing-named", "no reason no-such.*, status-unknown,"),
        ({"code": "area-missing"}, NotFoundError, "no-rejected", "has the reason area-missing"),
        ({"code": "status-unknown", "kind": "dogs"}, InputError, "no-kind", "does not exist"),
        ({"code": "status-unknown", "reason": " "}, InputError, "no-reason", "reason is missing"),
    ],
)
def test_invalid_arguments_dismiss_nothing(
    store: Store,
    arguments: dict[str, Any],
    error: type[MikrozonasiError],
    code: str,
    words: str,
) -> None:
    load(store, UNKNOWN)
    with pytest.raises(error, match=words) as raised:
        dismiss(store, **{"reason": "x", "who": "ana"} | arguments)
    assert raised.value.code == code
    assert stored(store, "dismissed") == []


def test_a_short_id_of_several_rows_dismisses_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.ledger.dismissing._ID_DIGITS", 0)
    load(store, UNKNOWN, NO_DAY)
    with pytest.raises(InputError, match="One id names several rows") as raised:
        dismiss(store, "x", ids=["r"], who="ana")
    assert raised.value.code == "no-rejected"
    assert stored(store, "dismissed") == []


def test_a_mended_row_leaves_the_list_and_stays_on_record(store: Store) -> None:
    load(store, UNKNOWN, NO_DAY)
    first, second = rejected_rows(store)["digest"].to_pylist()
    changes = load_list(store, status=["Positif", "Konfirmasi"])
    assert (counts(changes), changes.mended) == ((1, 0, 0, 1), 1)
    assert len(stored(store, "rejected")) == 2
    [batch] = [row for row in stored(store, "batch") if row["source"] == "rejected.csv"]
    closed = stored(store, "mended", "kind", "digest", "batch", "recorded_at", "accepted")
    assert closed == [
        {
            "kind": "cases",
            "digest": first,
            "batch": batch["batch"],
            "recorded_at": batch["recorded_at"],
            "accepted": True,
        }
    ]
    assert rejected_rows(store)["digest"].to_pylist() == [second]


def test_a_mended_row_that_is_rejected_again_takes_the_place_of_the_first_row(
    store: Store,
) -> None:
    load(store, UNKNOWN, case("C", Status="??"))
    digests = rejected_rows(store)["digest"].to_pylist()
    changes = load_list(store, status=["Positif", "?-?"])
    assert (counts(changes), changes.mended) == ((1, 0, 0, 1), 1)
    closed = {row["digest"]: row["accepted"] for row in stored(store, "mended")}
    assert closed == {digests[0]: True, digests[1]: False}
    [row] = rejected_rows(store).to_pylist()
    assert row["digest"] not in digests
    assert json.loads(row["record"])["status"] == "?-?"
    # A row that is closed is not closed again.
    assert load_list(store, mends=digests[:1], status="Positif").mended == 0
    assert len(stored(store, "mended")) == 2


def test_mended_rows_are_named_in_a_column_of_the_file(store: Store) -> None:
    load(store, UNKNOWN, NO_DAY)
    rejected = load(store, UNKNOWN, NO_DAY).checked.rejected
    first, second = rejected["digest"].to_pylist()
    sheet = as_sheet(
        {"MENDS ": first, "a": "1"},
        {"MENDS ": "other", "a": "1"},
        {"MENDS ": None, "a": "1"},
        {"MENDS ": "third", "a": "1"},
    )
    # Rows 2 and 3 of this file are rejected.
    assert find_mended_rows(sheet, rejected) == MendedRows(
        frozenset({"third"}), frozenset({"other"})
    )
    misaligned = sheet._replace(misaligned=np.array([False, True, False, True]))
    assert find_mended_rows(misaligned, rejected) == MendedRows(frozenset(), frozenset())
    no_rejected = rejected.slice(0, 0)
    assert find_mended_rows(sheet, no_rejected).accepted == {first, "other", "third"}
    assert find_mended_rows(as_sheet({"a": "1"}), rejected) == MendedRows(frozenset(), frozenset())
    assert second not in find_mended_rows(sheet, no_rejected).accepted


def test_a_rejected_row_that_is_accepted_unchanged_leaves_the_list(store: Store) -> None:
    """A row with a value that its record lacked is accepted after the record exists."""
    part = {"No Kasus": "A", "Hasil akhir": "Sembuh", "Tgl sembuh": "2021-07-12"}
    other = part | {"No Kasus": "Z"}
    assert load(store, part, other).checked.reasons == {"status-missing": 2}
    assert load(store, case("A", RT="1"), case("B")).mended == 0
    changes = load(
        store, part, {"No Kasus": "B", "Hasil akhir": "Meninggal"} | {"Tgl sembuh": None}
    )
    assert (counts(changes), changes.mended) == ((0, 2, 0, 0), 1)
    [row] = rejected_rows(store).to_pylist()
    assert json.loads(row["record"])["case_id"] == "Z"
    [closed] = stored(store, "mended", "accepted", "kind")
    assert closed == {"accepted": True, "kind": "cases"}
    assert load(store, part).mended == 0


def test_a_rejected_row_without_a_number_is_found_too(store: Store) -> None:
    row = {"No Kasus": None, "NIK": NIKS[0], "Hasil akhir": "Sembuh", "Tgl sembuh": "2021-07-12"}
    assert load(store, row).checked.reasons == {"status-missing": 1}
    load(store, case("A", 0))
    changes = load(store, row, case("C"))
    assert (counts(changes), changes.mended) == ((1, 1, 0, 0), 1)
    assert rejected_rows(store).num_rows == 0


def test_a_superseded_row_that_comes_back_unchanged_is_left_out(store: Store) -> None:
    load(store, case("A", 0, RT="1"), case("A", 0, RT="2"), case("B", Status="?!"))
    sheet = listed(store)
    rest, left_out = without_superseded(store, CASES, sheet)
    assert left_out == 1
    assert rest.cells.column("case_id").to_pylist() == ["B"]
    frame = rejected_frame(store).assign(rt="7").astype(object)
    changed = sheet_from_frame(frame.where(frame.notna(), None), "rejected.csv")
    assert without_superseded(store, CASES, changed)[1] == 0
    no_names = as_sheet({"mends": None, "case_id": "A"})
    assert without_superseded(store, CASES, no_names) == (no_names.filter_rows(np.array([True])), 0)
    plain = as_sheet(case("A"))
    assert without_superseded(store, CASES, plain) == (plain, 0)


def test_a_row_with_another_reason_besides_is_not_left_out(store: Store) -> None:
    load(store, case("A", 0, RT="1"), case("A", 0, RT="2"))
    sheet = listed(store)
    with store.transaction() as work:
        work.execute(
            """update rejected set reasons = '[{"code": "superseded-in-file"}, {"code": "x"}]'"""
        )
    assert without_superseded(store, CASES, sheet)[1] == 0


def test_a_row_of_another_kind_is_not_left_out(store: Store) -> None:
    load(store, case("A", 0, RT="1"), case("A", 0, RT="2"))
    assert without_superseded(store, NEWCOMERS, listed(store))[1] == 0
    assert versions(store, "case_id", "rt") == [("A", 2)]
