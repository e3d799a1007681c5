"""Streets of the sample city and their house numbers."""

from typing import Final

import geopandas as gpd
import numpy as np

from geodata.sample_city.houses import Houses
from geodata.sample_city.record_columns import Texts
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


def streets(rt: gpd.GeoDataFrame, houses: Houses, house: Ints) -> tuple[Texts, Ints]:
    """Street and number of houses, unique within an RT."""
    rt_of_house = rt.iloc[houses.rt[house]]
    # A street goes through two or three RT; the numbers of RW and RT give its name.
    street = (rt_of_house["rw"].to_numpy() * 5 + rt_of_house["rt"].to_numpy() // 2) % len(_STREETS)
    return np.array(_STREETS, dtype=object)[street], house - houses.start[houses.rt[house]] + 1
