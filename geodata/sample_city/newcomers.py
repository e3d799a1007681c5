"""People who come from elsewhere: mostly from Jakarta, West Java and Banten, most before Lebaran.

The shape follows what was published: some 7,000 by mid-April 2020, travel home for Lebaran
(24 May 2020, 13 May 2021) though it was forbidden, and for the turn of the year. Quarantine is
14 days, and five from 22 April 2021 (mayor's circular B/1806/443/V/2021).
"""

from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.sample_city.columns import NEWCOMER_COLUMNS, Texts, dates, people, tidied, whereabouts
from geodata.sample_city.epidemic import NEVER
from geodata.sample_city.homes import Homes
from geodata.sample_city.mess import lose_numbers, soil_addresses, soil_places
from geodata.sample_city.waves import FIRST_DAY, LAST_DAY, day_number
from geodata.tessellate.borders import Geometries
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


def arrivals(
    rt: gpd.GeoDataFrame,
    homes: Homes,
    share: float,
    aliases: dict[str, list[str]],
    edge: Geometries,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Newcomers as a file would have them, in order of arrival."""
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
    rows = pd.DataFrame(people(homes, house, guest)).join(whereabouts(rt, homes, house))
    rows["newcomer_id"] = [f"DTG-{number:06d}" for number in range(1, len(rows) + 1)]
    names, odds = zip(*_ORIGINS, strict=True)
    rows["origin"] = rng.choice(np.array(names, dtype=object), len(rows), p=odds)
    rows["arrived_on"] = dates(arrived)
    stay = np.where(arrived >= day_number(_SHORT_FROM), 5, 14)
    rows["quarantine_until"] = dates(arrived + stay)
    tested, answer = _tests(arrived, stay, rng)
    rows["tested_on"], rows["test_result"] = dates(tested), answer
    soil_places(rows, edge[to], rng)
    soil_addresses(rows, aliases, rng)
    lose_numbers(rows, rng)
    return tidied(rows[list(NEWCOMER_COLUMNS)])


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
