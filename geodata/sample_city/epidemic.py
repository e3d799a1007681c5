"""An epidemic in the houses of the sample city: who falls ill when, and what becomes of them.

Houses are confirmed at the rate `waves` says. Some catch it next door: a part of them, larger
when much is about, stands in the RT of a house of the last two weeks or in an RT beside it. In a
house more may follow within some ten days. Not imitated: age, sex, contacts at work or school,
vaccination, variants, hospitals.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.calendar import day_number
from geodata.sample_city.homes import Homes
from geodata.sample_city.waves import LAST_DAY, houses_per_day
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints

NEVER: Final = -1
"""A day that is not known or never came."""
CITY_PEOPLE: Final = 1_653_524
SAME_DAY: Final = 0.48
"""Share of cases reported on their day; of the rest the same share a day later, and so on."""
_LATE: Final = 0.006
"""Share of cases that come weeks later: a laboratory's or a hospital's forgotten list."""
_IMMUNE: Final = 120
_NEAR_DAYS: Final = 14
_ATTACK: Final = 0.29
_DIED: Final = 0.048


class Cases(NamedTuple):
    """People by row: ``house``, ``member`` within it, a status word, and days since 1970-01-01."""

    house: Ints
    member: Ints
    status: NDArray[np.str_]
    confirmed: Ints
    onset: Ints
    specimen: Ints
    reported: Ints
    outcome: NDArray[np.str_]
    ended: Ints

    def pick(self, which: NDArray[np.bool_] | Ints) -> "Cases":
        """Some rows."""
        return Cases._make(column[which] for column in self)


def simulate(homes: Homes, kelurahan: Ints, people: int, rng: np.random.Generator) -> Cases:
    """Everybody who came to notice, in no particular order.

    Parameters
    ----------
    homes
        All houses.
    kelurahan
        ``(n_rt,)`` number of each RT's kelurahan.
    people
        Who live in what is simulated.
    """
    house, day = _houses(homes, kelurahan, people / CITY_PEOPLE, rng)
    confirmed = _confirmed(homes, house, day, rng)
    others = _others(homes, confirmed, rng)
    everyone = Cases._make(np.concatenate(pair) for pair in zip(confirmed, others, strict=True))
    # What is reported later is not in the file yet.
    return everyone.pick(everyone.reported <= day_number(LAST_DAY))


def with_late_reports(cases: Cases, rng: np.random.Generator) -> Cases:
    """The same cases, some of them reported 10 to 45 days after their day."""
    number = len(cases.house)
    late = (rng.random(number) < _LATE) & (cases.status == "confirmed")
    day = cases.confirmed + rng.integers(10, 46, number)
    reported = np.where(late & (day <= day_number(LAST_DAY)), day, cases.reported)
    return cases._replace(reported=reported)


def _houses(
    homes: Homes, kelurahan: Ints, share: float, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Infected houses and the day the first in each was confirmed."""
    days, expected = houses_per_day(share)
    numbers = rng.poisson(expected)
    near_share = np.minimum(0.33 + 0.035 * np.log1p(expected / max(share, 1e-9)), 0.6)
    pull = _pull(homes, kelurahan, len(days), rng)
    beside = _beside(homes)
    last = np.full(len(homes.rt), -10_000)
    found: list[Ints] = []
    for turn, number in enumerate(numbers):
        far_odds = np.cumsum(pull.rt * pull.kelurahan[turn // 7][kelurahan])
        rt = np.searchsorted(far_odds, rng.random(number) * far_odds[-1], side="right")
        recent = np.concatenate([np.empty(0, np.int64), *found[-_NEAR_DAYS:]])
        near = (rng.random(number) < near_share[turn]) & (len(recent) > 0)
        if near.any():
            parent = homes.rt[rng.choice(recent, int(near.sum()))]
            step = np.where(rng.random(len(parent)) < 0.8, 0, rng.integers(1, beside.shape[1]))
            rt[near] = beside[parent, step]
        house = homes.start[rt] + (rng.random(number) * np.diff(homes.start)[rt]).astype(np.int64)
        house = np.unique(house[turn - last[house] > _IMMUNE])
        last[house] = turn
        found.append(house)
    return np.concatenate(found), np.repeat(days, [len(house) for house in found])


class _Pull(NamedTuple):
    rt: Floats
    kelurahan: Floats


def _pull(homes: Homes, kelurahan: Ints, days: int, rng: np.random.Generator) -> _Pull:
    """How strongly RT, and kelurahan in each week, draw cases: uneven, and wandering in time."""
    count = np.diff(homes.start)
    rt = count * np.exp(rng.normal(0.0, 1.25, len(count)))
    weeks = days // 7 + 1
    # Between weeks what a kelurahan has above its neighbours fades to 0.85.
    steps = rng.normal(0.0, 1.0, (weeks, int(kelurahan.max()) + 1))
    level = steps.copy()
    for week in range(1, weeks):
        level[week] = 0.85 * level[week - 1] + np.sqrt(1 - 0.85**2) * steps[week]
    return _Pull(rt, np.exp(0.6 * level))


def _beside(homes: Homes) -> Ints:
    """For each RT itself and those nearest to it."""
    count = np.diff(homes.start)
    middle = np.column_stack(
        [np.bincount(homes.rt, axis, minlength=len(count)) / count for axis in homes.lonlat.T]
    )
    beside: Ints = cKDTree(middle).query(middle, k=min(6, len(count)))[1]
    return np.asarray(beside, np.int64).reshape(len(count), -1)


def _confirmed(homes: Homes, house: Ints, day: Ints, rng: np.random.Generator) -> Cases:
    attack = rng.beta(0.9, 0.9 / _ATTACK - 0.9, len(house))
    more = rng.binomial(homes.people[house] - 1, attack)
    index = np.repeat(np.arange(len(house)), more + 1)
    order = np.arange(len(index)) - np.searchsorted(index, index)
    # Some of the later ones are found on the day contacts are tested, most in the days after.
    later = np.maximum(1, np.rint(rng.gamma(3.0, 1.5, len(index)))).astype(np.int64)
    confirmed = day[index] + np.where(order > 0, later, 0)
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
    """Most end isolation after ten days or some more, some die, some are never heard of again."""
    number = len(confirmed)
    died = rng.random(number) < _DIED
    recovery = np.maximum(confirmed + 1, specimen + 10 + rng.poisson(2.6, number))
    death = confirmed + np.rint(rng.gamma(1.8, 4.0, number)).astype(np.int64)
    ended = np.where(died, death, recovery)
    unknown = (rng.random(number) < 0.03) | (ended > day_number(LAST_DAY))
    outcome = np.where(unknown, "", np.where(died, "died", "recovered"))
    # The day of an outcome is at times not written down.
    ended[unknown | (rng.random(number) < 0.01)] = NEVER
    return outcome, ended


def _others(homes: Homes, confirmed: Cases, rng: np.random.Generator) -> Cases:
    """Suspects, probable cases, contacts and the discarded, in the houses of cases and beside."""
    number = round(0.28 * len(confirmed.house))
    source = rng.integers(0, len(confirmed.house), number)
    status = rng.choice(
        np.array(["contact", "suspect", "probable", "discarded"]), number, p=[0.5, 0.2, 0.03, 0.27]
    )
    own = confirmed.house[source]
    rt = homes.rt[own]
    beside = homes.start[rt] + (rng.random(number) * np.diff(homes.start)[rt]).astype(np.int64)
    house = np.where(status == "contact", own, beside)
    noticed = confirmed.confirmed[source] + rng.integers(0, 5, number)
    onset = np.where(status == "contact", NEVER, noticed - rng.integers(1, 6, number))
    swabbed = rng.random(number) < np.where(status == "discarded", 1.0, 0.4)
    ended = np.where(rng.random(number) < 0.55, noticed + rng.integers(1, 9, number), NEVER)
    died = (status == "probable") & (ended != NEVER) & (ended <= day_number(LAST_DAY))
    return Cases(
        house,
        # Numbers of their own: they are not those who were confirmed.
        50 + np.arange(number) % 50,
        status,
        np.full(number, NEVER),
        onset,
        np.where(swabbed, noticed, NEVER),
        noticed + np.minimum(rng.geometric(0.5, number) - 1, 7),
        np.where(died, "died", ""),
        np.where(died, ended, NEVER),
    )
