"""The audit log: who read or wrote records, when, and how many; without persons of the records."""

from typing import Final, Literal

import pyarrow as pa

from geodata.store import Store

_ADD: Final = "insert into audit (noted_at, who, action, what, records) values ($1, $2, $3, $4, $5)"
_LINES: Final = "select noted_at, who, action, what, records from audit order by noted_at"


def add_audit_line(
    store: Store, *, who: str, action: Literal["read", "write"], what: str, records: int
) -> None:
    """Add a line.

    Parameters
    ----------
    who
        A role, never a name.
    what
        The path; no value of a record.
    records
        Number of records that were disclosed or accepted.
    """
    with store.transaction() as work:
        work.execute(_ADD, work.moment, who, action, what, records)


def audit_lines(store: Store) -> pa.Table:
    """Every line, oldest first: ``noted_at, who, action, what, records``."""
    return store.read(_LINES)
