"""Simulate the epidemic in the houses of the sample city: infections, days and outcomes.

`waves` gives the rate of newly confirmed houses. A share of them, larger in a large wave, is in or
next to the RT of a house of the last two weeks. More people of a house may follow within about ten
days. Not imitated: age, sex, contacts at work or school, vaccination, variants, hospitals.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.calendar import day_number
from geodata.sample_city.houses import Houses
from geodata.sample_city.waves import LAST_DAY, houses_per_day
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints

NEVER: Final = -1
"""Day number of an unknown day, or of an event that did not happen."""
CITY_PEOPLE: Final = 1_653_524
SAME_DAY: Final = 0.48
"""Probability of a report on the day, and on each later day: a geometric delay."""
_LATE: Final = 0.006
"""Share of cases reported weeks late, such as a forgotten list of a laboratory."""
_IMMUNE_DAYS: Final = 120
_NEAR_DAYS: Final = 14
_ATTACK_RATE: Final = 0.29
_DEATH_SHARE: Final = 0.048


class Cases(NamedTuple):
    """Persons by row: ``house``, ``member`` of the house, status, and days since 1970-01-01."""

    house: Ints
    member: Ints
    status: NDArray[np.str_]
    confirmed: Ints
    onset: Ints
    specimen: Ints
    reported: Ints
    outcome: NDArray[np.str_]
    ended: Ints

    def select(self, rows: NDArray[np.bool_] | Ints) -> "Cases":
        """Select rows."""
        return Cases._make(column[rows] for column in self)


def simulate(houses: Houses, kelurahan: Ints, people: int, rng: np.random.Generator) -> Cases:
    """Simulate all recorded persons, in no order.

    Parameters
    ----------
    houses
        All houses.
    kelurahan
        ``(n_rt,)`` number of the kelurahan of each RT.
    people
        Population of the simulated part of the city.
    """
    house, day = _infected_houses(houses, kelurahan, people / CITY_PEOPLE, rng)
    confirmed = _confirmed_cases(houses, house, day, rng)
    other_cases = _other_cases(houses, confirmed, rng)
    cases = Cases._make(np.concatenate(pair) for pair in zip(confirmed, other_cases, strict=True))
    # The file ends on the last day: later reports are not in the file.
    return cases.select(cases.reported <= day_number(LAST_DAY))


def add_late_reports(cases: Cases, rng: np.random.Generator) -> Cases:
    """Delay the reports of some cases by 10 to 45 days."""
    number = len(cases.house)
    is_late = (rng.random(number) < _LATE) & (cases.status == "confirmed")
    day = cases.confirmed + rng.integers(10, 46, number)
    reported = np.where(is_late & (day <= day_number(LAST_DAY)), day, cases.reported)
    return cases._replace(reported=reported)


def _infected_houses(
    houses: Houses, kelurahan: Ints, share: float, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Infected houses, and the day of the first confirmed case in each."""
    days, expected = houses_per_day(share)
    numbers = rng.poisson(expected)
    near_share = np.minimum(0.33 + 0.035 * np.log1p(expected / max(share, 1e-9)), 0.6)
    weights = _draw_weights(houses, kelurahan, len(days), rng)
    nearest_rt = _nearest_rt(houses)
    last_infection = np.full(len(houses.rt), -10_000)
    houses_by_day: list[Ints] = []
    for day_index, number in enumerate(numbers):
        cumulative = np.cumsum(weights.rt * weights.kelurahan[day_index // 7][kelurahan])
        rt = np.searchsorted(cumulative, rng.random(number) * cumulative[-1], side="right")
        recent = np.concatenate([np.empty(0, np.int64), *houses_by_day[-_NEAR_DAYS:]])
        is_near = (rng.random(number) < near_share[day_index]) & (len(recent) > 0)
        if is_near.any():
            parent = houses.rt[rng.choice(recent, int(is_near.sum()))]
            step = np.where(rng.random(len(parent)) < 0.8, 0, rng.integers(1, nearest_rt.shape[1]))
            rt[is_near] = nearest_rt[parent, step]
        house = houses.start[rt] + (rng.random(number) * np.diff(houses.start)[rt]).astype(np.int64)
        house = np.unique(house[day_index - last_infection[house] > _IMMUNE_DAYS])
        last_infection[house] = day_index
        houses_by_day.append(house)
    return np.concatenate(houses_by_day), np.repeat(days, [len(house) for house in houses_by_day])


class _Weights(NamedTuple):
    rt: Floats
    kelurahan: Floats


def _draw_weights(houses: Houses, kelurahan: Ints, days: int, rng: np.random.Generator) -> _Weights:
    """Weights of RT, and of kelurahan in each week (log-normal, first-order autoregressive)."""
    count = np.diff(houses.start)
    rt = count * np.exp(rng.normal(0.0, 1.25, len(count)))
    weeks = days // 7 + 1
    # From week to week, the deviation of a kelurahan decays by the factor 0.85.
    steps = rng.normal(0.0, 1.0, (weeks, int(kelurahan.max()) + 1))
    level = steps.copy()
    for week in range(1, weeks):
        level[week] = 0.85 * level[week - 1] + np.sqrt(1 - 0.85**2) * steps[week]
    return _Weights(rt, np.exp(0.6 * level))


def _nearest_rt(houses: Houses) -> Ints:
    """For each RT the RT itself and its nearest RT, by mean position of houses."""
    count = np.diff(houses.start)
    centres = np.column_stack(
        [np.bincount(houses.rt, axis, minlength=len(count)) / count for axis in houses.lonlat.T]
    )
    nearest: Ints = cKDTree(centres).query(centres, k=min(6, len(count)))[1]
    return np.asarray(nearest, np.int64).reshape(len(count), -1)


def _confirmed_cases(houses: Houses, house: Ints, day: Ints, rng: np.random.Generator) -> Cases:
    attack = rng.beta(0.9, 0.9 / _ATTACK_RATE - 0.9, len(house))
    infections = rng.binomial(houses.people[house] - 1, attack)
    index = np.repeat(np.arange(len(house)), infections + 1)
    order = np.arange(len(index)) - np.searchsorted(index, index)
    # Later cases of a house follow after the contacts are tested: at least one day later.
    delay = np.maximum(1, np.rint(rng.gamma(3.0, 1.5, len(index)))).astype(np.int64)
    confirmed = day[index] + np.where(order > 0, delay, 0)
    specimen = confirmed - rng.choice(6, len(index), p=[0.16, 0.3, 0.26, 0.16, 0.08, 0.04])
    onset = specimen - np.rint(rng.gamma(2.2, 1.6, len(index))).astype(np.int64)
    onset[rng.random(len(index)) < 0.24] = NEVER
    reported = confirmed + np.minimum(rng.geometric(SAME_DAY, len(index)) - 1, 9)
    outcome, ended = _outcomes(confirmed, specimen, rng)
    return Cases(
        house[index],
        order,
        np.full(len(index), "confirmed"),
        confirmed,
        onset,
        specimen,
        reported,
        outcome,
        ended,
    )


def _outcomes(
    confirmed: Ints, specimen: Ints, rng: np.random.Generator
) -> tuple[NDArray[np.str_], Ints]:
    """Draw outcomes: most people recover after ten days or more, some die, some are unknown."""
    number = len(confirmed)
    is_dead = rng.random(number) < _DEATH_SHARE
    recovery = np.maximum(confirmed + 1, specimen + 10 + rng.poisson(2.6, number))
    death = confirmed + np.rint(rng.gamma(1.8, 4.0, number)).astype(np.int64)
    ended = np.where(is_dead, death, recovery)
    is_unknown = (rng.random(number) < 0.03) | (ended > day_number(LAST_DAY))
    outcome = np.where(is_unknown, "", np.where(is_dead, "died", "recovered"))
    # The day of an outcome is missing in some rows.
    ended[is_unknown | (rng.random(number) < 0.01)] = NEVER
    return outcome, ended


def _other_cases(houses: Houses, confirmed: Cases, rng: np.random.Generator) -> Cases:
    """Suspects, probable cases, contacts and discarded cases, in the RT of confirmed cases."""
    number = round(0.28 * len(confirmed.house))
    source = rng.integers(0, len(confirmed.house), number)
    status = rng.choice(
        np.array(["contact", "suspect", "probable", "discarded"]), number, p=[0.5, 0.2, 0.03, 0.27]
    )
    case_house = confirmed.house[source]
    rt = houses.rt[case_house]
    random_house = houses.start[rt] + (rng.random(number) * np.diff(houses.start)[rt]).astype(
        np.int64
    )
    house = np.where(status == "contact", case_house, random_house)
    first_seen = confirmed.confirmed[source] + rng.integers(0, 5, number)
    onset = np.where(status == "contact", NEVER, first_seen - rng.integers(1, 6, number))
    is_tested = rng.random(number) < np.where(status == "discarded", 1.0, 0.4)
    ended = np.where(rng.random(number) < 0.55, first_seen + rng.integers(1, 9, number), NEVER)
    is_dead = (status == "probable") & (ended != NEVER) & (ended <= day_number(LAST_DAY))
    return Cases(
        house,
        # Separate member numbers: these persons are not the confirmed ones.
        50 + np.arange(number) % 50,
        status,
        np.full(number, NEVER),
        onset,
        np.where(is_tested, first_seen, NEVER),
        first_seen + np.minimum(rng.geometric(0.5, number) - 1, 7),
        np.where(is_dead, "died", ""),
        np.where(is_dead, ended, NEVER),
    )
