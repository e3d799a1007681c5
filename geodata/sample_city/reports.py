"""What reached the city on which day: each record as first reported, and as corrected later.

A case comes on its ``reported_on`` day, once a day with all others of that day. Later come its
recovery or death, and corrections: a suspect is confirmed, a wrong day or RT is mended, a positive
result turns out false. Some records should never have been and are withdrawn. Rows of no use come
too. The last version of a record says what `SampleCity.cases` says of it.
"""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.calendar import day_number
from geodata.sample_city.columns import Texts, dates, tidied
from geodata.sample_city.epidemic import NEVER, Cases
from geodata.sample_city.newcomers import Arrivals
from geodata.sample_city.waves import LAST_DAY
from geodata.tessellate.ridges import Ints

RECORDED: Final = "recorded_at"
_CASES_AT: Final = np.timedelta64(9 * 60, "m")
_NEWCOMERS_AT: Final = np.timedelta64(9 * 60 + 30, "m")
_WITHDRAWN_AT: Final = np.timedelta64(10 * 60, "m")
_VERIFIED_AT: Final = np.timedelta64(11 * 60, "m")
"""UTC: 16:00 and later in Semarang, the same day in all of Indonesia."""
_SUSPECT: Final = 0.02
_WRONG_DAY: Final = 0.015
"""The day of the specimen was written down for that of the result."""
_WRONG_RT: Final = 0.015
_FALSE_POSITIVE: Final = 0.02
"""Of the discarded."""
_WITHDRAWN: Final = 0.0005
_REASONS: Final = ("tercatat dua kali", "warga kota lain, salah catat")
_LAST: Final = day_number(LAST_DAY)

Days = NDArray[np.int64]


class CaseReports(NamedTuple):
    """What became known of cases.

    ``versions`` have ``recorded_at`` (UTC), oldest first; ``withdrawals`` are ``kind, id, reason,
    recorded_at``.
    """

    versions: pd.DataFrame
    withdrawals: pd.DataFrame


def case_reports(
    rows: pd.DataFrame, cases: Cases, useless: pd.DataFrame, rng: np.random.Generator
) -> CaseReports:
    """Versions of all cases.

    Parameters
    ----------
    rows
        Each case once, as it stands in the end.
    cases
        Of the same rows.
    useless
        Rows that will be turned away.
    """
    mistaken, of = _mistaken(rows, rng)
    parts, when = _versions(rows, cases, rng)
    when += [cases.reported[of], _day_numbers(useless["reported_on"])]
    versions = _delivered([*parts, mistaken, useless], when, _CASES_AT)
    return CaseReports(versions, _withdrawals(mistaken, cases.reported[of], rng))


def newcomer_reports(newcomers: Arrivals, rng: np.random.Generator) -> pd.DataFrame:
    """Versions of all newcomers: as they came, with their test, with the day they left."""
    rows, arrived, _, tested, left = newcomers
    number = len(rows)
    first = np.minimum(arrived + rng.choice(3, number, p=[0.7, 0.2, 0.1]), _LAST)
    answered = np.where(tested == NEVER, NEVER, tested + rng.choice(3, number, p=[0.5, 0.35, 0.15]))
    gone = np.where(left == NEVER, NEVER, left + rng.integers(0, 4, number))
    events = [first] + [_event(day, first) for day in (answered, gone)]
    parts, when = [], []
    for day in _distinct(events):
        chosen = np.flatnonzero(day != NEVER)
        version = rows.iloc[chosen].copy()
        version.loc[(events[1] > day)[chosen], ["tested_on", "test_result"]] = None
        version.loc[(events[2] > day)[chosen], "left_on"] = None
        parts.append(version)
        when.append(day[chosen])
    return _delivered(parts, when, _NEWCOMERS_AT)


def verified(newcomers: Arrivals, on: Days, by: Texts) -> pd.DataFrame:
    """Verifications: ``newcomer_id, verified_on, verified_by, recorded_at``, oldest first."""
    chosen = np.flatnonzero(on != NEVER)
    table = pd.DataFrame(
        {
            "newcomer_id": newcomers.rows["newcomer_id"].to_numpy(object)[chosen],
            "verified_on": dates(on[chosen]),
            "verified_by": by[chosen],
            RECORDED: _moments(on[chosen], _VERIFIED_AT),
        }
    )
    return table.sort_values([RECORDED, "newcomer_id"], ignore_index=True)


