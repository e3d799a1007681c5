"""Counts for officials in addition to the colours: newcomers, newcomers in quarantine, deaths.

Computed on request and never stored. No colour depends on these counts, and no public answer has
them.
"""

from datetime import date, datetime
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.addresses import read_decisions
from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.calendar import DayNumbers, day_number, day_numbers
from geodata.ledger.current import current_cases
from geodata.store import Reads
from zoning.counting.cases import confirmed_rows
from zoning.counting.houses import CaseTable, Events, houses_in_window
from zoning.days.runs import DayZones
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.public.areas import is_zone
from zoning.quarantine.newcomers import arrived_newcomers
from zoning.rules import Rule

OFFICIAL_COUNTS: Final = ("newcomers", "in_quarantine", "deaths")


def official_counts(
    reads: Reads,
    record_boundaries: RecordBoundaries,
    day_and_rule: tuple[DayZones, Rule],
    level: Level = "rt",
    known_at: datetime | None = None,
) -> pd.DataFrame:
    """Newcomers, newcomers in quarantine and deaths on a day, for each area of a level.

    Parameters
    ----------
    record_boundaries
        The boundaries of the day.
    day_and_rule
        The zones of the day, and their rule.
    known_at
        The moment of the records (UTC, without a timezone). Default: the moment of publication of
        the day; for an unpublished day, now.

    Returns
    -------
    DataFrame
        By ``code``, in the order of the level: ``newcomers`` who arrived in the window of the
        rule, ``in_quarantine`` on the day (`zoning.quarantine`), ``deaths`` of confirmed cases in
        the window. As in the other counts, persons in no RT are not counted.
    """
    day, rule = day_and_rule
    moment = known_at or day.published_at
    codes = record_boundaries.boundaries.level("rt")["code"]
    newcomers_of_day = arrived_newcomers(reads, record_boundaries, day.date, moment)
    rt = _rt_rows(codes, newcomers_of_day["area"])
    arrivals = Events(rt, _day_numbers(newcomers_of_day["arrived_on"]))
    in_quarantine = (newcomers_of_day["state"] == "in-quarantine").to_numpy() & (rt >= 0)
    events = arrivals, _deaths(reads, record_boundaries, codes, moment)
    n_newcomers, n_deaths = _count_in_window(day_number(day.date), rule.window, events, len(codes))
    counts = {
        "newcomers": n_newcomers,
        "in_quarantine": np.bincount(rt[in_quarantine], minlength=len(codes)),
        "deaths": n_deaths,
    }
    frame = pd.DataFrame(counts, index=pd.Index(codes, name="code"))
    return _sum_at_level(record_boundaries.boundaries, frame, level)


def add_official_counts(
    zones: gpd.GeoDataFrame,
    reads: Reads,
    record_boundaries: RecordBoundaries,
    day_and_rule: tuple[DayZones, Rule],
    known_at: datetime | None = None,
) -> gpd.GeoDataFrame:
    """Zones of one level of a day, with the columns `OFFICIAL_COUNTS` of `official_counts`."""
    counts = official_counts(
        reads, record_boundaries, day_and_rule, zones["level"].iloc[0], known_at
    )
    return zones.assign(**counts.loc[zones["code"]].reset_index(drop=True))


def _deaths(
    reads: Reads,
    record_boundaries: RecordBoundaries,
    codes: "pd.Series[str]",
    known_at: datetime | None,
) -> Events:
    cases = current_cases(reads, known_at)
    confirmed = cases.take(pa.array(confirmed_rows(cases)))
    died = pc.and_(pc.equal(confirmed["outcome"], "died"), pc.is_valid(confirmed["outcome_on"]))
    deaths = confirmed.filter(died)
    placement = record_boundaries.placer.with_decisions(read_decisions(reads, known_at)).place(
        deaths
    )
    days = day_numbers(deaths["outcome_on"])
    return Events(_rt_rows(codes, pd.Series(placement.area, dtype=object)), days)


def _count_in_window(
    number: int, window: int, events: tuple[Events, Events], n_rt: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    newcomers, deaths = events
    no_cases = CaseTable(*(np.empty(0, dtype=np.int32) for _ in range(4)))
    counts = houses_in_window(
        no_cases,
        DayNumbers(number, number),
        window=window,
        wanted=(),
        deaths=deaths,
        newcomers=newcomers,
    )
    values = np.zeros((2, n_rt), dtype=np.int64)
    values[:, counts.rt] = counts.newcomers, counts.deaths
    return values[0], values[1]


def _rt_rows(codes: "pd.Series[str]", areas: "pd.Series[str]") -> NDArray[np.int32]:
    """Row of each area among the codes of RT, -1 for an area that is no RT."""
    return pd.Index(codes).get_indexer(pd.Index(areas)).astype(np.int32)


def _day_numbers(days: "pd.Series[date]") -> NDArray[np.int32]:
    return day_numbers(pa.array(days, pa.date32()))


def _sum_at_level(boundaries: Boundaries, counts: pd.DataFrame, level: Level) -> pd.DataFrame:
    if boundaries.is_smallest(level):
        return counts
    parents = boundaries.ancestors(level)[is_zone(boundaries)]
    areas = pd.Index(boundaries.level(level)["code"], name="code")
    return counts.groupby(parents).sum().reindex(areas, fill_value=0)
