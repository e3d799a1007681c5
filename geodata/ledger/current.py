"""The newest versions of records: as known now, or as known at a moment that has passed."""

from datetime import datetime
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from geodata.calendar import FOR_EVER
from geodata.records import CASES, KINDS, NEWCOMERS
from geodata.store import Reads


class VersionsStamp(NamedTuple):
    """How many versions of a kind there are, and when the newest was recorded.

    Two equal stamps are the same records.
    """

    versions: int
    newest: datetime | None


def newest_versions(
    reads: Reads, kind: str, *, known_at: datetime | None = None, batch: str | None = None
) -> pa.Table:
    """The newest version of every record of a kind, withdrawn ones too.

    Parameters
    ----------
    known_at
        As known at that moment (UTC, without a zone); now where not given.
    batch
        Versions that this batch brought count whenever they came.
    """
    return reads.read(KINDS[kind].sql.newest, known_at or FOR_EVER, batch or "")


def current_records(reads: Reads, kind: str, known_at: datetime | None = None) -> pa.Table:
    """The records in force: the newest version of each that is not withdrawn and no double.

    A double is a second record of a case, see `geodata.ledger.doubles`.

    Parameters
    ----------
    known_at
        As known at that moment (UTC, without a zone); now where not given.
    """
    if not KINDS[kind].episodes:
        return reads.read(KINDS[kind].sql.current, known_at or FOR_EVER)
    every = cases_and_doubles(reads, known_at)
    return every.filter(pc.is_null(every["double_of"])).drop_columns(["double_of"])


def current_cases(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """The cases in force, by ``case_id``; see `current_records`."""
    return current_records(reads, CASES.name, known_at)


def cases_and_doubles(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """`current_cases` and the doubles, which are counted nowhere.

    ``double_of`` is the case that is counted in place of a double; null for all others.
    """
    return reads.read(CASES.sql.current, known_at or FOR_EVER)


def current_newcomers(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """The newcomers in force, by ``newcomer_id``; see `current_records`."""
    return current_records(reads, NEWCOMERS.name, known_at)


def versions_stamp(reads: Reads, kind: str, known_at: datetime | None = None) -> VersionsStamp:
    """The stamp of the records that `current_records` gives, without reading them."""
    return VersionsStamp(**reads.read(KINDS[kind].sql.stamp, known_at or FOR_EVER).to_pylist()[0])
