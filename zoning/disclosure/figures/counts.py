"""Counts of people by day and area: confirmed, recovered, died; not public.

A kelurahan has its cases with a known RT. The city has all its cases, also those without an RT;
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


class DayCounts(NamedTuple):
    """Counts of one figure."""

    kelurahan: Ints
    """People with a known RT; shape ``(days, kelurahan)``."""
    without_rt: Ints
    """People of the city without a known RT; shape ``(days, kota)``."""


def count_people(
    reads: Reads, ground: RecordBoundaries, days: DayNumbers, known_at: datetime | None
) -> dict[FigureName, DayCounts]:
    """Counts of each figure on a range of days, as known at a moment.

    Parameters
    ----------
    ground
        The boundaries; the areas are in the order of their `level`.
    """
    cases = current_cases(reads, known_at)
    confirmed = cases.take(pa.array(confirmed_rows(cases)))
    placer = ground.placer.with_decisions(read_decisions(reads, known_at))
    kelurahan, kota = _positions(placer.place(confirmed), ground.boundaries)
    n_areas = tuple(len(ground.boundaries.level(level)) for level in ("kelurahan", "kota"))
    counts: dict[FigureName, DayCounts] = {}
    for figure in FIGURES:
        numbers = _days(confirmed, figure)
        counts[figure] = DayCounts(
            _histogram(numbers, kelurahan, days, n_areas[0]),
            _histogram(numbers, kota, days, n_areas[1]),
        )
    return counts


def area_positions(codes: Sequence[str | None], level_codes: "pd.Series[str]") -> NDArray[np.intp]:
    """Position of each code among the areas of a level, -1 for none."""
    return np.asarray(pd.Index(level_codes).get_indexer(pd.Index(codes, dtype=object)))


def _positions(
    placement: Placement, boundaries: AreaTable
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of each case: the kelurahan of its RT, else -1; and the kota if there is no RT, else -1."""
    of_zones = area_positions(
        boundaries.ancestors("kelurahan").tolist(), boundaries.level("kelurahan")["code"]
    )
    kelurahan = np.where(placement.rt >= 0, of_zones[np.maximum(placement.rt, 0)], -1)
    kota_of_code = _kota_of_codes(boundaries)
    kota_codes = [kota_of_code.get(code) for code in placement.area.tolist()]
    kota = area_positions(kota_codes, boundaries.level("kota")["code"])
    is_counted = (kelurahan < 0) & (placement.area != ELSEWHERE)
    return kelurahan, np.where(is_counted, kota, -1)


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


def _histogram(
    numbers: NDArray[np.int32], areas: NDArray[np.intp], days: DayNumbers, n_areas: int
) -> Ints:
    n_days = days.last - days.first + 1
    is_counted = (numbers >= days.first) & (numbers <= days.last) & (areas >= 0)
    cells = (numbers[is_counted].astype(np.int64) - days.first) * n_areas + areas[is_counted]
    return np.bincount(cells, minlength=n_days * n_areas).reshape(n_days, n_areas)
