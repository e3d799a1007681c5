"""Indicators of the portal: a number for an area and a day, such as doses, beds, parcels."""

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.indicator_names import is_never_negative
from geodata.records.kinds.model import Field, Kind, Statements
from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.comparing import missing_values
from geodata.records.parsing.findings import Findings

_AREA_FIELDS: Final = ("area", "kelurahan", "kecamatan")
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
    # Sorted by recording: the last of two values for an area and a day counts.
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


def _check(columns: dict[str, pa.Array], _today: date, findings: Findings) -> None:
    """Check an indicator: name, area, day and value."""
    findings.reject(
        "indicator-missing", "indicator", missing_values(columns, "indicator", findings)
    )
    without_area = ~valid(pc.coalesce(*(columns[name] for name in _AREA_FIELDS)))
    findings.reject("area-missing", "area", without_area)
    findings.reject("day-missing", "date", missing_values(columns, "date", findings))
    findings.reject("value-missing", "value", missing_values(columns, "value", findings))
    negative_rows = np.flatnonzero(mask(pc.less(columns["value"], 0)))
    impossible = np.zeros(len(columns["value"]), dtype=bool)
    for row in negative_rows:
        name, unit = (columns[column][row].as_py() for column in ("indicator", "unit"))
        impossible[row] = name is not None and is_never_negative(name, unit)
    findings.reject("count-negative", "value", impossible)


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
    required=("indicator", "date", "value"),
    deferred_reasons=("value-missing",),
    natural_key=("indicator", *_AREA_FIELDS, "date"),
    list_dates=("date",),
    merged_together=_AREA_FIELDS,
    check=_check,
    sql=_STATEMENTS,
)
