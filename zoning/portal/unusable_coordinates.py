"""Stored places with coordinates outside the Earth, from before such coordinates were rejected."""

import logging
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.earth import on_earth

_log = logging.getLogger(__name__)
_MOST_NAMED: Final = 20


def usable_points(places: pd.DataFrame) -> NDArray[np.bool_]:
    """Which places have coordinates on Earth; logs the ids of the others.

    Parameters
    ----------
    places
        ``place_id, lon, lat`` of ``n`` places.
    """
    is_usable = on_earth(places["lon"], places["lat"])
    has_point = (places["lon"].notna() & places["lat"].notna()).to_numpy(dtype=np.bool_)
    unusable_ids = places["place_id"][has_point & ~is_usable].tolist()
    if unusable_ids:
        _log.warning(
            "The coordinates of %d places are outside the Earth and are not used: %s. Load these "
            "places again with correct coordinates.",
            len(unusable_ids),
            ", ".join(unusable_ids[:_MOST_NAMED])
            + ("" if len(unusable_ids) <= _MOST_NAMED else ", ..."),
        )
    return is_usable
