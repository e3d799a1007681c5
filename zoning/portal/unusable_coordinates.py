"""Places kept with coordinates that are no place on Earth, before such coordinates were refused."""

import logging
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.earth import on_earth

_log = logging.getLogger(__name__)
_MOST_NAMED: Final = 20


def usable_points(places: pd.DataFrame) -> NDArray[np.bool_]:
    """Which places have coordinates on Earth; the log names those that have others.

    Parameters
    ----------
    places
        ``place_id, lon, lat`` of ``n`` places.
    """
    good = on_earth(places["lon"], places["lat"])
    given = (places["lon"].notna() & places["lat"].notna()).to_numpy(dtype=np.bool_)
    named = places["place_id"][given & ~good].tolist()
    if named:
        _log.warning(
            "Coordinates of %d places are no place on Earth and are not used: %s. Load these "
            "places again with the right ones.",
            len(named),
            ", ".join(named[:_MOST_NAMED]) + ("" if len(named) <= _MOST_NAMED else ", ..."),
        )
    return good
