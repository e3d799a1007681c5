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
from geodata.runs import classes_in
from geodata.store import Reads
from zoning.public.areas import is_rt
from zoning.public.source import KnownDays
from zoning.risk import Classes, keys_of
from zoning.rules import Rulebook

_DAYS: Final = """
select distinct on (p.date) p.date, p.run, r.boundaries, r.rule, r.counts
from published p join run r on r.run = p.run
where p.date between $1 and $2 and p.published_at <= $3 order by p.date, p.version desc
"""
_COUNTS: Final = """
select newest.date, z.code, z.risk, z.houses, z.houses_at_least, z.cases, z.active
from (select distinct on (date) date, run from published
      where date between $1 and $2 and published_at <= $3 order by date, version desc) newest
join run_zone z on z.run = newest.run
"""
_SUMS: Final = ["houses", "houses_at_least", "cases", "active"]


class Counted(NamedTuple):
    """Days, and the counts of those RT that have a case on them."""

    days: pd.DataFrame
    """``date, run, boundaries, rule``, one row a day."""
    counts: pd.DataFrame
    """``date, code, risk, houses, houses_at_least, cases, active``."""


def days_in(reads: Reads, known: KnownDays, rules: Rulebook) -> pd.DataFrame:
    """Published days and the run that stands of each: ``date, run, boundaries, rule``.

    Raises
    ------
    StoreError
        ``other-classes``.
    """
    rows = reads.read(_DAYS, *known.parameters)
    rules.check_classes(classes_in(rows["counts"].to_pylist()))
    found: pd.DataFrame = rows.drop_columns("counts").to_pandas()
    return found


def published_counts(reads: Reads, known: KnownDays, rules: Rulebook) -> Counted:
    """What the published days say."""
    counts: pd.DataFrame = reads.read(_COUNTS, *known.parameters).to_pandas()
    return Counted(days_in(reads, known, rules), counts)


def at_level(
    counted: Counted,
    boundaries_of: Callable[[str], AreaTable],
    level: Level,
    classes: Classes,
) -> pd.DataFrame:
    """Counts per day and area of a level, zeros filled in; each day's areas are its own.

    Returns
    -------
    DataFrame
        ``date, code, name``, the counts of the window summed over the area's RT, and how many
        RT had each class. Cases without an RT are not in it; `City.summary` names them.
    """
    keys = keys_of(classes)
    version_of = counted.days.set_index("date")["boundaries"]
    of_row = counted.counts["date"].map(version_of)
    parts = [
        _summed(
            version_of.index[version_of == version].tolist(),
            counted.counts[of_row == version],
            boundaries_of(version),
            (level, keys),
        )
        for version in version_of.unique()
    ]
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return pd.DataFrame(columns=["date", "code", "name", *_SUMS, *keys])
    return pd.concat(parts).sort_values(["date", "code"], ignore_index=True)


def _summed(
    days: list[date],
    counts: pd.DataFrame,
    boundaries: AreaTable,
    wanted: tuple[Level, list[str]],
) -> pd.DataFrame:
    level, keys = wanted
    counted = counts.copy()
    for risk, key in enumerate(keys):
        counted[key] = (counted["risk"] == risk).astype(np.int64)
    rt = is_rt(boundaries)
    above = pd.Series(boundaries.ancestors(level)[rt], index=boundaries.leaves["code"][rt])
    counted["code"] = counted["code"].map(above)
    areas = boundaries.level(level)
    every = pd.MultiIndex.from_product([days, areas["code"]], names=["date", "code"])
    sums = counted.groupby(["date", "code"])[[*_SUMS, *keys]].sum().reindex(every, fill_value=0)
    found: pd.DataFrame = sums.reset_index()
    found["date"] = pd.to_datetime(found["date"])
    found.insert(2, "name", found["code"].map(areas.set_index("code")["name"]))
    # RT without a case are not stored: they are what is left.
    size = found["code"].map(above.value_counts())
    found[keys[0]] = size - found[keys[1:]].sum(axis=1)
    return found
