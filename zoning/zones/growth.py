"""Reporting delay: cases of earlier days that arrive on a day, and how much a day still grows.

The delay of a case is the time until it is first known with its day of confirmation. A case with a
corrected day of confirmation counts on the corrected day, from the moment of the correction. The
same holds for recoveries and deaths, with the day of the outcome, and for arrivals of newcomers.
"""

from datetime import date, datetime
from typing import Final, Literal

import numpy as np
import pandas as pd

from geodata.calendar import FOR_EVER
from geodata.ledger.current import versions_stamp
from geodata.records import CASES, NEWCOMERS
from geodata.store import Reads

Event = Literal["confirmed", "recovered", "died", "arrived"]
"""What happens to a person on a day; newcomers arrive, all other persons are cases."""
_CASES: Final = """
select case_id, version, recorded_at,
       case when status = 'confirmed' and withdrawn is not true and double_of is null
            then case when $2 = 'confirmed' then confirmed_on
                      when outcome = $2 then outcome_on end end as day
from case_version where recorded_at <= $1 order by case_id, version
"""
_NEWCOMERS: Final = """
select newcomer_id as case_id, version, recorded_at,
       case when withdrawn is not true then arrived_on end as day
from newcomer_version where recorded_at <= $1 order by newcomer_id, version
"""


def changes(
    reads: Reads, known_at: datetime | None = None, event: Event = "confirmed"
) -> pd.DataFrame:
    """Each change of the number of cases of a day by a version of a case.

    Parameters
    ----------
    event
        The event that gives a case its day.

    Returns
    -------
    DataFrame
        ``on`` (day of recording, in the city), ``date`` (day whose number of cases changed),
        ``cases`` (+1 or -1); days are ``datetime64[s]``.
    """
    versions = _versions(reads, known_at or FOR_EVER, event)
    day = pd.to_datetime(versions["day"]).dt.as_unit("s")
    before = day.groupby(versions["case_id"]).shift()
    changed = (day != before) & (day.notna() | before.notna())
    moments = versions["recorded_at"].dt.tz_localize("UTC").dt.tz_convert(reads.settings.timezone)
    recorded_on = moments.dt.tz_localize(None).dt.normalize().dt.as_unit("s")
    frames = [
        pd.DataFrame({"on": recorded_on[rows], "date": values[rows], "cases": sign})
        for values, sign in ((day, 1), (before, -1))
        for rows in (changed & values.notna(),)
    ]
    return pd.concat(frames, ignore_index=True)


def _versions(reads: Reads, known_at: datetime, event: Event) -> pd.DataFrame:
    """``case_id, version, recorded_at, day`` of each version of a person."""
    if event == "arrived":
        newcomers: pd.DataFrame = reads.read(_NEWCOMERS, known_at).to_pandas()
        return newcomers
    cases: pd.DataFrame = reads.read(_CASES, known_at, event).to_pandas()
    return cases


def arrivals(reads: Reads, on: date) -> pd.DataFrame:
    """Changes that arrived on a day, by the day whose number of cases changed.

    Returns
    -------
    DataFrame
        ``date, added, taken_away, days_late``: confirmed cases that were added to a day, and that
        were removed (corrected to another day, or withdrawn). 0 days late is the day itself.
    """
    all_changes = changes(reads)
    changes_of_day = all_changes[all_changes["on"] == pd.Timestamp(on)]
    added = changes_of_day[changes_of_day["cases"] > 0].groupby("date")["cases"].sum()
    removed = -changes_of_day[changes_of_day["cases"] < 0].groupby("date")["cases"].sum()
    table = pd.DataFrame({"added": added, "taken_away": removed}).fillna(0).astype(np.int64)
    table.index.name = "date"
    rows = table.sort_index().reset_index()
    rows["days_late"] = (pd.Timestamp(on) - pd.to_datetime(rows["date"])).dt.days.astype(np.int64)
    return rows


def growth(
    reads: Reads,
    *,
    longest: int = 14,
    known_at: datetime | None = None,
    event: Event = "confirmed",
) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """The reporting triangle: number of known cases of each day by reporting delay.

    Parameters
    ----------
    longest
        Delay in days after which the number of cases of a day is complete.
    event
        The event that gives a case its day.

    Returns
    -------
    DataFrame, Series
        Known cases: a row for each day, columns for delays of 0 to `longest` days, null for
        delays in the future; and the share of the final number that is known after each delay,
        over all complete days (null without complete days). Removed cases give shares above 1.
    """
    all_changes = changes(reads, known_at, event)
    if all_changes.empty:
        return pd.DataFrame(columns=range(longest + 1)), pd.Series(np.nan, range(longest + 1))
    kind = NEWCOMERS if event == "arrived" else CASES
    newest = versions_stamp(reads, kind.name, known_at).newest or FOR_EVER
    first, last = all_changes["date"].min(), pd.Timestamp(reads.settings.day_of(newest))
    days = pd.date_range(first, max(last, first), freq="D")
    row = ((all_changes["date"] - first).dt.days).to_numpy()
    delay = (all_changes["on"] - all_changes["date"]).dt.days.clip(0, longest + 1).to_numpy()
    in_range = row < len(days)
    counts = np.zeros((len(days), longest + 2), dtype=np.int64)
    np.add.at(counts, (row[in_range], delay[in_range]), all_changes["cases"].to_numpy()[in_range])
    counts_by_delay = counts.cumsum(axis=1)[:, : longest + 1].astype(np.float64)
    age = (last - days).days.to_numpy()
    counts_by_delay[np.arange(longest + 1) > age[:, None]] = np.nan
    index = pd.Index(days, name="date")
    triangle = pd.DataFrame(counts_by_delay, index=index, columns=range(longest + 1))
    complete = counts_by_delay[age >= longest]
    final = complete[:, -1].sum() if len(complete) else 0
    share = complete.sum(axis=0) / final if final else np.full(longest + 1, np.nan)
    return triangle, pd.Series(share, index=range(longest + 1), name="share")
