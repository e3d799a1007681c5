"""Merge the place of a known record with the place in a row. The place is a group of columns.

A row that names another place replaces the place: no finer value of the old place is kept, neither
coordinates nor the number of an RT. A row with less detail of the same place changes nothing.
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
from geodata.ledger.comparing import agree, combined_array, differs, is_null
from geodata.ledger.merging.place_names import PlaceNames
from geodata.records.clearing import cleared_rows
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.points import TOO_VAGUE_FOR_RT, UNUSABLE, rows_with_words
from geodata.text.area_names import fold_name
from geodata.text.rt_rw import find_mentions

Columns = Mapping[str, pa.Array]
_STREET: Final = re.compile(r"\b(?:jalan|jln|jl)\b")
_WORD: Final = re.compile(r"[^\W\d_]+")
RT_PRECISION: Final = 2
"""Precision of coordinates that are exact enough for the RT; see `point_precision`."""
_CACHE_SIZE: Final = 4096
"""Addresses; about 2 MB."""


class PlaceChange(NamedTuple):
    """Parts of the place in which ``n`` rows differ from the known records: bool ``(n,)`` each.

    Attributes
    ----------
    area
        Another kelurahan or kecamatan.
    rw, rt
        Another number.
    address
        Another street or house.
    in_address
        The address names another RT or RW, and the row has no number of an RT or RW.
    """

    area: Mask
    rw: Mask
    rt: Mask
    address: Mask
    in_address: Mask

    @property
    def any(self) -> Mask:
        """Rows that name another place in any part."""
        return self.area | self.rw | self.rt | self.address | self.in_address


def find_place_changes(base: Columns, rows: Columns, names: PlaceNames) -> PlaceChange:
    """Compare the place in rows with the place of their known records.

    Parameters
    ----------
    base, rows
        Columns of ``n`` known records (null for new records) and of their rows.
    """
    address, in_address = _find_address_changes(base, rows, names)
    return PlaceChange(
        area=_find_area_changes(base, rows, names),
        rw=differs(base["rw"], rows["rw"]),
        rt=differs(base["rt"], rows["rt"]),
        address=address,
        in_address=in_address,
    )


def merge_place(base: Columns, rows: pa.Table, place_change: PlaceChange) -> dict[str, pa.Array]:
    """``address, rt, rw, kelurahan, kecamatan, lon, lat, point_reading`` of the merged records."""
    area_changed = place_change.area
    cleared: dict[str, Mask] = {
        "address": area_changed,
        "rt": area_changed | place_change.rw | place_change.in_address,
        "rw": area_changed | place_change.in_address,
        # Two kecamatan have a kelurahan Purwosari: another kecamatan is another kelurahan too.
        "kelurahan": area_changed,
        "kecamatan": area_changed,
    }
    merged = {
        name: pc.coalesce(
            combined_array(rows[name]),
            _clear_values(combined_array(base[name]), is_cleared | cleared_rows(rows, name)),
        )
        for name, is_cleared in cleared.items()
    }
    return merged | _merged_point(base, rows, place_change.any)


def _merged_point(base: Columns, rows: pa.Table, place_changed: Mask) -> dict[str, pa.Array]:
    """The row's coordinates if they are as precise as the known coordinates of the same place."""
    cleared = cleared_rows(rows, "lon") | cleared_rows(rows, "lat")
    row_precision = point_precision(rows["lon"], rows["point_reading"])
    known_precision = np.where(
        place_changed | cleared, -1, point_precision(base["lon"], base["point_reading"])
    )
    has_point = ~is_null(rows["lon"]) | ~is_null(rows["point_reading"])
    use_row = pa.array(np.where(has_point, row_precision >= known_precision, known_precision < 0))
    return {
        name: pc.if_else(use_row, combined_array(rows[name]), combined_array(base[name]))
        for name in ("lon", "lat", "point_reading")
    }


def point_precision(lon: pa.ChunkedArray, reading: pa.ChunkedArray) -> NDArray[np.int64]:
    """How exact coordinates are: 2 for the RT, 1 for the kelurahan, 0 for no place."""
    precision = np.where(rows_with_words(reading, TOO_VAGUE_FOR_RT), 1, RT_PRECISION)
    precision[rows_with_words(reading, UNUSABLE)] = 0
    precision[is_null(lon)] = 0
    return precision


def _find_area_changes(base: Columns, rows: Columns, names: PlaceNames) -> Mask:
    differ = np.zeros(len(rows["rt"]), dtype=bool)
    for name in ("kelurahan", "kecamatan"):
        differ |= differs(base[name], rows[name])
    positions = np.flatnonzero(differ)
    if len(positions) == 0:
        return differ
    selected = pa.array(positions)
    known_names, row_names = (
        [
            combined_array(columns[name]).take(selected).to_pylist()
            for name in ("kelurahan", "kecamatan")
        ]
        for columns in (base, rows)
    )
    name_pairs = list(zip(*known_names, *row_names, strict=True))
    comparison = _AreaComparison(names, name_pairs)
    verdicts = {pair: comparison.differ(*pair) for pair in dict.fromkeys(name_pairs)}
    differ[positions] = [verdicts[pair] for pair in name_pairs]
    return differ


