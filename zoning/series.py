"""Days in a row: a zone's colours, an area's published counts.

Only what was published is read here, the last version of each day; nothing is judged anew.
"""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.store import Store
from zoning.risk import RISKS
from zoning.zones import COLOURS, is_rt

_DAYS: Final = """
select distinct on (date) date, run from published
where date between $1 and $2 order by date, version desc
"""
_COUNTS: Final = f"""
select newest.date, z.code, z.risk, z.houses, z.houses_at_least, z.cases, z.active
from ({_DAYS}) newest join run_zone z on z.run = newest.run
"""  # noqa: S608  (two constants of this file)
_RISKS: Final = f"""
select newest.date, newest.run, cast(coalesce(max(z.risk), 0) as bigint) as risk
from ({_DAYS}) newest left join run_zone z on z.run = newest.run and z.code = any($3)
group by newest.date, newest.run order by newest.date
"""  # noqa: S608
_SUMS: Final = ["houses", "houses_at_least", "cases", "active", *COLOURS]


def history(
    store: Store,
    boundaries: Boundaries,
    code: str,
    *,
    start: date | None = None,
    end: date | None = None,
) -> pd.DataFrame:
    """One zone's published colours, day by day.

    Parameters
    ----------
    code
        An area of any level; above the RT its risk is the highest among its RT.
    start, end
        First and last day; from the first published day to the last where not given.

    Returns
    -------
    DataFrame
        ``date, risk, colour, run``, one row a published day.

    Raises
    ------
    NotFoundError
        ``no-area`` if there is no such area.
    """
    level = boundaries.area(code).level
    leaves = boundaries.leaves["code"][boundaries.ancestors(level) == code]
    days: pd.DataFrame = store.read(_RISKS, *_range(start, end), leaves.tolist()).to_pandas()
    days.insert(2, "colour", [RISKS[risk].name.id for risk in days["risk"]])
    return days[["date", "risk", "colour", "run"]]


def published(
    store: Store,
    boundaries: Boundaries,
    level: Level,
    *,
    start: date | None = None,
    end: date | None = None,
) -> pd.DataFrame:
    """Counts per published day and area of a level, zeros filled in.

    Returns
    -------
    DataFrame
        ``date, code, name``, the counts of the window summed over the area's RT, and how many
        RT had each colour. Cases without an RT are not in it; `City.summary` names them.
    """
    days = store.read(_DAYS, *_range(start, end))["date"].to_pylist()
    counted: pd.DataFrame = store.read(_COUNTS, *_range(start, end)).to_pandas()
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


def _range(start: date | None, end: date | None) -> tuple[date, date]:
    return start or date.min, end or date.max
