"""Streets of the sample city and the numbers of houses in them."""

from typing import Final

import geopandas as gpd
import numpy as np

from geodata.sample_city.columns import Texts
from geodata.sample_city.homes import Homes
from geodata.tessellate.ridges import Ints

_STREETS: Final = (
    "Anggrek",
    "Bougenville",
    "Cempaka",
    "Dahlia",
    "Flamboyan",
    "Kamboja",
    "Kenanga",
    "Mahoni",
    "Mawar",
    "Melati",
    "Nangka",
    "Rambutan",
    "Sawo",
    "Seroja",
    "Teratai",
    "Trembesi",
)


def streets(rt: gpd.GeoDataFrame, homes: Homes, house: Ints) -> tuple[Texts, Ints]:
    """Street and number of houses: no two houses of an RT have the same."""
    own = rt.iloc[homes.rt[house]]
    # A street through two or three RT: its name follows from the RW and the RT.
    street = (own["rw"].to_numpy() * 5 + own["rt"].to_numpy() // 2) % len(_STREETS)
    return np.array(_STREETS, dtype=object)[street], house - homes.start[homes.rt[house]] + 1
