"""Two coordinates as the point they mean: as given, mended where certain, else set aside.

What was done, and what else makes a point doubtful, is a word that stays with the record
(``point_reading``), so that one can list them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.earth import on_earth
from geodata.records.parsing.degrees import Coordinate, read_coordinate, split_pairs
from geodata.records.parsing.findings import Findings, Mask
from geodata.records.parsing.point_candidates import (
    EXCHANGED,
    MERCATOR,
    METRES,
    SCALED,
    SIGN,
    Doubles,
    Extent,
    certain_reading,
    inside,
)
from geodata.records.parsing.swapped_axes import refuse_swapped

MINUTES: Final = "minutes"
ZERO: Final = "zero"
OUTSIDE: Final = "outside"
UNREADABLE: Final = "unreadable"
IMPOSSIBLE: Final = "impossible"
INCOMPLETE: Final = "incomplete"
ROUGH: Final = "rough"
VAGUE: Final = "vague"
MIDDLE: Final = "middle"
CITY_MIDDLE: Final = "city-middle"
PILED: Final = "piled"
SET_ASIDE: Final = frozenset(
    [ZERO, OUTSIDE, UNREADABLE, IMPOSSIBLE, INCOMPLETE, VAGUE, CITY_MIDDLE]
)
"""Words of points that say nothing of where somebody lives."""
NO_RT: Final = frozenset([ROUGH, MIDDLE, PILED])
"""Words of points that may tell a kelurahan and cannot tell an RT."""
_WARNINGS: Final = {
    EXCHANGED: "coordinates-swapped",
    SIGN: "coordinates-sign",
    SCALED: "coordinates-scaled",
    METRES: "coordinates-metres",
    MERCATOR: "coordinates-metres",
    MINUTES: "coordinates-minutes",
    ZERO: "coordinates-zero",
    UNREADABLE: "coordinates-not-numbers",
    IMPOSSIBLE: "coordinates-impossible",
    INCOMPLETE: "coordinates-incomplete",
    ROUGH: "coordinates-rough",
    VAGUE: "coordinates-rough",
    MIDDLE: "coordinates-middle",
    CITY_MIDDLE: "coordinates-middle",
    PILED: "coordinates-piled",
}
_NEAR: Final = 0.01
"""Degrees around the city in which a point is left as it is."""
_ZERO: Final = 0.01
_TELLS_RT: Final = 4
"""Decimals that do: eleven metres."""
_TELLS_KELURAHAN: Final = 3
_ON_THE_SPOT: Final = 1e-5
_RTS_AT_A_POINT: Final = 3
_STREETS_AT_A_POINT: Final = 5
_NO_STREET: Final = (
    r"\b(?:kel|kelurahan|kec|kecamatan|kota)\b.*|\b(?:jalan|jln|jl|nomor|nmr|no|rt|rw)\b|[\W\d_]+"
)
"""What an address says beside the name of its street."""


class Surroundings(NamedTuple):
    """What tells a right point from a wrong one.

    Attributes
    ----------
    extent
        Of the city.
    metres
        Its UTM zone, as ``EPSG:32749``.
    middles, wide_middles
        float64 ``(k, 2)``: points that stand for a whole kelurahan; for more than one.
    name, code
        Of the city: ``Kota Semarang``, ``33.74``; blank where nobody is told to live elsewhere.
    """

    extent: Extent
    metres: str
    middles: Doubles
    wide_middles: Doubles
    name: str = ""
    code: str = ""


class Points(NamedTuple):
    """``n`` points: longitude and latitude (NaN where there is none) and the words, or None."""

    lon: Doubles
    lat: Doubles
    reading: NDArray[np.object_]


def point_columns(
    raw: Mapping[str, pa.Array],
    columns: Mapping[str, pa.Array],
    city: Surroundings | None,
    found: Findings,
) -> dict[str, pa.Array]:
    """``lon``, ``lat`` and ``point_reading`` of a kind that has coordinates.

    Parameters
    ----------
    raw
        ``lon, lat`` as text.
    columns
        Typed: where rows that share a point say they are.
    city
        None: coordinates are taken as they are.

    Raises
    ------
    RecordError
        ``swapped-axes`` of the file as a whole.
    """
    lon, lat = map(read_coordinate, split_pairs(raw["lon"], raw["lat"]))
    if city is not None:
        refuse_swapped(lon.values, lat.values, city.extent)
    points = read_points(lon, lat, city)
    both = [pa.array(axis, from_pandas=True) for axis in points[:2]]
    crowded = piled({**columns, "lon": both[0], "lat": both[1]})
    crowded &= ~readings_with(pa.array(points.reading, pa.string()), SET_ASIDE)
    _say(points.reading, PILED, crowded)
    reading = pa.array(points.reading, pa.string())
    warn_of(reading, found)
    return {"lon": both[0], "lat": both[1], "point_reading": reading}


def read_points(lon: Coordinate, lat: Coordinate, city: Surroundings | None) -> Points:
    """What each pair of coordinates means; see `point_columns`."""
    unread = lon.unread | lat.unread
    paired = np.isfinite(lon.values) & np.isfinite(lat.values)
    x, y = (np.where(paired, axis.values, np.nan) for axis in (lon, lat))
    reading = np.full(len(x), None, dtype=object)
    _say(reading, UNREADABLE, unread)
    _say(reading, INCOMPLETE, ~unread & (np.isfinite(lon.values) ^ np.isfinite(lat.values)))
    zero = (np.abs(x) < _ZERO) & (np.abs(y) < _ZERO)
    _say(reading, ZERO, zero)
    _say(reading, MINUTES, paired & (lon.sexagesimal | lat.sexagesimal))
    if city is None:
        _leave_out_impossible(x, y, reading)
        return Points(x, y, reading)
    decimals = np.maximum(lon.decimals, lat.decimals)
    odd = np.flatnonzero(paired & ~zero & ~inside(x, y, city.extent, _NEAR))
    if len(odd):
        each = (lon.decimals[odd], lat.decimals[odd])
        best = certain_reading(x[odd], y[odd], each, city.extent, city.metres)
        certain = np.isfinite(best.lon)
        mended = odd[certain]
        for row, words in zip(mended, best.words[certain], strict=True):
            reading[row] = words if reading[row] is None else f"{reading[row]}+{words}"
        x[mended], y[mended] = best.lon[certain], best.lat[certain]
        decimals[mended] = best.decimals[certain]
        outside = _rows(odd[~certain], len(x))
        _say(reading, OUTSIDE, outside & on_earth(x, y))
    _leave_out_impossible(x, y, reading)
    _doubt(x, y, decimals, reading, city)
    return Points(x, y, reading)


def piled(columns: Mapping[str, pa.Array]) -> Mask:
    """Rows on exactly one point with many others that live elsewhere.

    A block of flats is one point and one street too: piled are three RT on one point, or five
    streets.

    Parameters
    ----------
    columns
        ``lon, lat, rt, rw, address`` of ``n`` rows.
    """
    names = ("lon", "lat", "rt", "rw", "address")
    rows = pd.DataFrame({name: columns[name].to_pandas() for name in names})
    rows = rows[rows["lon"].notna() & rows.duplicated(["lon", "lat"], keep=False)]
    found = np.zeros(len(columns["lon"]), dtype=bool)
    if len(rows) == 0:
        return found
    numbered = rows["rt"].notna() & rows["rw"].notna()
    # By their numbers alone: one kelurahan is spelt in several ways.
    rows["area"] = (rows["rw"].astype(str) + " " + rows["rt"].astype(str)).where(numbered)
    street = rows["address"].astype(object).str.casefold()
    rows["street"] = street.str.replace(_NO_STREET, "", regex=True)
    many = rows.groupby(["lon", "lat"])[["area", "street"]].transform("nunique")
    hit = (many["area"] >= _RTS_AT_A_POINT) | (many["street"] >= _STREETS_AT_A_POINT)
    found[rows.index[hit]] = True
    return found


def words_of(reading: str | None) -> frozenset[str]:
    """The words of a reading."""
    return frozenset(reading.split("+")) if reading else frozenset()


def readings_with(reading: pa.Array | pa.ChunkedArray, words: frozenset[str]) -> Mask:
    """Rows whose reading has one of the words."""
    chunked = reading if isinstance(reading, pa.ChunkedArray) else pa.chunked_array([reading])
    encoded = chunked.combine_chunks().dictionary_encode()
    hit = [bool(words_of(text) & words) for text in encoded.dictionary.to_pylist()]
    flags = pa.array(hit, type=pa.bool_()).take(encoded.indices)
    return np.asarray(flags.fill_null(fill_value=False).to_numpy(zero_copy_only=False))


def warn_of(reading: pa.Array, found: Findings) -> None:
    """Say what was noticed; points outside are counted where records are placed."""
    for code in sorted(set(_WARNINGS.values())):
        words = frozenset(word for word, said in _WARNINGS.items() if said == code)
        found.warn(code, "lon", readings_with(reading, words))


def _leave_out_impossible(x: Doubles, y: Doubles, reading: NDArray[np.object_]) -> None:
    """Keep no point that is no place on Earth: what searches around it might never end."""
    impossible = np.isfinite(x) & ~on_earth(x, y)
    _say(reading, IMPOSSIBLE, impossible)
    x[impossible] = y[impossible] = np.nan


def _doubt(
    x: Doubles,
    y: Doubles,
    decimals: NDArray[np.int64],
    reading: NDArray[np.object_],
    city: Surroundings,
) -> None:
    """Say of points in the city what keeps them from telling an RT."""
    usable = inside(x, y, city.extent, _NEAR)
    _say(reading, VAGUE, usable & (decimals < _TELLS_KELURAHAN))
    _say(reading, ROUGH, usable & (decimals == _TELLS_KELURAHAN))
    fine = np.flatnonzero(usable & (decimals >= _TELLS_RT))
    wide = _on(x[fine], y[fine], city.wide_middles)
    narrow = _on(x[fine], y[fine], city.middles) & ~wide
    _say(reading, CITY_MIDDLE, _rows(fine[wide], len(x)))
    _say(reading, MIDDLE, _rows(fine[narrow], len(x)))


def _on(x: Doubles, y: Doubles, spots: Doubles) -> Mask:
    """Points that lie within a metre of one of some spots."""
    if not len(spots) or not len(x):
        return np.zeros(len(x), dtype=bool)
    away, _ = cKDTree(spots).query(np.column_stack((x, y)), distance_upper_bound=_ON_THE_SPOT)
    return np.asarray(np.isfinite(away))


def _rows(positions: NDArray[np.intp], n: int) -> Mask:
    chosen = np.zeros(n, dtype=bool)
    chosen[positions] = True
    return chosen


def _say(reading: NDArray[np.object_], word: str, rows: Mask) -> None:
    for row in np.flatnonzero(rows):
        reading[row] = word if reading[row] is None else f"{reading[row]}+{word}"
