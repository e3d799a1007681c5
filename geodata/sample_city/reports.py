"""Versions of the records, with the moment of each: first reports, corrections, withdrawals.

A case arrives on its ``reported_on`` day, in one file per day. Later versions give recovery or
death, and corrections: a suspect is confirmed, a wrong day or RT is corrected, a positive result
is false. Some records are mistakes and are withdrawn. Some rows are unusable. The last version of
a record is its row in `SampleCity.cases`.
"""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.calendar import day_number
from geodata.sample_city.epidemic import NEVER, Cases
from geodata.sample_city.newcomers import Newcomers
from geodata.sample_city.record_columns import Texts, as_text, dates
from geodata.sample_city.waves import LAST_DAY
from geodata.tessellate.ridges import Ints

RECORDED_AT: Final = "recorded_at"
_CASES_AT: Final = np.timedelta64(9 * 60, "m")
_NEWCOMERS_AT: Final = np.timedelta64(9 * 60 + 30, "m")
_WITHDRAWN_AT: Final = np.timedelta64(10 * 60, "m")
_VERIFIED_AT: Final = np.timedelta64(11 * 60, "m")
"""Times in UTC: 16:00 to 18:00 in Semarang; the same date in all of Indonesia."""
_SUSPECT: Final = 0.02
_WRONG_DAY: Final = 0.015
"""Share of cases with the day of the specimen instead of the day of the result."""
_WRONG_RT: Final = 0.015
_FALSE_POSITIVE: Final = 0.02
"""Share of the discarded cases."""
_WITHDRAWN: Final = 0.0005
_REASONS: Final = ("tercatat dua kali", "warga kota lain, salah catat")
_LAST: Final = day_number(LAST_DAY)


class CaseReports(NamedTuple):
    """Versions and withdrawals of cases.

    ``versions`` have ``recorded_at`` (UTC), oldest first; ``withdrawals`` are ``kind, id, reason,
    recorded_at``.
    """

    versions: pd.DataFrame
    withdrawals: pd.DataFrame


def case_reports(
    rows: pd.DataFrame, cases: Cases, unusable: pd.DataFrame, rng: np.random.Generator
) -> CaseReports:
    """Make the versions of all cases.

    Parameters
    ----------
    rows
        Final state of each case.
    cases
        Cases of the same rows.
    unusable
        Rows that the intake rejects.
    """
    copies, original_rows = _mistaken_copies(rows, rng)
    parts, days = _versions(rows, cases, rng)
    days += [cases.reported[original_rows], _day_numbers(unusable["reported_on"])]
    versions = _join_versions([*parts, copies, unusable], days, _CASES_AT)
    return CaseReports(versions, _withdrawals(copies, cases.reported[original_rows], rng))


def newcomer_reports(newcomers: Newcomers, rng: np.random.Generator) -> pd.DataFrame:
    """Make the versions of all newcomers: on arrival, with the test, with the day of leaving."""
    rows, arrived, _, tested, left = newcomers
    number = len(rows)
    first = np.minimum(arrived + rng.choice(3, number, p=[0.7, 0.2, 0.1]), _LAST)
    result_day = np.where(
        tested == NEVER, NEVER, tested + rng.choice(3, number, p=[0.5, 0.35, 0.15])
    )
    leaving_day = np.where(left == NEVER, NEVER, left + rng.integers(0, 4, number))
    events = [first] + [_event_day(day, first) for day in (result_day, leaving_day)]
    parts, days_by_version = [], []
    for day in _distinct_days(events):
        version_rows = np.flatnonzero(day != NEVER)
        version = rows.iloc[version_rows].copy()
        version.loc[(events[1] > day)[version_rows], ["tested_on", "test_result"]] = None
        version.loc[(events[2] > day)[version_rows], "left_on"] = None
        parts.append(version)
        days_by_version.append(day[version_rows])
    return _join_versions(parts, days_by_version, _NEWCOMERS_AT)


def verification_table(newcomers: Newcomers, days: Ints, offices: Texts) -> pd.DataFrame:
    """Verifications: ``newcomer_id, verified_on, verified_by, recorded_at``, oldest first."""
    verified_rows = np.flatnonzero(days != NEVER)
    table = pd.DataFrame(
        {
            "newcomer_id": newcomers.rows["newcomer_id"].to_numpy(object)[verified_rows],
            "verified_on": dates(days[verified_rows]),
            "verified_by": offices[verified_rows],
            RECORDED_AT: _moments(days[verified_rows], _VERIFIED_AT),
        }
    )
    return table.sort_values([RECORDED_AT, "newcomer_id"], ignore_index=True)


