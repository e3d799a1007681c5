"""Days in a row: a zone's colours, an area's counts.

Only what was published is read here, the version of each day that stands; nothing is judged.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geodata.areas import Level
from geodata.boundaries import AreaTable
from geodata.errors import NotFoundError
from geodata.store import Reads
from zoning.risk import RISKS
from zoning.zones.frames import COLOURS, is_rt

_DAYS: Final = """
select distinct on (p.date) p.date, p.run, r.boundaries, r.rule
from published p join run r on r.run = p.run
where p.date between $1 and $2 and p.published_at <= $3 order by p.date, p.version desc
"""
_COUNTS: Final = f"""
select newest.date, z.code, z.risk, z.houses, z.houses_at_least, z.cases, z.active
from ({_DAYS}) newest join run_zone z on z.run = newest.run
"""  # noqa: S608  (two constants of this file)
_RISKS: Final = f"""
select newest.date, newest.run, cast(coalesce(max(z.risk), 0) as bigint) as risk,
       cast(count(case z.risk when 1 then 1 end) as bigint) as yellow,
       cast(count(case z.risk when 2 then 1 end) as bigint) as orange,
       cast(count(case z.risk when 3 then 1 end) as bigint) as red
from ({_DAYS}) newest left join run_zone z on z.run = newest.run and z.code = any($4)
where newest.boundaries = $5
group by newest.date, newest.run order by newest.date
"""  # noqa: S608
HISTORY: Final = ("date", "risk", "colour", "run", *COLOURS)
"""Columns of `history`."""
_SUMS: Final = ["houses", "houses_at_least", "cases", "active", *COLOURS]
_EVER: Final = datetime.max  # noqa: DTZ901  (the tables keep UTC without a zone)


class Counted(NamedTuple):
    """Days, and the counts of those RT that are not plain green on them."""

    days: pd.DataFrame
    """``date, run, boundaries, rule``, one row a day."""
    counts: pd.DataFrame
    """``date, code, risk, houses, houses_at_least, cases, active``."""


class Span(NamedTuple):
    """Days from the first to the last, as they stood published at a moment."""

    start: date | None = None
    """The first published where not given."""
    end: date | None = None
    known_at: datetime | None = None
    """UTC, without a zone; now where not given."""

    @property
    def parameters(self) -> tuple[date, date, datetime]:
        """As the queries take them."""
        return self.start or date.min, self.end or date.max, self.known_at or _EVER


def history(
    reads: Reads, boundaries_of: Callable[[str], AreaTable], code: str, span: Span
) -> pd.DataFrame | None:
    """One zone's published colours, day by day.

    Parameters
    ----------
    boundaries_of
        Boundaries by their id.
    code
        An area of any level; above the RT its risk is the highest among its RT.

    Returns
    -------
    DataFrame
        ``date, risk, colour, run`` and how many RT are ``green, yellow, orange, red``, one row for
        each published day on whose boundaries there is such an area; None where it is on none.
    """
    used = days_in(reads, span)["boundaries"].unique()
    found = []
    for version in used:
        leaves = _leaves_within(boundaries_of(version), code)
        if leaves is not None:
            days = reads.read(_RISKS, *span.parameters, leaves.codes, version).to_pandas()
            # RT that were plain green are not stored: they are what is left.
            days["green"] = leaves.rt - days[["yellow", "orange", "red"]].sum(axis=1)
            found.append(days)
    if not found:
        return None
    history: pd.DataFrame = pd.concat(found).sort_values("date", ignore_index=True)
    history.insert(2, "colour", [RISKS[risk].name.id for risk in history["risk"]])
    return history[[*HISTORY]]


def days_in(reads: Reads, span: Span) -> pd.DataFrame:
    """Published days and the run that stands of each: ``date, run, boundaries, rule``."""
    found: pd.DataFrame = reads.read(_DAYS, *span.parameters).to_pandas()
    return found


def published_counts(reads: Reads, span: Span) -> Counted:
    """What the published days say."""
    counts: pd.DataFrame = reads.read(_COUNTS, *span.parameters).to_pandas()
    return Counted(days_in(reads, span), counts)


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


class _Leaves(NamedTuple):
    codes: list[str]
    rt: int
    """How many of them are RT."""


def _leaves_within(boundaries: AreaTable, code: str) -> _Leaves | None:
    try:
        level = boundaries.area(code).level
    except NotFoundError:
        return None
    within = boundaries.ancestors(level) == code
    codes = boundaries.leaves["code"][within].tolist()
    return _Leaves(codes, int(np.count_nonzero(within & is_rt(boundaries))))
