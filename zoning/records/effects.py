"""What a file did to records, for its report: how they lie, which moved, whose day is another."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.records import Kind
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.points import NO_RT, OUTSIDE, SET_ASIDE, readings_with
from zoning.placing.placements import ADDRESS, NON_RESIDENT, UNPLACED, WAYS, Placer
from zoning.records.area_names import AreaFinder
from zoning.records.place_merging import one
from zoning.records.rounds import Applied, Numbers

MOST_NAMED: Final = 20
"""Of how many records a report says the ids."""
_PLACE: Final = ("address", "rt", "rw", "kelurahan", "kecamatan", "lon", "lat", "non_resident")


class Moved(NamedTuple):
    """A record that lies in another RT than before; ``now`` is None where it lies in none."""

    id: str
    before: str
    now: str | None


class DateChange(NamedTuple):
    """A known case of which a file names another day: the day known, the file's, which stands."""

    id: str
    known: date
    file: date
    stands: date


class Placed(NamedTuple):
    """How the records of a file lie.

    Attributes
    ----------
    ways
        Rows by how their records are placed.
    disagreeing, outside
        Rows whose records' coordinates and address disagree; with a point in no area.
    rt
        int32 ``(k,)``: row of the RT of each record, -1 in none.
    """

    ways: dict[str, int]
    disagreeing: int
    outside: int
    rt: NDArray[np.int32]


def placed_rows(records: pa.Table, rows: Numbers, with_point: Mask, placer: Placer) -> Placed:
    """How the records of a file's rows are placed.

    Parameters
    ----------
    records
        ``k`` records as they are after the file.
    rows
        int64 ``(k,)``: how many rows each has.
    with_point
        bool ``(k,)``: whether a row of the file gave coordinates.
    """
    if "lon" not in records.column_names:
        named = pd.notna(AreaFinder(placer.boundaries).find(records))
        ways = {ADDRESS: int(rows[named].sum()), UNPLACED: int(rows[~named].sum())}
        return Placed(ways, 0, 0, np.full(len(rows), -1, dtype=np.int32))
    placement = placer.place(records)
    ways = {way: int(rows[placement.how == way].sum()) for way in WAYS}
    if not ways[NON_RESIDENT]:
        del ways[NON_RESIDENT]
    said = one(records["lon"]).is_valid().to_numpy(zero_copy_only=False) & with_point
    # Of other points that are set aside something else was said already.
    said &= ~readings_with(records["point_reading"], (SET_ASIDE | NO_RT) - {OUTSIDE})
    at = np.flatnonzero(said)
    astray = at[placer.both_ways(records.take(pa.array(at))).point < 0]
    disagreeing = int(rows[placement.disagrees].sum())
    return Placed(ways, disagreeing, int(rows[astray].sum()), placement.rt)


def moved_records(
    applied: Applied, corrected: Mask, rt: NDArray[np.int32], placer: Placer
) -> list[Moved]:
    """Corrected records that lay in an RT before and lie in another one, or in none.

    Parameters
    ----------
    rt
        int32 ``(k,)``: row of the RT of each record after the file; as `Placed`.
    """
    if "lon" not in applied.base.column_names or not corrected.any():
        return []
    differ = np.zeros(len(corrected), dtype=bool)
    for name in _PLACE:
        if name in applied.base.column_names:
            differ |= ~_same(one(applied.base[name]), one(applied.final[name]))
    at = np.flatnonzero(corrected & differ)
    if len(at) == 0:
        return []
    before, after = placer.place(applied.base.take(pa.array(at))).rt, rt[at]
    codes = placer.boundaries.leaves["code"].to_numpy(dtype=object)
    hit = np.flatnonzero((before >= 0) & (before != after))
    return [
        Moved(applied.keys[at[k]], codes[before[k]], codes[after[k]] if after[k] >= 0 else None)
        for k in hit
    ]


def date_changes(rows: pa.Table, applied: Applied, kind: Kind, taken: Mask) -> list[DateChange]:
    """Known cases of which a row that was taken names another day."""
    if kind.name != "cases" or not (applied.known >= 0).any():
        return []
    first = [
        pc.coalesce(*(one(table[name]) for name in kind.dates))
        for table in (applied.base, applied.final)
    ]
    known, stands = (side.take(pa.array(applied.record)) for side in first)
    said = pc.coalesce(*(one(rows[name]) for name in kind.dates))
    other = pc.fill_null(pc.not_equal(known, said), False)
    hit = np.flatnonzero(np.asarray(other.to_numpy(zero_copy_only=False)) & taken)
    chosen = pa.array(hit)
    columns = (side.take(chosen).to_pylist() for side in (known, said, stands))
    names = applied.keys[applied.record[hit]]
    found = [DateChange(*each) for each in zip(names, *columns, strict=True)]
    return list(dict.fromkeys(found))


def _same(one_: pa.Array, other: pa.Array) -> Mask:
    equal = pc.fill_null(pc.equal(one_, other), False)
    both = pc.and_(pc.is_null(one_), pc.is_null(other))
    return np.asarray(pc.or_(equal, both).to_numpy(zero_copy_only=False))
