"""Closed rejected rows leave the list and stay on record; all rows are closed or none."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest

from geodata.boundaries import save_boundaries
from geodata.errors import InputError, MikrozonasiError, NotFoundError
from geodata.ledger.audit import audit_lines
from geodata.ledger.dismissing import dismiss
from geodata.ledger.rejected import dismissed_frame, rejected_frame
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_from_frame
from tests.cities.small_city import small_city
from tests.databases import NewDatabase
from zoning.records.intake import IntakeReport, load_sheet

GOOD = {"id": "G", "status": "positif", "tgl": "1/9/2021", "rt": "1"}
UNKNOWN = GOOD | {"id": "", "status": "apa", "kelurahan": "Tembalang"}
NO_DAY = GOOD | {"id": "D", "tgl": ""}


@pytest.fixture
def store(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A database of either engine."""
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, small_city(), "small.geojson", {})
        yield opened


def load(store: Store, *rows: dict[str, Any], name: str = "t.csv") -> IntakeReport:
    frame = pd.DataFrame(list(rows)).rename(columns={"tgl": "tgl konfirmasi"})
    return load_sheet(store, "cases", sheet_from_frame(frame, name), today=date(2021, 9, 9))


def stored_rows(store: Store) -> list[Any]:
    tables = ("rejected", "dismissed", "audit")
    return [store.read(f"select * from {name} order by 1, 2").to_pylist() for name in tables]  # noqa: S608


def test_a_load_reports_as_many_rejected_rows_as_the_list_has(store: Store) -> None:
    report = load(store, GOOD, UNKNOWN, UNKNOWN, UNKNOWN, NO_DAY)
    assert (report.rejected, report.rejected_before) == (4, 0)
    assert len(rejected_frame(store)) == 4
    assert rejected_frame(store)["row_id"].is_unique
    again = load(store, GOOD, UNKNOWN, UNKNOWN, UNKNOWN, NO_DAY)
    assert (again.rejected, again.rejected_before) == (4, 4)
    other = load(store, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, name="u.csv")
    assert (other.rejected, other.rejected_before) == (4, 3)
    assert len(rejected_frame(store)) == 5


def test_a_closed_row_leaves_the_list_and_stays_on_record_with_its_reason(store: Store) -> None:
    load(store, UNKNOWN, UNKNOWN, NO_DAY)
    listed = rejected_frame(store)
    first, second, third = listed["row_id"]
    rejected_before = stored_rows(store)[0]
    dismissal = dismiss(
        store, "entered twice, 3374010101010001", ids=[first, third, first], who="ana"
    )
    assert dismissal.rows == 2
    assert dismissal.by_reason == {"confirmed-on-missing": 1, "status-unknown": 1}
    assert rejected_frame(store)["row_id"].tolist() == [second]
    closed = dismissed_frame(store, "cases")
    assert closed["row_id"].tolist() == [first, third]
    assert closed["closed"].tolist() == ["entered twice, ..."] * 2
    assert stored_rows(store)[0] == rejected_before
    [line] = audit_lines(store).to_pylist()
    assert (line["who"], line["action"], line["records"]) == ("ana", "dismiss", 2)


def test_a_closed_row_that_comes_again_stays_closed_and_is_counted(store: Store) -> None:
    load(store, UNKNOWN)
    dismiss(store, "no case", ids=rejected_frame(store)["row_id"].tolist(), who="ana")
    report = load(store, GOOD, UNKNOWN)
    assert (report.rejected, report.rejected_before) == (1, 1)
    assert rejected_frame(store).empty


def test_a_preview_counts_all_rows_of_a_reason_and_closes_none(store: Store) -> None:
    load(store, UNKNOWN, UNKNOWN, NO_DAY)
    before = stored_rows(store)
    preview = dismiss(store, "x", code="status-unknown", who="ana", preview=True)
    assert preview.rows == 2
    assert stored_rows(store) == before
    assert dismiss(store, "x", code="status-unknown", kind="cases", who="ana") == preview
    [open_reasons] = rejected_frame(store)["reasons"]
    assert "confirmed-on-missing" in open_reasons


@pytest.mark.parametrize(
    ("arguments", "reason", "error", "code"),
    [
        ({"ids": ["r00000000"]}, "x", NotFoundError, "no-rejected"),
        ({"ids": []}, "x", InputError, "nothing-named"),
        ({"ids": ["r0"], "code": "status-unknown"}, "x", InputError, "nothing-named"),
        ({"code": "no-such"}, "x", InputError, "nothing-named"),
        ({"code": "area-missing"}, "x", NotFoundError, "no-rejected"),
        ({"code": "status-unknown", "kind": "dogs"}, "x", InputError, "no-kind"),
        ({"code": "status-unknown"}, "  ", InputError, "no-reason"),
    ],
)
def test_invalid_arguments_close_no_row(
    store: Store, arguments: dict[str, Any], reason: str, error: type[MikrozonasiError], code: str
) -> None:
    load(store, UNKNOWN, NO_DAY)
    before = stored_rows(store)
    if arguments.get("ids"):
        arguments = arguments | {"ids": [rejected_frame(store)["row_id"][0], *arguments["ids"]]}
    with pytest.raises(error) as raised:
        dismiss(store, reason, who="ana", **arguments)
    assert raised.value.code == code
    assert raised.value.message.endswith(".")
    assert stored_rows(store) == before


def test_a_reason_names_the_unknown_word_and_the_known_words(store: Store) -> None:
    report = load(store, UNKNOWN | {"status": "Tidak positif"}, GOOD | {"tgl": "31/2/2021"})
    [[word_reason], [day_reason]] = [rejection.reasons for rejection in report.rejections]
    assert 'The status "Tidak positif" is not a known word' in word_reason["message"]
    for known_word in ("konfirmasi", "suspek", "kontak erat", "negatif"):
        assert known_word in word_reason["message"]
    assert day_reason["message"].startswith('This "31/2/2021" is not a day of the calendar.')
    first, second = rejected_frame(store)["reasons"]
    assert '"Tidak positif"' in first
    assert '"31/2/2021"' in second
    first, second = rejected_frame(store, language="id")["reasons"]
    assert 'Status "Tidak positif" bukan kata yang dikenal' in first
    assert 'Isi ini "31/2/2021" bukan hari' in second
    # The value of a cell is stored only in the record, so that erasing the record removes it.
    for row in store.read("select reasons from rejected").to_pylist():
        assert "positif" not in json.loads(row["reasons"])[0]["message"].partition("Known")[0]
