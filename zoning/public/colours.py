"""Colours of many published days at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import AreaTable
from zoning.public.areas import is_rt
from zoning.risk import highest_risks


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

    @property
    def nbytes(self) -> int:
        """Memory, in bytes, about."""
        return self._above.nbytes + int(self._leaves.memory_usage(deep=True))

    def of_runs(self, runs: Sequence[str], coloured: pa.Table) -> NDArray[np.uint8]:
        """Risk of every area in some runs: the highest of its RT.

        Parameters
        ----------
        runs
            Each once.
        coloured
            ``run, code, risk`` of their coloured zones.

        Returns
        -------
        ndarray, shape ``(len(runs), areas)``
            Columns as rows in `Boundaries.level`; the lowest class in a run that has none.
        """
        above = self._above[self._leaves.get_indexer(coloured["code"].to_pylist())]
        of = pd.Index(runs).get_indexer(coloured["run"].to_pylist())
        cells = np.where(above < 0, -1, of * self._count + above)
        risks = coloured["risk"].to_numpy().astype(np.uint8)
        highest = highest_risks(risks, cells, len(runs) * self._count)
        return highest.reshape(len(runs), self._count)
