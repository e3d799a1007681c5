"""Days in a row: an area's counts.

Only what was published is read here, the version of each day that stands; nothing is judged.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geodata.areas import Level
from geodata.boundaries import AreaTable
from geodata.store import Reads
from zoning.public.areas import COLOURS, is_rt
from zoning.public.source import KnownDays

_DAYS: Final = """
select distinct on (p.date) p.date, p.run, r.boundaries, r.rule
from published p join run r on r.run = p.run
where p.date between $1 and $2 and p.published_at <= $3 order by p.date, p.version desc
"""
_COUNTS: Final = """
select newest.date, z.code, z.risk, z.houses, z.houses_at_least, z.cases, z.active
from (select distinct on (date) date, run from published
      where date between $1 and $2 and published_at <= $3 order by date, version desc) newest
join run_zone z on z.run = newest.run
"""
_SUMS: Final = ["houses", "houses_at_least", "cases", "active", *COLOURS]


class Counted(NamedTuple):
    """Days, and the counts of those RT that are not plain green on them."""

    days: pd.DataFrame
    """``date, run, boundaries, rule``, one row a day."""
    counts: pd.DataFrame
    """``date, code, risk, houses, houses_at_least, cases, active``."""


def days_in(reads: Reads, known: KnownDays) -> pd.DataFrame:
    """Published days and the run that stands of each: ``date, run, boundaries, rule``."""
    found: pd.DataFrame = reads.read(_DAYS, *known.parameters).to_pandas()
    return found


def published_counts(reads: Reads, known: KnownDays) -> Counted:
    """What the published days say."""
    counts: pd.DataFrame = reads.read(_COUNTS, *known.parameters).to_pandas()
    return Counted(days_in(reads, known), counts)


def at_level(
    counted: Counted, boundaries_of: Callable[[str], AreaTable], level: Level
) -> pd.DataFrame:
    """Counts per day and area of a level, zeros filled in; each day's areas are its own.

    Returns
    -------
    DataFrame
        ``date, code, name``, the counts of the window summed over the area's RT, and how many
        RT had each colour. Cases without an RT are not in it; `City.summary` names them.
    """
    version_of = counted.days.set_index("date")["boundaries"]
    of_row = counted.counts["date"].map(version_of)
    parts = [
        _summed(
            version_of.index[version_of == version].tolist(),
            counted.counts[of_row == version],
            boundaries_of(version),
            level,
        )
        for version in version_of.unique()
    ]
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return pd.DataFrame(columns=["date", "code", "name", *_SUMS])
    return pd.concat(parts).sort_values(["date", "code"], ignore_index=True)


def _summed(
    days: list[date], counts: pd.DataFrame, boundaries: AreaTable, level: Level
) -> pd.DataFrame:
    counted = counts.copy()
    for risk, colour in enumerate(COLOURS):
        counted[colour] = (counted["risk"] == risk).astype(np.int64)
    rt = is_rt(boundaries)
    above = pd.Series(boundaries.ancestors(level)[rt], index=boundaries.leaves["code"][rt])
    counted["code"] = counted["code"].map(above)
    areas = boundaries.level(level)
    every = pd.MultiIndex.from_product([days, areas["code"]], names=["date", "code"])
    sums = counted.groupby(["date", "code"])[_SUMS].sum().reindex(every, fill_value=0)
    found: pd.DataFrame = sums.reset_index()
    found["date"] = pd.to_datetime(found["date"])
    found.insert(2, "name", found["code"].map(areas.set_index("code")["name"]))
    # RT that were plain green are not stored: they are what is left.
    size = found["code"].map(above.value_counts())
    found["green"] = size - found["yellow"] - found["orange"] - found["red"]
    return found
