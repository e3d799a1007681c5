"""Colours of many published days, read without their counts."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.store import Reads
from zoning.risk import highest_risks
from zoning.zones import is_rt

_RISKS: Final = "select code, risk from run_zone where run = $1 and risk > 0"


class Colours:
    """Risks of the areas of one level, run by run.

    Parameters
    ----------
    boundaries
        Those the runs were judged on.
    """

    def __init__(self, boundaries: Boundaries, level: Level) -> None:
        codes = pd.Index(boundaries.level(level)["code"])
        self._leaves = pd.Index(boundaries.leaves["code"])
        above = codes.get_indexer(pd.Index(boundaries.ancestors(level)))
        # A market has no colour, and lends none to what it lies in.
        self._above = np.where(is_rt(boundaries), above, -1)
        self._count = len(codes)

    def of_run(self, reads: Reads, run: str) -> NDArray[np.uint8]:
        """Risk of every area, the highest of its RT; rows as in `Boundaries.level`."""
        found = reads.read(_RISKS, run)
        rows = self._above[self._leaves.get_indexer(found["code"].to_pylist())]
        return highest_risks(found["risk"].to_numpy().astype(np.uint8), rows, self._count)
