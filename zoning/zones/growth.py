"""What came late: cases of earlier days that arrived on a day, and how much a day still grows.

By the day a case was first known as confirmed on its day. A case whose day of confirmation was
corrected counts on the day it has now, from the moment it had it.
"""

from datetime import date, datetime
from typing import Final

import numpy as np
import pandas as pd

from geodata.calendar import FOR_EVER
from geodata.ledger.current import versions_stamp
from geodata.store import Reads

_SAID: Final = """
select case_id, version, recorded_at,
       case when status = 'confirmed' and withdrawn is not true and double_of is null
            then confirmed_on end as day
from case_version where recorded_at <= $1 order by case_id, version
"""


def changes(reads: Reads, known_at: datetime | None = None) -> pd.DataFrame:
    """Every time that a version of a case changed how many cases a day has.

    Returns
    -------
    DataFrame
        ``on`` (the city's day it was recorded), ``date`` (the day whose figure it changed),
        ``cases`` (+1 or -1); days are ``datetime64[s]``.
    """
    said: pd.DataFrame = reads.read(_SAID, known_at or FOR_EVER).to_pandas()
    day = pd.to_datetime(said["day"]).dt.as_unit("s")
    before = day.groupby(said["case_id"]).shift()
    moved = (day != before) & (day.notna() | before.notna())
    moments = said["recorded_at"].dt.tz_localize("UTC").dt.tz_convert(reads.settings.timezone)
    on = moments.dt.tz_localize(None).dt.normalize().dt.as_unit("s")
    parts = [
        pd.DataFrame({"on": on[chosen], "date": values[chosen], "cases": sign})
        for values, sign in ((day, 1), (before, -1))
        for chosen in (moved & values.notna(),)
    ]
    return pd.concat(parts, ignore_index=True)


def arrivals(reads: Reads, on: date) -> pd.DataFrame:
    """What arrived on a day, by the day whose figure it changed.

    Returns
    -------
    DataFrame
        ``date, added, taken_away, days_late``: confirmed cases that the day has since, and has
        no more (corrected to another day, or withdrawn). 0 days late is the day itself.
    """
    found = changes(reads)
    own = found[found["on"] == pd.Timestamp(on)]
    added = own[own["cases"] > 0].groupby("date")["cases"].sum()
    away = -own[own["cases"] < 0].groupby("date")["cases"].sum()
    table = pd.DataFrame({"added": added, "taken_away": away}).fillna(0).astype(np.int64)
    table.index.name = "date"
    rows = table.sort_index().reset_index()
    rows["days_late"] = (pd.Timestamp(on) - pd.to_datetime(rows["date"])).dt.days.astype(np.int64)
    return rows


def growth(
    reads: Reads, *, longest: int = 14, known_at: datetime | None = None
) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """The reporting triangle: how many of a day's cases were known so many days after it.

    Parameters
    ----------
    longest
        Days after which a day's figure is taken for complete.

    Returns
    -------
    DataFrame, Series
        Cases known by delay: a row a day, columns 0 to `longest`, null where that delay is still
        to come; and the share of a day's final count that is known after each delay, over the
        days that are complete (null where there is none). Above 1 where cases were taken away.
    """
    found = changes(reads, known_at)
    if found.empty:
        return pd.DataFrame(columns=range(longest + 1)), pd.Series(np.nan, range(longest + 1))
    newest = versions_stamp(reads, "cases", known_at).newest or FOR_EVER
    first, last = found["date"].min(), pd.Timestamp(reads.settings.day_of(newest))
    days = pd.date_range(first, max(last, first), freq="D")
    row = ((found["date"] - first).dt.days).to_numpy()
    late = (found["on"] - found["date"]).dt.days.clip(0, longest + 1).to_numpy()
    chosen = row < len(days)
    counts = np.zeros((len(days), longest + 2), dtype=np.int64)
    np.add.at(counts, (row[chosen], late[chosen]), found["cases"].to_numpy()[chosen])
    known = counts.cumsum(axis=1)[:, : longest + 1].astype(np.float64)
    age = (last - days).days.to_numpy()
    known[np.arange(longest + 1) > age[:, None]] = np.nan
    triangle = pd.DataFrame(known, index=pd.Index(days, name="date"), columns=range(longest + 1))
    complete = known[age >= longest]
    final = complete[:, -1].sum() if len(complete) else 0
    share = complete.sum(axis=0) / final if final else np.full(longest + 1, np.nan)
    return triangle, pd.Series(share, index=range(longest + 1), name="share")
