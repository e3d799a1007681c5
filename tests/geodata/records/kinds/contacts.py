"""A kind of records for tests: close contacts of cases, with the migration of its table."""

from datetime import date
from typing import Final

import pyarrow as pa

from geodata.records.kinds.model import PERSON_FIELDS, ErasingStatements, Field, Kind, Statements
from geodata.records.parsing.comparing import missing_values
from geodata.records.parsing.findings import Findings

MIGRATION: Final = """
create table contact_version (
    contact_id    text not null,
    version       bigint not null,
    batch         text not null,
    recorded_at   timestamp not null,
    digest        text not null,
    nik           text, kk text, address text,
    rt            bigint, rw bigint, kelurahan text, kecamatan text,
    lon           double precision, lat double precision, point_reading text,
    non_resident  boolean, withdrawn boolean, person text,
    traced_on     date not null,
    remark        text,
    primary key (contact_id, version)
)
"""
_STATEMENTS: Final = Statements(
    append="""
insert into contact_version (contact_id, version, batch, recorded_at, digest, nik, kk, address,
    rt, rw, kelurahan, kecamatan, lon, lat, point_reading, non_resident, withdrawn, person,
    traced_on, remark)
select contact_id, version, batch, recorded_at, digest, nik, kk, address, rt, rw, kelurahan,
    kecamatan, lon, lat, point_reading, non_resident, withdrawn, person, traced_on, remark
from stage order by contact_id, version
""",
    newest="""
select distinct on (contact_id) * from contact_version
where recorded_at <= $1 or batch = $2 order by contact_id, version desc
""",
    current="""
select * from (select distinct on (contact_id) * from contact_version where recorded_at <= $1
               order by contact_id, version desc) as newest
where withdrawn is not true order by contact_id
""",
    stamp="""
select count(*) as versions, max(recorded_at) as newest from contact_version
where recorded_at <= $1
""",
    keys="select distinct contact_id as key from contact_version",
    history="""
select v.*, b.source from contact_version v left join batch b on b.batch = v.batch
where v.contact_id = $1 order by v.version
""",
)
_ERASING: Final = ErasingStatements(
    keys_of_persons="""
select distinct contact_id as key from contact_version where nik = any($1) order by 1
""",
    persons_of_keys="""
select distinct nik from contact_version where contact_id = any($1) and nik is not null
""",
    versions="""
select * from contact_version where contact_id = any($1) order by contact_id, version
""",
    replace="""
update contact_version as v set contact_id = stage.new_key, digest = stage.digest, nik = null,
    kk = null, address = null, rt = stage.rt, rw = stage.rw, kelurahan = stage.kelurahan,
    kecamatan = stage.kecamatan, lon = stage.lon, lat = stage.lat, point_reading = null,
    person = null, remark = null
from stage where v.contact_id = stage.old_key and v.version = stage.version
""",
)


def _check(columns: dict[str, pa.Array], _today: date, findings: Findings) -> None:
    findings.reject("day-missing", "traced_on", missing_values(columns, "traced_on", findings))


KIND: Final = Kind(
    name="contacts",
    key="contact_id",
    fields=(
        Field("contact_id", "id"),
        *PERSON_FIELDS,
        Field("traced_on", "date"),
        Field("remark", "text"),
    ),
    needed=("traced_on",),
    deferred_reasons=("day-missing",),
    dates=("traced_on",),
    check=_check,
    sql=_STATEMENTS,
    erasing=_ERASING,
)
