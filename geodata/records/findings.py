"""What is wrong with rows: a stable code and a sentence for each reason, and which rows it hits."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

REASONS: Final[Mapping[str, str]] = {
    "misaligned-row": "The row has more cells than there are headings, so whose cell is whose is "
    "unknown. Put quotation marks around cells that hold a comma.",
    "status-missing": "The status is blank. Write confirmed, suspect, probable, contact or "
    "discarded, or the Indonesian word.",
    "status-unknown": "The status is no word known here. Write confirmed, suspect, probable, "
    "contact or discarded, or the Indonesian word.",
    "confirmed-on-missing": "A confirmed case needs the date of confirmation, or else of its "
    "specimen or report.",
    "arrived-on-missing": "A newcomer needs the date of arrival.",
    "date-impossible": "This names no day of the calendar. Write 2021-09-09, 9/9/2021 (the day "
    "first) or 9 September 2021.",
    "date-in-future": "The date is after today.",
    "date-too-early": "The date is before December 2019, when the epidemic began.",
    "dates-out-of-order": "The date is before one that must come first.",
    "no-identity": "Nothing says who or where: no number, no name, no address, no area, no "
    "coordinates.",
    "name-missing": "A place needs its name.",
    "place-kind-missing": "A place needs its kind: hospital, puskesmas, isolation, vaccination or "
    "post, or the Indonesian word.",
    "place-kind-unknown": "The kind of place is no word known here. Write hospital, puskesmas, "
    "isolation, vaccination or post, or the Indonesian word.",
    "indicator-missing": "Nothing says which indicator this is.",
    "area-missing": "An indicator needs an area: its code, or its name.",
    "day-missing": "An indicator needs its day.",
    "value-missing": "An indicator needs its number.",
    "number-unreadable": "This is no number. Write 1234 or 12.5.",
    "number-ambiguous": "Thousands or decimals? Nothing in the column tells. Write the number "
    "without a sign between thousands, or with all its decimals.",
    "superseded-in-file": "A later row of the same file has the same number and says otherwise; "
    "that one was taken.",
    "id-reused": "The number belongs to another person here: the NIK is another one, or all of "
    "name, family card, place and day are. If the row is another person, give it a number of its "
    "own, or load the file with --without-numbers. If it is the same person and the NIK was wrong, "
    "load the row with --replace; if that is turned away too, withdraw the record "
    "(`records withdraw`) and load the row again.",
}
"""Why a row is not taken."""

WARNINGS: Final[Mapping[str, str]] = {
    "status-assumed": "there is no column of status; rows with a date of confirmation were taken "
    "as confirmed",
    "erased": "they are of persons whose data were erased; nothing of them was kept",
    "withdrawn": "the status withdraws the record; it is in no count from now on",
    "confirmed-on-assumed": "no date of confirmation; the later of specimen and report was taken",
    "outcome-unknown": "the outcome is no word known here and was left out",
    "outcome-without-date": "recovered or died without a date; closed by the rule of days",
    "outcome-before-confirmed": "died before the date of confirmation",
    "specimen-after-confirmed": "the specimen is later than its confirmation",
    "test-result-unknown": "the test result is no word known here and was left out",
    "health-letter-unknown": "whether there is a health letter is said in no word known here",
    "origin-risk-unknown": "the risk of the origin is no word known here and was left out",
    "reporter-unknown": "who reported is no office known here and was left out",
    "count-unreadable": "the count is no whole number from nought; it was left out",
    "stock-unreadable": "the stock names no numbers and was left out. Write oxygen: 12; masks: 300",
    "over-capacity": "more is in use than the capacity",
    "nik-mangled": "a spreadsheet has cut the last digits of the NIK; it was left out",
    "nik-unusable": "the NIK has not sixteen digits, or one digit only; it was left out",
    "kk-mangled": "a spreadsheet has cut the last digits of the KK; it was left out",
    "kk-unusable": "the KK has not sixteen digits, or one digit only; it was left out",
    "rt-unreadable": "the number of the RT cannot be read; it was left out",
    "rw-unreadable": "the number of the RW cannot be read; it was left out",
    "rows-left-out": "no records, such as totals, signatures or headings again; they were left out",
    "sheets-left-out": "of other sheets, whose form is another one; load them with --sheet",
    "coordinates-swapped": "longitude and latitude were exchanged; they were put right",
    "coordinates-sign": "the latitude lacked its minus sign; it was put right",
    "coordinates-scaled": "the decimal point was lost; it was put back",
    "coordinates-metres": "the coordinates were metres of UTM or Web Mercator, not degrees; they "
    "were converted",
    "coordinates-minutes": "the coordinates were degrees, minutes and seconds; they were converted",
    "coordinates-zero": "the coordinates are zero; they were set aside",
    "coordinates-not-numbers": "the coordinates are no numbers; they were left out",
    "coordinates-incomplete": "one of the two coordinates is missing; both were left out",
    "coordinates-rough": "the coordinates have fewer than four decimals and cannot tell an RT",
    "coordinates-middle": "the coordinates are the middle of a kelurahan, kecamatan or the city "
    "and cannot tell an RT",
    "coordinates-piled": "many addresses share these very coordinates, which cannot tell an RT",
    "coordinates-outside": "the coordinates are in no area; the address was asked instead",
    "superseded-left-out": "a later row of their file had taken their place, and they came back as "
    "they were; they were left out",
    "ids-restarted": "the numbers of this file belong to other persons: the list seems to number "
    "its rows anew each time. Load it with --without-numbers (NIK and date name each record then), "
    "or make the numbers unique",
    "numbers-alike": "the number differs from a known one only by leading zeros, and nothing shows "
    "that it is the same person; it was taken for another record",
    "dates-corrected": "the day of a known case is another one in this file",
    "double": "the same person has a known case within the days of one case, under another "
    "number; the row is kept and not counted until somebody decides: `records duplicates`",
    "moved": "the record lies in another RT than before",
    "place-lost": "the record lay in an RT before, and in none now",
}
"""What was noticed in rows that are taken all the same."""


class Finding(NamedTuple):
    """One reason, in one column, and the rows it hits: bool ``(n,)``."""

    code: str
    field: str
    rows: Mask


class Findings:
    """Reasons and warnings gathered while rows are checked.

    Parameters
    ----------
    misaligned
        bool ``(n,)``: rows turned away for that alone, since whose cell is whose is unknown.
    """

    def __init__(self, misaligned: Mask) -> None:
        self._readable = ~misaligned
        self.reasons = [Finding("misaligned-row", "", misaligned)] if misaligned.any() else []
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

    def reject(self, code: str, field: str, rows: Mask) -> None:
        """These rows are not taken."""
        hit = rows & self._readable
        if hit.any():
            self.reasons.append(Finding(code, field, hit))

    def warn(self, code: str, field: str, rows: Mask) -> None:
        """These rows are taken, and this is said of them."""
        if rows.any():
            self.warnings.append(Finding(code, field, rows))

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
            {"code": reason.code, "field": reason.field, "message": REASONS[reason.code]}
            for reason in self.reasons
            if reason.rows[row]
        ]
