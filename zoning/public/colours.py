"""Risks of areas on many published days at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import AreaTable
from zoning.public.areas import is_zone
from zoning.risk import highest_risks


class RunRisks:
    """Risks of the areas of one level in many runs.

    Parameters
    ----------
    boundaries
        The boundaries of the runs.
    """

    def __init__(self, boundaries: AreaTable, level: Level) -> None:
        codes = pd.Index(boundaries.level(level)["code"])
        self._zone_codes = pd.Index(boundaries.smallest_zones["code"])
        area_rows = codes.get_indexer(pd.Index(boundaries.ancestors(level)))
        # An area that is no zone (a market) does not count for the areas above.
        self._area_rows = np.where(is_zone(boundaries), area_rows, -1)
        self._n_areas = len(codes)

    @property
    def nbytes(self) -> int:
        """Approximate memory in bytes."""
        return self._area_rows.nbytes + int(self._zone_codes.memory_usage(deep=True))

    def risks_by_run(self, runs: Sequence[str], coloured: pa.Table) -> NDArray[np.uint8]:
        """Risk of every area in some runs: the highest of its zones.

        Parameters
        ----------
        runs
            Run ids without repetition.
        coloured
            ``run, code, risk`` of the zones above the lowest class.

        Returns
        -------
        ndarray
            uint8, shape ``(len(runs), n_areas)``, areas in the order of `Boundaries.level`; the
            lowest class without coloured zones.
        """
        area_rows = self._area_rows[self._zone_codes.get_indexer(coloured["code"].to_pylist())]
        run_rows = pd.Index(runs).get_indexer(coloured["run"].to_pylist())
        cells = np.where(area_rows < 0, -1, run_rows * self._n_areas + area_rows)
        risks = coloured["risk"].to_numpy().astype(np.uint8)
        highest = highest_risks(risks, cells, len(runs) * self._n_areas)
        return highest.reshape(len(runs), self._n_areas)
