"""Filter the indicators of the portal by name, area, level and day."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from geodata.areas import Level
from geodata.boundaries import Boundaries
from zoning.placing.within import lies_within


def filter_indicators(
    indicators: pd.DataFrame,
    boundaries: Boundaries,
    *,
    names: Sequence[str] = (),
    area: str | None = None,
    level: Level | None = None,
    start: date | None = None,
    end: date | None = None,
) -> pd.DataFrame:
    """Figures of some indicators, areas and days.

    Parameters
    ----------
    indicators
        From `all_indicators`, or `zoning.disclosure.banding.public_indicators`.
    level
        Figures of this level, reported or summed; only reported figures for None.

    Raises
    ------
    NotFoundError
        ``no-area``.
    """
    matches = np.ones(len(indicators), dtype=np.bool_)
    matches &= (indicators["summed"] == 0) if level is None else (indicators["level"] == level)
    if names:
        matches &= indicators["indicator"].isin(list(names))
    if area is not None:
        matches &= lies_within(boundaries, indicators["code"].tolist(), area)
    if start is not None:
        matches &= (indicators["date"] >= pd.Timestamp(start)).to_numpy()
    if end is not None:
        matches &= (indicators["date"] <= pd.Timestamp(end)).to_numpy()
    return indicators[matches].reset_index(drop=True)
