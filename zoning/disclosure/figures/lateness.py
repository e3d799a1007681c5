"""How late a city's reports are: after how many days the figures of a day are usually complete.

Computed from the city's own past with `zoning.zones.growth`. Only a number of days leaves this
module.
"""

from datetime import datetime
from typing import Final

import numpy as np

from geodata.store import Reads
from zoning.public.figures import FigureName
from zoning.zones.growth import Event, growth

LONGEST_DELAY: Final = 14
"""Days after which every figure counts as complete; as in `zoning.days.nightly.LATE_DAYS`."""
COMPLETE_SHARE: Final = 0.95
"""A day is usually complete if this share of its persons is known."""
_FEWEST_PERSONS: Final = 100
"""With fewer persons in the past, one person would change the number of days."""
EVENTS: Final[dict[FigureName, Event]] = {
    "cases": "confirmed",
    "recovered": "recovered",
    "deaths": "died",
}
"""The event that each daily figure counts."""


def usual_delay(reads: Reads, event: Event, known_at: datetime | None) -> int:
    """Days after which a day's events are usually all known; `LONGEST_DELAY` if nobody knows.

    The share may also fall, because cases are withdrawn: the delay is the first from which on it
    never falls below `COMPLETE_SHARE`.
    """
    triangle, share = growth(reads, longest=LONGEST_DELAY, known_at=known_at, event=event)
    n_persons = triangle[LONGEST_DELAY].sum() if len(triangle) else 0
    if n_persons < _FEWEST_PERSONS:
        return LONGEST_DELAY
    incomplete = np.flatnonzero(~(share.to_numpy() >= COMPLETE_SHARE))
    return int(incomplete[-1]) + 1 if len(incomplete) else 0
