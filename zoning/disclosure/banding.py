"""Statistical disclosure control of counts of people: banding, rounding and suppression.

Banding: for one day and one of the smallest published areas, only the band of a count is used. The
bands are 0, then 1 up to the minimum, then as wide as the minimum: 0, 1-4, 5-9, 10-14, ... All
published values are computed from bands, never from counts. Counts in the same bands therefore give
the same answers on all levels and days, and subtraction cannot tell them apart.

Larger areas: a figure that a larger area reports itself is the sum of the figures of its parts and
a remainder. The remainder gets a band of its own.

Rounding: the published value of an area is the sum of the middles of its bands, rounded to a
multiple of the minimum. For one band this is the lower end.

Suppression: no value is published if the bands allow more than 0 and less than the minimum.

See Hundepool and others 2012, "Statistical disclosure control".
"""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.records.indicator_names import IndicatorSubject, indicator_subject, known_indicators

PUBLIC_LEVELS: Final[tuple[Level, ...]] = ("kota", "kecamatan", "kelurahan")
"""Levels whose figures are public."""
_SMALLEST_WIDTH: Final = 3
_KEY: Final = ["indicator", "date", "code"]
_BAND_COLUMNS: Final = ["least", "twice_middle"]


class Bands(NamedTuple):
    """Bands of counts, or sums of bands: int64 arrays of the same shape.

    Attributes
    ----------
    least
        Lowest count in the band; more than 0 if the count is more than 0.
    twice_middle
        Twice the middle of the band, a whole number.
    """

    least: NDArray[np.int64]
    twice_middle: NDArray[np.int64]


def band_width(minimum: int) -> int:
    """Width of the bands; 1 for no bands. At least 3: a first band of width 2 has only the 1."""
    return minimum if minimum == 1 else max(minimum, _SMALLEST_WIDTH)


def banded_count(count: int, minimum: int) -> int | None:
    """The public value of one count of people; None if suppressed."""
    width = band_width(minimum)
    value = _round_bands(_count_bands(np.array([count]), width), width)[0]
    return None if np.isnan(value) else int(value)


def public_indicators(
    indicators: pd.DataFrame, boundaries: Boundaries, minimum: int
) -> pd.DataFrame:
    """The public values of indicators.

    Parameters
    ----------
    indicators
        All figures of `zoning.portal.indicators.all_indicators`. A part of the figures would
        give other bands.
    minimum
        Counts of people below this are suppressed; 1 publishes all counts and shares unchanged.

    Returns
    -------
    DataFrame
        The columns of `indicators` at `PUBLIC_LEVELS`, with ``suppressed`` (True if ``value`` is
        NaN for disclosure control) and ``rounded_to`` (NaN if the value is not rounded).
        ``summed`` is NaN for counts of people of a kelurahan: the number of neighbourhoods with
        people is not public.
    """
    public = indicators[indicators["level"].isin(PUBLIC_LEVELS)].assign(
        suppressed=False, rounded_to=np.nan
    )
    width = band_width(minimum)
    if width == 1:
        return public.reset_index(drop=True)
    subjects = _subjects(public)
    people = _band_people(public[subjects == "people"], boundaries, width)
    shares = public[subjects == "share"].assign(value=np.nan, suppressed=True)
    combined: pd.DataFrame = pd.concat([public[subjects == "things"], people, shares])
    return combined.sort_index().reset_index(drop=True)


def _subjects(indicators: pd.DataFrame) -> NDArray[np.object_]:
    pairs = list(zip(indicators["indicator"], indicators["unit"], strict=True))
    subject_of_pair: dict[tuple[str, str | None], IndicatorSubject] = {
        (name, unit): indicator_subject(name, unit if isinstance(unit, str) else None)
        for name, unit in dict.fromkeys(pairs)
    }
    return np.array([subject_of_pair[pair] for pair in pairs], dtype=object)


def _band_people(people: pd.DataFrame, boundaries: Boundaries, width: int) -> pd.DataFrame:
    """Public counts of people: one for each indicator, area and day, whatever the units."""
    units = people["indicator"].map(
        {name: figure.unit_id for name, figure in known_indicators().items()}
    )
    units = units.where(units.notna(), people["unit"])
    # Round up: half a person is a person. A negative count is an error in the file.
    persons = np.ceil(people["value"].clip(lower=0)).astype(np.int64)
    rows = people.assign(
        count=people.assign(persons=persons).groupby(_KEY)["persons"].transform("sum")
    )
    rows = rows.assign(unit=units)[~rows.duplicated(_KEY)]
    parent_codes = dict(zip(boundaries.areas["code"], boundaries.areas["parent"], strict=True))
    child_bands: pd.DataFrame | None = None
    bands_by_level = []
    for level in reversed(PUBLIC_LEVELS):
        child_bands = _level_bands(rows[rows["level"] == level], child_bands, width)
        bands_by_level.append(child_bands)
        parent_rows = child_bands.assign(code=child_bands["code"].map(parent_codes))
        child_bands = parent_rows.groupby(_KEY, as_index=False)[["count", *_BAND_COLUMNS]].sum()
    bands = pd.concat(bands_by_level)
    rounded = _round_bands(Bands(*(bands[name].to_numpy() for name in _BAND_COLUMNS)), width)
    is_hidden = (bands["level"] == PUBLIC_LEVELS[-1]) & (bands["summed"] > 0)
    bands = bands.assign(
        value=rounded,
        suppressed=np.isnan(rounded),
        rounded_to=float(width),
        summed=bands["summed"].astype(np.float64).mask(is_hidden),
    )
    return bands[people.columns]


def _level_bands(rows: pd.DataFrame, child_bands: pd.DataFrame | None, width: int) -> pd.DataFrame:
    """Rows of one level with `_BAND_COLUMNS`: sums of the level below, plus a remainder band."""
    columns = ["count", *_BAND_COLUMNS]
    if child_bands is None:
        child_sums = pd.DataFrame(0, index=rows.index, columns=columns)
    else:
        keys = pd.MultiIndex.from_frame(rows[_KEY])
        child_sums = (
            child_bands.set_index(_KEY)[columns].reindex(keys, fill_value=0).set_index(rows.index)
        )
    remainder = (rows["count"] - child_sums["count"]).clip(lower=0)
    bands = _count_bands(remainder.to_numpy(), width)
    return rows.assign(
        least=child_sums["least"] + bands.least,
        twice_middle=child_sums["twice_middle"] + bands.twice_middle,
    )


def _count_bands(counts: NDArray[np.int64], width: int) -> Bands:
    lower_ends = counts // width * width
    is_few = (counts > 0) & (lower_ends == 0)
    least = np.where(is_few, 1, lower_ends)
    return Bands(
        least, np.where(lower_ends > 0, 2 * lower_ends + width - 1, np.where(is_few, width, 0))
    )


def _round_bands(bands: Bands, width: int) -> NDArray[np.float64]:
    nearest = (bands.twice_middle + width) // (2 * width) * width
    is_few = (bands.least > 0) & (bands.least < width)
    return np.where(is_few, np.nan, nearest)
