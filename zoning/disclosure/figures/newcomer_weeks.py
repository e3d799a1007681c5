"""Makes the public numbers of newcomers by week from the records of newcomers.

A newcomer counts once for each arrival, in the week of the arrival, Monday to Sunday. A kelurahan
has its newcomers with a known RT; the city has all its newcomers; people who stay in another city
are in no count.

The weeks begin with the first week, and end with the last week, whose range for a kota does not
reach zero. Before and after, nobody can tell few newcomers from a list that was not kept. The ends
depend on public ranges only, so they disclose nothing, and one wrong date does not move them.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.calendar import NO_DAY, day_number, day_numbers
from geodata.ledger.current import current_newcomers
from geodata.store import Reads
from zoning.disclosure.banding import band_width
from zoning.disclosure.figures.counts import AreaCounts, count_by_area, counted_areas
from zoning.disclosure.figures.lateness import usual_delay
from zoning.disclosure.figures.levels import Hierarchy, larger_areas, nested_ranges
from zoning.disclosure.figures.ranges import Ranges, exact_ranges, ranges_without_zero
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.public.figures import DAYS_OF_WEEK, FigureRange
from zoning.public.newcomer_weeks import NewcomerWeeks

Ints = NDArray[np.int64]
_FIRST_MONDAY: Final = date(1969, 12, 29)
"""Monday of week 0, the week of day 0."""


class KnownUntil(NamedTuple):
    """The newest published day, and the moment of the newest publication."""

    day: date | None
    moment: datetime | None


class _Weeks(NamedTuple):
    """Counts of consecutive weeks."""

    first: int
    """Number of the first week; week 0 begins on `_FIRST_MONDAY`."""
    counts: AreaCounts


def newcomer_weeks(
    reads: Reads, ground: RecordBoundaries, known: KnownUntil, minimum: int
) -> NewcomerWeeks:
    """The public numbers of newcomers, as known at a moment.

    Parameters
    ----------
    ground
        The boundaries of all weeks.
    known
        No week ends after the day. The records are those of the moment, so that these numbers and
        the colours change together.
    minimum
        Smaller counts are suppressed; 1 publishes all counts.

    Returns
    -------
    NewcomerWeeks
        Without weeks if no day is published, or if no week of the city reaches the minimum.
    """
    width = band_width(minimum)
    weeks = None if known.day is None else _count(reads, ground, known.day, known.moment, width)
    if known.day is None or weeks is None:
        return _no_weeks(width)
    hierarchy = Hierarchy.of(ground.boundaries)
    by_level = _ranges(weeks.counts, hierarchy, width)
    is_clear = np.flatnonzero((by_level[0].least > 0).any(axis=1))
    if len(is_clear) == 0:
        return _no_weeks(width)
    shown = slice(is_clear[0], is_clear[-1] + 1)
    ranges = FigureRange(
        *(
            np.concatenate([part[shown].T for part in parts])
            for parts in zip(*((level.least, level.most) for level in by_level), strict=True)
        )
    )
    codes = hierarchy.areas
    first = _FIRST_MONDAY + timedelta(days=DAYS_OF_WEEK * (weeks.first + int(is_clear[0])))
    last_complete = known.day - timedelta(days=usual_delay(reads, "arrived", known.moment))
    digest = sha256(repr((codes, first, last_complete, width)).encode())
    for values in ranges:
        digest.update(np.ascontiguousarray(values).tobytes())
    return NewcomerWeeks(
        first=first,
        codes=tuple(code for code, _ in codes),
        levels=tuple(level for _, level in codes),
        ranges=ranges,
        last_complete=last_complete,
        width=width,
        stamp=digest.hexdigest()[:16],
    )


def _count(
    reads: Reads, ground: RecordBoundaries, until: date, moment: datetime | None, width: int
) -> _Weeks | None:
    """Counts from the first to the last week with at least `width` newcomers; None without one."""
    newcomers = current_newcomers(reads, moment)
    areas = counted_areas(reads, ground, newcomers, moment)
    days = day_numbers(newcomers["arrived_on"]).astype(np.int64)
    numbers = (days - day_number(_FIRST_MONDAY)) // DAYS_OF_WEEK
    # The number of the week of the next day: all weeks before it have ended.
    open_week = (day_number(until) + 1 - day_number(_FIRST_MONDAY)) // DAYS_OF_WEEK
    is_known = (days != NO_DAY) & (numbers < open_week)
    is_counted = is_known & ((areas.kelurahan >= 0) | (areas.kota >= 0))
    busy, of_week = np.unique(numbers[is_counted], return_counts=True)
    busy = busy[of_week >= width]
    if len(busy) == 0:
        return None
    first, last = int(busy[0]), int(busy[-1])
    return _Weeks(first, count_by_area(numbers - first, areas, ground.boundaries, last - first + 1))


def _ranges(counts: AreaCounts, hierarchy: Hierarchy, width: int) -> list[Ranges]:
    """Ranges of the kota, the kecamatan and the kelurahan; shape ``(weeks, areas)``."""
    if width == 1:
        by_level = *larger_areas(counts, hierarchy), counts.kelurahan
        return [exact_ranges(values) for values in by_level]
    widths = np.full(len(counts.kelurahan), width)
    kelurahan, without_rt = (ranges_without_zero(values, widths) for values in counts)
    return nested_ranges(counts, kelurahan, without_rt, hierarchy, widths)


def _no_weeks(width: int) -> NewcomerWeeks:
    empty = np.zeros((0, 0), dtype=np.int64)
    return NewcomerWeeks(
        first=date.max,
        codes=(),
        levels=(),
        ranges=FigureRange(empty, empty),
        last_complete=date.min,
        width=width,
        stamp="none",
    )
