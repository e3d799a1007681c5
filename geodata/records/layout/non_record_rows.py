"""Find rows that are no records: totals, numbers of columns, signatures, notes."""

import re
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.records.kinds import Kind
from geodata.records.layout.headings import (
    Positions,
    Spellings,
    all_spellings,
    known_spellings,
    match_columns,
)
from geodata.records.layout.source import Source
from geodata.records.parsing.cells import map_distinct, mask, valid
from geodata.records.parsing.coded_values import Vocabulary, parse_word
from geodata.records.parsing.dates import parse_date, read_dates
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.folding import fold
from geodata.tables import Sheet

_VOCABULARY_FIELDS: Final = ("status", "outcome")
_MAX_NOTE_CELLS: Final = 3
_MAX_SIGNATURE_CELLS: Final = 2
_TOTALS: Final = ("jumlah", "total", "sub total", "subtotal", "grand total", "rekap")
_COLUMN_NUMBER: Final = r"^(?:\(?\d{1,2}\)?|[a-z])$"
_NUMBER: Final = r"^[+-]?[\d.,]*\d"
_CIVIL_SERVANT_NUMBER: Final = r"\b\d{8}[ .]?\d{6}[ .]?\d[ .]?\d{3}\b"
"""The number of a civil servant (NIP)."""
_SIGNATURE: Final = re.compile(
    r"(?:mengetahui|diketahui|menyetujui|disetujui|mengesahkan|disahkan|hormat kami|tertanda|ttd"
    r"|nip|a\.?\s?n\.|plt|plh|kepala|ka\.|lurah|camat|ketua|sekretaris|koordinator|direktur"
    r"|penanggung\s?jawab|petugas|yang melaporkan|yang membuat|pembuat|dibuat oleh|disusun oleh"
    r"|dilaporkan oleh|pelapor|pembina|penata|catatan|keterangan|sumber|nb)\b"
    rf"|.*{_CIVIL_SERVANT_NUMBER}",
    re.IGNORECASE,
)
_MAX_SIGNATURE_CHARACTERS: Final = 300
_ANY_ZONE: Final = ZoneInfo("UTC")
"""For tests whether a text is a date; the time zone affects only which date."""
_PLACE_AND_DAY: Final = re.compile(r"(?P<place>[^\W\d][^\d,]{1,40}),\s*(?P<day>[\d._…]*.*\d{4})")


def find_non_records(sheet: Sheet, kind: Kind, spellings: Spellings, source: Source | None) -> Mask:
    """Rows that are no records; a faulty row is not one of them."""
    fields = match_columns(sheet.cells.column_names, kind, spellings).fields
    needed, is_filled = needed_cells(sheet, fields, kind, source)
    # Nearly all rows have a needed field: search the other rows only.
    is_signature = _signatures(sheet, fields, kind, needed)
    needed &= ~is_signature
    incomplete_rows = np.flatnonzero(~needed)
    non_records = _totals(sheet, source.leave_out if source is not None else (), incomplete_rows)
    non_records |= is_signature | _column_numbers(sheet)
    max_cells = np.where(is_filled & ~is_signature, _MAX_SIGNATURE_CELLS, _MAX_NOTE_CELLS)
    non_records |= _below_the_list(sheet, fields, kind, needed, max_cells)
    if sheet.faults:
        non_records &= ~np.isin(sheet.rows, list(sheet.faults))
    return non_records


def needed_cells(
    sheet: Sheet, fields: Positions, kind: Kind, source: Source | None
) -> tuple[Mask, Mask]:
    """Rows with a needed field that can be parsed; rows with any text in a needed field."""
    needed, is_filled = (np.zeros(len(sheet.rows), dtype=bool) for _ in range(2))
    for name in kind.needed:
        for position in fields.get(name, ()):
            cells = sheet.cells.column(position).combine_chunks()
            is_filled |= valid(cells)
            needed |= _parsable_cells(name, cells, kind, source)
    return needed, is_filled


def _parsable_cells(name: str, cells: pa.Array, kind: Kind, source: Source | None) -> Mask:
    """Cells that can be parsed as their field; the cells of a row of totals cannot."""
    if name == "value":
        return mask(pc.match_substring_regex(cells, _NUMBER))
    if name not in (*_VOCABULARY_FIELDS, "confirmed_on", "outcome_on", "arrived_on"):
        # Any text but a heading is a name.
        spellings = all_spellings(kind, known_spellings(kind))
        is_heading = map_distinct(cells, lambda text: fold(text) in spellings, pa.bool_())
        return valid(cells) & ~mask(is_heading)
    if name not in ("status", "outcome"):
        month_first = source is not None and source.month_first
        return valid(read_dates(cells, _ANY_ZONE, month_first=month_first)[0])
    vocabulary: Vocabulary = "status" if name == "status" else "outcome"
    source_words = {} if source is None else source.translations(vocabulary)
    words = map_distinct(
        cells, lambda text: parse_word(vocabulary, text, source_words), pa.string()
    )
    return valid(words)


