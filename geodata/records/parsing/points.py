"""Read pairs of coordinates as points: unchanged, corrected uniquely, or unusable.

Words for corrections and doubts are stored with the record (``point_reading``), so that such
records can be listed.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.earth import on_earth
from geodata.records.parsing.cells import map_distinct, mask
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
    inside,
    unique_reading,
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
UNUSABLE: Final = frozenset([ZERO, OUTSIDE, UNREADABLE, IMPOSSIBLE, INCOMPLETE, VAGUE, CITY_MIDDLE])
"""Words of points that are not used for the location of a record."""
TOO_VAGUE_FOR_RT: Final = frozenset([ROUGH, MIDDLE, PILED])
"""Words of points that are exact enough for a kelurahan but not for an RT."""
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
_CITY_MARGIN: Final = 0.01
"""Degrees around the city in which a point is not corrected."""
_ZERO: Final = 0.01
_DECIMALS_FOR_RT: Final = 4
"""Four decimal places are eleven metres."""
_DECIMALS_FOR_KELURAHAN: Final = 3
_SAME_POINT: Final = 1e-5
_MIN_RTS_AT_A_POINT: Final = 3
_MIN_STREETS_AT_A_POINT: Final = 5
_NOT_STREET_NAME: Final = (
    r"\b(?:kel|kelurahan|kec|kecamatan|kota)\b.*|\b(?:jalan|jln|jl|nomor|nmr|no|rt|rw)\b|[\W\d_]+"
)
"""Parts of an address that are not the name of the street."""


class CityReference(NamedTuple):
    """The city as the reference for points and places of residence.

    Attributes
    ----------
    extent
        Extent of the city in degrees.
    metres
        CRS of its UTM zone, for instance ``EPSG:32749``.
    middles, wide_middles
        float64 ``(k, 2)``, longitude and latitude: points that stand for a whole kelurahan, and
        points that stand for a larger area.
    name, code
        ``Kota Semarang``, ``33.74``; blank: nobody is marked as a resident of another city.
    """

    extent: Extent
    metres: str
    middles: Doubles
    wide_middles: Doubles
    name: str = ""
    code: str = ""


class Points(NamedTuple):
    """``n`` points: longitude and latitude (NaN for no point), and their words or None."""

    lon: Doubles
    lat: Doubles
    reading: NDArray[np.object_]


def point_columns(
    texts: Mapping[str, pa.Array],
    columns: Mapping[str, pa.Array],
    city: CityReference | None,
    findings: Findings,
) -> dict[str, pa.Array]:
    """Columns ``lon``, ``lat`` and ``point_reading`` of a kind with coordinates.

    Parameters
    ----------
    texts
        ``lon, lat`` as text.
    columns
        Typed columns of the address, for rows that share a point.
    city
        None: coordinates are not corrected.

    Raises
    ------
    RecordError
        ``swapped-axes``: the whole file is refused.
    """
    lon, lat = map(read_coordinate, split_pairs(texts["lon"], texts["lat"]))
    if city is not None:
        refuse_swapped(lon.values, lat.values, city.extent)
    points = read_points(lon, lat, city)
    coordinates = {
        "lon": pa.array(points.lon, from_pandas=True),
        "lat": pa.array(points.lat, from_pandas=True),
    }
    is_crowded = crowded_points({**columns, **coordinates})
    is_crowded &= ~rows_with_words(pa.array(points.reading, pa.string()), UNUSABLE)
    _add_word(points.reading, PILED, is_crowded)
    reading = pa.array(points.reading, pa.string())
    warn_about_points(reading, findings)
    return {**coordinates, "point_reading": reading}


def read_points(lon: Coordinate, lat: Coordinate, city: CityReference | None) -> Points:
    """The point of each pair of coordinates; see `point_columns`."""
    invalid = lon.invalid | lat.invalid
    is_pair = np.isfinite(lon.values) & np.isfinite(lat.values)
    x, y = (np.where(is_pair, axis.values, np.nan) for axis in (lon, lat))
    reading = np.full(len(x), None, dtype=object)
    _add_word(reading, UNREADABLE, invalid)
    _add_word(reading, INCOMPLETE, ~invalid & (np.isfinite(lon.values) ^ np.isfinite(lat.values)))
    is_zero = (np.abs(x) < _ZERO) & (np.abs(y) < _ZERO)
    _add_word(reading, ZERO, is_zero)
    _add_word(reading, MINUTES, is_pair & (lon.sexagesimal | lat.sexagesimal))
    if city is None:
        _drop_impossible(x, y, reading)
        return Points(x, y, reading)
    decimals = np.maximum(lon.decimals, lat.decimals)
    outside_city = np.flatnonzero(is_pair & ~is_zero & ~inside(x, y, city.extent, _CITY_MARGIN))
    if len(outside_city):
        decimals_outside = (lon.decimals[outside_city], lat.decimals[outside_city])
        unique = unique_reading(
            x[outside_city], y[outside_city], decimals_outside, city.extent, city.metres
        )
        is_unique = np.isfinite(unique.lon)
        corrected = outside_city[is_unique]
        for row, words in zip(corrected, unique.words[is_unique], strict=True):
            reading[row] = words if reading[row] is None else f"{reading[row]}+{words}"
        x[corrected], y[corrected] = unique.lon[is_unique], unique.lat[is_unique]
        decimals[corrected] = unique.decimals[is_unique]
        outside = _rows_mask(outside_city[~is_unique], len(x))
        _add_word(reading, OUTSIDE, outside & on_earth(x, y))
    _drop_impossible(x, y, reading)
    _add_imprecision(x, y, decimals, reading, city)
    return Points(x, y, reading)


def crowded_points(columns: Mapping[str, pa.Array]) -> Mask:
    """Rows whose point is shared by rows with other addresses.

    A block of flats shares a point and a street. A point is crowded if its rows have three RT, or
    five streets.

    Parameters
    ----------
    columns
        ``lon, lat, rt, rw, address`` of ``n`` rows.
    """
    names = ("lon", "lat", "rt", "rw", "address")
    rows = pd.DataFrame({name: columns[name].to_pandas() for name in names})
    rows = rows[rows["lon"].notna() & rows.duplicated(["lon", "lat"], keep=False)]
    crowded = np.zeros(len(columns["lon"]), dtype=bool)
    if len(rows) == 0:
        return crowded
    has_numbers = rows["rt"].notna() & rows["rw"].notna()
    # Compare numbers only: a kelurahan has several spellings.
    rows["area"] = (rows["rw"].astype(str) + " " + rows["rt"].astype(str)).where(has_numbers)
    street = rows["address"].astype(object).str.casefold()
    rows["street"] = street.str.replace(_NOT_STREET_NAME, "", regex=True)
    distinct_counts = rows.groupby(["lon", "lat"])[["area", "street"]].transform("nunique")
    is_crowded = (distinct_counts["area"] >= _MIN_RTS_AT_A_POINT) | (
        distinct_counts["street"] >= _MIN_STREETS_AT_A_POINT
    )
    crowded[rows.index[is_crowded]] = True
    return crowded


def split_words(reading: str | None) -> frozenset[str]:
    """The words of a ``point_reading``."""
    return frozenset(reading.split("+")) if reading else frozenset()


def rows_with_words(reading: pa.Array | pa.ChunkedArray, words: frozenset[str]) -> Mask:
    """Rows whose ``point_reading`` has one of the words."""
    chunked = reading if isinstance(reading, pa.ChunkedArray) else pa.chunked_array([reading])
    return mask(
        map_distinct(
            chunked.combine_chunks(), lambda text: bool(split_words(text) & words), pa.bool_()
        )
    )


def warn_about_points(reading: pa.Array, findings: Findings) -> None:
    """Add warnings about points; `zoning.records.effects` counts points outside the city."""
    for code in sorted(set(_WARNINGS.values())):
        words = frozenset(word for word, warning in _WARNINGS.items() if warning == code)
        findings.warn(code, "lon", rows_with_words(reading, words))


def _drop_impossible(x: Doubles, y: Doubles, reading: NDArray[np.object_]) -> None:
    """Drop points that are not on Earth: a search around such a point might never end."""
    impossible = np.isfinite(x) & ~on_earth(x, y)
    _add_word(reading, IMPOSSIBLE, impossible)
    x[impossible] = y[impossible] = np.nan


def _add_imprecision(
    x: Doubles,
    y: Doubles,
    decimals: NDArray[np.int64],
    reading: NDArray[np.object_],
    city: CityReference,
) -> None:
    """Mark points in the city that are too imprecise for an RT."""
    usable = inside(x, y, city.extent, _CITY_MARGIN)
    _add_word(reading, VAGUE, usable & (decimals < _DECIMALS_FOR_KELURAHAN))
    _add_word(reading, ROUGH, usable & (decimals == _DECIMALS_FOR_KELURAHAN))
    precise = np.flatnonzero(usable & (decimals >= _DECIMALS_FOR_RT))
    at_wide_middle = _lies_at(x[precise], y[precise], city.wide_middles)
    at_middle = _lies_at(x[precise], y[precise], city.middles) & ~at_wide_middle
    _add_word(reading, CITY_MIDDLE, _rows_mask(precise[at_wide_middle], len(x)))
    _add_word(reading, MIDDLE, _rows_mask(precise[at_middle], len(x)))


def _lies_at(x: Doubles, y: Doubles, places: Doubles) -> Mask:
    """Points within a metre of one of some places."""
    if not len(places) or not len(x):
        return np.zeros(len(x), dtype=bool)
    distances, _ = cKDTree(places).query(np.column_stack((x, y)), distance_upper_bound=_SAME_POINT)
    return np.asarray(np.isfinite(distances))


def _rows_mask(positions: NDArray[np.intp], n: int) -> Mask:
    rows = np.zeros(n, dtype=bool)
    rows[positions] = True
    return rows


def _add_word(reading: NDArray[np.object_], word: str, rows: Mask) -> None:
    for row in np.flatnonzero(rows):
        reading[row] = word if reading[row] is None else f"{reading[row]}+{word}"
