"""Longitude and latitude that stand in the wrong columns."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.point_candidates import Extent, inside

_MARGIN: Final = 1.0
"""Degrees around the city within which a point is not taken for one with its axes exchanged."""


def refuse_swapped(lon: NDArray[np.float64], lat: NDArray[np.float64], extent: Extent) -> None:
    """A file whose columns are exchanged is mended by who made it, not row by row.

    Raises
    ------
    RecordError
        ``swapped-axes`` where more than half of the rows with coordinates have them exchanged.
    """
    paired = np.isfinite(lon) & np.isfinite(lat)
    swapped = paired & axes_swapped(lon, lat, extent)
    if np.count_nonzero(swapped) * 2 > np.count_nonzero(paired):
        raise RecordError(
            "swapped-axes",
            "Longitude and latitude are exchanged in most rows of this file. Exchange the two "
            "headings, or the columns, and load it again; nothing was taken.",
            indonesian="Bujur dan lintang tertukar di sebagian besar baris berkas ini. Tukar "
            "kedua judul kolom, atau kolomnya, lalu muat lagi; tidak ada yang dimuat.",
        )


def axes_swapped(lon: NDArray[np.float64], lat: NDArray[np.float64], extent: Extent) -> Mask:
    """Points that are far from the city as they stand, and near it with their axes exchanged.

    Parameters
    ----------
    lon, lat
        Degrees ``(n,)``; NaN is never swapped.
    extent
        Of the city.
    """
    return ~inside(lon, lat, extent, _MARGIN) & inside(lat, lon, extent, _MARGIN)
