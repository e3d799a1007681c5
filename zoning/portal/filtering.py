"""Figures of the portal chosen by indicator, area, level and day."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from geodata.areas import Level
from geodata.boundaries import Boundaries
from zoning.placing.within import lies_within


def chosen(
    every: pd.DataFrame,
    boundaries: Boundaries,
    *,
    names: Sequence[str] = (),
    area: str | None = None,
    level: Level | None = None,
    start: date | None = None,
    end: date | None = None,
) -> pd.DataFrame:
    """Figures of some indicators, areas and days; without a level those that were given.

    Parameters
    ----------
    every
        From `all_indicators`, or `zoning.disclosure.banding.public_indicators`.

    Raises
    ------
    NotFoundError
        ``no-area``.
    """
    fit = np.ones(len(every), dtype=np.bool_)
    fit &= (every["summed"] == 0) if level is None else (every["level"] == level)
    if names:
        fit &= every["indicator"].isin(list(names))
    if area is not None:
        fit &= lies_within(boundaries, every["code"].tolist(), area)
    if start is not None:
        fit &= (every["date"] >= pd.Timestamp(start)).to_numpy()
    if end is not None:
        fit &= (every["date"] <= pd.Timestamp(end)).to_numpy()
    return every[fit].reset_index(drop=True)
