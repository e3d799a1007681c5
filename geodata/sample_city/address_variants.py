"""Variants of addresses: one house in several spellings, and ambiguous areas.

Ambiguous: two kelurahan of one name, a name of both a kelurahan and its kecamatan, the first word
of several kelurahan, two RT in one line, a kecamatan that contradicts the kelurahan.
"""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.sample_city.record_columns import Texts
from geodata.tessellate.ridges import Ints

_OTHER_FORM: Final = 0.05
"""Share of addresses in another form than the usual form of the house."""
_SHARED_NAME: Final = 0.02
"""Share of rows in kelurahan with the name of another kelurahan."""
_KECAMATAN_NAME: Final = 0.004
_FIRST_WORD: Final = 0.002
_TWO_RT: Final = 0.00015
_CONTRADICTION: Final = 0.0001
_NO_COORDINATES: Final = 0.6
"""Share of ambiguous addresses without coordinates; only a decision can place them."""


class HouseLocations(NamedTuple):
    """True location of the house of each row, ``(n,)``; addresses describe it with errors."""

    street: Texts
    number: Ints
    rt: Ints
    rw: Ints
    kelurahan: Texts
    kecamatan: Texts


def vary_addresses(
    rows: pd.DataFrame, locations: HouseLocations, rt: gpd.GeoDataFrame, rng: np.random.Generator
) -> None:
    """Change the form of some addresses and make some ambiguous; changes ``rows`` in place.

    Parameters
    ----------
    rows
        Rows with address fields as text; null for unknown.
    rt
        All RT of the city, for their names.
    """
    addresses = rows["address"].to_numpy(object, copy=True)
    changed_rows = np.flatnonzero(rng.random(len(rows)) < _OTHER_FORM)
    form_numbers = rng.integers(0, len(_FORMS), len(rows))
    for row in changed_rows.tolist():
        addresses[row] = _FORMS[form_numbers[row]].format(
            street=locations.street[row],
            capitals=locations.street[row].upper(),
            number=locations.number[row],
            rt=locations.rt[row],
            rw=locations.rw[row],
            kelurahan=locations.kelurahan[row],
        )
    rows["address"] = addresses
    _make_ambiguous(rows, locations, rt, rng)


_FORMS: Final = (
    "Jalan {street} Nomor {number}",
    "JL. {capitals} NO. {number}",
    "Jln {street} no.{number}",
    "jl {street} No {number:03d}",
    "Jl. {street} No. {number}, RT {rt:02d} / RW {rw:02d}",
    "Jl. {street} No. {number} RT {rt} RW {rw} Kel. {kelurahan}",
    "Jl. {street} No. {number} Kel. {kelurahan} Kota Semarang",
)


_AMBIGUOUS_FORMS: Final = (
    "{home} RT {rt:02d} RW {rw:02d} {kelurahan}",
    "{home} RT {rt:02d} RW {rw:02d} {kelurahan}",
    "{home} RT {rt:02d} RW {rw:02d} {first}",
    "{home} RT {rt}, RT {beside} RW {rw} Kel. {kelurahan}",
)
"""Name of several kelurahan; name of a kecamatan; first word of several names; two RT."""


def _make_ambiguous(
    rows: pd.DataFrame, locations: HouseLocations, rt: gpd.GeoDataFrame, rng: np.random.Generator
) -> None:
    kelurahan = rt[["kelurahan_code", "kelurahan_name"]].drop_duplicates()["kelurahan_name"]
    first_words = pd.Series(locations.kelurahan).str.split(" ").str[0].to_numpy(object)
    first_word_counts = kelurahan.str.split(" ").str[0].value_counts()
    name_counts = kelurahan.value_counts()
    kecamatan = np.sort(rt["kecamatan_name"].unique())
    draw = rng.random(len(rows))
    has_no_coordinates = rng.random(len(rows)) < _NO_COORDINATES
    shift = rng.integers(1, max(len(kecamatan), 2), len(rows))
    is_shared = pd.Series(locations.kelurahan).isin(name_counts.index[name_counts > 1]).to_numpy()
    is_kecamatan = pd.Series(locations.kelurahan).isin(kecamatan).to_numpy()
    is_first_word = pd.Series(first_words).isin(
        first_word_counts.index[first_word_counts > 1]
    ).to_numpy() & (first_words != locations.kelurahan)
    kinds = (
        is_shared & (draw < _SHARED_NAME),
        is_kecamatan & (draw < _KECAMATAN_NAME),
        is_first_word & (draw < _FIRST_WORD),
        draw > 1 - _TWO_RT,
    )
    addresses = rows["address"].to_numpy(object, copy=True)
    for kind, is_chosen in enumerate(kinds):
        for row in np.flatnonzero(is_chosen).tolist():
            addresses[row] = _AMBIGUOUS_FORMS[kind].format(
                home=f"Jl. {locations.street[row]} No. {locations.number[row]}",
                rt=locations.rt[row],
                beside=locations.rt[row] + 1,
                rw=locations.rw[row],
                kelurahan=locations.kelurahan[row],
                first=first_words[row],
            )
    in_text = np.any(kinds, axis=0)
    rows["address"] = addresses
    rows.loc[in_text, ["rt", "rw", "kelurahan", "kecamatan"]] = None
    is_contradiction = ~in_text & (np.abs(draw - 0.5) < _CONTRADICTION / 2) & (len(kecamatan) > 1)
    kecamatan_rows = pd.Index(kecamatan).get_indexer(pd.Index(locations.kecamatan))
    rows.loc[is_contradiction, "kecamatan"] = kecamatan[
        (kecamatan_rows + shift)[is_contradiction] % len(kecamatan)
    ]
    rows.loc[(in_text | is_contradiction) & has_no_coordinates, ["lon", "lat"]] = np.nan