def _versions(
    rows: pd.DataFrame, cases: Cases, rng: np.random.Generator
) -> tuple[list[pd.DataFrame], list[Days]]:
    """Every state of every row, with the day it was told."""
    number = len(rows)
    reported, confirmed = cases.reported, cases.status == "confirmed"
    ended = np.where(cases.ended == NEVER, cases.specimen + 14, cases.ended)
    told = ended + np.minimum(rng.geometric(0.4, number) - 1, 12)
    outcome = _event(np.where(cases.outcome == "", NEVER, told), reported)
    mended = np.minimum(reported + rng.integers(1, 11, number), _LAST)
    # What is wrong is right at the latest when the case ends.
    mended = np.where(outcome == NEVER, mended, np.minimum(mended, outcome))
    draw = rng.random(number)
    suspect = confirmed & (draw < _SUSPECT) & (cases.specimen < reported)
    day_wrong = confirmed & (draw > 1 - _WRONG_DAY) & (cases.specimen < cases.confirmed)
    rt_wrong = (np.abs(draw - 0.5) < _WRONG_RT / 2) & rows["rt"].notna().to_numpy()
    false = (cases.status == "discarded") & (draw < _FALSE_POSITIVE)
    early = np.where(suspect, np.maximum(cases.specimen, cases.onset), NEVER)
    corrected = np.where(day_wrong | rt_wrong | false, mended, NEVER)
    parts, when = [], []
    for day in _distinct([early, reported, corrected, outcome]):
        chosen = np.flatnonzero(day != NEVER)
        version = rows.iloc[chosen].copy()
        before = (day < mended)[chosen]
        reported_as = version["reported_on"].to_numpy(object)
        _spoil_rt(version, before & rt_wrong[chosen])
        version.loc[(outcome > day)[chosen], ["outcome", "outcome_on"]] = None
        wrong = before & day_wrong[chosen]
        version.loc[wrong, "confirmed_on"] = version.loc[wrong, "specimen_on"]
        wrong = before & false[chosen]
        version.loc[wrong, "status"] = "confirmed"
        version.loc[wrong, "confirmed_on"] = reported_as[wrong]
        wrong = (day < reported)[chosen]
        version.loc[wrong, "status"] = "suspect"
        version.loc[wrong, ["confirmed_on", "outcome", "outcome_on"]] = None
        version.loc[wrong, "reported_on"] = dates(day[chosen][wrong])
        parts.append(version)
        when.append(day[chosen])
    return parts, when


def _spoil_rt(version: pd.DataFrame, wrong: NDArray[np.bool_]) -> None:
    """The RT beside, by its number, and no coordinates to tell."""
    numbers = pd.to_numeric(version.loc[wrong, "rt"]).astype(np.int64) % 9 + 1
    version.loc[wrong, "rt"] = numbers.astype(str).to_numpy(object)
    version.loc[wrong, ["lon", "lat"]] = np.nan


def _event(day: Days, first: Days) -> Days:
    """A day that comes with the first report or after it, `NEVER` where there is none."""
    return np.where(day == NEVER, NEVER, np.minimum(np.maximum(day, first), _LAST))


def _distinct(events: list[Days]) -> list[Days]:
    """The same days in order, each once: the first of every row, the second, ..."""
    days = np.stack(events)
    ordered = np.sort(np.where(days == NEVER, _LAST + 1, days), axis=0)
    again = np.zeros(ordered.shape, dtype=bool)
    again[1:] = ordered[1:] == ordered[:-1]
    ordered[again | (ordered > _LAST)] = NEVER
    return list(ordered)


def _mistaken(rows: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, Ints]:
    """Cases that should never have been, and the rows that they were copied from."""
    confirmed = np.flatnonzero((rows["status"] == "confirmed").to_numpy())
    number = min(max(2 * len(_REASONS), round(_WITHDRAWN * len(rows))), len(confirmed))
    chosen = rng.choice(confirmed, number, replace=False)
    copies = rows.iloc[chosen].reset_index(drop=True)
    copies[["outcome", "outcome_on"]] = None
    copies["case_id"] = [f"SMG-K{k:05d}" for k in range(1, number + 1)]
    twice = np.arange(number) % len(_REASONS) == 0
    # Nobody sees that a case is there already whose NIK was not written down.
    copies.loc[twice, "nik"] = None
    elsewhere = [f"0000{999_000_000_000 + k:012d}" for k in range(number)]
    copies.loc[~twice, "nik"] = np.array(elsewhere, dtype=object)[~twice]
    copies.loc[~twice, "kk"] = None
    return copies, chosen


def _withdrawals(mistaken: pd.DataFrame, reported: Ints, rng: np.random.Generator) -> pd.DataFrame:
    day = np.minimum(reported + rng.integers(1, 21, len(mistaken)), _LAST)
    table = pd.DataFrame(
        {
            "kind": "cases",
            "id": mistaken["case_id"].to_numpy(object),
            "reason": [_REASONS[k % len(_REASONS)] for k in range(len(mistaken))],
            RECORDED: _moments(day, _WITHDRAWN_AT),
        }
    ).sort_values([RECORDED, "id"], ignore_index=True)
    # Each is a transaction of its own, a minute after the one before.
    table[RECORDED] += pd.to_timedelta(table.groupby(RECORDED).cumcount(), unit="min")
    return table


def _delivered(parts: list[pd.DataFrame], when: list[Days], at: np.timedelta64) -> pd.DataFrame:
    day = np.concatenate(when)
    table = tidied(pd.concat(parts, ignore_index=True))
    table[RECORDED] = _moments(day, at)
    return table.iloc[np.argsort(day, kind="stable")].reset_index(drop=True)


def _moments(days: Days, at: np.timedelta64) -> NDArray[np.datetime64]:
    return (days.astype("datetime64[D]") + at).astype("datetime64[us]")


def _day_numbers(texts: "pd.Series[str]") -> Days:
    return texts.to_numpy(object).astype("datetime64[D]").astype(np.int64)
