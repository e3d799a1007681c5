"""Find rows that have the number of a record but are of another person."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.ledger.comparing import agree, combined_array, differs
from geodata.ledger.merging.place import RT_PRECISION, PlaceChange, point_precision
from geodata.records import Kind
from geodata.records.parsing.cells import mask
from geodata.records.parsing.findings import Mask

_SAME_SPOT: Final = 1e-6
_MIN_DIFFERENCES: Final = 2


def find_other_persons(
    base: pa.Table, rows: pa.Table, kind: Kind, place_change: PlaceChange, *, replace: bool
) -> Mask:
    """Rows of another person than their record.

    Another valid NIK means another person. If the record or the row has no NIK: at least two of
    name, family card, place and day are known on both sides and differ, none agrees, and the house
    is not the same. With `replace` a row may have another NIK if name, family card or house agree.

    Parameters
    ----------
    base, rows
        Known records (null where there is none) and their rows, in the same order.
    place_change
        As `geodata.ledger.merging.place.find_place_changes`.
    replace
        Whether the row may correct the NIK.
    """
    if kind.natural_key:
        return np.zeros(rows.num_rows, dtype=bool)
    other_nik = differs(base["nik"], rows["nik"])
    same_nik = agree(base["nik"], rows["nik"])
    differences = [differs(base[name], rows[name]) for name in ("person", "kk")]
    agrees = _same_house(base, rows, place_change)
    for name in ("person", "kk"):
        agrees = agrees | agree(base[name], rows[name])
    differences += [place_change.any, _days_differ(base, rows, kind)]
    differs_enough = np.sum(differences, axis=0) >= _MIN_DIFFERENCES
    by_other_data = ~same_nik & differs_enough & ~agrees
    by_nik = other_nik & ~agrees if replace else other_nik
    return np.asarray(np.where(other_nik, by_nik, by_other_data), dtype=bool)


def _same_house(base: pa.Table, rows: pa.Table, place_change: PlaceChange) -> Mask:
    """Whether the address is the same and has a house number, or the point is the same."""
    numbered = pc.match_substring_regex(combined_array(rows["address"]), r"\d")
    both_addresses = pc.and_(
        pc.is_valid(combined_array(base["address"])), pc.fill_null(numbered, False)
    )
    # The centre of a kelurahan, which many records share, is no house.
    same_point = point_precision(rows["lon"], rows["point_reading"]) == RT_PRECISION
    for name in ("lon", "lat"):
        distance = np.abs(_floats(base[name]) - _floats(rows[name]))
        same_point &= distance < _SAME_SPOT
    same_house: Mask = same_point | (mask(both_addresses) & ~place_change.any)
    return same_house


def _days_differ(base: pa.Table, rows: pa.Table, kind: Kind) -> Mask:
    """Whether at least one date is known on both sides, and no date is the same."""
    any_differs = np.zeros(rows.num_rows, dtype=bool)
    any_agrees = np.zeros(rows.num_rows, dtype=bool)
    for name in kind.dates:
        any_differs |= differs(base[name], rows[name])
        any_agrees |= agree(base[name], rows[name])
    return any_differs & ~any_agrees


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(combined_array(column).to_numpy(zero_copy_only=False), dtype=np.float64)
