"""What is wrong with rows: a stable code and a sentence for each reason, and which rows it hits."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.records.parsing.coded_values import known_words

Mask = NDArray[np.bool_]

REASONS: Final[Mapping[str, str]] = {
    "misaligned-row": "The row has more cells than there are headings, so whose cell is whose is "
    "unknown. Put quotation marks around cells that hold a comma.",
    "status-missing": "The status is blank. Write confirmed, suspect, probable, contact or "
    "discarded, or the Indonesian word.",
    "status-unknown": "The status is no word known here. Known are, alone or with words on "
    f"symptoms, care and outcome: {known_words('status')}.",
    "confirmed-on-missing": "A confirmed case needs the date of confirmation, or else of its "
    "specimen or report.",
    "arrived-on-missing": "A newcomer needs the date of arrival.",
    "date-impossible": "This names no day of the calendar. Write 2021-09-09, 9/9/2021 (the day "
    "first, unless a source file says month_first) or 9 September 2021.",
    "count-negative": "A count of people or things cannot be below nought. Write the count itself; "
    "to correct one, write the day's new count.",
    "quote-open": "A quotation mark in the row does not close, or stands inside a quoted cell. "
    "Write a mark inside a cell twice, or take it away.",
    "cell-too-long": "A cell of the row is longer than 2,000 characters. Shorten it and load the "
    "row again.",
    "not-an-object": "This entry is no record: an object with the names of its columns is wanted.",
    "headings-changed": "The headings come again above this row in another form, which lacks what "
    "every record must say or is not understood. Put the rows below them into a file of their own.",
    "date-in-future": "The date is after today.",
    "date-too-early": "The date is before December 2019, when the epidemic began.",
    "dates-out-of-order": "The date is before one that must come first.",
    "no-identity": "Nothing says who or where: no number, no name, no address, no area, no "
    "coordinates.",
    "name-missing": "A place needs its name.",
    "coordinates-impossible": "These coordinates are no place on Earth: a longitude lies between "
    "-180 and 180, a latitude between -90 and 90. Write degrees, like 110.4203 and -6.9932, or "
    "leave both blank and give the address.",
    "place-kind-missing": "A place needs its kind: hospital, puskesmas, isolation, vaccination or "
    "post, or the Indonesian word.",
    "place-kind-unknown": "The kind of place is no word known here. Known are: "
    f"{known_words('place_kind')}.",
    "indicator-missing": "Nothing says which indicator this is.",
    "area-missing": "An indicator needs an area: its code, or its name.",
    "day-missing": "An indicator needs its day.",
    "value-missing": "An indicator needs its number.",
    "number-unreadable": "This is no number. Write 1234 or 12.5.",
    "number-ambiguous": "This may part thousands or decimals; nothing in the column tells. Write "
    "the number without a sign between thousands, or with all its decimals.",
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
    "onset-after-confirmed": "the onset is more than 14 days later than the confirmation",
    "date-order-unsure": "the column has days first and months first: these dates may be either. "
    "They were read as they stand, figures with the day first unless the source says month_first; "
    "write them as 2021-07-31",
    "area-mangled": "a spreadsheet has cut the last digits of the area's code; it names no area",
    "rows-hidden": "hidden or filtered in the spreadsheet; they were read like the others",
    "columns-hidden": "stand in a sheet with hidden columns, which were read too",
    "sheets-hidden": "of hidden sheets with such a list; they were not read. Load them with "
    "--sheet",
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
    "coordinates-impossible": "the coordinates are no place on Earth (a longitude lies between "
    "-180 and 180, a latitude between -90 and 90); they were left out. Write degrees, like "
    "110.4203 and -6.9932",
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
            {"code": reason.code, "field": reason.field, "message": REASONS[reason.code]}
            for reason in self.reasons
            if reason.rows[row]
        ]
