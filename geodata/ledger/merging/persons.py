"""Whether a row with the number of a record speaks of another person than the record."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.ledger.comparing import agree, array_of, differs
from geodata.ledger.merging.place import TELLS_RT, Change, tells
from geodata.records import Kind
from geodata.records.parsing.findings import Mask

_SAME_SPOT: Final = 1e-6
_ENOUGH: Final = 2


def other_persons(
    base: pa.Table, rows: pa.Table, kind: Kind, change: Change, *, replace: bool
) -> Mask:
    """Rows that would turn their record into another person's.

    Another valid NIK is another person. Where one of the two has no NIK: at least two of name,
    family card, place and day are known on both sides, all of them differ, and the house is not
    the same. With `replace` a row may bring another NIK where name, family card or house agree.

    Parameters
    ----------
    base, rows
        Known records and rows, one beside the other; null in `base` where there is none.
    change
        As `geodata.ledger.merging.place.changed_place`.
    """
    if kind.named_by:
        return np.zeros(rows.num_rows, dtype=bool)
    other_nik = differs(base["nik"], rows["nik"])
    same_nik = agree(base["nik"], rows["nik"])
    differ = [differs(base[name], rows[name]) for name in ("person", "kk")]
    alike = _same_house(base, rows, change)
    for name in ("person", "kk"):
        alike = alike | agree(base[name], rows[name])
    differ += [change.any, _other_days(base, rows, kind)]
    many = np.sum(differ, axis=0) >= _ENOUGH
    by_rest = ~same_nik & many & ~alike
    by_nik = other_nik & ~alike if replace else other_nik
    return np.asarray(np.where(other_nik, by_nik, by_rest), dtype=bool)


def _same_house(base: pa.Table, rows: pa.Table, change: Change) -> Mask:
    """The same address with a number of a house in it, or the same point."""
    numbered = pc.match_substring_regex(array_of(rows["address"]), r"\d")
    both = pc.and_(pc.is_valid(array_of(base["address"])), pc.fill_null(numbered, False))
    # A point that many share, such as the middle of a kelurahan, is nobody's house.
    near = tells(rows["lon"], rows["point_reading"]) == TELLS_RT
    for name in ("lon", "lat"):
        away = np.abs(_floats(base[name]) - _floats(rows[name]))
        near &= away < _SAME_SPOT
    same: Mask = near | (np.asarray(both.to_numpy(zero_copy_only=False)) & ~change.any)
    return same


def _other_days(base: pa.Table, rows: pa.Table, kind: Kind) -> Mask:
    """At least one date is known on both sides, and none of them is the same."""
    differ = np.zeros(rows.num_rows, dtype=bool)
    alike = np.zeros(rows.num_rows, dtype=bool)
    for name in kind.dates:
        differ |= differs(base[name], rows[name])
        alike |= agree(base[name], rows[name])
    return differ & ~alike


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(array_of(column).to_numpy(zero_copy_only=False), dtype=np.float64)