def _versions(
    rows: pd.DataFrame, cases: Cases, rng: np.random.Generator
) -> tuple[list[pd.DataFrame], list[Ints]]:
    """All versions of all rows, with the day of each."""
    number = len(rows)
    reported, confirmed = cases.reported, cases.status == "confirmed"
    ended = np.where(cases.ended == NEVER, cases.specimen + 14, cases.ended)
    outcome_day_reported = ended + np.minimum(rng.geometric(0.4, number) - 1, 12)
    outcome = _event_day(np.where(cases.outcome == "", NEVER, outcome_day_reported), reported)
    corrected_on = np.minimum(reported + rng.integers(1, 11, number), _LAST)
    # An error is corrected at the latest together with the outcome.
    corrected_on = np.where(outcome == NEVER, corrected_on, np.minimum(corrected_on, outcome))
    draw = rng.random(number)
    is_suspect = confirmed & (draw < _SUSPECT) & (cases.specimen < reported)
    day_wrong = confirmed & (draw > 1 - _WRONG_DAY) & (cases.specimen < cases.confirmed)
    rt_wrong = (np.abs(draw - 0.5) < _WRONG_RT / 2) & rows["rt"].notna().to_numpy()
    is_false = (cases.status == "discarded") & (draw < _FALSE_POSITIVE)
    suspected_on = np.where(is_suspect, np.maximum(cases.specimen, cases.onset), NEVER)
    correction = np.where(day_wrong | rt_wrong | is_false, corrected_on, NEVER)
    parts, days_by_version = [], []
    for day in _distinct_days([suspected_on, reported, correction, outcome]):
        version_rows = np.flatnonzero(day != NEVER)
        version = rows.iloc[version_rows].copy()
        is_before_correction = (day < corrected_on)[version_rows]
        reported_as = version["reported_on"].to_numpy(object)
        _corrupt_rt(version, is_before_correction & rt_wrong[version_rows])
        version.loc[(outcome > day)[version_rows], ["outcome", "outcome_on"]] = None
        is_wrong = is_before_correction & day_wrong[version_rows]
        version.loc[is_wrong, "confirmed_on"] = version.loc[is_wrong, "specimen_on"]
        is_wrong = is_before_correction & is_false[version_rows]
        version.loc[is_wrong, "status"] = "confirmed"
        version.loc[is_wrong, "confirmed_on"] = reported_as[is_wrong]
        is_wrong = (day < reported)[version_rows]
        version.loc[is_wrong, "status"] = "suspect"
        version.loc[is_wrong, ["confirmed_on", "outcome", "outcome_on"]] = None
        version.loc[is_wrong, "reported_on"] = dates(day[version_rows][is_wrong])
        parts.append(version)
        days_by_version.append(day[version_rows])
    return parts, days_by_version


def _corrupt_rt(version: pd.DataFrame, is_wrong: NDArray[np.bool_]) -> None:
    """Write the number of another RT, and remove the coordinates."""
    numbers = pd.to_numeric(version.loc[is_wrong, "rt"]).astype(np.int64) % 9 + 1
    version.loc[is_wrong, "rt"] = numbers.astype(str).to_numpy(object)
    version.loc[is_wrong, ["lon", "lat"]] = np.nan


def _event_day(day: Ints, first: Ints) -> Ints:
    """Day of an event, not before the first report; `NEVER` for no event."""
    return np.where(day == NEVER, NEVER, np.minimum(np.maximum(day, first), _LAST))


def _distinct_days(events: list[Ints]) -> list[Ints]:
    """Distinct days of each row in order: the first day of every row, the second, ..."""
    days = np.stack(events)
    ordered = np.sort(np.where(days == NEVER, _LAST + 1, days), axis=0)
    is_repeated = np.zeros(ordered.shape, dtype=bool)
    is_repeated[1:] = ordered[1:] == ordered[:-1]
    ordered[is_repeated | (ordered > _LAST)] = NEVER
    return list(ordered)


def _mistaken_copies(rows: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, Ints]:
    """Mistaken copies of cases, and the rows of the originals."""
    confirmed = np.flatnonzero((rows["status"] == "confirmed").to_numpy())
    count = min(max(2 * len(_REASONS), round(_WITHDRAWN * len(rows))), len(confirmed))
    original_rows = rng.choice(confirmed, count, replace=False)
    copies = rows.iloc[original_rows].reset_index(drop=True)
    copies[["outcome", "outcome_on"]] = None
    copies["case_id"] = [f"SMG-K{number:05d}" for number in range(1, count + 1)]
    is_duplicate = np.arange(count) % len(_REASONS) == 0
    # A copy without a NIK is not recognised as a duplicate.
    copies.loc[is_duplicate, "nik"] = None
    other_niks = [f"0000{999_000_000_000 + number:012d}" for number in range(count)]
    copies.loc[~is_duplicate, "nik"] = np.array(other_niks, dtype=object)[~is_duplicate]
    copies.loc[~is_duplicate, "kk"] = None
    return copies, original_rows


def _withdrawals(copies: pd.DataFrame, reported: Ints, rng: np.random.Generator) -> pd.DataFrame:
    day = np.minimum(reported + rng.integers(1, 21, len(copies)), _LAST)
    table = pd.DataFrame(
        {
            "kind": "cases",
            "id": copies["case_id"].to_numpy(object),
            "reason": [_REASONS[row % len(_REASONS)] for row in range(len(copies))],
            RECORDED_AT: _moments(day, _WITHDRAWN_AT),
        }
    ).sort_values([RECORDED_AT, "id"], ignore_index=True)
    # Each withdrawal is a separate transaction, a minute after the previous one.
    table[RECORDED_AT] += pd.to_timedelta(table.groupby(RECORDED_AT).cumcount(), unit="min")
    return table


def _join_versions(
    parts: list[pd.DataFrame], days_by_version: list[Ints], time_of_day: np.timedelta64
) -> pd.DataFrame:
    days = np.concatenate(days_by_version)
    table = as_text(pd.concat(parts, ignore_index=True))
    table[RECORDED_AT] = _moments(days, time_of_day)
    return table.iloc[np.argsort(days, kind="stable")].reset_index(drop=True)


def _moments(days: Ints, time_of_day: np.timedelta64) -> NDArray[np.datetime64]:
    return (days.astype("datetime64[D]") + time_of_day).astype("datetime64[us]")


def _day_numbers(texts: "pd.Series[str]") -> Ints:
    return texts.to_numpy(object).astype("datetime64[D]").astype(np.int64)
