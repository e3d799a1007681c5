"""Places of the portal: hospitals, puskesmas, isolation sites, vaccination centres, posts."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.kinds.model import WHERE, Field, Kind, Statements
from geodata.records.parsing.cells import mask
from geodata.records.parsing.comparing import before, unsaid
from geodata.records.parsing.findings import Findings
from geodata.records.parsing.points import IMPOSSIBLE, readings_with

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
    _raw: Mapping[str, pa.Array], columns: dict[str, pa.Array], found: Findings
) -> None:
    # A person counts by the address too; a place is where it is said to lie.
    hit = readings_with(columns["point_reading"], frozenset([IMPOSSIBLE]))
    found.reject("coordinates-impossible", "lon", hit)


def _check(columns: dict[str, pa.Array], today: date, found: Findings) -> None:
    """Rules of a place."""
    found.reject("name-missing", "name", unsaid(columns, "name", found))
    found.reject("place-kind-missing", "place_kind", unsaid(columns, "place_kind", found))
    # A day's grace: the city's own day begins before UTC's.
    limit = pa.scalar(datetime.combine(today + timedelta(days=2), time()), pa.timestamp("us"))
    found.reject("date-in-future", "updated_at", mask(pc.greater(columns["updated_at"], limit)))
    found.warn("over-capacity", "in_use", before(columns["capacity"], columns["in_use"]))


KIND: Final = Kind(
    name="places",
    key="place_id",
    fields=(
        Field("place_id", "id"),
        Field("place_kind", "word"),
        Field("name", "text"),
        *WHERE,
        Field("capacity", "count"),
        Field("in_use", "count"),
        Field("stock", "stock"),
        Field("hours", "text"),
        Field("contact", "contact"),
        Field("updated_at", "moment"),
    ),
    needed=("name",),
    always=("place_kind", "name"),
    answered_later=("name-missing", "place-kind-missing"),
    named_by=("place_kind", "name", "kelurahan"),
    listed_by=("updated_at",),
    check=_check,
    check_rows=_check_rows,
    sql=_STATEMENTS,
)
