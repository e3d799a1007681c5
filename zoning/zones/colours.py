"""Colours of many published days, read without their counts."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import AreaTable
from geodata.store import Reads
from zoning.risk import highest_risks
from zoning.zones.frames import is_rt

_RISKS: Final = "select run, code, risk from run_zone where run = any($1) and risk > 0"


class Colours:
    """Risks of the areas of one level, run by run.

    Parameters
    ----------
    boundaries
        Those the runs were judged on.
    """

    def __init__(self, boundaries: AreaTable, level: Level) -> None:
        codes = pd.Index(boundaries.level(level)["code"])
        self._leaves = pd.Index(boundaries.leaves["code"])
        above = codes.get_indexer(pd.Index(boundaries.ancestors(level)))
        # A market has no colour, and lends none to what it lies in.
        self._above = np.where(is_rt(boundaries), above, -1)
        self._count = len(codes)

    def of_runs(self, reads: Reads, runs: Sequence[str]) -> NDArray[np.uint8]:
        """Risk of every area in some runs: the highest of its RT.

        Parameters
        ----------
        runs
            Each once.

        Returns
        -------
        ndarray, shape ``(len(runs), areas)``
            Columns as rows in `Boundaries.level`; green in a run that is none.
        """
        found = reads.read(_RISKS, list(runs))
        above = self._above[self._leaves.get_indexer(found["code"].to_pylist())]
        of = pd.Index(runs).get_indexer(found["run"].to_pylist())
        cells = np.where(above < 0, -1, of * self._count + above)
        risks = found["risk"].to_numpy().astype(np.uint8)
        highest = highest_risks(risks, cells, len(runs) * self._count)
        return highest.reshape(len(runs), self._count)
