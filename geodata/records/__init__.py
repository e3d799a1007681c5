"""Records: fields of cases, newcomers, places and indicators, and the check of every row.

This package knows cells, words, dates and keys. `zoning.placing` knows the RT of a record.
"""

from geodata.records.checks import Checked, Turned, check, judge, turn_away
from geodata.records.kinds import (
    CASES,
    INDICATORS,
    KINDS,
    NEWCOMERS,
    PLACES,
    Field,
    Kind,
    kind_of,
    kinds_of_persons,
)

__all__ = [
    "CASES",
    "INDICATORS",
    "KINDS",
    "NEWCOMERS",
    "PLACES",
    "Checked",
    "Field",
    "Kind",
    "Turned",
    "check",
    "judge",
    "kind_of",
    "kinds_of_persons",
    "turn_away",
]
