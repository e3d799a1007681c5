"""Comparisons of typed columns: missing values, and one value less than another."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.findings import Findings, Mask


def missing_values(columns: Mapping[str, pa.Array], name: str, findings: Findings) -> Mask:
    """Rows with a blank cell; a cell that cannot be parsed has a reason already."""
    is_blank = ~valid(columns[name])
    for reason in findings.reasons:
        if reason.field == name:
            is_blank &= ~reason.rows
    return is_blank


def is_less(first: pa.Array, second: pa.Array) -> Mask:
    """Rows whose first value is less than the second."""
    return mask(pc.less(first, second))
