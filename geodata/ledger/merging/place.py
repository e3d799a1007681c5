"""Where a record lies, merged of what is known and what a row says: the place is a group.

A row that names another place brings a place of its own: nothing of the old place that lies
within the changed part is carried over, neither coordinates nor the number of an RT. A row that
says less of the same place changes nothing.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.houses import HouseReader, Verdict, compare_houses
from geodata.ledger.comparing import agree, array_of, differs, is_null
from geodata.ledger.merging.place_names import PlaceNames
from geodata.records.clearing import clears
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.points import NO_RT, SET_ASIDE, readings_with
from geodata.text.area_names import fold_name
from geodata.text.rt_rw import mentions

Columns = Mapping[str, pa.Array]
_STREET: Final = re.compile(r"\b(?:jalan|jln|jl)\b")
_WORD: Final = re.compile(r"[^\W\d_]+")
TELLS_RT: Final = 2
_REMEMBERED: Final = 4096
"""Addresses: some 2 MB."""


class Change(NamedTuple):
    """In what ``n`` rows name another place than is known: bool ``(n,)`` each.

    Attributes
    ----------
    area
        Another kelurahan or kecamatan.
    rw, rt
        Another number.
    address
        Another street or house.
    written
        The address names another RT or RW than is known, and the row has no number of either.
    """

    area: Mask
    rw: Mask
    rt: Mask
    address: Mask
    written: Mask

    @property
    def any(self) -> Mask:
        """Rows that name another place at all."""
        return self.area | self.rw | self.rt | self.address | self.written


def changed_place(base: Columns, rows: Columns, names: PlaceNames) -> Change:
    """In what rows name another place than their known records.

    Parameters
    ----------
    base, rows
        Columns of ``n`` records; null in `base` of new ones.
    """
    address, written = _changed_address(base, rows, names)
    return Change(
        area=_changed_area(base, rows, names),
        rw=differs(base["rw"], rows["rw"]),
        rt=differs(base["rt"], rows["rt"]),
        address=address,
        written=written,
    )


def merged_place(base: Columns, rows: pa.Table, change: Change) -> dict[str, pa.Array]:
    """``address, rt, rw, kelurahan, kecamatan, lon, lat, point_reading`` of the merged records."""
    wide = change.area
    lost: dict[str, Mask] = {
        "address": wide,
        "rt": wide | change.rw | change.written,
        "rw": wide | change.written,
        # Purwosari is a kelurahan of two kecamatan: who names another of one level says which.
        "kelurahan": wide,
        "kecamatan": wide,
    }
    merged = {
        name: pc.coalesce(
            array_of(rows[name]), _without(array_of(base[name]), gone | clears(rows, name))
        )
        for name, gone in lost.items()
    }
    return merged | _merged_point(base, rows, change.any)


def _merged_point(base: Columns, rows: pa.Table, moved: Mask) -> dict[str, pa.Array]:
    """Coordinates: the row's where they tell as much as what is known of the same place."""
    cleared = clears(rows, "lon") | clears(rows, "lat")
    own = tells(rows["lon"], rows["point_reading"])
    known = np.where(moved | cleared, -1, tells(base["lon"], base["point_reading"]))
    said = pc.is_valid(array_of(rows["lon"])).to_numpy(zero_copy_only=False)
    said = said | pc.is_valid(array_of(rows["point_reading"])).to_numpy(zero_copy_only=False)
    take = pa.array(np.where(said, own >= known, known < 0))
    return {
        name: pc.if_else(take, array_of(rows[name]), array_of(base[name]))
        for name in ("lon", "lat", "point_reading")
    }


def tells(lon: pa.ChunkedArray, reading: pa.ChunkedArray) -> NDArray[np.int64]:
    """How much coordinates tell: 2 an RT, 1 a kelurahan, 0 nothing."""
    found = np.where(readings_with(reading, NO_RT), 1, TELLS_RT)
    found[readings_with(reading, SET_ASIDE)] = 0
    found[is_null(lon)] = 0
    return found


def _changed_area(base: Columns, rows: Columns, names: PlaceNames) -> Mask:
    differ = np.zeros(len(rows["rt"]), dtype=bool)
    for name in ("kelurahan", "kecamatan"):
        differ |= differs(base[name], rows[name])
    at = np.flatnonzero(differ)
    if len(at) == 0:
        return differ
    chosen = pa.array(at)
    old, new = (
        [array_of(side[name]).take(chosen).to_pylist() for name in ("kelurahan", "kecamatan")]
        for side in (base, rows)
    )
    pairs = list(zip(*old, *new, strict=True))
    areas = _SameArea(names, pairs)
    verdicts = {pair: areas.differ(*pair) for pair in dict.fromkeys(pairs)}
    differ[at] = [verdicts[pair] for pair in pairs]
    return differ


