"""Findings of the check of rows: reasons to reject rows, and warnings, with their rows."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.records.parsing.rejection_reasons import REASONS

Mask = NDArray[np.bool_]
_MAX_LISTED: Final = 5
_MAX_TEXT_CHARACTERS: Final = 40


def describe_rows(rows: NDArray[np.int64]) -> str:
    """Row numbers for a sentence; the first five, and the number of the others."""
    listed = ", ".join(str(row) for row in rows[:_MAX_LISTED])
    more = f" and {len(rows) - _MAX_LISTED} more" if len(rows) > _MAX_LISTED else ""
    return f"row{'s' * (len(rows) > 1)} {listed}{more}"


def _frequent_texts(texts: pa.Array | None, rows: Mask) -> tuple[str, ...]:
    """Quoted texts of cells, the most frequent first."""
    if texts is None:
        return ()
    value_counts = texts.filter(pa.array(rows)).value_counts().to_pylist()
    counts = {entry["values"]: entry["counts"] for entry in value_counts}
    frequent = sorted(counts, key=lambda text: (-counts[text], text))
    return tuple(f'"{word[:_MAX_TEXT_CHARACTERS]}"' for word in frequent[:_MAX_LISTED])


class Finding(NamedTuple):
    """A reason or warning about a field, and its rows: bool ``(n,)``."""

    code: str
    field: str
    rows: Mask
    words: tuple[str, ...] = ()
    """Quoted texts of the cells."""


class Findings:
    """Reasons and warnings, collected during the check of rows.

    Parameters
    ----------
    misaligned
        bool ``(n,)``: rows whose columns are unknown; this is their only reason.
    faults
        Code of the reason of such rows, by position; default ``misaligned-row``.
    """

    def __init__(self, misaligned: Mask, faults: Mapping[int, str] | None = None) -> None:
        self._readable = ~misaligned
        positions = np.flatnonzero(misaligned)
        codes = np.array([(faults or {}).get(int(row), "misaligned-row") for row in positions])
        self.reasons = [
            Finding(str(code), "", np.isin(np.arange(len(misaligned)), positions[codes == code]))
            for code in np.unique(codes)
        ]
        self.warnings: list[Finding] = []

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self._readable)

    def defer(self, codes: Collection[str], rows: Mask) -> None:
        """Drop these reasons for rows that have no other reason."""
        has_other_reason = np.zeros(self.size, dtype=bool)
        for reason in self.reasons:
            if reason.code not in codes:
                has_other_reason |= reason.rows
        deferred = rows & ~has_other_reason
        remaining = [
            reason._replace(rows=reason.rows & ~deferred) if reason.code in codes else reason
            for reason in self.reasons
        ]
        self.reasons = [reason for reason in remaining if reason.rows.any()]

    def warned_rows(self, code: str) -> Mask:
        """Rows with a warning: bool ``(n,)``."""
        rows = np.zeros(self.size, dtype=bool)
        for warning in self.warnings:
            if warning.code == code:
                rows |= warning.rows
        return rows

    def reject(self, code: str, field: str, rows: Mask, texts: pa.Array | None = None) -> None:
        """Add a reason to reject rows, with the texts of their cells."""
        rejected = rows & self._readable
        if rejected.any():
            self.reasons.append(Finding(code, field, rejected, _frequent_texts(texts, rejected)))

    def warn(self, code: str, field: str, rows: Mask, texts: pa.Array | None = None) -> None:
        """Add a warning about rows, with the texts of their cells."""
        if rows.any():
            self.warnings.append(Finding(code, field, rows, _frequent_texts(texts, rows)))

    def rejected_rows(self) -> Mask:
        """Rows with at least one reason: bool ``(n,)``."""
        rows = np.zeros(len(self._readable), dtype=bool)
        for reason in self.reasons:
            rows |= reason.rows
        return rows

    def warning_counts(self, accepted: Mask) -> dict[str, int]:
        """Number of accepted rows by warning."""
        counts = {
            warning.code: int(np.count_nonzero(warning.rows & accepted))
            for warning in self.warnings
        }
        return {code: count for code, count in counts.items() if count}

    def details(self, accepted: Mask, numbers: NDArray[np.int64]) -> dict[str, str]:
        """Row numbers and texts of cells of each warning and reason, for a sentence.

        Parameters
        ----------
        accepted
            bool ``(n,)``: accepted rows.
        numbers
            int64 ``(n,)``: row numbers in the file.
        """
        warning_rows = dict.fromkeys(self.warning_counts(accepted), accepted)
        reason_rows = {reason.code: ~accepted for reason in self.reasons}
        details: dict[str, str] = {}
        for code, considered in [*warning_rows.items(), *reason_rows.items()]:
            findings = [
                finding for finding in (*self.warnings, *self.reasons) if finding.code == code
            ]
            rows = numbers[np.any([finding.rows for finding in findings], axis=0) & considered]
            words = dict.fromkeys(word for finding in findings for word in finding.words)
            details[code] = (f"{', '.join(words)}; " if words else "") + describe_rows(rows)
        return details

    def reason_counts(self) -> dict[str, int]:
        """Number of rejected rows by reason; a row counts under its first reason."""
        counted = np.zeros(len(self._readable), dtype=bool)
        counts: dict[str, int] = {}
        for reason in self.reasons:
            newly_counted = int(np.count_nonzero(reason.rows & ~counted))
            if newly_counted:
                counts[reason.code] = counts.get(reason.code, 0) + newly_counted
            counted |= reason.rows
        return dict(sorted(counts.items()))

    def row_reasons(self, row: int) -> list[dict[str, Any]]:
        """Reasons of one row in the stored form."""
        return [
            {"code": reason.code, "field": reason.field, "message": REASONS[reason.code].en}
            for reason in self.reasons
            if reason.rows[row]
        ]
