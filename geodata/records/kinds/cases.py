"""Cases: who is or may be ill, where they live, and the days of their episode."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.calendar import day_numbers
from geodata.records.kinds.model import WHO_AND_WHERE, ErasingStatements, Field, Kind, Statements
from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.comparing import before, unsaid
from geodata.records.parsing.findings import Findings, Mask

_INCUBATION: Final = 14
"""Days from infection to symptoms at the most (WHO; KMK 413/2020 quarantines contacts as long).
Who is found by a test before they fall ill falls ill within them; later it is another date."""
_STATEMENTS: Final = Statements(
    append="""
insert into case_version (case_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw,
    kelurahan, kecamatan, lon, lat, point_reading, non_resident, status, confirmed_on, onset_on,
    specimen_on, reported_on, outcome, outcome_on, withdrawn, person, double_of, house)
select case_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw, kelurahan,
    kecamatan, lon, lat, point_reading, non_resident, status, confirmed_on, onset_on, specimen_on,
    reported_on, outcome, outcome_on, withdrawn, person, double_of, house
from stage order by case_id, version
""",
    newest="""
select distinct on (case_id) * from case_version
where recorded_at <= $1 or batch = $2 order by case_id, version desc
""",
    # A double is not counted while the case that stands in its place is counted.
    current="""
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
""",
    stamp="""
select count(*) as versions, max(recorded_at) as newest from case_version where recorded_at <= $1
""",
    keys="select distinct case_id as key from case_version",
    history="""
select v.*, b.source from case_version v left join batch b on b.batch = v.batch
where v.case_id = $1 order by v.version
""",
)
_ERASING: Final = ErasingStatements(
    keys_of_persons="""
select distinct case_id as key from case_version where nik = any($1) order by 1
""",
    persons_of_keys="""
select distinct nik from case_version where case_id = any($1) and nik is not null
""",
    versions="select * from case_version where case_id = any($1) order by case_id, version",
    replace="""
update case_version as v set case_id = stage.new_key, digest = stage.digest, nik = null,
    kk = null, address = null, rt = stage.rt, rw = stage.rw, kelurahan = stage.kelurahan,
    kecamatan = stage.kecamatan, lon = stage.lon, lat = stage.lat, point_reading = null,
    house = stage.house, person = null
from stage where v.case_id = stage.old_key and v.version = stage.version
""",
)


def _assume_status(
    raw: Mapping[str, pa.Array], columns: dict[str, pa.Array], found: Findings
) -> None:
    """In a file without a column of status, a row with a date of confirmation is confirmed."""
    if raw["status"].null_count == len(raw["status"]):
        given = columns["confirmed_on"].is_valid()
        columns["status"] = pc.if_else(given, "confirmed", None)
        found.warn("status-assumed", "status", mask(given))


def _check(columns: dict[str, pa.Array], _today: date, found: Findings) -> None:
    """Rules of a case; fills the date of confirmation where another date stands in for it."""
    found.reject("status-missing", "status", unsaid(columns, "status", found))
    found.warn("withdrawn", "status", mask(pc.equal(columns["status"], "withdrawn")))
    confirmed = mask(pc.equal(columns["status"], "confirmed"))
    _fill_confirmation(columns, confirmed, found)
    _check_order(columns, confirmed, found)


def _fill_confirmation(columns: dict[str, pa.Array], confirmed: Mask, found: Findings) -> None:
    lacking = confirmed & unsaid(columns, "confirmed_on", found)
    # A result comes neither before its specimen nor, as a rule, long after its report.
    best = pc.max_element_wise(columns["specimen_on"], columns["reported_on"])
    filled = lacking & valid(best)
    found.warn("confirmed-on-assumed", "confirmed_on", filled)
    found.reject("confirmed-on-missing", "confirmed_on", lacking & ~filled)
    columns["confirmed_on"] = pc.if_else(pa.array(filled), best, columns["confirmed_on"])


def _check_order(columns: dict[str, pa.Array], confirmed: Mask, found: Findings) -> None:
    outcome, ended = columns["outcome"], columns["outcome_on"]
    has_outcome = valid(outcome)
    # A date of the last status is no date of an outcome that has not come.
    columns["outcome_on"] = ended = pc.if_else(pa.array(has_outcome), ended, None)
    found.warn("outcome-without-date", "outcome_on", has_outcome & ~valid(ended))
    died = mask(pc.equal(outcome, "died"))
    early = confirmed & before(ended, columns["confirmed_on"])
    # Deaths are often confirmed after the burial; nobody recovers before being found ill.
    found.warn("outcome-before-confirmed", "outcome_on", early & died)
    found.reject("dates-out-of-order", "outcome_on", early & ~died)
    ill_later = before(ended, columns["onset_on"])
    found.reject("dates-out-of-order", "onset_on", ill_later)
    late = confirmed & before(columns["confirmed_on"], columns["specimen_on"])
    found.warn("specimen-after-confirmed", "specimen_on", late)
    later = day_numbers(columns["onset_on"]).astype(np.int64) - day_numbers(columns["confirmed_on"])
    both = valid(columns["onset_on"]) & valid(columns["confirmed_on"])
    found.warn("onset-after-confirmed", "onset_on", confirmed & both & (later > _INCUBATION))


KIND: Final = Kind(
    name="cases",
    key="case_id",
    fields=(
        Field("case_id", "id"),
        *WHO_AND_WHERE,
        Field("status", "word"),
        Field("confirmed_on", "date"),
        Field("onset_on", "date"),
        Field("specimen_on", "date"),
        Field("reported_on", "date"),
        Field("outcome", "word"),
        Field("outcome_on", "date"),
    ),
    needed=("status", "confirmed_on", "outcome", "outcome_on"),
    always=("status",),
    answered_later=("status-missing", "confirmed-on-missing"),
    dates=("confirmed_on", "specimen_on", "onset_on", "reported_on"),
    statuses=(
        "confirmed",
        "probable",
        "suspect",
        "contact",
        "discarded",
        "withdrawn",
        "double",
    ),
    episodes=True,
    own_columns=(("double_of", pa.string()), ("house", pa.string())),
    check=_check,
    check_rows=_assume_status,
    sql=_STATEMENTS,
    erasing=_ERASING,
)
