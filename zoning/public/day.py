"""The public part of a published day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from geodata.runs import RunData

_ZONES: Final = ["code", "risk"]


@dataclass(frozen=True, eq=False)
class PublicDay(RunData):
    """The colours of one published day. Two days are equal if their runs are equal.

    Attributes
    ----------
    of
        The run. Its id is the public id, computed only from public values
        (`geodata.public_runs`).
    zones
        ``code, risk`` of every zone above the lowest class, by code.
    known_at
        The moment as of which the day was requested (UTC, without a zone); None for now.

    Raises
    ------
    ValueError
        If `zones` has other columns (a count), or a zone of the lowest class.
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
