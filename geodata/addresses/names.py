"""Search names of the areas of one level: exact, by old spelling, by first word, or nearest.

Exact search folds capitals, spaces and punctuation, and uses the official variants in
``geodata/spellings.csv``. Old spellings have Dutch or doubled letters (``Tjandi``, ``Djomblang``,
``Wettan``). Nearest names differ by few letters in the optimal string alignment distance
(rapidfuzz).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geodata.text.area_names import fold_name, spelling_variants

_OLD_SPELLINGS: Final = (
    ("tj", "c"),
    ("dj", "j"),
    ("oe", "u"),
    ("dh", "d"),
    ("th", "t"),
    ("ie", "i"),
)
_DOUBLED: Final = re.compile(r"([a-z])\1+")
_WORD: Final = re.compile(r"[\W_]+")
_MIN_PREFIX_LETTERS: Final = 5
_MAX_ERRORS: Final = 3
_CACHE_SIZE: Final = 1 << 14
"""Words in each cache, with small sets of rows."""
_MARGIN: Final = 2
"""Letters by which the second nearest name must differ more than the nearest name."""

Rows = frozenset[int]


class Names:
    """Names of areas with their row numbers.

    Parameters
    ----------
    names
        Name of every area, as in the boundaries.
    """

    def __init__(self, names: Iterable[str]) -> None:
        exact: dict[str, set[int]] = defaultdict(set)
        beginnings: dict[str, set[int]] = defaultdict(set)
        for row, name in enumerate(names):
            for spelling in spelling_variants(fold_name(name)):
                exact[spelling].add(row)
            name_words = [word for word in _WORD.split(name.casefold()) if word]
            if len(name_words) > 1:
                beginnings[name_words[0]].add(row)
        self._exact = {name: frozenset(rows) for name, rows in exact.items()}
        self._beginnings = {name: frozenset(rows) for name, rows in beginnings.items()}
        self._by_modern_spelling: dict[str, Rows] = {}
        for name, rows in self._exact.items():
            self._by_modern_spelling[_modern_spelling(name)] = (
                self._by_modern_spelling.get(_modern_spelling(name), frozenset()) | rows
            )
        self._spellings = sorted(self._exact)
        self.nearest = lru_cache(_CACHE_SIZE)(self._find_nearest)
        self.starting_with = lru_cache(_CACHE_SIZE)(self._find_starting_with)

    def exact(self, folded: str) -> Rows:
        """Rows of the areas with a folded name."""
        rows = self._exact.get(folded)
        return (
            self._by_modern_spelling.get(_modern_spelling(folded), frozenset())
            if rows is None
            else rows
        )

    def sharing_first_word(self, word: str) -> Rows:
        """Rows of the names of several words whose first word is the given word."""
        return self._beginnings.get(word, frozenset())

    def beginning_with(self, folded: str) -> Rows:
        """Rows of the names that begin with a folded text."""
        rows = [self._exact[name] for name in self._spellings if name.startswith(folded)]
        return frozenset().union(*rows)

    def _find_starting_with(self, folded: str) -> Rows:
        """Rows of the names that begin with a folded word: ``muktiharjo`` is Lor or Kidul."""
        same_first_word = self.sharing_first_word(folded)
        if same_first_word or len(folded) < _MIN_PREFIX_LETTERS:
            return same_first_word
        return self.beginning_with(folded)

    def _find_nearest(self, folded: str, allowed_rows: Rows | None = None) -> Rows:
        """Rows of the names nearest to a misspelled name.

        Parameters
        ----------
        allowed_rows
            Rows of the possible areas, if the address restricts them: more letters may then be
            wrong. No other area may be nearer.

        Returns
        -------
        frozenset of int
            One row if one name is clearly the nearest; several rows if the distances of several
            names are too similar to choose; else none.
        """
        matches = process.extract(
            folded, self._spellings, scorer=OSA.distance, score_cutoff=_MAX_ERRORS + 1, limit=None
        )
        errors_by_row: dict[int, int] = {}
        for name, errors, _ in matches:
            for row in self._exact[name]:
                errors_by_row[row] = min(int(errors), errors_by_row.get(row, _MAX_ERRORS + 1))
        candidates = {
            row: count
            for row, count in errors_by_row.items()
            if allowed_rows is None or row in allowed_rows
        }
        fewest = min(candidates.values(), default=_MAX_ERRORS + 1)
        if fewest > _max_errors(len(folded), within_area=allowed_rows is not None):
            return frozenset()
        nearer_rows = {row for row, count in errors_by_row.items() if count < fewest}
        margin = _MARGIN if allowed_rows is None else 1
        return frozenset(
            {row for row, count in candidates.items() if count < fewest + margin} | nearer_rows
        )


def _max_errors(letters: int, *, within_area: bool) -> int:
    """Maximum number of wrong letters in a name of this length."""
    if within_area:
        return 0 if letters < 4 else 1 if letters < 7 else 2 if letters < 11 else _MAX_ERRORS
    return 0 if letters < 6 else 1 if letters < 10 else 2


def _modern_spelling(folded: str) -> str:
    for old, new in _OLD_SPELLINGS:
        folded = folded.replace(old, new)
    return _DOUBLED.sub(r"\1", folded)
