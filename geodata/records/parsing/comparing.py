"""Typed columns of rows compared: blanks without a reason, one value before another."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.findings import Findings, Mask


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
