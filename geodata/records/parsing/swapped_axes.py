"""Detect swapped columns of longitude and latitude."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.point_candidates import Extent, inside

_MARGIN: Final = 1.0
"""Degrees around the city in which a point does not count as swapped."""


def refuse_swapped(lon: NDArray[np.float64], lat: NDArray[np.float64], extent: Extent) -> None:
    """Refuse a file with swapped columns: its author must correct the columns, not single rows.

    Raises
    ------
    RecordError
        ``swapped-axes`` if more than half of the rows with coordinates are swapped.
    """
    is_pair = np.isfinite(lon) & np.isfinite(lat)
    swapped = is_pair & axes_swapped(lon, lat, extent)
    if np.count_nonzero(swapped) * 2 > np.count_nonzero(is_pair):
        raise RecordError(
            "swapped-axes",
            "Longitude and latitude are swapped in most rows of this file. Swap the two headings, "
            "or the two columns, and load the file again; nothing was loaded.",
            indonesian="Bujur dan lintang tertukar di sebagian besar baris berkas ini. Tukar "
            "kedua judul kolom, atau kolomnya, lalu muat lagi; tidak ada yang dimuat.",
        )


def axes_swapped(lon: NDArray[np.float64], lat: NDArray[np.float64], extent: Extent) -> Mask:
    """Points that are far from the city, and near the city with swapped axes.

    Parameters
    ----------
    lon, lat
        Degrees ``(n,)``; NaN is never swapped.
    extent
        Extent of the city.
    """
    return ~inside(lon, lat, extent, _MARGIN) & inside(lat, lon, extent, _MARGIN)
