"""Line lists for notebooks: cases and newcomers as known now, each with where it lies.

NIK and KK are pseudonyms here as everywhere; who may read a line list is not decided here.
"""

import pandas as pd
import pyarrow as pa

from geodata.store import Store
from zoning.cases import current_cases, current_newcomers
from zoning.ground import Ground


def cases(store: Store, ground: Ground) -> pd.DataFrame:
    """Cases as known now: the columns of a case, then ``area``, ``placed``, ``disagrees``.

    ``area`` is the code of the RT, or of the smallest area known where there is no RT.
    """
    return _placed(current_cases(store), ground)


def newcomers(store: Store, ground: Ground) -> pd.DataFrame:
    """Newcomers as known now, with the same three columns beside their own; see `cases`."""
    return _placed(current_newcomers(store), ground)


def _placed(records: pa.Table, ground: Ground) -> pd.DataFrame:
    placement = ground.placer.place(records)
    frame: pd.DataFrame = records.to_pandas()
    frame["area"] = placement.area
    frame["placed"] = placement.how
    frame["disagrees"] = placement.disagrees
    return frame
