"""Which area an indicator speaks of: by its code, or by a name that only one area bears.

``Tembalang`` is a kecamatan and a kelurahan in it: ``Kec. Tembalang`` says which. RW and RT go by
their codes.
"""

import re
from collections import defaultdict
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import Boundaries
from geodata.text.area_names import fold_name, spellings_of

_NAMED: Final[tuple[Level, ...]] = ("kota", "kecamatan", "kelurahan")
_PREFIXES: Final[dict[Level, re.Pattern[str]]] = {
    "kota": re.compile(r"kota\b", re.IGNORECASE),
    "kecamatan": re.compile(r"(?:kecamatan|kec|kc)\b", re.IGNORECASE),
    "kelurahan": re.compile(r"(?:kelurahan|kel|kl|desa|ds)\b", re.IGNORECASE),
}
Named = dict[Level, dict[str, set[str]]]


class AreaFinder:
    """Codes and names of one version of the boundaries."""

    def __init__(self, boundaries: Boundaries) -> None:
        areas = boundaries.areas
        self._codes: dict[str, str] = {_bare(code): code for code in areas["code"]}
        self._parent = dict(zip(areas["code"], areas["parent"], strict=True))
        self._named: Named = {level: defaultdict(set) for level in _NAMED}
        for level in _NAMED:
            found = boundaries.level(level)
            for code, name in zip(found["code"], found["name"], strict=True):
                self._named[level][fold_name(name.partition("(")[0])].add(code)

    def find(self, records: pa.Table) -> NDArray[np.object_]:
        """Code of the area each record speaks of, None where it is not certain.

        Parameters
        ----------
        records
            ``area`` (a code, or a name at any level down to the kelurahan), ``kelurahan``,
            ``kecamatan``: the first that is said counts; a kecamatan settles which kelurahan.
        """
        names = ["area", "kelurahan", "kecamatan"]
        frame = pd.DataFrame({name: records[name].to_pylist() for name in names}, dtype=object)
        groups = frame.groupby(names, dropna=False, sort=False).ngroup().to_numpy()
        distinct = frame[~frame.duplicated()].itertuples(index=False)
        found = np.array([self._one(*map(_text, row)) for row in distinct], dtype=object)
        return found[groups] if len(frame) else np.empty(0, dtype=object)

    def _one(self, area: str | None, kelurahan: str | None, kecamatan: str | None) -> str | None:
        above = self._only(kecamatan, ["kecamatan"]) if kecamatan else None
        if area is None and kelurahan is None:
            return above
        levels: list[Level] = _levels_of(area) if area else ["kelurahan"]
        return self._only(area or kelurahan, levels, within=above)

    def _only(
        self, text: str | None, levels: list[Level], *, within: str | None = None
    ) -> str | None:
        if text is None:
            return None
        by_code = self._codes.get(_bare(text))
        if by_code is not None:
            return by_code
        folded = fold_name(text)
        for name in (folded, *sorted(spellings_of(folded))):
            found = {code for level in levels for code in self._named[level].get(name, set())}
            if within is not None:
                found = {code for code in found if within in {code, self._parent.get(code)}}
            if found:
                return found.pop() if len(found) == 1 else None
        return None


def _levels_of(text: str) -> list[Level]:
    said: list[Level] = [level for level, form in _PREFIXES.items() if form.match(text)]
    return said or list(_NAMED)


def _bare(code: str) -> str:
    return re.sub(r"[.\s-]", "", code).casefold()


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None
