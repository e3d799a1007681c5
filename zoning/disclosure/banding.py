"""Statistical disclosure control: counts of people as bands, so that no difference is a small one.

In public a count of people is known only by the band it lies in, of the smallest area that is
told and of one day: 0; from 1 up to the minimum; then as wide as the minimum each (0, 1-4, 5-9,
10-14, ...). Everything else is worked out from bands, never from counts. So any counts that lie
in the same bands give the same answers at all levels and on all days, and nothing that is done
with the answers tells them apart.

A figure that a larger area gave itself is parted into those of the areas within it and the rest,
which is in a band like theirs. What is told of an area is the sum of the middles of its bands to
the nearest multiple of the minimum: of one band its lower end. Where the bands allow fewer than
the minimum, and more than nobody, it is left out.
"""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.records.indicator_names import Counted, counted, figures

PUBLIC: Final[tuple[Level, ...]] = ("kota", "kecamatan", "kelurahan")
"""Levels whose figures may be told to everyone."""
_SMALLEST: Final = 3
_KEY: Final = ["indicator", "date", "code"]
_BANDS: Final = ["least", "twice_middle"]


class Bands(NamedTuple):
    """Bands of counts, or sums of bands: int64 arrays of one shape.

    Attributes
    ----------
    least
        The fewest they allow; more than 0 where there is anybody.
    twice_middle
        Twice the middle, which is a whole number.
    """

    least: NDArray[np.int64]
    twice_middle: NDArray[np.int64]


def width_of(minimum: int) -> int:
    """How wide bands are; 1 for none. Two are taken for three: below two there is only one."""
    return minimum if minimum == 1 else max(minimum, _SMALLEST)


def banded_count(count: int, minimum: int) -> int | None:
    """One count of people as everyone may know it; None where they are too few."""
    width = width_of(minimum)
    value = _rounded(_bands(np.array([count], dtype=np.int64), width), width)[0]
    return None if np.isnan(value) else int(value)


def public_indicators(every: pd.DataFrame, boundaries: Boundaries, minimum: int) -> pd.DataFrame:
    """Indicators as everyone may read them.

    Parameters
    ----------
    every
        All figures that are known, as `zoning.portal.indicators.all_indicators` gives them: a
        part of them would be put into other bands.
    minimum
        A count of people below this is left out; 1 tells all counts and shares as they are.

    Returns
    -------
    DataFrame
        The columns of `every` at the levels of `PUBLIC`, ``suppressed`` (whether ``value`` was
        left out, and is NaN) and ``rounded_to`` (NaN where the value is as it was given).
        ``summed`` is NaN for people of a kelurahan: of how many neighbourhoods is not told.
    """
    public = every[every["level"].isin(PUBLIC)].assign(suppressed=False, rounded_to=np.nan)
    width = width_of(minimum)
    if width == 1:
        return public.reset_index(drop=True)
    counts = _counts(public)
    people = _in_bands(public[counts == "people"], boundaries, width)
    shares = public[counts == "share"].assign(value=np.nan, suppressed=True)
    found: pd.DataFrame = pd.concat([public[counts == "things"], people, shares])
    return found.sort_index().reset_index(drop=True)


def _counts(figure: pd.DataFrame) -> NDArray[np.object_]:
    pairs = list(zip(figure["indicator"], figure["unit"], strict=True))
    known: dict[tuple[str, str | None], Counted] = {
        (name, unit): counted(name, unit if isinstance(unit, str) else None)
        for name, unit in dict.fromkeys(pairs)
    }
    return np.array([known[pair] for pair in pairs], dtype=object)


def _in_bands(people: pd.DataFrame, boundaries: Boundaries, width: int) -> pd.DataFrame:
    """Counts of people, one for each indicator, area and day whatever units its rows named."""
    units = people["indicator"].map({name: one.unit_id for name, one in figures().items()})
    units = units.where(units.notna(), people["unit"])
    # Half a person is somebody; fewer than none is an error of the file.
    whole = np.ceil(people["value"].clip(lower=0)).astype(np.int64)
    rows = people.assign(count=people.assign(whole=whole).groupby(_KEY)["whole"].transform("sum"))
    rows = rows.assign(unit=units)[~rows.duplicated(_KEY)]
    parent = dict(zip(boundaries.areas["code"], boundaries.areas["parent"], strict=True))
    below: pd.DataFrame | None = None
    levels = []
    for level in reversed(PUBLIC):
        below = _banded(rows[rows["level"] == level], below, width)
        levels.append(below)
        above = below.assign(code=below["code"].map(parent))
        below = above.groupby(_KEY, as_index=False)[["count", *_BANDS]].sum()
    found = pd.concat(levels)
    value = _rounded(Bands(*(found[name].to_numpy(np.int64) for name in _BANDS)), width)
    hidden = (found["level"] == PUBLIC[-1]) & (found["summed"] > 0)
    found = found.assign(
        value=value,
        suppressed=np.isnan(value),
        rounded_to=float(width),
        summed=found["summed"].astype(np.float64).mask(hidden),
    )
    return found[people.columns]


def _banded(own: pd.DataFrame, below: pd.DataFrame | None, width: int) -> pd.DataFrame:
    """Figures of one level with `_BANDS`: the sums of those below, and of the rest its own."""
    names = ["count", *_BANDS]
    if below is None:
        parts = pd.DataFrame(0, index=own.index, columns=names)
    else:
        keys = pd.MultiIndex.from_frame(own[_KEY])
        parts = below.set_index(_KEY)[names].reindex(keys, fill_value=0).set_index(own.index)
    rest = (own["count"] - parts["count"]).clip(lower=0)
    bands = _bands(rest.to_numpy(np.int64), width)
    return own.assign(
        least=parts["least"] + bands.least, twice_middle=parts["twice_middle"] + bands.twice_middle
    )


def _bands(counts: NDArray[np.int64], width: int) -> Bands:
    low = counts // width * width
    few = (counts > 0) & (low == 0) & (width > 1)
    least = np.where(few, 1, low)
    return Bands(least, np.where(low > 0, 2 * low + width - 1, np.where(few, width, 0)))


def _rounded(bands: Bands, width: int) -> NDArray[np.float64]:
    nearest = (bands.twice_middle + width) // (2 * width) * width
    few = (bands.least > 0) & (bands.least < width)
    return np.where(few, np.nan, nearest.astype(np.float64))
