"""Makes the public daily figures of a city from its records and its published colours."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.calendar import DayRange
from geodata.store import Reads
from zoning.city_data import CityData
from zoning.disclosure.banding import band_width
from zoning.disclosure.figures.colour_bounds import least_cases
from zoning.disclosure.figures.counts import AreaCounts, count_people
from zoning.disclosure.figures.lateness import EVENTS, usual_delay
from zoning.disclosure.figures.levels import Hierarchy, larger_areas, nested_ranges
from zoning.disclosure.figures.public_days import (
    PublishedDay,
    coloured_periods,
    days_without_unplaced,
    published_days,
)
from zoning.disclosure.figures.ranges import (
    Ranges,
    exact_ranges,
    ranges_of_cases,
    ranges_without_zero,
)
from zoning.disclosure.figures.weeks import week_ranges
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.public.figures import (
    FIGURES,
    NO_DATA,
    DailyFigures,
    FigureName,
    FigureRange,
)

Ints = NDArray[np.int64]
_PUBLICATION: Final = "select count(*) as number, max(published_at) as moment from published"
_YOUNG: Final = 2
"""Factor of the width of days whose later colours are not published yet."""


class Publication(NamedTuple):
    """The newest publication of runs: figures use the records known at its moment."""

    number: int
    """Number of publications; changes with every publication."""
    moment: datetime | None


class _PublicFacts(NamedTuple):
    """What everybody knows already about the counts of a city; see `ranges`."""

    widths: Ints
    bounds: list[Ints]
    all_have_rt: NDArray[np.bool_]


def read_publication(reads: Reads) -> Publication:
    """The newest publication."""
    return Publication(**reads.read(_PUBLICATION).to_pylist()[0])


def daily_figures(
    data: CityData, ground: RecordBoundaries, moment: datetime | None, minimum: int
) -> DailyFigures:
    """The public figures of every published day, as known at a moment.

    Parameters
    ----------
    ground
        The boundaries of all days: the areas do not change from day to day.
    moment
        The moment of the newest publication, so that figures and colours have the same records.
    minimum
        Smaller counts are suppressed; 1 publishes all counts.
    """
    days, width = published_days(data), band_width(minimum)
    if not days:
        return _no_figures(width)
    hierarchy = Hierarchy.of(ground.boundaries)
    day_range = DayRange(days[0].date, days[-1].date)
    counts = count_people(data.store, ground, day_range.numbers, moment)
    facts = _public_facts(data, days, hierarchy.codes["kelurahan"], width)
    unpublished = np.ones(len(facts.widths), dtype=np.bool_)
    unpublished[[day.position for day in days]] = False
    ranges: dict[FigureName, FigureRange] = {}
    weeks: dict[FigureName, FigureRange] = {}
    for figure in FIGURES:
        by_level = _ranges(figure, counts[figure], hierarchy, facts, width)
        if figure != "cases":
            # Colours connect the cases of many days, so weeks of cases are sums of ranges only.
            of_city, _ = larger_areas(counts[figure], hierarchy)
            weeks[figure] = week_ranges(by_level[0], of_city, day_range.first, unpublished, width)
        ranges[figure] = FigureRange(
            *(
                np.where(unpublished, NO_DATA, np.concatenate([part.T for part in parts]))
                for parts in zip(*((level.least, level.most) for level in by_level), strict=True)
            )
        )
    delays = {figure: usual_delay(data.store, EVENTS[figure], moment) for figure in FIGURES}
    codes = hierarchy.areas
    last_complete = {
        figure: day_range.last - timedelta(days=delay) for figure, delay in delays.items()
    }
    return DailyFigures(
        first=day_range.first,
        codes=tuple(code for code, _ in codes),
        levels=tuple(level for _, level in codes),
        ranges=ranges,
        weeks_of_city=weeks,
        last_complete=last_complete,
        width=width,
        stamp=_stamp(codes, day_range, (ranges, weeks), last_complete),
    )


def _public_facts(
    data: CityData, days: list[PublishedDay], kelurahan: "pd.Series[str]", width: int
) -> _PublicFacts:
    n_days = days[-1].position + 1
    widths = np.full(n_days, width, dtype=np.int64)
    if width > 1:
        widths[-days[-1].rule.window :] *= _YOUNG
    periods = coloured_periods(data, days, kelurahan)
    return _PublicFacts(
        widths,
        least_cases(periods, n_days, len(kelurahan)),
        days_without_unplaced(data, days),
    )


def _ranges(
    figure: FigureName, counts: AreaCounts, hierarchy: Hierarchy, facts: _PublicFacts, width: int
) -> list[Ranges]:
    """Ranges of the kota, the kecamatan and the kelurahan."""
    if width == 1:
        by_level = *larger_areas(counts, hierarchy), counts.kelurahan
        return [exact_ranges(values) for values in by_level]
    # Colours say nothing about recoveries and deaths, today or later.
    widths = facts.widths if figure == "cases" else np.full_like(facts.widths, width)
    without_rt = ranges_without_zero(counts.without_rt, widths)
    if figure == "cases":
        kelurahan = ranges_of_cases(counts.kelurahan, widths, facts.bounds)
        nobody = facts.all_have_rt[:, np.newaxis] & (counts.without_rt == 0)
        without_rt = Ranges(*(np.where(nobody, 0, values) for values in without_rt))
    else:
        kelurahan = ranges_without_zero(counts.kelurahan, widths)
    return nested_ranges(counts, kelurahan, without_rt, hierarchy, widths)


def _no_figures(width: int) -> DailyFigures:
    empty = np.zeros((0, 0), dtype=np.int64)
    return DailyFigures(
        first=date.max,
        codes=(),
        levels=(),
        ranges={figure: FigureRange(empty, empty) for figure in FIGURES},
        weeks_of_city={},
        last_complete=dict.fromkeys(FIGURES, date.min),
        width=width,
        stamp="none",
    )


def _stamp(
    codes: list[tuple[str, Level]],
    days: DayRange,
    ranges: tuple[dict[FigureName, FigureRange], ...],
    last_complete: dict[FigureName, date],
) -> str:
    """Hash of all that the figures say, and of nothing else."""
    digest = sha256(repr((codes, days, last_complete)).encode())
    for by_figure in ranges:
        for values in by_figure.values():
            for array in values:
                digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]
