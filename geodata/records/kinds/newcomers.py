"""Newcomers: people who arrived from elsewhere, their homes, and their quarantine."""

from datetime import date
from typing import Final

import pyarrow as pa

from geodata.records.kinds.model import PERSON_FIELDS, ErasingStatements, Field, Kind, Statements
from geodata.records.parsing.comparing import is_less, missing_values
from geodata.records.parsing.findings import Findings

_STATEMENTS: Final = Statements(
    append="""
insert into newcomer_version (newcomer_id, version, batch, recorded_at, digest, nik, kk, address,
    rt, rw, kelurahan, kecamatan, lon, lat, point_reading, non_resident, origin, arrived_on,
    quarantine_until, tested_on, test_result, left_on, health_letter, origin_risk, reported_by,
    withdrawn, person)
select newcomer_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw, kelurahan,
    kecamatan, lon, lat, point_reading, non_resident, origin, arrived_on, quarantine_until,
    tested_on, test_result, left_on, health_letter, origin_risk, reported_by, withdrawn, person
from stage order by newcomer_id, version
""",
    newest="""
select distinct on (newcomer_id) * from newcomer_version
where recorded_at <= $1 or batch = $2 order by newcomer_id, version desc
""",
    current="""
select newcomer_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw, kelurahan,
       kecamatan, lon, lat, point_reading, non_resident, origin, arrived_on, quarantine_until,
       tested_on, test_result, left_on, health_letter, origin_risk, reported_by
from (select distinct on (newcomer_id) * from newcomer_version where recorded_at <= $1
      order by newcomer_id, version desc) as newest
where withdrawn is not true
order by newcomer_id
""",
    stamp="""
select count(*) as versions, max(recorded_at) as newest from newcomer_version
where recorded_at <= $1
""",
    keys="select distinct newcomer_id as key from newcomer_version",
    history="""
select v.*, b.source from newcomer_version v left join batch b on b.batch = v.batch
where v.newcomer_id = $1 order by v.version
""",
)
_ERASING: Final = ErasingStatements(
    keys_of_persons="""
select distinct newcomer_id as key from newcomer_version where nik = any($1) order by 1
""",
    persons_of_keys="""
select distinct nik from newcomer_version where newcomer_id = any($1) and nik is not null
""",
    versions="""
select * from newcomer_version where newcomer_id = any($1) order by newcomer_id, version
""",
    replace="""
update newcomer_version as v set newcomer_id = stage.new_key, digest = stage.digest, nik = null,
    kk = null, address = null, rt = stage.rt, rw = stage.rw, kelurahan = stage.kelurahan,
    kecamatan = stage.kecamatan, lon = stage.lon, lat = stage.lat, point_reading = null,
    origin = null, person = null
from stage where v.newcomer_id = stage.old_key and v.version = stage.version
""",
)


def _check(columns: dict[str, pa.Array], _today: date, findings: Findings) -> None:
    """Check a newcomer."""
    findings.reject(
        "arrived-on-missing", "arrived_on", missing_values(columns, "arrived_on", findings)
    )
    ends_before_arrival = is_less(columns["quarantine_until"], columns["arrived_on"])
    findings.reject("dates-out-of-order", "quarantine_until", ends_before_arrival)
    left_before_arrival = is_less(columns["left_on"], columns["arrived_on"])
    findings.reject("dates-out-of-order", "left_on", left_before_arrival)


KIND: Final = Kind(
    name="newcomers",
    key="newcomer_id",
    fields=(
        Field("newcomer_id", "id"),
        *PERSON_FIELDS,
        Field("origin", "text"),
        Field("arrived_on", "date"),
        Field("quarantine_until", "date"),
        Field("tested_on", "date"),
        Field("test_result", "word"),
        Field("left_on", "date"),
        Field("health_letter", "word"),
        Field("origin_risk", "word"),
        Field("reported_by", "word"),
    ),
    needed=("arrived_on",),
    deferred_reasons=("arrived-on-missing",),
    dates=("arrived_on",),
    future_dates=("quarantine_until",),
    check=_check,
    sql=_STATEMENTS,
    erasing=_ERASING,
)
