"""Names of one level's areas: found exactly, by an old spelling, by their first part, or nearly.

Exact means after folding (capitals, spaces, punctuation) and by the official variants in
``geodata/spellings.csv``. Old spellings are Dutch letters and doubled ones (``Tjandi``,
``Djomblang``, ``Wettan``). Near means letters amiss, by rapidfuzz.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geodata.text.area_names import fold_name, spellings_of

_OLD: Final = (("tj", "c"), ("dj", "j"), ("oe", "u"), ("dh", "d"), ("th", "t"), ("ie", "i"))
_DOUBLED: Final = re.compile(r"([a-z])\1+")
_WORD: Final = re.compile(r"[\W_]+")
_SHORTEST_BEGINNING: Final = 5
_MOST_AMISS: Final = 3
_REMEMBERED: Final = 1 << 14
"""Words, with small sets of rows."""
_CLEARLY: Final = 2
"""Letters by which the second nearest name must be further than the nearest."""

Rows = frozenset[int]


class Names:
    """Names of areas, by row number.

    Parameters
    ----------
    names
        Of every area, as the boundaries have them.
    """

    def __init__(self, names: Iterable[str]) -> None:
        exact: dict[str, set[int]] = defaultdict(set)
        beginnings: dict[str, set[int]] = defaultdict(set)
        for row, name in enumerate(names):
            for spelling in spellings_of(fold_name(name)):
                exact[spelling].add(row)
            words = [word for word in _WORD.split(name.casefold()) if word]
            if len(words) > 1:
                beginnings[words[0]].add(row)
        self._exact = {name: frozenset(rows) for name, rows in exact.items()}
        self._beginnings = {name: frozenset(rows) for name, rows in beginnings.items()}
        self._old: dict[str, Rows] = {}
        for name, rows in self._exact.items():
            self._old[_modern(name)] = self._old.get(_modern(name), frozenset()) | rows
        self._spellings = sorted(self._exact)
        self.near = lru_cache(_REMEMBERED)(self._near)
        self.begun = lru_cache(_REMEMBERED)(self._begun)

    def exact(self, folded: str) -> Rows:
        """Rows of a folded name."""
        found = self._exact.get(folded)
        return self._old.get(_modern(folded), frozenset()) if found is None else found

    def family(self, word: str) -> Rows:
        """Rows of names whose first word of several a folded word is."""
        return self._beginnings.get(word, frozenset())

    def _begun(self, folded: str) -> Rows:
        """Rows whose names begin with a folded word: ``muktiharjo`` is Lor or Kidul."""
        found = self.family(folded)
        if found or len(folded) < _SHORTEST_BEGINNING:
            return found
        rows = [self._exact[name] for name in self._spellings if name.startswith(folded)]
        return frozenset().union(*rows)

    def _near(self, folded: str, within: Rows | None = None) -> Rows:
        """Rows of the names nearest to a mistyped one.

        Parameters
        ----------
        within
            The areas it can only be one of, where something else says so: more letters may be
            amiss then. No area outside them may be nearer.

        Returns
        -------
        frozenset of int
            One row where one name is clearly the nearest; several that cannot be told apart;
            none.
        """
        found = process.extract(
            folded, self._spellings, scorer=OSA.distance, score_cutoff=_MOST_AMISS + 1, limit=None
        )
        distance: dict[int, int] = {}
        for name, amiss, _ in found:
            for row in self._exact[name]:
                distance[row] = min(int(amiss), distance.get(row, _MOST_AMISS + 1))
        inside = {row: d for row, d in distance.items() if within is None or row in within}
        least = min(inside.values(), default=_MOST_AMISS + 1)
        if least > _allowed(len(folded), sure=within is not None):
            return frozenset()
        nearer = {row for row, d in distance.items() if d < least}
        margin = _CLEARLY if within is None else 1
        return frozenset({row for row, d in inside.items() if d < least + margin} | nearer)


def _allowed(letters: int, *, sure: bool) -> int:
    """How many letters may be amiss in a name of so many."""
    if sure:
        return 0 if letters < 4 else 1 if letters < 7 else 2 if letters < 11 else _MOST_AMISS
    return 0 if letters < 6 else 1 if letters < 10 else 2


def _modern(folded: str) -> str:
    for old, new in _OLD:
        folded = folded.replace(old, new)
    return _DOUBLED.sub(r"\1", folded)
