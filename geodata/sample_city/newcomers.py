"""Newcomers of the sample city: mostly from Jakarta, West Java and Banten, most before Lebaran.

The numbers follow published figures: about 7,000 by mid-April 2020, travel for Lebaran (24 May
2020, 13 May 2021) in spite of the ban, and travel at the turn of the year. Quarantine lasts 14
days, from 22 April 2021 five days (mayor's circular B/1806/443/V/2021). Some newcomers are tested,
and a positive newcomer becomes a case; an officer verifies some; many leave again.
"""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.calendar import day_number
from geodata.sample_city.epidemic import NEVER, SAME_DAY, Cases
from geodata.sample_city.record_columns import (
    CASE_COLUMNS,
    NEWCOMER_COLUMNS,
    Texts,
    add_days,
    as_text,
    dates,
)
from geodata.sample_city.settlement import Settlement, person_rows
from geodata.sample_city.waves import FIRST_DAY, LAST_DAY
from geodata.tessellate.ridges import Ints

_USUAL_PER_DAY: Final = 14.0
_PEAKS: Final = (
    # peak, people a day at the peak, days of one standard deviation
    (date(2020, 4, 2), 320.0, 9.0),
    (date(2020, 5, 20), 60.0, 7.0),
    (date(2020, 12, 26), 55.0, 6.0),
    (date(2021, 5, 8), 120.0, 7.0),
    (date(2021, 12, 27), 50.0, 5.0),
)
_ORIGINS: Final = (
    ("DKI Jakarta", 0.37),
    ("Jawa Barat", 0.21),
    ("Banten", 0.11),
    ("Jawa Timur", 0.08),
    ("Jawa Tengah", 0.1),
    ("DI Yogyakarta", 0.05),
    ("Kalimantan", 0.03),
    ("Sumatera", 0.03),
    ("Bali", 0.01),
    ("Luar Negeri", 0.01),
)
_SHORT_FROM: Final = date(2021, 4, 22)
_TESTS_FROM: Final = date(2020, 6, 1)
_LEAVING_SHARE: Final = 0.25
_OFFICES: Final = ("lurah", "rt", "babinsa", "bhabinkamtibmas", "puskesmas", "camat")
_OFFICE_ODDS: Final = (0.35, 0.25, 0.15, 0.1, 0.1, 0.05)


class Newcomers(NamedTuple):
    """Newcomers by row, in order of arrival: final state of the file, and days.

    ``rows`` has the columns of newcomers; ``arrived, due, tested, left`` are days since
    1970-01-01, `NEVER` for no such day.
    """

    rows: pd.DataFrame
    arrived: Ints
    due: Ints
    tested: Ints
    left: Ints


def draw_newcomers(
    settlement: Settlement, share: float, rng: np.random.Generator, extra_rng: np.random.Generator
) -> Newcomers:
    """Draw the newcomers of a part of the city.

    Parameters
    ----------
    share
        Share of the population of the city that lives in the part.
    rng, extra_rng
        Random numbers for arrivals and tests; for departures and variants of addresses.
    """
    rt, houses = settlement.rt, settlement.houses
    days = np.arange(day_number(FIRST_DAY), day_number(LAST_DAY) + 1)
    expected = np.full(len(days), _USUAL_PER_DAY)
    for peak, height, spread in _PEAKS:
        expected += height * np.exp(-(((days - day_number(peak)) / spread) ** 2) / 2)
    arrived = np.repeat(days, rng.poisson(expected * share))
    # Newcomers go to some RT more than to others (students, new estates): log-normal weights.
    cumulative = np.cumsum(np.exp(rng.normal(0.0, 0.7, len(rt))))
    rt_rows = np.searchsorted(cumulative, rng.random(len(arrived)) * cumulative[-1], side="right")
    offset = rng.random(len(arrived)) * np.diff(houses.start)[rt_rows]
    house = houses.start[rt_rows] + offset.astype(np.int64)
    # Newcomers have member numbers above the residents, some with the family card of the house.
    member = 60 + np.arange(len(arrived)) % 40
    origins, odds = zip(*_ORIGINS, strict=True)
    origin = rng.choice(np.array(origins, dtype=object), len(arrived), p=odds)
    stay = np.where(arrived >= day_number(_SHORT_FROM), 5, 14)
    tested, result = _tests(arrived, stay, rng)
    left = _departure_days(arrived, result == "positive", extra_rng)
    rows = person_rows(settlement, (house, member), arrived, rng, extra_rng)
    rows["newcomer_id"] = [f"DTG-{number:06d}" for number in range(1, len(rows) + 1)]
    rows["origin"], rows["arrived_on"] = origin, dates(arrived)
    rows["quarantine_until"] = dates(arrived + stay)
    rows["tested_on"], rows["test_result"] = dates(tested), result
    rows["left_on"] = dates(left)
    return Newcomers(as_text(rows[list(NEWCOMER_COLUMNS)]), arrived, arrived + stay, tested, left)


