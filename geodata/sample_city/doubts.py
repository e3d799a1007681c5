"""Addresses as people write them: one house in several ways, and areas that a person must decide.

Decide: two kelurahan of one name, a name that a kelurahan shares with its kecamatan, the first
word of several kelurahan, two RT in one line, a kecamatan that contradicts the kelurahan.
"""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.sample_city.columns import Texts
from geodata.tessellate.ridges import Ints

_OTHERWISE: Final = 0.05
"""Share of addresses written in another way than the house's usual one."""
_SHARED_NAME: Final = 0.02
"""Of rows in kelurahan whose name is another kelurahan's too."""
_KECAMATAN_NAME: Final = 0.004
_FIRST_WORD: Final = 0.002
_TWO_RT: Final = 0.00015
_CONTRADICTION: Final = 0.0001
_NO_COORDINATES: Final = 0.6
"""Of addresses that must be decided: without coordinates only a decision places them."""


class Homesteads(NamedTuple):
    """Where the house of each row is, ``(n,)``: what is written there says it more or less well."""

    street: Texts
    number: Ints
    rt: Ints
    rw: Ints
    kelurahan: Texts
    kecamatan: Texts


def write_otherwise(
    rows: pd.DataFrame, where: Homesteads, rt: gpd.GeoDataFrame, rng: np.random.Generator
) -> None:
    """Write some addresses in other ways and some in doubt; ``rows`` is changed in place.

    Parameters
    ----------
    rows
        With their address fields as text, null where not known.
    rt
        All RT of the city, for the names there are.
    """
    addresses = rows["address"].to_numpy(object, copy=True)
    other = np.flatnonzero(rng.random(len(rows)) < _OTHERWISE)
    way = rng.integers(0, len(_WAYS), len(rows))
    for row in other.tolist():
        addresses[row] = _WAYS[way[row]].format(
            street=where.street[row],
            capitals=where.street[row].upper(),
            number=where.number[row],
            rt=where.rt[row],
            rw=where.rw[row],
            kelurahan=where.kelurahan[row],
        )
    rows["address"] = addresses
    _doubt(rows, where, rt, rng)


_WAYS: Final = (
    "Jalan {street} Nomor {number}",
    "JL. {capitals} NO. {number}",
    "Jln {street} no.{number}",
    "jl {street} No {number:03d}",
    "Jl. {street} No. {number}, RT {rt:02d} / RW {rw:02d}",
    "Jl. {street} No. {number} RT {rt} RW {rw} Kel. {kelurahan}",
    "Jl. {street} No. {number} Kel. {kelurahan} Kota Semarang",
)


_DOUBTFUL: Final = (
    "{home} RT {rt:02d} RW {rw:02d} {kelurahan}",
    "{home} RT {rt:02d} RW {rw:02d} {kelurahan}",
    "{home} RT {rt:02d} RW {rw:02d} {first}",
    "{home} RT {rt}, RT {beside} RW {rw} Kel. {kelurahan}",
)
"""A name of several kelurahan, a kecamatan's name, the first word of several names, two RT."""


def _doubt(
    rows: pd.DataFrame, where: Homesteads, rt: gpd.GeoDataFrame, rng: np.random.Generator
) -> None:
    kelurahan = rt[["kelurahan_code", "kelurahan_name"]].drop_duplicates()["kelurahan_name"]
    first = pd.Series(where.kelurahan).str.split(" ").str[0].to_numpy(object)
    firsts = kelurahan.str.split(" ").str[0].value_counts()
    names = kelurahan.value_counts()
    kecamatan = np.sort(rt["kecamatan_name"].unique())
    draw = rng.random(len(rows))
    lost = rng.random(len(rows)) < _NO_COORDINATES
    moved = rng.integers(1, max(len(kecamatan), 2), len(rows))
    several = pd.Series(where.kelurahan).isin(names.index[names > 1]).to_numpy()
    above = pd.Series(where.kelurahan).isin(kecamatan).to_numpy()
    family = pd.Series(first).isin(firsts.index[firsts > 1]).to_numpy() & (first != where.kelurahan)
    kinds = (
        several & (draw < _SHARED_NAME),
        above & (draw < _KECAMATAN_NAME),
        family & (draw < _FIRST_WORD),
        draw > 1 - _TWO_RT,
    )
    text = rows["address"].to_numpy(object, copy=True)
    for kind, chosen in enumerate(kinds):
        for row in np.flatnonzero(chosen).tolist():
            text[row] = _DOUBTFUL[kind].format(
                home=f"Jl. {where.street[row]} No. {where.number[row]}",
                rt=where.rt[row],
                beside=where.rt[row] + 1,
                rw=where.rw[row],
                kelurahan=where.kelurahan[row],
                first=first[row],
            )
    in_text = np.any(kinds, axis=0)
    rows["address"] = text
    rows.loc[in_text, ["rt", "rw", "kelurahan", "kecamatan"]] = None
    against = ~in_text & (np.abs(draw - 0.5) < _CONTRADICTION / 2) & (len(kecamatan) > 1)
    held = pd.Index(kecamatan).get_indexer(pd.Index(where.kecamatan))
    rows.loc[against, "kecamatan"] = kecamatan[(held + moved)[against] % len(kecamatan)]
    rows.loc[(in_text | against) & lost, ["lon", "lat"]] = np.nan
