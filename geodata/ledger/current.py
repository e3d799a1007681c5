"""The newest versions of records: as known now, or as known at a past moment."""

from datetime import datetime
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from geodata.calendar import FOR_EVER
from geodata.records import CASES, KINDS, NEWCOMERS
from geodata.store import Reads


class VersionsStamp(NamedTuple):
    """Number of versions of a kind, and the moment of the newest version.

    Equal stamps mean the same records.
    """

    versions: int
    newest: datetime | None


def newest_versions(
    reads: Reads, kind: str, *, known_at: datetime | None = None, batch: str | None = None
) -> pa.Table:
    """The newest version of every record of a kind, withdrawn records included.

    Parameters
    ----------
    known_at
        Moment (UTC, without a zone); None means now.
    batch
        The versions of this batch count even if they are newer than `known_at`.
    """
    return reads.read(KINDS[kind].sql.newest, known_at or FOR_EVER, batch or "")


def current_records(reads: Reads, kind: str, known_at: datetime | None = None) -> pa.Table:
    """The records in force: the newest versions, without withdrawn records and doubles.

    A double is a second record of a case, see `geodata.ledger.doubles`.

    Parameters
    ----------
    known_at
        Moment (UTC, without a zone); None means now.
    """
    if not KINDS[kind].episodes:
        return reads.read(KINDS[kind].sql.current, known_at or FOR_EVER)
    records = cases_and_doubles(reads, known_at)
    return records.filter(pc.is_null(records["double_of"])).drop_columns(["double_of"])


def current_cases(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """The cases in force, by ``case_id``; see `current_records`."""
    return current_records(reads, CASES.name, known_at)


def cases_and_doubles(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """`current_cases` together with the doubles, which no count includes.

    ``double_of`` is the case that is counted in place of a double; null for all other cases.
    """
    return reads.read(CASES.sql.current, known_at or FOR_EVER)


def current_newcomers(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """The newcomers in force, by ``newcomer_id``; see `current_records`."""
    return current_records(reads, NEWCOMERS.name, known_at)


def versions_stamp(reads: Reads, kind: str, known_at: datetime | None = None) -> VersionsStamp:
    """The stamp of the records that `current_records` gives, without reading them."""
    return VersionsStamp(**reads.read(KINDS[kind].sql.stamp, known_at or FOR_EVER).to_pylist()[0])
