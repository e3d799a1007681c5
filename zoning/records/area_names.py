"""Which area an indicator belongs to: by code, or by a name that only one area has.

``Tembalang`` is a kecamatan and also a kelurahan in that kecamatan; ``Kec. Tembalang`` is the
kecamatan. RW and RT are found only by code.
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
from geodata.text.area_names import fold_name, spelling_variants

_NAMED_LEVELS: Final[tuple[Level, ...]] = ("kota", "kecamatan", "kelurahan")
_PREFIXES: Final[dict[Level, re.Pattern[str]]] = {
    "kota": re.compile(r"kota\b", re.IGNORECASE),
    "kecamatan": re.compile(r"(?:kecamatan|kec|kc)\b", re.IGNORECASE),
    "kelurahan": re.compile(r"(?:kelurahan|kel|kl|desa|ds)\b", re.IGNORECASE),
}
CodesByName = dict[Level, dict[str, set[str]]]


class AreaFinder:
    """Finds areas of one version of the boundaries by code or name."""

    def __init__(self, boundaries: Boundaries) -> None:
        areas = boundaries.areas
        self._codes: dict[str, str] = {_strip_code(code): code for code in areas["code"]}
        self._parent = dict(zip(areas["code"], areas["parent"], strict=True))
        self._codes_by_name: CodesByName = {level: defaultdict(set) for level in _NAMED_LEVELS}
        for level in _NAMED_LEVELS:
            areas_of_level = boundaries.level(level)
            for code, name in zip(areas_of_level["code"], areas_of_level["name"], strict=True):
                self._codes_by_name[level][fold_name(name.partition("(")[0])].add(code)

    def find(self, records: pa.Table) -> NDArray[np.object_]:
        """Code of the area of each record, None where the area is not certain.

        Parameters
        ----------
        records
            ``area`` (a code, or a name at any level down to the kelurahan), ``kelurahan``,
            ``kecamatan``: the first that is not null counts. A kecamatan decides between two
            kelurahan of one name.
        """
        names = ["area", "kelurahan", "kecamatan"]
        frame = pd.DataFrame({name: records[name].to_pylist() for name in names}, dtype=object)
        group = frame.groupby(names, dropna=False, sort=False).ngroup().to_numpy()
        distinct = frame[~frame.duplicated()].itertuples(index=False)
        codes = np.array([self._find_area(*map(_text, row)) for row in distinct], dtype=object)
        return codes[group] if len(frame) else np.empty(0, dtype=object)

    def _find_area(
        self, area: str | None, kelurahan: str | None, kecamatan: str | None
    ) -> str | None:
        kecamatan_code = self._find_unique(kecamatan, ["kecamatan"]) if kecamatan else None
        if area is None and kelurahan is None:
            return kecamatan_code
        levels: list[Level] = _possible_levels(area) if area else ["kelurahan"]
        return self._find_unique(area or kelurahan, levels, within=kecamatan_code)

    def _find_unique(
        self, text: str | None, levels: list[Level], *, within: str | None = None
    ) -> str | None:
        if text is None:
            return None
        code_match = self._codes.get(_strip_code(text))
        if code_match is not None:
            return code_match
        folded = fold_name(text)
        for name in (folded, *sorted(spelling_variants(folded))):
            matches = {
                code for level in levels for code in self._codes_by_name[level].get(name, set())
            }
            if within is not None:
                matches = {code for code in matches if within in {code, self._parent.get(code)}}
            if matches:
                return matches.pop() if len(matches) == 1 else None
        return None


def _possible_levels(text: str) -> list[Level]:
    named_levels: list[Level] = [level for level, form in _PREFIXES.items() if form.match(text)]
    return named_levels or list(_NAMED_LEVELS)


def _strip_code(code: str) -> str:
    return re.sub(r"[.\s-]", "", code).casefold()


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None
