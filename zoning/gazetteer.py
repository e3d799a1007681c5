"""Which RT the fields of a record name: RT, RW, kelurahan, and kecamatan where two share a name.

Exact after folding; never a guess: a name that two kelurahan bear (Purwosari, Mangunharjo) is
settled by the kecamatan or by nobody, and a kecamatan that contradicts settles nothing.
"""

import re
from collections import defaultdict
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.names import fold_name, spellings_of

_A_THOUSAND: Final = 1000


class Gazetteer:
    """Names, codes and numbers of one version of the boundaries."""

    def __init__(self, boundaries: Boundaries) -> None:
        kelurahan = boundaries.level("kelurahan")
        self._codes = kelurahan["code"].to_numpy(dtype=object)
        self._parents = kelurahan["parent"].to_numpy(dtype=object)
        self._named = _by_name(kelurahan["name"], kelurahan["code"])
        above = boundaries.level("kecamatan")
        self._kecamatan = _by_name(above["name"], above["code"])
        self._kecamatan_codes = above["code"].to_numpy(dtype=object)
        self._rt = self._numbered(boundaries)

    def find(
        self,
        kelurahan: pa.ChunkedArray,
        kecamatan: pa.ChunkedArray,
        rw: pa.ChunkedArray,
        rt: pa.ChunkedArray,
    ) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
        """Kelurahan and RT that the fields name.

        Parameters
        ----------
        kelurahan, kecamatan
            ``n`` names or codes, null where not known.
        rw, rt
            ``n`` numbers, null where not known.

        Returns
        -------
        ndarray, ndarray
            Object ``(n,)``, code of the kelurahan or None; int32 ``(n,)``, row of the RT in the
            leaves, -1 where the fields name none.
        """
        village = self._villages(kelurahan, kecamatan)
        keys = _keys(village, _numbers(rw), _numbers(rt))
        position = self._rt.index.get_indexer(pd.Index(keys))
        known = (position >= 0) & (keys >= 0)
        row = np.where(known, self._rt.to_numpy()[position], -1).astype(np.int32)
        named = np.full(len(village), None, dtype=object)
        named[village >= 0] = self._codes[village[village >= 0]]
        return named, row

    def _villages(
        self, kelurahan: pa.ChunkedArray, kecamatan: pa.ChunkedArray
    ) -> NDArray[np.int64]:
        """Position of each record's kelurahan, -1 unknown; each pair of names is read once."""
        pairs = pd.DataFrame({"name": kelurahan.to_pylist(), "above": kecamatan.to_pylist()})
        groups = pairs.groupby(["name", "above"], dropna=False, sort=False)
        number = groups.ngroup().to_numpy()
        distinct = pairs[~pairs.duplicated()]
        found = [self._village(*map(_text, pair)) for pair in distinct.to_numpy(dtype=object)]
        return np.array(found, dtype=np.int64)[number]

    def _village(self, name: str | None, above: str | None) -> int:
        if name is None:
            return -1
        candidates = _candidates(name, self._named, self._codes)
        if above is not None:
            parents = self._kecamatan_codes[
                _candidates(above, self._kecamatan, self._kecamatan_codes)
            ]
            candidates = [row for row in candidates if self._parents[row] in parents]
        return candidates[0] if len(candidates) == 1 else -1

    def _numbered(self, boundaries: Boundaries) -> "pd.Series[int]":
        """Row of each RT by the number that `_keys` makes of kelurahan, RW and RT."""
        leaves = boundaries.leaves
        is_rt = (leaves["kind"] == "rt").to_numpy()
        village = pd.Index(self._codes).get_indexer(boundaries.ancestors("kelurahan")[is_rt])
        numbers = leaves[is_rt][["rw", "rt"]].fillna(0)
        rw, rt = (numbers[name].to_numpy(dtype=np.int64) for name in ("rw", "rt"))
        rows = pd.Series(np.flatnonzero(is_rt), index=_keys(village.astype(np.int64), rw, rt))
        return rows[~rows.index.duplicated()]


def _candidates(text: str, named: dict[str, list[int]], codes: NDArray[np.object_]) -> list[int]:
    """Positions of the areas a name or a code may mean."""
    digits = re.sub(r"[.\s-]", "", text)
    if digits.isdigit():
        return [row for row, code in enumerate(codes) if re.sub(r"\D", "", code) == digits]
    folded = fold_name(text)
    exact = named.get(folded, [])
    return exact or [row for name in sorted(spellings_of(folded)) for row in named.get(name, [])]


def _by_name(names: "pd.Series[str]", codes: "pd.Series[str]") -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row, (name, _) in enumerate(zip(names, codes, strict=True)):
        found[fold_name(name)].append(row)
    return dict(found)


def _keys(
    village: NDArray[np.int64], rw: NDArray[np.int64], rt: NDArray[np.int64]
) -> NDArray[np.int64]:
    key = (village * _A_THOUSAND + rw) * _A_THOUSAND + rt
    known = (village >= 0) & (rw > 0) & (rt > 0)
    return np.where(known, key, -1)


def _numbers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(column.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None