class _SameArea:
    """Which names of a kelurahan or kecamatan are the same area."""

    def __init__(self, names: PlaceNames, pairs: list[tuple[str | None, ...]]) -> None:
        self._kecamatan = names.kecamatan
        named: set[tuple[str, str | None]] = set()
        for old, old_above, new, new_above in pairs:
            named |= {(old, old_above or new_above)} if old else set()
            named |= {(new, new_above or old_above)} if new else set()
        wanted = sorted(named, key=str)
        codes = names.kelurahan(_names_table(wanted))
        self._code = dict(zip(wanted, codes, strict=True))

    def differ(
        self, old: str | None, old_above: str | None, new: str | None, new_above: str | None
    ) -> bool:
        """Whether a row's names are another area's than the known ones."""
        if new and old:
            codes = self._code[old, old_above or new_above], self._code[new, new_above or old_above]
            return codes[0] != codes[1] if all(codes) else fold_name(old) != fold_name(new)
        if new and new_above and old_above:
            code = self._code[new, new_above]
            return code is not None and self._above(old_above) not in {None, self._above(new_above)}
        if new_above and old_above:
            # An unknown word is a slip of the pen, not another kecamatan.
            return None not in {self._above(new_above), self._above(old_above)} and self._above(
                new_above
            ) != self._above(old_above)
        return False

    def _above(self, name: str) -> str | None:
        return self._kecamatan.get(fold_name(name))


def _names_table(pairs: list[tuple[str, str | None]]) -> pa.Table:
    n = len(pairs)
    return pa.table(
        {
            "rt": pa.nulls(n, pa.int64()),
            "rw": pa.nulls(n, pa.int64()),
            "kelurahan": pa.array([pair[0] for pair in pairs], pa.string()),
            "kecamatan": pa.array([pair[1] for pair in pairs], pa.string()),
        }
    )


def _changed_address(base: Columns, rows: Columns, names: PlaceNames) -> tuple[Mask, Mask]:
    """Rows whose address is of another house; and those that name another RT or RW in it."""
    differ = differs(base["address"], rows["address"])
    other, written = np.zeros(len(differ), dtype=bool), np.zeros(len(differ), dtype=bool)
    silent = is_null(rows["rt"]) & is_null(rows["rw"])
    for row, _, after in _texts(base, rows, differ & silent):
        rts, rws = _named(after)
        written[row] = _is_other(base["rt"][row].as_py(), rts) or _is_other(
            base["rw"][row].as_py(), rws
        )
    # Who brings coordinates of its own, and is the same person, carries nothing over.
    carries = tells(rows["lon"], rows["point_reading"]) < TELLS_RT
    if "nik" in rows:
        carries |= ~agree(base["nik"], rows["nik"])
    verdicts: dict[tuple[str, str], bool] = {}
    for row, *pair in _texts(base, rows, differ & carries):
        before, after = pair
        if (before, after) not in verdicts:
            verdicts[before, after] = _is_other_house(before, after, names.houses)
        other[row] = verdicts[before, after]
    return other, written


def _texts(base: Columns, rows: Columns, chosen: Mask) -> Iterator[tuple[int, str, str]]:
    """Both addresses of some rows."""
    at = np.flatnonzero(chosen)
    old, new = (array_of(side["address"]).take(pa.array(at)).to_pylist() for side in (base, rows))
    return zip(at.tolist(), old, new, strict=True)


def _is_other(known: int | None, named: frozenset[int]) -> bool:
    return known is not None and bool(named) and known not in named


@lru_cache(_REMEMBERED)
def _named(address: str) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of RT and of RW that an address names."""
    named = mentions(address.casefold())
    return (
        frozenset(number for mention in named for number in mention.rts),
        frozenset(number for mention in named for number in mention.rws),
    )


def _is_other_house(before: str, after: str, reader: HouseReader) -> bool:
    """Whether two addresses are of two houses; where none has a number, of two streets."""
    houses = reader.read(before), reader.read(after)
    if houses[0] is not None and houses[1] is not None:
        return compare_houses(houses[0], houses[1]) == Verdict.DIFFERENT
    words = [set(_WORD.findall(_STREET.sub(" ", text.casefold()))) for text in (before, after)]
    return not (words[0] <= words[1] or words[1] <= words[0])


def _without(column: pa.Array, rows: Mask) -> pa.Array:
    return (
        pc.if_else(pa.array(rows), pa.scalar(None, column.type), column) if rows.any() else column
    )
