"""What is wrong with rows: the code of each reason and warning, and which rows it hits."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.records.parsing.rejection_reasons import REASONS

Mask = NDArray[np.bool_]

_MOST_NAMED: Final = 5
_LONGEST_WORD: Final = 40


def named_rows(rows: NDArray[np.int64]) -> str:
    """Numbers of rows as a sentence may list them."""
    named = ", ".join(str(row) for row in rows[:_MOST_NAMED])
    more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
    return f"row{'s' * (len(rows) > 1)} {named}{more}"


def _words(texts: pa.Array | None, rows: Mask) -> tuple[str, ...]:
    """What cells say, the most frequent first."""
    if texts is None:
        return ()
    found = texts.filter(pa.array(rows)).value_counts().to_pylist()
    counts = {each["values"]: each["counts"] for each in found}
    words = sorted(counts, key=lambda text: (-counts[text], text))
    return tuple(f'"{word[:_LONGEST_WORD]}"' for word in words[:_MOST_NAMED])


class Finding(NamedTuple):
    """One reason, in one column, and the rows it hits: bool ``(n,)``."""

    code: str
    field: str
    rows: Mask
    words: tuple[str, ...] = ()
    """What the cells say that are not understood."""


class Findings:
    """Reasons and warnings gathered while rows are checked.

    Parameters
    ----------
    misaligned
        bool ``(n,)``: rows turned away for that alone, since whose cell is whose is unknown.
    faults
        Code of the reason of such rows, by position; ``misaligned-row`` where not given.
    """

    def __init__(self, misaligned: Mask, faults: Mapping[int, str] | None = None) -> None:
        self._readable = ~misaligned
        hit = np.flatnonzero(misaligned)
        codes = np.array([(faults or {}).get(int(row), "misaligned-row") for row in hit])
        self.reasons = [
            Finding(str(code), "", np.isin(np.arange(len(misaligned)), hit[codes == code]))
            for code in np.unique(codes)
        ]
        self.warnings: list[Finding] = []

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self._readable)

    def defer(self, codes: Collection[str], rows: Mask) -> None:
        """Leave these reasons open for rows that have no other reason."""
        others = np.zeros(self.size, dtype=bool)
        for reason in self.reasons:
            if reason.code not in codes:
                others |= reason.rows
        opened = rows & ~others
        kept = [
            reason._replace(rows=reason.rows & ~opened) if reason.code in codes else reason
            for reason in self.reasons
        ]
        self.reasons = [reason for reason in kept if reason.rows.any()]

    def warned_rows(self, code: str) -> Mask:
        """Rows that a warning hits: bool ``(n,)``."""
        found = np.zeros(self.size, dtype=bool)
        for warning in self.warnings:
            if warning.code == code:
                found |= warning.rows
        return found

    def reject(self, code: str, field: str, rows: Mask, texts: pa.Array | None = None) -> None:
        """These rows are not taken, for what their cells say."""
        hit = rows & self._readable
        if hit.any():
            self.reasons.append(Finding(code, field, hit, _words(texts, hit)))

    def warn(self, code: str, field: str, rows: Mask, texts: pa.Array | None = None) -> None:
        """These rows are taken, and this is said of them, and of what their cells say."""
        if rows.any():
            self.warnings.append(Finding(code, field, rows, _words(texts, rows)))

    def rejected(self) -> Mask:
        """Rows with at least one reason: bool ``(n,)``."""
        found = np.zeros(len(self._readable), dtype=bool)
        for reason in self.reasons:
            found |= reason.rows
        return found

    def warned(self, taken: Mask) -> dict[str, int]:
        """How many of the rows that are taken each warning hits."""
        counts = {w.code: int(np.count_nonzero(w.rows & taken)) for w in self.warnings}
        return {code: count for code, count in counts.items() if count}

    def details(self, taken: Mask, numbers: NDArray[np.int64]) -> dict[str, str]:
        """Which rows each warning and reason hits, by their numbers in the file, and their words.

        Parameters
        ----------
        taken
            Rows that are taken.
        numbers
            Of each row in the file.
        """
        warned = dict.fromkeys(self.warned(taken), taken)
        rejected = {reason.code: ~taken for reason in self.reasons}
        told: dict[str, str] = {}
        for code, among in [*warned.items(), *rejected.items()]:
            hits = [each for each in (*self.warnings, *self.reasons) if each.code == code]
            rows = numbers[np.any([each.rows for each in hits], axis=0) & among]
            words = dict.fromkeys(word for each in hits for word in each.words)
            told[code] = (f"{', '.join(words)}; " if words else "") + named_rows(rows)
        return told

    def counts(self) -> dict[str, int]:
        """Rows turned away by reason; a row counts under its first."""
        seen = np.zeros(len(self._readable), dtype=bool)
        counts: dict[str, int] = {}
        for reason in self.reasons:
            first = int(np.count_nonzero(reason.rows & ~seen))
            if first:
                counts[reason.code] = counts.get(reason.code, 0) + first
            seen |= reason.rows
        return dict(sorted(counts.items()))

    def of_row(self, row: int) -> list[dict[str, Any]]:
        """Reasons of one row, as they are kept."""
        return [
            {"code": reason.code, "field": reason.field, "message": REASONS[reason.code].en}
            for reason in self.reasons
            if reason.rows[row]
        ]
