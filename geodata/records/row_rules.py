"""What a row of any kind must say to be taken: days of the epidemic, somebody or somewhere."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import pyarrow as pa

from geodata.calendar import day_number, day_numbers
from geodata.records.kinds import Kind
from geodata.records.parsing.cells import valid
from geodata.records.parsing.findings import Findings

_EARLIEST: Final = day_number(date(2019, 12, 1))


def check_days(columns: Mapping[str, pa.Array], kind: Kind, today: date, found: Findings) -> None:
    """No day before the epidemic, none after today."""
    limit = day_number(today)
    for field in kind.fields:
        if field.form != "date":
            continue
        days, known = day_numbers(columns[field.name]), valid(columns[field.name])
        found.reject("date-too-early", field.name, known & (days < _EARLIEST))
        if field.name not in kind.dates_ahead:
            found.reject("date-in-future", field.name, known & (days > limit))


def check_identity(
    columns: Mapping[str, pa.Array], persons: pa.Array, kind: Kind, found: Findings
) -> None:
    """Something must say who or where."""
    some = valid(persons)
    for name in (kind.key, "nik", "kk", "address", "kelurahan", "lon"):
        some = some | valid(columns[name])
    found.reject("no-identity", "", ~some)
