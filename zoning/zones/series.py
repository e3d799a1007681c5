"""Time series: the counts of areas on many days.

Reads only published days, the newest version of each day; computes no colours.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geodata.areas import Level
from geodata.boundaries import AreaTable
from geodata.runs import class_lists
from geodata.store import Reads
from zoning.public.areas import is_zone
from zoning.public.source import KnownDays
from zoning.risk import Classes, class_keys
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


class DayCounts(NamedTuple):
    """Days, and the counts of RT with cases on these days."""

    days: pd.DataFrame
    """``date, run, boundaries, rule``, one row for each day."""
    counts: pd.DataFrame
    """``date, code, risk, houses, houses_at_least, cases, active``."""


def days_with_runs(reads: Reads, known_days: KnownDays, rules: Rulebook) -> pd.DataFrame:
    """Published days and the newest run of each: ``date, run, boundaries, rule``.

    Raises
    ------
    StoreError
        ``other-classes``.
    """
    rows = reads.read(_DAYS, *known_days.parameters)
    rules.check_classes(class_lists(rows["counts"].to_pylist()))
    days: pd.DataFrame = rows.drop_columns("counts").to_pandas()
    return days


def published_counts(reads: Reads, known_days: KnownDays, rules: Rulebook) -> DayCounts:
    """The counts of published days."""
    counts: pd.DataFrame = reads.read(_COUNTS, *known_days.parameters).to_pandas()
    return DayCounts(days_with_runs(reads, known_days, rules), counts)


def sum_at_level(
    day_counts: DayCounts,
    boundaries_of: Callable[[str], AreaTable],
    level: Level,
    classes: Classes,
) -> pd.DataFrame:
    """Counts for each day and area of a level, with zeros.

    The areas of a day are those of its boundaries in `day_counts`.

    Returns
    -------
    DataFrame
        ``date, code, name``, the counts of the window summed over the RT of the area, and the
        number of RT of each class. Cases without an RT are not counted; `City.summary` has them.
    """
    keys = class_keys(classes)
    version_of = day_counts.days.set_index("date")["boundaries"]
    version_of_row = day_counts.counts["date"].map(version_of)
    frames = [
        _sum_version(
            version_of.index[version_of == version].tolist(),
            day_counts.counts[version_of_row == version],
            boundaries_of(version),
            (level, keys),
        )
        for version in version_of.unique()
    ]
    if len(frames) == 1:
        return frames[0]
    if not frames:
        return pd.DataFrame(columns=["date", "code", "name", *_SUMS, *keys])
    return pd.concat(frames).sort_values(["date", "code"], ignore_index=True)


def _sum_version(
    days: list[date],
    counts: pd.DataFrame,
    boundaries: AreaTable,
    level_and_keys: tuple[Level, list[str]],
) -> pd.DataFrame:
    level, keys = level_and_keys
    coloured = counts.copy()
    for risk, key in enumerate(keys):
        coloured[key] = (coloured["risk"] == risk).astype(np.int64)
    zone_mask = is_zone(boundaries)
    parent_of = pd.Series(
        boundaries.ancestors(level)[zone_mask], index=boundaries.smallest_zones["code"][zone_mask]
    )
    coloured["code"] = coloured["code"].map(parent_of)
    areas = boundaries.level(level)
    index = pd.MultiIndex.from_product([days, areas["code"]], names=["date", "code"])
    sums = coloured.groupby(["date", "code"])[[*_SUMS, *keys]].sum().reindex(index, fill_value=0)
    table: pd.DataFrame = sums.reset_index()
    table["date"] = pd.to_datetime(table["date"])
    table.insert(2, "name", table["code"].map(areas.set_index("code")["name"]))
    # RT without cases have no stored rows: the lowest class has all remaining RT.
    n_rt = table["code"].map(parent_of.value_counts())
    table[keys[0]] = n_rt - table[keys[1:]].sum(axis=1)
    return table
