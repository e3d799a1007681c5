"""Cases: people with confirmed, possible or excluded illness, their homes, and their dates."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.calendar import day_numbers
from geodata.records.kinds.model import PERSON_FIELDS, ErasingStatements, Field, Kind, Statements
from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.comparing import is_less, missing_values
from geodata.records.parsing.findings import Findings, Mask

_MAX_INCUBATION_DAYS: Final = 14
"""Longest time from infection to symptoms (WHO; KMK 413/2020 has this quarantine for contacts).
A person who is tested before the symptoms falls ill within these days; a later onset belongs to
another date."""
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
    # A double is not counted while the case in its place is counted.
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
    texts: Mapping[str, pa.Array], columns: dict[str, pa.Array], findings: Findings
) -> None:
    """In a file without statuses, assume that a row with a date of confirmation is confirmed."""
    if texts["status"].null_count == len(texts["status"]):
        has_date = columns["confirmed_on"].is_valid()
        columns["status"] = pc.if_else(has_date, "confirmed", None)
        findings.warn("status-assumed", "status", mask(has_date))


def _check(columns: dict[str, pa.Array], _today: date, findings: Findings) -> None:
    """Check a case; fill a missing date of confirmation from the specimen or report."""
    findings.reject("status-missing", "status", missing_values(columns, "status", findings))
    findings.warn("withdrawn", "status", mask(pc.equal(columns["status"], "withdrawn")))
    confirmed = mask(pc.equal(columns["status"], "confirmed"))
    _fill_confirmation(columns, confirmed, findings)
    _check_order(columns, confirmed, findings)


def _fill_confirmation(columns: dict[str, pa.Array], confirmed: Mask, findings: Findings) -> None:
    is_missing = confirmed & missing_values(columns, "confirmed_on", findings)
    # A result is not older than its specimen and usually not much newer than its report.
    later_date = pc.max_element_wise(columns["specimen_on"], columns["reported_on"])
    filled = is_missing & valid(later_date)
    findings.warn("confirmed-on-assumed", "confirmed_on", filled)
    findings.reject("confirmed-on-missing", "confirmed_on", is_missing & ~filled)
    columns["confirmed_on"] = pc.if_else(pa.array(filled), later_date, columns["confirmed_on"])


def _check_order(columns: dict[str, pa.Array], confirmed: Mask, findings: Findings) -> None:
    outcome, outcome_on = columns["outcome"], columns["outcome_on"]
    has_outcome = valid(outcome)
    # Without an outcome, the date is the date of the last status.
    columns["outcome_on"] = outcome_on = pc.if_else(pa.array(has_outcome), outcome_on, None)
    findings.warn("outcome-without-date", "outcome_on", has_outcome & ~valid(outcome_on))
    died = mask(pc.equal(outcome, "died"))
    is_early = confirmed & is_less(outcome_on, columns["confirmed_on"])
    # A death may be confirmed after the burial; a recovery cannot precede the confirmation.
    findings.warn("outcome-before-confirmed", "outcome_on", is_early & died)
    findings.reject("dates-out-of-order", "outcome_on", is_early & ~died)
    outcome_before_onset = is_less(outcome_on, columns["onset_on"])
    findings.reject("dates-out-of-order", "onset_on", outcome_before_onset)
    specimen_is_late = confirmed & is_less(columns["confirmed_on"], columns["specimen_on"])
    findings.warn("specimen-after-confirmed", "specimen_on", specimen_is_late)
    days_after_confirmation = day_numbers(columns["onset_on"]).astype(np.int64) - day_numbers(
        columns["confirmed_on"]
    )
    has_both = valid(columns["onset_on"]) & valid(columns["confirmed_on"])
    findings.warn(
        "onset-after-confirmed",
        "onset_on",
        confirmed & has_both & (days_after_confirmation > _MAX_INCUBATION_DAYS),
    )


KIND: Final = Kind(
    name="cases",
    key="case_id",
    fields=(
        Field("case_id", "id"),
        *PERSON_FIELDS,
        Field("status", "word"),
        Field("confirmed_on", "date"),
        Field("onset_on", "date"),
        Field("specimen_on", "date"),
        Field("reported_on", "date"),
        Field("outcome", "word"),
        Field("outcome_on", "date"),
    ),
    needed=("status", "confirmed_on", "outcome", "outcome_on"),
    required=("status",),
    deferred_reasons=("status-missing", "confirmed-on-missing"),
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
    internal_columns=(("double_of", pa.string()), ("house", pa.string())),
    check=_check,
    check_rows=_assume_status,
    sql=_STATEMENTS,
    erasing=_ERASING,
)
