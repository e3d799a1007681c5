"""Records: fields of cases, newcomers, places and indicators, and the check of every row.

This package knows cells, words, dates and keys. `zoning.placing` knows the RT of a record.
"""

from geodata.records.checks import (
    CheckedSheet,
    Rejection,
    check_merged,
    check_sheet,
    reject_records,
)
from geodata.records.kinds import (
    CASES,
    INDICATORS,
    KINDS,
    NEWCOMERS,
    PLACES,
    Field,
    Kind,
    find_kind,
    person_kinds,
)

__all__ = [
    "CASES",
    "INDICATORS",
    "KINDS",
    "NEWCOMERS",
    "PLACES",
    "CheckedSheet",
    "Field",
    "Kind",
    "Rejection",
    "check_merged",
    "check_sheet",
    "find_kind",
    "person_kinds",
    "reject_records",
]
