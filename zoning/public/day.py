"""A published day as everyone may know it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from zoning.rules import rule_in_force

_ZONES: Final = ["code", "risk"]


@dataclass(frozen=True, eq=False)
class PublicDay:
    """The colours of one published day. Equal to another of the same run.

    Attributes
    ----------
    date, run, rule, boundaries
        The day, the public id of its run, and the ids of its rule and boundaries. The public id is
        computed from what is public alone (`geodata.public_runs`).
    green, yellow, orange, red
        How many RT have each colour.
    zones
        ``code, risk`` of every RT that is yellow, orange or red, by code.
    known_at
        The moment as of which it was asked for (UTC, without a zone); None for now.

    Raises
    ------
    ValueError
        If `zones` holds anything else: a count, or a zone without a colour.
    """

    date: date
    run: str
    rule: str
    boundaries: str
    green: int
    yellow: int
    orange: int
    red: int
    zones: pa.Table
    known_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.zones.column_names != _ZONES:
            raise ValueError("the zones of a public day are code and risk, and nothing else")
        if self.zones.num_rows and pc.min(self.zones["risk"]).as_py() <= 0:
            raise ValueError("the zones of a public day are those with a colour")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicDay) and self.run == other.run

    def __hash__(self) -> int:
        return hash(self.run)

    @property
    def retrospective(self) -> bool:
        """Whether no law coloured RT yet on that day."""
        return rule_in_force(self.date).retrospective
