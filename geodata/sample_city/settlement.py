"""Where the people of the sample city live, and how a file says it."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.calendar import day_number
from geodata.sample_city.columns import people
from geodata.sample_city.doubts import Homesteads, write_otherwise
from geodata.sample_city.homes import Homes
from geodata.sample_city.mess import lose_numbers, soil_addresses, soil_places
from geodata.sample_city.redivision import SINCE, Before
from geodata.sample_city.streets import streets
from geodata.tessellate.borders import Geometries
from geodata.tessellate.ridges import Ints


class Settlement(NamedTuple):
    """RT, their houses, and how areas are written.

    ``edge (n_rt,)`` is the city's outline along RT that lie at it; ``aliases`` are the spellings
    of each kelurahan.
    """

    rt: gpd.GeoDataFrame
    homes: Homes
    before: Before
    edge: Geometries
    aliases: dict[str, list[str]]


def person_rows(
    settlement: Settlement,
    who: tuple[Ints, Ints],
    day: Ints,
    rng: np.random.Generator,
    more: np.random.Generator,
) -> pd.DataFrame:
    """Who people are and where they live, as a file has it.

    Parameters
    ----------
    who
        House of each, and number within it.
    day
        The day it is written down: the RT of that day.
    rng, more
        Of the mess; of addresses in other words.

    Returns
    -------
    DataFrame
        ``nik, kk, address, rt, rw, kelurahan, kecamatan, lon, lat``.
    """
    house, member = who
    homes, where = settlement.homes, homesteads(settlement, house, day)
    rows = pd.DataFrame(people(homes, house, member))
    rows["address"] = [
        f"Jl. {street} No. {number}"
        for street, number in zip(where.street, where.number.tolist(), strict=True)
    ]
    for column in ("rt", "rw", "kelurahan", "kecamatan"):
        rows[column] = getattr(where, column)
    rows["lon"], rows["lat"] = np.round(homes.lonlat[house].T, 6)
    soil_places(rows, settlement.edge[homes.rt[house]], rng)
    soil_addresses(rows, settlement.aliases, rng)
    write_otherwise(rows, where, settlement.rt, more)
    lose_numbers(rows, rng)
    return rows


def homesteads(settlement: Settlement, house: Ints, day: Ints) -> Homesteads:
    """Where houses are by the RT of a day."""
    rt, homes, before = settlement.rt, settlement.homes, settlement.before
    own = rt.iloc[homes.rt[house]]
    then = day < day_number(SINCE)
    street, number = streets(rt, homes, house)
    return Homesteads(
        street=street,
        number=number,
        rt=np.where(then, before.rt_number[house], own["rt"].to_numpy()),
        rw=np.where(then, before.rw_number[house], own["rw"].to_numpy()),
        kelurahan=own["kelurahan_name"].to_numpy(object),
        kecamatan=own["kecamatan_name"].to_numpy(object),
    )
