"""A published day as everyone may know it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from geodata.runs import OfRun

_ZONES: Final = ["code", "risk"]


@dataclass(frozen=True, eq=False)
class PublicDay(OfRun):
    """The colours of one published day. Equal to another of the same run.

    Attributes
    ----------
    of
        Its run. The id of the run is the public one, computed from what is public alone
        (`geodata.public_runs`).
    zones
        ``code, risk`` of every RT above the lowest class, by code.
    known_at
        The moment as of which it was asked for (UTC, without a zone); None for now.

    Raises
    ------
    ValueError
        If `zones` holds anything else: a count, or a zone without a colour.
    """

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
