"""Where the records of a file lie, for its report: how they are placed, and which moved."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.ledger.changes import AffectedRecords
from geodata.ledger.comparing import array_of
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.points import NO_RT, OUTSIDE, SET_ASIDE, readings_with
from zoning.placing.placements import ADDRESS, NON_RESIDENT, UNPLACED, WAYS, Placer
from zoning.records.area_names import AreaFinder

MOST_NAMED: Final = 20
"""Of how many records a report says the ids."""
_PLACE: Final = ("address", "rt", "rw", "kelurahan", "kecamatan", "lon", "lat", "non_resident")


class Moved(NamedTuple):
    """A record that lies in another RT than before; ``now`` is None where it lies in none."""

    id: str
    before: str
    now: str | None


class Placed(NamedTuple):
    """How the records of a file lie.

    Attributes
    ----------
    ways
        Rows by how their records are placed.
    disagreeing, outside
        Rows whose records' coordinates and address disagree; with a point in no area.
    moved
        Corrected records that lay in an RT before and lie in another RT now, or in none.
    """

    ways: dict[str, int]
    disagreeing: int
    outside: int
    moved: list[Moved]


def placed_records(records: AffectedRecords, placer: Placer) -> Placed:
    """Place the records of a file as they are after it, and those that it corrects as before.

    Parameters
    ----------
    records
        As `geodata.ledger.keeping.keep` reports them.
    """
    there = records.rows > 0
    rows, after = records.rows[there], records.after.filter(pa.array(there))
    if "lon" not in after.column_names:
        named = pd.notna(AreaFinder(placer.boundaries).find(after))
        ways = {ADDRESS: int(rows[named].sum()), UNPLACED: int(rows[~named].sum())}
        return Placed(ways, 0, 0, [])
    placement = placer.place(after)
    ways = {way: int(rows[placement.how == way].sum()) for way in WAYS}
    if not ways[NON_RESIDENT]:
        del ways[NON_RESIDENT]
    rt = np.full(len(there), -1, dtype=np.int32)
    rt[there] = placement.rt
    return Placed(
        ways=ways,
        disagreeing=int(rows[placement.disagrees].sum()),
        outside=_rows_outside(after, rows, records.with_point[there], placer),
        moved=_moved(records, rt, placer),
    )


def _rows_outside(
    records: pa.Table, rows: NDArray[np.int64], with_point: Mask, placer: Placer
) -> int:
    """Rows that gave coordinates which lie in no area."""
    said = array_of(records["lon"]).is_valid().to_numpy(zero_copy_only=False) & with_point
    # Of other points that are set aside the warnings speak already.
    said &= ~readings_with(records["point_reading"], (SET_ASIDE | NO_RT) - {OUTSIDE})
    at = np.flatnonzero(said)
    astray = at[placer.both_ways(records.take(pa.array(at))).point < 0]
    return int(rows[astray].sum())


def _moved(records: AffectedRecords, rt: NDArray[np.int32], placer: Placer) -> list[Moved]:
    """Corrected records that lie elsewhere; `rt` is the row of the RT of each after the file."""
    if not records.corrected.any():
        return []
    differ = np.zeros(len(rt), dtype=bool)
    for name in _PLACE:
        if name in records.before.column_names:
            differ |= ~_same(array_of(records.before[name]), array_of(records.after[name]))
    at = np.flatnonzero(records.corrected & differ)
    if len(at) == 0:
        return []
    before, after = placer.place(records.before.take(pa.array(at))).rt, rt[at]
    codes = placer.boundaries.leaves["code"].to_numpy(dtype=object)
    hit = np.flatnonzero((before >= 0) & (before != after))
    return [
        Moved(records.keys[at[k]], codes[before[k]], codes[after[k]] if after[k] >= 0 else None)
        for k in hit
    ]


def _same(first: pa.Array, other: pa.Array) -> Mask:
    equal = pc.fill_null(pc.equal(first, other), False)
    both = pc.and_(pc.is_null(first), pc.is_null(other))
    return np.asarray(pc.or_(equal, both).to_numpy(zero_copy_only=False))