def positive_cases(newcomers: Newcomers, rng: np.random.Generator) -> tuple[pd.DataFrame, Cases]:
    """Cases of positive newcomers: the same person at the same address."""
    positive_rows = np.flatnonzero((newcomers.rows["test_result"] == "positive").to_numpy())
    tested = newcomers.tested[positive_rows]
    number = len(positive_rows)
    confirmed = tested + rng.integers(0, 2, number)
    ended = np.maximum(confirmed + 1, tested + 10 + rng.poisson(2.6, number))
    is_open = ended > day_number(LAST_DAY)
    cases = Cases(
        house=np.full(number, NEVER),
        member=np.full(number, NEVER),
        status=np.full(number, "confirmed"),
        confirmed=confirmed,
        onset=np.full(number, NEVER),
        specimen=tested,
        reported=confirmed + np.minimum(rng.geometric(SAME_DAY, number) - 1, 9),
        outcome=np.where(is_open, "", "recovered"),
        ended=np.where(is_open, NEVER, ended),
    )
    rows = newcomers.rows.iloc[positive_rows].reset_index(drop=True)
    rows["case_id"] = "SMG-" + rows["newcomer_id"]
    rows = add_days(rows, cases)[list(CASE_COLUMNS)]
    is_reported = cases.reported <= day_number(LAST_DAY)
    return as_text(rows[is_reported].reset_index(drop=True)), cases.select(is_reported)


def verifications(newcomers: Newcomers, rng: np.random.Generator) -> tuple[Ints, Texts]:
    """Day of the verification of each newcomer (`NEVER` for none), and the office.

    Most visits are after the end of the quarantine; an earlier visit releases nobody.
    """
    number = len(newcomers.arrived)
    share = np.where(newcomers.arrived >= day_number(_SHORT_FROM), 0.35, 0.25)
    after_quarantine = newcomers.due + rng.integers(0, 6, number)
    during_quarantine = newcomers.arrived + 2
    day = np.where(rng.random(number) < 0.8, after_quarantine, during_quarantine)
    is_present = (newcomers.left == NEVER) | (newcomers.left > day)
    is_verified = (rng.random(number) < share) & is_present & (day <= day_number(LAST_DAY))
    offices = rng.choice(np.array(_OFFICES, dtype=object), number, p=_OFFICE_ODDS)
    return np.where(is_verified, day, NEVER), offices


def _departure_days(arrived: Ints, positive: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Day on which each newcomer leaves, or `NEVER`; some leave during the quarantine."""
    number = len(arrived)
    day = arrived + 2 + np.rint(rng.gamma(2.0, 8.0, number)).astype(np.int64)
    day = np.where(positive, day + 20, day)
    has_left = (rng.random(number) < _LEAVING_SHARE) & (day <= day_number(LAST_DAY))
    return np.where(has_left, day, NEVER)


def _tests(arrived: Ints, stay: Ints, rng: np.random.Generator) -> tuple[Ints, Texts]:
    number = len(arrived)
    share = np.where(arrived >= day_number(_TESTS_FROM), 0.45, 0.08)
    tested = np.where(rng.random(number) < share, arrived + rng.integers(0, 4, number), NEVER)
    # The file ends on the last day.
    tested = np.where(tested > day_number(LAST_DAY), NEVER, np.minimum(tested, arrived + stay))
    is_positive = rng.random(number) < 0.035
    has_no_result = (rng.random(number) < 0.02) | (tested == NEVER)
    result = np.where(is_positive, "positive", "negative").astype(object)
    result[has_no_result] = None
    return tested, result
