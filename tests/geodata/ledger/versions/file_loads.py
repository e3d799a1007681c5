"""Load files into the ledger without boundaries; read what is stored."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pandas as pd

from geodata.ledger.changes import FileChanges
from geodata.ledger.loading import load_rows
from geodata.ledger.mending import find_mended_rows
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CASES, Kind, check_sheet
from geodata.store import Store
from geodata.tables import Sheet, sheet_from_frame
from tests.geodata.ledger.record_tables import merge_context

KEY: Final = Pseudonymiser(b"a secret of sixteen and more")
NIKS: Final = [f"00000601019{serial:05}" for serial in range(1, 20)]
JULY: Final = date(2021, 7, 1)
TODAY: Final = date(2021, 12, 31)
NUMBER: Final = "No Kasus"


def case(number: str | None, person: int | None = None, /, **more: Any) -> dict[str, Any]:
    """A confirmed case of one of the persons of `NIKS`."""
    nik = None if person is None else NIKS[person]
    confirmed = {"Status": "Konfirmasi", "Tgl konfirmasi": "2021-07-01"}
    return {NUMBER: number, "NIK": nik} | confirmed | more


def as_sheet(*rows: dict[str, Any], name: str = "list.csv") -> Sheet:
    frame = pd.DataFrame(list(rows)).astype(object)
    return sheet_from_frame(frame.where(frame.notna(), None), name)


def load(
    store: Store,
    *rows: dict[str, Any],
    kind: Kind = CASES,
    name: str = "list.csv",
    replace: bool = False,
    numbered: bool = True,
) -> FileChanges:
    """Load rows as one file."""
    return load_file(store, as_sheet(*rows, name=name), kind, replace=replace, numbered=numbered)


def load_file(
    store: Store,
    sheet: Sheet,
    kind: Kind = CASES,
    *,
    replace: bool = False,
    numbered: bool = True,
    on_changes: Callable[[FileChanges], None] = lambda _: None,
) -> FileChanges:
    """Load a file; a file with the same rows is the same batch."""
    checked = check_sheet(
        sheet,
        kind,
        KEY,
        today=TODAY,
        timezone=store.settings.timezone,
        updates=True,
        replace=replace,
        numbered=numbered,
    )

    def report(changes: FileChanges) -> FileChanges:
        on_changes(changes)
        return changes

    return load_rows(
        store,
        merge_context(kind, replace=replace),
        checked,
        batch=hashlib.sha256(str(sheet.cells.to_pydict()).encode()).hexdigest(),
        source=sheet.name,
        report=report,
        summary=lambda changes: json.dumps({"new": changes.new, "secret_check": KEY.check_value()}),
        mends=lambda rejected: find_mended_rows(sheet, rejected),
        secret=KEY,
    )


def counts(changes: FileChanges) -> tuple[int, int, int, int]:
    """Numbers of new, corrected, unchanged and rejected rows."""
    rejected = changes.checked.rejected.num_rows
    return changes.new, changes.corrected, changes.unchanged, rejected


def stored(store: Store, table: str, *columns: str) -> list[dict[str, Any]]:
    """Rows of a table in a fixed order."""
    names = ", ".join(columns) or "*"
    rows: list[dict[str, Any]] = store.read(f"select {names} from {table} order by all").to_pylist()  # noqa: S608
    return rows


def versions(store: Store, *columns: str) -> list[tuple[Any, ...]]:
    """Columns of all versions of cases, by key and version."""
    names = ", ".join(columns)
    rows = store.read(f"select {names} from case_version order by case_id, version")  # noqa: S608
    return [tuple(row.values()) for row in rows.to_pylist()]
