"""Indicators of the portal: one number of an area and a day, such as doses, beds, parcels."""

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.indicator_names import never_negative
from geodata.records.kinds.model import Field, Kind, Statements
from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.comparing import unsaid
from geodata.records.parsing.findings import Findings

_AREA: Final = ("area", "kelurahan", "kecamatan")
_STATEMENTS: Final = Statements(
    append="""
insert into indicator_version (indicator_id, version, batch, recorded_at, digest, indicator, area,
    kelurahan, kecamatan, date, value, unit, withdrawn)
select indicator_id, version, batch, recorded_at, digest, indicator, area, kelurahan, kecamatan,
    date, value, unit, withdrawn
from stage order by indicator_id, version
""",
    newest="""
select distinct on (indicator_id) * from indicator_version
where recorded_at <= $1 or batch = $2 order by indicator_id, version desc
""",
    # In the order of their recording: of two figures of one area and day the last counts.
    current="""
select indicator, area, kelurahan, kecamatan, date, value, unit, recorded_at
from (select distinct on (indicator_id) * from indicator_version where recorded_at <= $1
      order by indicator_id, version desc) as newest
where withdrawn is not true
order by recorded_at, indicator_id
""",
    stamp="""
select count(*) as versions, max(recorded_at) as newest from indicator_version
where recorded_at <= $1
""",
    keys="select distinct indicator_id as key from indicator_version",
    history="""
select v.*, b.source from indicator_version v left join batch b on b.batch = v.batch
where v.indicator_id = $1 order by v.version
""",
)


def _check(columns: dict[str, pa.Array], _today: date, found: Findings) -> None:
    """Rules of an indicator: what, where, when, how much."""
    found.reject("indicator-missing", "indicator", unsaid(columns, "indicator", found))
    nowhere = ~valid(pc.coalesce(*(columns[name] for name in _AREA)))
    found.reject("area-missing", "area", nowhere)
    found.reject("day-missing", "date", unsaid(columns, "date", found))
    found.reject("value-missing", "value", unsaid(columns, "value", found))
    below = np.flatnonzero(mask(pc.less(columns["value"], 0)))
    impossible = np.zeros(len(columns["value"]), dtype=bool)
    for row in below:
        name, unit = (columns[each][row].as_py() for each in ("indicator", "unit"))
        impossible[row] = name is not None and never_negative(name, unit)
    found.reject("count-negative", "value", impossible)


KIND: Final = Kind(
    name="indicators",
    key="indicator_id",
    fields=(
        Field("indicator_id", "id"),
        Field("indicator", "indicator"),
        Field("area", "area"),
        Field("kelurahan", "text"),
        Field("kecamatan", "text"),
        Field("date", "date"),
        Field("value", "number"),
        Field("unit", "text"),
    ),
    needed=("value",),
    always=("indicator", "date", "value"),
    answered_later=("value-missing",),
    named_by=("indicator", *_AREA, "date"),
    listed_by=("date",),
    said_whole=_AREA,
    check=_check,
    sql=_STATEMENTS,
)
