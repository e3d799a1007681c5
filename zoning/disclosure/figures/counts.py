"""Counts of people by day and area: confirmed, recovered, died; not public.

A kelurahan has its people with a known RT. The city has all its people, also those without an RT;
people who live in another city are in no count.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.addresses import read_decisions
from geodata.boundaries import AreaTable
from geodata.calendar import NO_DAY, DayNumbers, day_numbers
from geodata.ledger.current import current_cases
from geodata.store import Reads
from zoning.counting.cases import confirmed_rows
from zoning.placing.placements import ELSEWHERE, Placement
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.public.figures import FIGURES, FigureName

Ints = NDArray[np.int64]
_OUTCOMES: Final[dict[FigureName, str]] = {"recovered": "recovered", "deaths": "died"}


class AreaCounts(NamedTuple):
    """Counts of one figure by day or week."""

    kelurahan: Ints
    """People with a known RT; shape ``(times, kelurahan)``."""
    without_rt: Ints
    """People of the city without a known RT; shape ``(times, kota)``."""


class CountedAreas(NamedTuple):
    """The area that counts each of ``n`` records, by position in its level; -1 for none."""

    kelurahan: NDArray[np.intp]
    """The kelurahan of the RT."""
    kota: NDArray[np.intp]
    """The kota, only if there is no RT; -1 for people who live in another city."""


def count_people(
    reads: Reads, ground: RecordBoundaries, days: DayNumbers, known_at: datetime | None
) -> dict[FigureName, AreaCounts]:
    """Counts of each figure on a range of days, as known at a moment.

    Parameters
    ----------
    ground
        The boundaries; the areas are in the order of their `level`.
    """
    cases = current_cases(reads, known_at)
    confirmed = cases.take(pa.array(confirmed_rows(cases)))
    areas = counted_areas(reads, ground, confirmed, known_at)
    n_days = days.last - days.first + 1
    return {
        figure: count_by_area(
            _days(confirmed, figure).astype(np.int64) - days.first, areas, ground.boundaries, n_days
        )
        for figure in FIGURES
    }


def counted_areas(
    reads: Reads, ground: RecordBoundaries, records: pa.Table, known_at: datetime | None
) -> CountedAreas:
    """The area that counts each record, by the addresses decided until a moment."""
    placer = ground.placer.with_decisions(read_decisions(reads, known_at))
    return _positions(placer.place(records), ground.boundaries)


def count_by_area(
    times: Ints, areas: CountedAreas, boundaries: AreaTable, n_times: int
) -> AreaCounts:
    """Number of records of each area at each time.

    Parameters
    ----------
    times
        Day or week of each record, counted from 0; shape ``(n,)``. A record of another time is in
        no count.
    """
    n_kelurahan, n_kota = (len(boundaries.level(level)) for level in ("kelurahan", "kota"))
    return AreaCounts(
        _histogram(times, areas.kelurahan, (n_times, n_kelurahan)),
        _histogram(times, areas.kota, (n_times, n_kota)),
    )


def area_positions(codes: Sequence[str | None], level_codes: "pd.Series[str]") -> NDArray[np.intp]:
    """Position of each code among the areas of a level, -1 for none."""
    return np.asarray(pd.Index(level_codes).get_indexer(pd.Index(codes, dtype=object)))


def _positions(placement: Placement, boundaries: AreaTable) -> CountedAreas:
    of_zones = area_positions(
        boundaries.ancestors("kelurahan").tolist(), boundaries.level("kelurahan")["code"]
    )
    kelurahan = np.where(placement.rt >= 0, of_zones[np.maximum(placement.rt, 0)], -1)
    kota_of_code = _kota_of_codes(boundaries)
    kota_codes = [kota_of_code.get(code) for code in placement.area.tolist()]
    kota = area_positions(kota_codes, boundaries.level("kota")["code"])
    is_counted = (kelurahan < 0) & (placement.area != ELSEWHERE)
    return CountedAreas(kelurahan, np.where(is_counted, kota, -1))


def _kota_of_codes(boundaries: AreaTable) -> dict[str, str]:
    """The kota of every area; parents come before their children in the table."""
    kota: dict[str, str] = {}
    for code, parent in zip(boundaries.areas["code"], boundaries.areas["parent"], strict=True):
        kota[code] = code if pd.isna(parent) else kota[parent]
    return kota


def _days(confirmed: pa.Table, figure: FigureName) -> NDArray[np.int32]:
    if figure == "cases":
        return day_numbers(confirmed["confirmed_on"])
    has_outcome = pc.equal(confirmed["outcome"], _OUTCOMES[figure]).fill_null(fill_value=False)
    days = day_numbers(confirmed["outcome_on"])
    return np.where(has_outcome.to_numpy(zero_copy_only=False), days, np.int32(NO_DAY))


def _histogram(times: Ints, areas: NDArray[np.intp], shape: tuple[int, int]) -> Ints:
    n_times, n_areas = shape
    is_counted = (times >= 0) & (times < n_times) & (areas >= 0)
    cells = times[is_counted] * n_areas + areas[is_counted]
    return np.bincount(cells, minlength=n_times * n_areas).reshape(shape)
