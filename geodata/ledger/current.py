"""The newest versions of records: as known now, or as known at a moment that has passed."""

from datetime import datetime
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from geodata.store import Reads

_NEWEST: Final = {
    "cases": """
select distinct on (case_id) * from case_version
where recorded_at <= $1 or batch = $2 order by case_id, version desc
""",
    "newcomers": """
select distinct on (newcomer_id) * from newcomer_version
where recorded_at <= $1 or batch = $2 order by newcomer_id, version desc
""",
    "places": """
select distinct on (place_id) * from place_version
where recorded_at <= $1 or batch = $2 order by place_id, version desc
""",
    "indicators": """
select distinct on (indicator_id) * from indicator_version
where recorded_at <= $1 or batch = $2 order by indicator_id, version desc
""",
}
# A double is not counted while the case that stands in its place is counted.
_CASES: Final = """
with newest as (select distinct on (case_id) * from case_version where recorded_at <= $1
                order by case_id, version desc)
select case_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw, kelurahan,
       kecamatan, lon, lat, point_reading, non_resident, status, confirmed_on, onset_on,
       specimen_on, reported_on, outcome, outcome_on, house,
       case when exists (select 1 from newest as counted
                         where counted.case_id = newest.double_of
                           and counted.withdrawn is not true
                           and (counted.status = 'confirmed' or newest.status <> 'confirmed'))
            then double_of end as double_of
from newest
where withdrawn is not true
order by case_id
"""
_CURRENT_NEWCOMERS: Final = """
select newcomer_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw, kelurahan,
       kecamatan, lon, lat, point_reading, non_resident, origin, arrived_on, quarantine_until,
       tested_on, test_result, left_on, health_letter, origin_risk, reported_by
from (select distinct on (newcomer_id) * from newcomer_version where recorded_at <= $1
      order by newcomer_id, version desc) as newest
where withdrawn is not true
order by newcomer_id
"""
_STAMP: Final = """
select count(*) as versions, max(recorded_at) as newest from case_version where recorded_at <= $1
"""
_EVER: Final = datetime.max  # noqa: DTZ901  (the tables keep UTC without a zone)


class CasesStamp(NamedTuple):
    """How many versions of cases there are, and when the newest was recorded.

    Two equal stamps are the same cases.
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
    return reads.read(_NEWEST[kind], known_at or _EVER, batch or "")


def current_cases(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """The newest version of every case that is not withdrawn and no double, by ``case_id``.

    A double is a second record of a case, see `zoning.records.doubles`.

    Parameters
    ----------
    known_at
        As known at that moment (UTC, without a zone); now where not given.
    """
    every = cases_and_doubles(reads, known_at)
    return every.filter(pc.is_null(every["double_of"])).drop_columns(["double_of"])


def cases_and_doubles(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """`current_cases` and the doubles, which are counted nowhere.

    ``double_of`` is the case that is counted in place of a double; null for all others.
    """
    return reads.read(_CASES, known_at or _EVER)


def current_newcomers(reads: Reads, known_at: datetime | None = None) -> pa.Table:
    """The newest version of every newcomer that is not withdrawn; see `current_cases`."""
    return reads.read(_CURRENT_NEWCOMERS, known_at or _EVER)


def cases_stamp(reads: Reads, known_at: datetime | None = None) -> CasesStamp:
    """The stamp of the cases that `current_cases` gives, without reading them."""
    return CasesStamp(**reads.read(_STAMP, known_at or _EVER).to_pylist()[0])
