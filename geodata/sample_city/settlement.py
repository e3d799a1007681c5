"""Houses of the persons of the sample city, and their address fields in files."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.calendar import day_number
from geodata.sample_city.address_variants import HouseLocations, vary_addresses
from geodata.sample_city.file_errors import (
    corrupt_coordinates,
    remove_identity_numbers,
    vary_address_fields,
)
from geodata.sample_city.houses import Houses
from geodata.sample_city.record_columns import identity_numbers
from geodata.sample_city.redivision import SINCE, PreviousDivision
from geodata.sample_city.streets import streets
from geodata.tessellate.borders import Geometries
from geodata.tessellate.ridges import Ints


class Settlement(NamedTuple):
    """RT, houses, and spellings of areas.

    ``edge (n_rt,)`` is the outline of the city along each RT, or None; ``aliases`` are the
    spellings of each kelurahan.
    """

    rt: gpd.GeoDataFrame
    houses: Houses
    previous: PreviousDivision
    edge: Geometries
    aliases: dict[str, list[str]]


def person_rows(
    settlement: Settlement,
    persons: tuple[Ints, Ints],
    day: Ints,
    rng: np.random.Generator,
    extra_rng: np.random.Generator,
) -> pd.DataFrame:
    """Identity and address columns of persons in a file.

    Parameters
    ----------
    persons
        House of each person, and member number in the house.
    day
        Day of the report; addresses have the RT numbers of that day.
    rng, extra_rng
        Random numbers for errors; for variants of addresses.

    Returns
    -------
    DataFrame
        ``nik, kk, address, rt, rw, kelurahan, kecamatan, lon, lat``.
    """
    house, member = persons
    houses, locations = settlement.houses, house_locations(settlement, house, day)
    rows = pd.DataFrame(identity_numbers(houses, house, member))
    rows["address"] = [
        f"Jl. {street} No. {number}"
        for street, number in zip(locations.street, locations.number.tolist(), strict=True)
    ]
    for column in ("rt", "rw", "kelurahan", "kecamatan"):
        rows[column] = getattr(locations, column)
    rows["lon"], rows["lat"] = np.round(houses.lonlat[house].T, 6)
    corrupt_coordinates(rows, settlement.edge[houses.rt[house]], rng)
    vary_address_fields(rows, settlement.aliases, rng)
    vary_addresses(rows, locations, settlement.rt, extra_rng)
    remove_identity_numbers(rows, rng)
    return rows


def house_locations(settlement: Settlement, house: Ints, day: Ints) -> HouseLocations:
    """Locations of houses, with the RT and RW numbers of a day."""
    rt, houses, previous = settlement.rt, settlement.houses, settlement.previous
    rt_of_house = rt.iloc[houses.rt[house]]
    is_previous = day < day_number(SINCE)
    street, number = streets(rt, houses, house)
    return HouseLocations(
        street=street,
        number=number,
        rt=np.where(is_previous, previous.rt_number[house], rt_of_house["rt"].to_numpy()),
        rw=np.where(is_previous, previous.rw_number[house], rt_of_house["rw"].to_numpy()),
        kelurahan=rt_of_house["kelurahan_name"].to_numpy(object),
        kecamatan=rt_of_house["kecamatan_name"].to_numpy(object),
    )
