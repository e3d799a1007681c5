"""Columns of the sample city's record files and the text in their cells, still without a fault."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.sample_city.epidemic import NEVER
from geodata.sample_city.homes import Homes
from geodata.tessellate.ridges import Ints

Texts = NDArray[np.object_]

CASE_COLUMNS: Final = (
    "case_id",
    "nik",
    "kk",
    "address",
    "rt",
    "rw",
    "kelurahan",
    "kecamatan",
    "lon",
    "lat",
    "status",
    "confirmed_on",
    "onset_on",
    "specimen_on",
    "reported_on",
    "outcome",
    "outcome_on",
)
NEWCOMER_COLUMNS: Final = (
    "newcomer_id",
    "nik",
    "kk",
    "address",
    "rt",
    "rw",
    "kelurahan",
    "kecamatan",
    "lon",
    "lat",
    "origin",
    "arrived_on",
    "quarantine_until",
    "tested_on",
    "test_result",
)
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


def dates(days: Ints) -> Texts:
    """ISO dates of days since 1970-01-01; None where a day is `NEVER`."""
    return known(days.astype("datetime64[D]").astype(str), days != NEVER)


def known(cells: NDArray[Any], which: NDArray[np.bool_]) -> Texts:
    """Cells as objects, None where they are not known."""
    texts: Texts = cells.astype(object)
    texts[~which] = None
    return texts


def tidied(rows: pd.DataFrame) -> pd.DataFrame:
    """Every column but the coordinates as text."""
    texts = [column for column in rows.columns if column not in {"lon", "lat"}]
    return rows.astype(dict.fromkeys(texts, "str"))


def people(homes: Homes, house: Ints, member: Ints) -> dict[str, Texts]:
    """Identity numbers that plainly are none: 16 digits from 0000, a province there is not.

    A house has one family card, few have two; a member's is always the same one.
    """
    card = house * 2 + member % homes.cards[house]
    return {
        "nik": _texts("0000{:012d}", house * 100 + member),
        "kk": _texts("00009{:011d}", card),
    }


def whereabouts(rt: gpd.GeoDataFrame, homes: Homes, house: Ints) -> pd.DataFrame:
    """Address and coordinates of houses, as in the best kept of files."""
    own = rt.iloc[homes.rt[house]]
    serial = house - homes.start[homes.rt[house]]
    # A street through two or three RT: its name follows from the RW and the RT.
    street = (own["rw"].to_numpy() * 5 + own["rt"].to_numpy() // 2) % len(_STREETS)
    names = np.array(_STREETS, dtype=object)[street]
    return pd.DataFrame(
        {
            "address": [
                f"Jl. {name} No. {n + 1}" for name, n in zip(names, serial.tolist(), strict=True)
            ],
            "rt": own["rt"].to_numpy(),
            "rw": own["rw"].to_numpy(),
            "kelurahan": own["kelurahan_name"].to_numpy(object),
            "kecamatan": own["kecamatan_name"].to_numpy(object),
            "lon": np.round(homes.lonlat[house, 0], 6),
            "lat": np.round(homes.lonlat[house, 1], 6),
        }
    )


def _texts(form: str, numbers: Ints) -> Texts:
    return np.array([form.format(number) for number in numbers.tolist()], dtype=object)
