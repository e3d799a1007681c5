"""Where a record lies, merged of what is known and what a row says: the place is a group.

A row that names another place brings a place of its own: nothing of the old place that lies
within the changed part is carried over, neither coordinates nor the number of an RT. A row that
says less of the same place changes nothing.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.names import fold_name
from geodata.records.clearing import clears
from geodata.records.findings import Mask
from geodata.records.points import NO_RT, SET_ASIDE, readings_with
from geodata.rt_rw import mentions, without
from zoning.placing.placements import Placer

Columns = Mapping[str, pa.Array]
_STREET: Final = re.compile(r"\b(?:jalan|jln|jl|nomor|nomer|nmr|no)\b")
_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")
_POSTCODE: Final = 5


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


def changed_place(base: Columns, rows: Columns, placer: Placer) -> Change:
    """In what rows name another place than their known records.

    Parameters
    ----------
    base, rows
        ``address, rt, rw, kelurahan, kecamatan`` of ``n`` records; null in `base` of new ones.
    """
    address, written = _changed_address(base, rows)
    return Change(
        area=_changed_area(base, rows, placer),
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
        name: pc.coalesce(one(rows[name]), _without(one(base[name]), gone | clears(rows, name)))
        for name, gone in lost.items()
    }
    return merged | _merged_point(base, rows, change.any)


def _merged_point(base: Columns, rows: pa.Table, moved: Mask) -> dict[str, pa.Array]:
    """Coordinates: the row's where they tell as much as what is known of the same place."""
    cleared = clears(rows, "lon") | clears(rows, "lat")
    own = _tells(rows["lon"], rows["point_reading"])
    known = np.where(moved | cleared, -1, _tells(base["lon"], base["point_reading"]))
    said = pc.is_valid(one(rows["lon"])).to_numpy(zero_copy_only=False)
    said = said | pc.is_valid(one(rows["point_reading"])).to_numpy(zero_copy_only=False)
    take = pa.array(np.where(said, own >= known, known < 0))
    return {
        name: pc.if_else(take, one(rows[name]), one(base[name]))
        for name in ("lon", "lat", "point_reading")
    }


def _tells(lon: pa.ChunkedArray, reading: pa.ChunkedArray) -> NDArray[np.int64]:
    """How much coordinates tell: 2 an RT, 1 a kelurahan, 0 nothing."""
    tells = np.where(readings_with(reading, NO_RT), 1, 2)
    tells[readings_with(reading, SET_ASIDE)] = 0
    tells[~np.asarray(one(lon).is_valid().to_numpy(zero_copy_only=False))] = 0
    return tells


def _changed_area(base: Columns, rows: Columns, placer: Placer) -> Mask:
    differ = np.zeros(len(rows["rt"]), dtype=bool)
    for name in ("kelurahan", "kecamatan"):
        differ |= differs(base[name], rows[name])
    at = np.flatnonzero(differ)
    if len(at) == 0:
        return differ
    chosen = pa.array(at)
    names = ("kelurahan", "kecamatan")
    old, new = (
        [one(side[name]).take(chosen).to_pylist() for name in names] for side in (base, rows)
    )
    pairs = list(zip(*old, *new, strict=True))
    told = _AreaNames(placer, pairs)
    verdicts = {pair: told.other(*pair) for pair in dict.fromkeys(pairs)}
    differ[at] = [verdicts[pair] for pair in pairs]
    return differ


class _AreaNames:
    """Which names of a kelurahan or kecamatan are the same area."""

    def __init__(self, placer: Placer, pairs: list[tuple[str | None, ...]]) -> None:
        areas = placer.boundaries.level("kecamatan")
        self._kecamatan = {
            fold_name(name): code for name, code in zip(areas["name"], areas["code"], strict=True)
        }
        named: set[tuple[str, str | None]] = set()
        for old, old_above, new, new_above in pairs:
            named |= {(old, old_above or new_above)} if old else set()
            named |= {(new, new_above or old_above)} if new else set()
        wanted = sorted(named, key=str)
        codes = placer.addresses.find(_names_table(wanted))[0]
        self._code = dict(zip(wanted, codes, strict=True))

    def other(
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


def _changed_address(base: Columns, rows: Columns) -> tuple[Mask, Mask]:
    """Rows whose address is another one; and those that name another RT or RW in it."""
    other = differs(base["address"], rows["address"])
    written = np.zeros(len(other), dtype=bool)
    at = np.flatnonzero(other)
    if len(at) == 0:
        return other, written
    chosen = pa.array(at)
    old, new = (one(side["address"]).take(chosen).to_pylist() for side in (base, rows))
    known = [one(base[name]).take(chosen).to_pylist() for name in ("rt", "rw")]
    silent = [one(rows[name]).take(chosen).is_null().to_pylist() for name in ("rt", "rw")]
    told = zip(old, new, *known, *silent, strict=True)
    parsed: dict[str, tuple[list[str], list[str], set[int], set[int]]] = {}
    for row, (before, after, rt, rw, no_rt, no_rw) in zip(at, told, strict=True):
        for text in (before, after):
            if text not in parsed:
                parsed[text] = _parts(text)
        other[row] = not _same_house(parsed[before], parsed[after])
        _, _, rts, rws = parsed[after]
        names_rt = bool(rts) and rt is not None and rt not in rts
        names_rw = bool(rws) and rw is not None and rw not in rws
        written[row] = no_rt and no_rw and (names_rt or names_rw)
    return other, written


def _parts(text: str) -> tuple[list[str], list[str], set[int], set[int]]:
    """Words and numbers of an address, and the RT and RW it names."""
    folded = text.casefold()
    named = mentions(folded)
    tokens = _TOKEN.findall(_STREET.sub(" ", without(folded, named)))
    numbers = [t.lstrip("0") for t in tokens if t.isdecimal() and len(t) != _POSTCODE]
    words = [t for t in tokens if not t.isdecimal()]
    rts = {number for mention in named for number in mention.rts}
    rws = {number for mention in named for number in mention.rws}
    return words, numbers, rts, rws


def _same_house(
    one_: tuple[list[str], list[str], set[int], set[int]],
    other: tuple[list[str], list[str], set[int], set[int]],
) -> bool:
    """The same numbers, and all words of the one in the other: the rest is written or left out."""
    words, others = set(one_[0]), set(other[0])
    return one_[1] == other[1] and (words <= others or others <= words)


def differs(base: pa.ChunkedArray | pa.Array, rows: pa.ChunkedArray | pa.Array) -> Mask:
    """Where both say something, and not the same."""
    unequal = pc.not_equal(one(base), one(rows))
    return np.asarray(pc.fill_null(unequal, fill_value=False).to_numpy(zero_copy_only=False))


def one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _without(column: pa.Array, rows: Mask) -> pa.Array:
    return (
        pc.if_else(pa.array(rows), pa.scalar(None, column.type), column) if rows.any() else column
    )