class _AreaComparison:
    """Compares known names with new names of a kelurahan and kecamatan: the same area or not.

    Parameters
    ----------
    names
        Names of the city's places.
    name_pairs
        Known kelurahan, known kecamatan, new kelurahan and new kecamatan of every comparison.
    """

    def __init__(self, names: PlaceNames, name_pairs: list[tuple[str | None, ...]]) -> None:
        self._kecamatan = names.kecamatan
        places: set[tuple[str, str | None]] = set()
        for old, old_kecamatan, new, new_kecamatan in name_pairs:
            places |= {(old, old_kecamatan or new_kecamatan)} if old else set()
            places |= {(new, new_kecamatan or old_kecamatan)} if new else set()
        sorted_places = sorted(places, key=str)
        codes = names.kelurahan(_kelurahan_table(sorted_places))
        self._code = dict(zip(sorted_places, codes, strict=True))

    def differ(
        self,
        old: str | None,
        old_kecamatan: str | None,
        new: str | None,
        new_kecamatan: str | None,
    ) -> bool:
        """Whether the new names are of another area than the known names."""
        if new and old:
            codes = (
                self._code[old, old_kecamatan or new_kecamatan],
                self._code[new, new_kecamatan or old_kecamatan],
            )
            return codes[0] != codes[1] if all(codes) else fold_name(old) != fold_name(new)
        if not (old_kecamatan and new_kecamatan):
            return False
        old_code = self._kecamatan_code(old_kecamatan)
        new_code = self._kecamatan_code(new_kecamatan)
        if new:
            is_known = self._code[new, new_kecamatan] is not None
            return is_known and old_code is not None and old_code != new_code
        # An unknown name is a spelling mistake, not another kecamatan.
        return old_code is not None and new_code is not None and old_code != new_code

    def _kecamatan_code(self, name: str) -> str | None:
        return self._kecamatan.get(fold_name(name))


def _kelurahan_table(pairs: list[tuple[str, str | None]]) -> pa.Table:
    n = len(pairs)
    return pa.table(
        {
            "rt": pa.nulls(n, pa.int64()),
            "rw": pa.nulls(n, pa.int64()),
            "kelurahan": pa.array([pair[0] for pair in pairs], pa.string()),
            "kecamatan": pa.array([pair[1] for pair in pairs], pa.string()),
        }
    )


def _find_address_changes(base: Columns, rows: Columns, names: PlaceNames) -> tuple[Mask, Mask]:
    """Rows whose address is of another house; rows whose address names another RT or RW."""
    differ = differs(base["address"], rows["address"])
    other_house, other_number = np.zeros(len(differ), bool), np.zeros(len(differ), bool)
    no_numbers = is_null(rows["rt"]) & is_null(rows["rw"])
    for row, _, new_address in _address_pairs(base, rows, differ & no_numbers):
        rts, rws = _named_numbers(new_address)
        other_number[row] = _contradicts_number(
            base["rt"][row].as_py(), rts
        ) or _contradicts_number(base["rw"][row].as_py(), rws)
    # A row of the same person with precise coordinates keeps none of the known place: its address
    # needs no comparison.
    keeps_place = point_precision(rows["lon"], rows["point_reading"]) < RT_PRECISION
    if "nik" in rows:
        keeps_place |= ~agree(base["nik"], rows["nik"])
    verdicts: dict[tuple[str, str], bool] = {}
    for row, old_address, new_address in _address_pairs(base, rows, differ & keeps_place):
        addresses = old_address, new_address
        if addresses not in verdicts:
            verdicts[addresses] = _is_other_house(old_address, new_address, names.houses)
        other_house[row] = verdicts[addresses]
    return other_house, other_number


def _address_pairs(base: Columns, rows: Columns, selected: Mask) -> Iterator[tuple[int, str, str]]:
    """The selected rows: number of the row, known address, new address."""
    positions = np.flatnonzero(selected)
    old, new = (
        combined_array(columns["address"]).take(pa.array(positions)).to_pylist()
        for columns in (base, rows)
    )
    return zip(positions.tolist(), old, new, strict=True)


def _contradicts_number(known: int | None, numbers: frozenset[int]) -> bool:
    return known is not None and bool(numbers) and known not in numbers


@lru_cache(_CACHE_SIZE)
def _named_numbers(address: str) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of RT and numbers of RW that an address names."""
    all_mentions = find_mentions(address.casefold())
    return (
        frozenset(number for mention in all_mentions for number in mention.rts),
        frozenset(number for mention in all_mentions for number in mention.rws),
    )


def _is_other_house(old: str, new: str, reader: HouseReader) -> bool:
    """Whether two addresses are of different houses; without house numbers, different streets."""
    old_house, new_house = reader.read(old), reader.read(new)
    if old_house is not None and new_house is not None:
        return compare_houses(old_house, new_house) == Verdict.DIFFERENT
    old_words, new_words = (
        set(_WORD.findall(_STREET.sub(" ", text.casefold()))) for text in (old, new)
    )
    return not (old_words <= new_words or new_words <= old_words)


def _clear_values(column: pa.Array, rows: Mask) -> pa.Array:
    return pc.if_else(pa.array(rows), None, column)
