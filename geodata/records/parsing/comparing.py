"""Typed columns of rows compared: days as numbers, blanks without a reason, one before another."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.findings import Findings, Mask

NO_DAY: Final = np.iinfo(np.int32).min
"""Stands for a day that is not known."""


def days_of(dates: pa.Array) -> NDArray[np.int32]:
    """Days since 1970-01-01; `NO_DAY` where there is none."""
    days = pc.fill_null(dates.cast(pa.int32()), NO_DAY)
    return np.asarray(days.to_numpy(zero_copy_only=False))


def unsaid(columns: Mapping[str, pa.Array], name: str, found: Findings) -> Mask:
    """Rows blank in a column; a cell that cannot be read has its own reason already."""
    blank = ~valid(columns[name])
    for reason in found.reasons:
        if reason.field == name:
            blank &= ~reason.rows
    return blank


def before(first: pa.Array, second: pa.Array) -> Mask:
    """Rows in which the first value is lower than the second."""
    return mask(pc.less(first, second))
