"""Concatenate sheets with equal headings in any order."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from geodata.records.parsing.folding import fold
from geodata.tables import Sheet
from geodata.tables.limits import check_shape


def concatenate(sheets: Sequence[Sheet]) -> Sheet:
    """Concatenate sheets; a missing column is blank."""
    first = sheets[0]
    if len(sheets) == 1:
        return first
    keys = [_heading_keys(sheet) for sheet in sheets]
    names: dict[tuple[str, int], str] = {}
    for sheet_keys in keys:
        names |= {key: name for key, name in sheet_keys.items() if key not in names}
    check_shape(sum(len(sheet.rows) for sheet in sheets), len(names), first.name)
    positions = [{key: k for k, key in enumerate(sheet_keys)} for sheet_keys in keys]
    columns = []
    for key in names:
        chunks: list[pa.Array] = []
        for sheet, sheet_positions in zip(sheets, positions, strict=True):
            chunks += (
                sheet.cells.column(sheet_positions[key]).chunks
                if key in sheet_positions
                else [pa.nulls(len(sheet.rows), pa.string())]
            )
        columns.append(pa.chunked_array(chunks, type=pa.string()))
    return Sheet(
        pa.Table.from_arrays(columns, names=list(names.values())),
        np.concatenate([sheet.rows for sheet in sheets]),
        np.concatenate([sheet.misaligned for sheet in sheets]),
        first.name,
        {row: code for sheet in sheets for row, code in sheet.faults.items()},
    )


def _heading_keys(sheet: Sheet) -> dict[tuple[str, int], str]:
    """Headings by folded text and occurrence number."""
    counts: Counter[str] = Counter()
    keys: dict[tuple[str, int], str] = {}
    for name in sheet.cells.column_names:
        folded = fold(name)
        keys[folded, counts[folded]] = name
        counts[folded] += 1
    return keys
