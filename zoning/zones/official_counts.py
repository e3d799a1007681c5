"""What officials count beside the colours: newcomers, those in quarantine, deaths, per area.

Computed for whoever asks and stored nowhere; no colour depends on it and no public answer has it.
"""

from datetime import date, datetime
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.addresses import decisions
from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.calendar import DayNumbers, day_number, day_numbers
from geodata.ledger.current import current_cases
from geodata.store import Reads
from zoning.counting.cases import confirmed_rows
from zoning.counting.houses import CaseTable, Events, houses_in_window
from zoning.days.runs import DayZones
from zoning.placing.record_boundaries import RecordGround
from zoning.public.areas import is_rt
from zoning.quarantine.newcomers import standing_on
from zoning.rules import Rule

BESIDE: Final = ("newcomers", "in_quarantine", "deaths")


def counts_beside(
    reads: Reads,
    ground: RecordGround,
    judged: tuple[DayZones, Rule],
    level: Level = "rt",
    known_at: datetime | None = None,
) -> pd.DataFrame:
    """Newcomers, those in quarantine and deaths on a day, of every area of a level.

    Parameters
    ----------
    ground
        Of the day's boundaries.
    judged
        The day, and the rule that judged it.
    known_at
        By the records known then (UTC, without a zone). Where not given, by those known when the
        day was published; by those known now where it was not.

    Returns
    -------
    DataFrame
        By ``code``, in the order of the level: ``newcomers`` who arrived in the window of the
        day's rule, ``in_quarantine`` on the day (`zoning.quarantine`), ``deaths`` of confirmed
        cases in the window. Whoever is in no RT is in none of them, as in the other counts.
    """
    day, by = judged
    moment = known_at or day.published_at
    codes = ground.boundaries.level("rt")["code"]
    stand = standing_on(reads, ground, day.date, moment)
    rt = _rows(codes, stand["area"])
    arrived = Events(rt, _numbers(stand["arrived_on"]))
    here = (stand["state"] == "in-quarantine").to_numpy() & (rt >= 0)
    events = arrived, _deaths(reads, ground, codes, moment)
    newcomers, deaths = _in_window(day_number(day.date), by.window, events, len(codes))
    counts = {
        "newcomers": newcomers,
        "in_quarantine": np.bincount(rt[here], minlength=len(codes)),
        "deaths": deaths,
    }
    return _at(ground.boundaries, pd.DataFrame(counts, index=pd.Index(codes, name="code")), level)


def with_counts_beside(
    zones: gpd.GeoDataFrame,
    reads: Reads,
    ground: RecordGround,
    judged: tuple[DayZones, Rule],
    known_at: datetime | None = None,
) -> gpd.GeoDataFrame:
    """Zones of one level of a day with `BESIDE` as further columns; see `counts_beside`."""
    counts = counts_beside(reads, ground, judged, zones["level"].iloc[0], known_at)
    return zones.assign(**counts.loc[zones["code"]].reset_index(drop=True))


def _deaths(
    reads: Reads, ground: RecordGround, codes: "pd.Series[str]", known_at: datetime | None
) -> Events:
    cases = current_cases(reads, known_at)
    confirmed = cases.take(pa.array(confirmed_rows(cases)))
    died = pc.and_(pc.equal(confirmed["outcome"], "died"), pc.is_valid(confirmed["outcome_on"]))
    chosen = confirmed.filter(died)
    placement = ground.placer.deciding(decisions(reads, known_at)).place(chosen)
    days = day_numbers(chosen["outcome_on"])
    return Events(_rows(codes, pd.Series(placement.area, dtype=object)), days)


def _in_window(
    number: int, window: int, events: tuple[Events, Events], n_rt: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    newcomers, deaths = events
    none = CaseTable(*(np.empty(0, dtype=np.int32) for _ in range(4)))
    counts = houses_in_window(
        none,
        DayNumbers(number, number),
        window=window,
        wanted=(),
        deaths=deaths,
        newcomers=newcomers,
    )
    found = np.zeros((2, n_rt), dtype=np.int64)
    found[:, counts.rt] = counts.newcomers, counts.deaths
    return found[0], found[1]


def _rows(codes: "pd.Series[str]", areas: "pd.Series[str]") -> NDArray[np.int32]:
    """Row of each RT among the codes, -1 for what is no RT."""
    return pd.Index(codes).get_indexer(pd.Index(areas)).astype(np.int32)


def _numbers(days: "pd.Series[date]") -> NDArray[np.int32]:
    return day_numbers(pa.array(days, pa.date32()))


def _at(boundaries: Boundaries, counts: pd.DataFrame, level: Level) -> pd.DataFrame:
    if boundaries.is_smallest(level):
        return counts
    above = boundaries.ancestors(level)[is_rt(boundaries)]
    areas = pd.Index(boundaries.level(level)["code"], name="code")
    return counts.groupby(above).sum().reindex(areas, fill_value=0)
