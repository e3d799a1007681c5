"""Places of the portal: hospitals, puskesmas, isolation sites, vaccination centres, posts."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.kinds.model import LOCATION_FIELDS, Field, Kind, Statements
from geodata.records.parsing.cells import mask
from geodata.records.parsing.comparing import is_less, missing_values
from geodata.records.parsing.findings import Findings
from geodata.records.parsing.points import IMPOSSIBLE, rows_with_words

_STATEMENTS: Final = Statements(
    append="""
insert into place_version (place_id, version, batch, recorded_at, digest, place_kind, name, address,
    rt, rw, kelurahan, kecamatan, lon, lat, point_reading, capacity, in_use, stock, hours, contact,
    updated_at, withdrawn)
select place_id, version, batch, recorded_at, digest, place_kind, name, address, rt, rw, kelurahan,
    kecamatan, lon, lat, point_reading, capacity, in_use, stock, hours, contact, updated_at,
    withdrawn
from stage order by place_id, version
""",
    newest="""
select distinct on (place_id) * from place_version
where recorded_at <= $1 or batch = $2 order by place_id, version desc
""",
    current="""
select place_id, place_kind as kind, name, address, rt, rw, kelurahan, kecamatan, lon, lat,
       point_reading, capacity, in_use, stock, hours, contact,
       coalesce(updated_at, recorded_at) as updated_at
from (select distinct on (place_id) * from place_version where recorded_at <= $1
      order by place_id, version desc) as newest
where withdrawn is not true
order by place_id
""",
    stamp="""
select count(*) as versions, max(recorded_at) as newest from place_version where recorded_at <= $1
""",
    keys="select distinct place_id as key from place_version",
    history="""
select v.*, b.source from place_version v left join batch b on b.batch = v.batch
where v.place_id = $1 order by v.version
""",
)


def _check_rows(
    _texts: Mapping[str, pa.Array], columns: dict[str, pa.Array], findings: Findings
) -> None:
    # A person can be placed by the address; a place needs correct coordinates.
    impossible = rows_with_words(columns["point_reading"], frozenset([IMPOSSIBLE]))
    findings.reject("coordinates-impossible", "lon", impossible)


def _check(columns: dict[str, pa.Array], today: date, findings: Findings) -> None:
    """Check a place."""
    findings.reject("name-missing", "name", missing_values(columns, "name", findings))
    findings.reject(
        "place-kind-missing", "place_kind", missing_values(columns, "place_kind", findings)
    )
    # One more day, since the day of the city begins before the UTC day.
    limit = pa.scalar(datetime.combine(today + timedelta(days=2), time()), pa.timestamp("us"))
    findings.reject("date-in-future", "updated_at", mask(pc.greater(columns["updated_at"], limit)))
    findings.warn("over-capacity", "in_use", is_less(columns["capacity"], columns["in_use"]))


KIND: Final = Kind(
    name="places",
    key="place_id",
    fields=(
        Field("place_id", "id"),
        Field("place_kind", "word"),
        Field("name", "text"),
        *LOCATION_FIELDS,
        Field("capacity", "count"),
        Field("in_use", "count"),
        Field("stock", "stock"),
        Field("hours", "text"),
        Field("contact", "contact"),
        Field("updated_at", "moment"),
    ),
    needed=("name",),
    required=("place_kind", "name"),
    deferred_reasons=("name-missing", "place-kind-missing"),
    natural_key=("place_kind", "name", "kelurahan"),
    list_dates=("updated_at",),
    check=_check,
    check_rows=_check_rows,
    sql=_STATEMENTS,
)