def _totals(sheet: Sheet, extra: Sequence[str], rows: NDArray[np.intp]) -> Mask:
    words = "|".join(re.escape(word) for word in (*_TOTALS, *extra))
    first_cells = pc.coalesce(*sheet.cells.take(pa.array(rows)).columns)
    totals = np.zeros(len(sheet.rows), dtype=bool)
    totals[rows] = mask(pc.match_substring_regex(first_cells, rf"(?i)^\s*(?:{words})\b"))
    return totals


def _column_numbers(sheet: Sheet) -> Mask:
    """The row of column numbers that forms have below the headings."""
    column_numbers = np.zeros(len(sheet.rows), dtype=bool)
    first_row = [column[0].as_py() for column in sheet.cells.columns]
    texts = [cell for cell in first_row if cell is not None]
    column_numbers[0] = len(texts) > _MAX_NOTE_CELLS and all(
        re.match(_COLUMN_NUMBER, text.casefold()) for text in texts
    )
    return column_numbers


def _signatures(sheet: Sheet, fields: Positions, kind: Kind, needed: Mask) -> Mask:
    """Rows of few cells of a signature: a place and a day, an office, a name and a number."""
    filled = np.sum([valid(column.combine_chunks()) for column in sheet.cells.columns], axis=0)
    max_cells = min(_MAX_NOTE_CELLS, sheet.cells.num_columns - 1)
    last_full_row = int(np.flatnonzero(filled > max_cells).max(initial=-1))
    # A comma may split "Tegal, 21 Juli 2021" into two cells; the date looks like a record.
    is_candidate = (filled <= max_cells) & (~needed | (np.arange(len(needed)) > last_full_row))
    signatures = np.zeros(len(needed), dtype=bool)
    if last_full_row < 0:
        return signatures
    rows = np.flatnonzero(is_candidate)
    cells = sheet.cells.take(pa.array(rows))
    number_columns = [cells.column(k).to_pylist() for k in fields.get(kind.key, ())]
    columns = [column.to_pylist() for column in cells.columns]
    for k, row in enumerate(rows):
        texts = [text for column in columns if (text := column[k]) is not None]
        record_numbers = [column[k] for column in number_columns if column[k] is not None]
        below_signature = (
            bool(row)
            and signatures[row - 1]
            and len(texts) <= _MAX_SIGNATURE_CELLS
            and not needed[row]
        )
        is_signature = any(map(_is_signature, [*texts, ", ".join(texts)])) and not _is_record(
            texts, record_numbers
        )
        is_signature &= not needed[row] or _has_no_status(texts, fields)
        signatures[row] = is_signature or (
            below_signature and not _is_record(texts, record_numbers)
        )
    return signatures


def _has_no_status(texts: Sequence[str], fields: Positions) -> bool:
    """Whether the file has a column of status, but no text of the row is a status."""
    return "status" in fields and all(parse_word("status", text) is None for text in texts)


def _is_record(texts: Sequence[str], record_numbers: Sequence[str]) -> bool:
    """Whether a row has a record number and other cells."""
    return (
        any(re.search(r"\d", text) and not _is_signature(text) for text in record_numbers)
        and len(texts) > 1
    )


def _is_signature(text: str) -> bool:
    if len(text) > _MAX_SIGNATURE_CHARACTERS:
        return False
    if _SIGNATURE.match(text):
        return True
    place_and_day = _PLACE_AND_DAY.fullmatch(text)
    if place_and_day is None:
        return False
    day = re.sub(r"^[\s._…]+", "1 ", place_and_day["day"])
    return any(parse_date(candidate, _ANY_ZONE) is not None for candidate in (day, f"1 {day}"))


def _below_the_list(
    sheet: Sheet, fields: Positions, kind: Kind, needed: Mask, max_cells: NDArray[np.int64]
) -> Mask:
    """Rows below the last record with few cells, no needed field, and no record number."""
    below_list = np.zeros(len(sheet.rows), dtype=bool)
    first_row = int(np.flatnonzero(needed).max(initial=-1)) + 1
    # Without a record there is no end of the list: each row gets its own reason.
    if first_row in {0, len(below_list)}:
        return below_list
    rows = sheet.cells.slice(first_row)
    numbered = np.zeros(rows.num_rows, dtype=bool)
    for name in (kind.key, "nik"):
        for position in fields.get(name, ()):
            texts = rows.column(position)
            is_civil_servant = mask(
                pc.match_substring_regex(texts, rf"(?i)^nip\b|{_CIVIL_SERVANT_NUMBER}")
            )
            numbered |= mask(pc.match_substring_regex(texts, r"\d")) & ~is_civil_servant
    filled = np.sum([valid(column.combine_chunks()) for column in rows.columns], axis=0)
    last_numbered = int(np.flatnonzero(numbered).max(initial=-1))
    below_list[first_row:] = (np.arange(rows.num_rows) > last_numbered) & (
        filled <= max_cells[first_row:]
    )
    return below_list
