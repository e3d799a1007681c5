"""People who come from elsewhere: mostly from Jakarta, West Java and Banten, most before Lebaran.

The shape follows what was published: some 7,000 by mid-April 2020, travel home for Lebaran
(24 May 2020, 13 May 2021) though it was forbidden, and for the turn of the year. Quarantine is
14 days, and five from 22 April 2021 (mayor's circular B/1806/443/V/2021). Some are tested, and who
is positive becomes a case; some are verified by an officer; many leave again.
"""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.calendar import day_number
from geodata.sample_city.columns import (
    CASE_COLUMNS,
    NEWCOMER_COLUMNS,
    Texts,
    dates,
    tidied,
    with_days,
)
from geodata.sample_city.epidemic import NEVER, SAME_DAY, Cases
from geodata.sample_city.settlement import Settlement, person_rows
from geodata.sample_city.waves import FIRST_DAY, LAST_DAY
from geodata.tessellate.ridges import Ints

_USUAL: Final = 14.0
_RUSHES: Final = (
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
_LEAVE: Final = 0.25
_OFFICES: Final = ("lurah", "rt", "babinsa", "bhabinkamtibmas", "puskesmas", "camat")
_OFFICE_ODDS: Final = (0.35, 0.25, 0.15, 0.1, 0.1, 0.05)


class Arrivals(NamedTuple):
    """Newcomers by row, in order of arrival: as a file has them in the end, and their days.

    ``rows`` has the columns of newcomers; ``arrived, due, tested, left`` are days since
    1970-01-01, `NEVER` where there is none.
    """

    rows: pd.DataFrame
    arrived: Ints
    due: Ints
    tested: Ints
    left: Ints


def arrivals(
    settlement: Settlement, share: float, rng: np.random.Generator, more: np.random.Generator
) -> Arrivals:
    """Newcomers to a part of the city.

    Parameters
    ----------
    share
        The part of the city's people who live there.
    rng, more
        Of who comes and is tested; of who leaves, and of addresses in other words.
    """
    rt, homes = settlement.rt, settlement.homes
    days = np.arange(day_number(FIRST_DAY), day_number(LAST_DAY) + 1)
    expected = np.full(len(days), _USUAL)
    for peak, height, spread in _RUSHES:
        expected += height * np.exp(-(((days - day_number(peak)) / spread) ** 2) / 2)
    arrived = np.repeat(days, rng.poisson(expected * share))
    # The greater part goes where students and new houses are; an uneven draw of RT will do.
    pull = np.cumsum(np.exp(rng.normal(0.0, 0.7, len(rt))))
    to = np.searchsorted(pull, rng.random(len(arrived)) * pull[-1], side="right")
    room = rng.random(len(arrived)) * np.diff(homes.start)[to]
    house = homes.start[to] + room.astype(np.int64)
    # Guests have numbers apart from those of the house, at times the house's own family card.
    guest = 60 + np.arange(len(arrived)) % 40
    names, odds = zip(*_ORIGINS, strict=True)
    origin = rng.choice(np.array(names, dtype=object), len(arrived), p=odds)
    stay = np.where(arrived >= day_number(_SHORT_FROM), 5, 14)
    tested, answer = _tests(arrived, stay, rng)
    left = _left(arrived, answer == "positive", more)
    rows = person_rows(settlement, (house, guest), arrived, rng, more)
    rows["newcomer_id"] = [f"DTG-{number:06d}" for number in range(1, len(rows) + 1)]
    rows["origin"], rows["arrived_on"] = origin, dates(arrived)
    rows["quarantine_until"] = dates(arrived + stay)
    rows["tested_on"], rows["test_result"] = dates(tested), answer
    rows["left_on"] = dates(left)
    return Arrivals(tidied(rows[list(NEWCOMER_COLUMNS)]), arrived, arrived + stay, tested, left)


def fallen_ill(newcomers: Arrivals, rng: np.random.Generator) -> tuple[pd.DataFrame, Cases]:
    """The cases that positive newcomers become: the same person at the same address."""
    chosen = np.flatnonzero((newcomers.rows["test_result"] == "positive").to_numpy())
    tested = newcomers.tested[chosen]
    number = len(chosen)
    confirmed = tested + rng.integers(0, 2, number)
    ended = np.maximum(confirmed + 1, tested + 10 + rng.poisson(2.6, number))
    open_still = ended > day_number(LAST_DAY)
    cases = Cases(
        house=np.full(number, NEVER),
        member=np.full(number, NEVER),
        status=np.full(number, "confirmed"),
        confirmed=confirmed,
        onset=np.full(number, NEVER),
        specimen=tested,
        reported=confirmed + np.minimum(rng.geometric(SAME_DAY, number) - 1, 9),
        outcome=np.where(open_still, "", "recovered"),
        ended=np.where(open_still, NEVER, ended),
    )
    rows = newcomers.rows.iloc[chosen].reset_index(drop=True)
    rows["case_id"] = "SMG-" + rows["newcomer_id"]
    rows = with_days(rows, cases)[list(CASE_COLUMNS)]
    come = cases.reported <= day_number(LAST_DAY)
    return tidied(rows[come].reset_index(drop=True)), cases.pick(come)


def verifications(newcomers: Arrivals, rng: np.random.Generator) -> tuple[Ints, Texts]:
    """The day an officer verified each newcomer, `NEVER` where none did, and which officer.

    Most are visited when their time is over, some earlier, which releases nobody.
    """
    number = len(newcomers.arrived)
    share = np.where(newcomers.arrived >= day_number(_SHORT_FROM), 0.35, 0.25)
    over = newcomers.due + rng.integers(0, 6, number)
    early = newcomers.arrived + 2
    day = np.where(rng.random(number) < 0.8, over, early)
    here = (newcomers.left == NEVER) | (newcomers.left > day)
    done = (rng.random(number) < share) & here & (day <= day_number(LAST_DAY))
    by = rng.choice(np.array(_OFFICES, dtype=object), number, p=_OFFICE_ODDS)
    return np.where(done, day, NEVER), by


def _left(arrived: Ints, positive: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Many go again: after a holiday of a week or two, some within the quarantine."""
    number = len(arrived)
    day = arrived + 2 + np.rint(rng.gamma(2.0, 8.0, number)).astype(np.int64)
    day = np.where(positive, day + 20, day)
    gone = (rng.random(number) < _LEAVE) & (day <= day_number(LAST_DAY))
    return np.where(gone, day, NEVER)


def _tests(arrived: Ints, stay: Ints, rng: np.random.Generator) -> tuple[Ints, Texts]:
    number = len(arrived)
    share = np.where(arrived >= day_number(_TESTS_FROM), 0.45, 0.08)
    tested = np.where(rng.random(number) < share, arrived + rng.integers(0, 4, number), NEVER)
    # What happens after the last day is not in the file.
    tested = np.where(tested > day_number(LAST_DAY), NEVER, np.minimum(tested, arrived + stay))
    positive = rng.random(number) < 0.035
    waiting = (rng.random(number) < 0.02) | (tested == NEVER)
    answer = np.where(positive, "positive", "negative").astype(object)
    answer[waiting] = None
    return tested, answer
