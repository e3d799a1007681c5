"""Where the records of a file lie, for its report: placing methods, and records in another RT."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.ledger.changes import AffectedRecords
from geodata.ledger.comparing import combined_array
from geodata.records.kinds.model import LOCATION_FIELDS
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.points import OUTSIDE, TOO_VAGUE_FOR_RT, UNUSABLE, rows_with_words
from zoning.placing.placements import ADDRESS, NON_RESIDENT, PLACING_METHODS, UNPLACED, Placer
from zoning.records.area_names import AreaFinder

MOST_IDS: Final = 20
"""A report lists the ids of at most this many records."""
_LOCATION_COLUMNS: Final = (*(field.name for field in LOCATION_FIELDS), "non_resident")


class RtChange(NamedTuple):
    """A record that lies in another RT than before; ``now`` is None if it lies in no RT."""

    id: str
    before: str
    now: str | None


class PlacementSummary(NamedTuple):
    """Where the records of a file lie.

    Attributes
    ----------
    counts_by_method
        Number of rows by placing method of their records.
    disagreeing
        Number of rows with a record whose coordinates and address disagree.
    outside
        Number of rows with a point in no area.
    moved
        Corrected records that were in an RT before and are now in another RT, or in no RT.
    """

    counts_by_method: dict[str, int]
    disagreeing: int
    outside: int
    moved: list[RtChange]


def summarize_placements(records: AffectedRecords, placer: Placer) -> PlacementSummary:
    """Place the records of a file after its intake, and the corrected records also before.

    Parameters
    ----------
    records
        The field `records` of `geodata.ledger.changes.FileChanges`.
    """
    is_used = records.rows > 0
    rows, after = records.rows[is_used], records.after.filter(pa.array(is_used))
    if "lon" not in after.column_names:
        has_area = pd.notna(AreaFinder(placer.boundaries).find(after))
        counts = {ADDRESS: int(rows[has_area].sum()), UNPLACED: int(rows[~has_area].sum())}
        return PlacementSummary(counts, 0, 0, [])
    placement = placer.place(after)
    counts = {method: int(rows[placement.methods == method].sum()) for method in PLACING_METHODS}
    if not counts[NON_RESIDENT]:
        del counts[NON_RESIDENT]
    rt = np.full(len(is_used), -1, dtype=np.int32)
    rt[is_used] = placement.rt
    return PlacementSummary(
        counts_by_method=counts,
        disagreeing=int(rows[placement.disagrees].sum()),
        outside=_count_rows_outside(after, rows, records.with_point[is_used], placer),
        moved=_rt_changes(records, rt, placer),
    )


def _count_rows_outside(
    records: pa.Table, rows: NDArray[np.int64], with_point: Mask, placer: Placer
) -> int:
    """Number of rows with coordinates in no area."""
    has_point = (
        combined_array(records["lon"]).is_valid().to_numpy(zero_copy_only=False) & with_point
    )
    # Other warnings report the other points that are set aside.
    has_point &= ~rows_with_words(
        records["point_reading"], (UNUSABLE | TOO_VAGUE_FOR_RT) - {OUTSIDE}
    )
    positions = np.flatnonzero(has_point)
    evidence = placer.by_coordinates_and_by_address(records.take(pa.array(positions)))
    outside = positions[evidence.by_coordinates < 0]
    return int(rows[outside].sum())


def _rt_changes(records: AffectedRecords, rt: NDArray[np.int32], placer: Placer) -> list[RtChange]:
    """Corrected records in another RT; `rt` is the row of the RT of each record after the file."""
    if not records.corrected.any():
        return []
    differ = np.zeros(len(rt), dtype=bool)
    for name in _LOCATION_COLUMNS:
        if name in records.before.column_names:
            differ |= ~_equal_cells(
                combined_array(records.before[name]), combined_array(records.after[name])
            )
    positions = np.flatnonzero(records.corrected & differ)
    if len(positions) == 0:
        return []
    before, after = placer.place(records.before.take(pa.array(positions))).rt, rt[positions]
    codes = placer.boundaries.smallest_zones["code"].to_numpy(dtype=object)
    changed = np.flatnonzero((before >= 0) & (before != after))
    return [
        RtChange(
            records.keys[positions[k]],
            codes[before[k]],
            codes[after[k]] if after[k] >= 0 else None,
        )
        for k in changed
    ]


def _equal_cells(first: pa.Array, second: pa.Array) -> Mask:
    equal = pc.fill_null(pc.equal(first, second), False)
    both_null = pc.and_(pc.is_null(first), pc.is_null(second))
    return np.asarray(pc.or_(equal, both_null).to_numpy(zero_copy_only=False))
