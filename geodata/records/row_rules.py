"""Checks for rows of every kind: dates within the epidemic, and a person or a place."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import pyarrow as pa

from geodata.calendar import day_number, day_numbers
from geodata.records.kinds import Kind
from geodata.records.parsing.cells import valid
from geodata.records.parsing.findings import Findings

_FIRST_DAY: Final = day_number(date(2019, 12, 1))


def check_days(
    columns: Mapping[str, pa.Array], kind: Kind, today: date, findings: Findings
) -> None:
    """Reject dates before the epidemic and after today."""
    limit = day_number(today)
    for field in kind.fields:
        if field.form != "date":
            continue
        days, is_known = day_numbers(columns[field.name]), valid(columns[field.name])
        findings.reject("date-too-early", field.name, is_known & (days < _FIRST_DAY))
        if field.name not in kind.future_dates:
            findings.reject("date-in-future", field.name, is_known & (days > limit))


def check_identity(
    columns: Mapping[str, pa.Array], persons: pa.Array, kind: Kind, findings: Findings
) -> None:
    """Reject rows that identify neither a person nor a place."""
    has_identity = valid(persons)
    for name in (kind.key, "nik", "kk", "address", "kelurahan", "lon"):
        has_identity = has_identity | valid(columns[name])
    findings.reject("no-identity", "", ~has_identity)
