"""Rows of a list that are no records: totals, figures under the headings, signatures, notes."""

import re
from collections.abc import Callable, Sequence
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
    known_headings,
    match_columns,
)
from geodata.records.layout.source import Source
from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.coded_values import Vocabulary, read_word
from geodata.records.parsing.dates import parse_date, read_dates
from geodata.records.parsing.findings import Mask
from geodata.records.parsing.folding import fold
from geodata.tables import Sheet

_WORDS: Final = ("status", "outcome")
_FEW_CELLS: Final = 3
_FEWEST_CELLS: Final = 2
_TOTALS: Final = ("jumlah", "total", "sub total", "subtotal", "grand total", "rekap")
_NOT_OF_A_RECORD: Final = r"^(?:\(?\d{1,2}\)?|[a-z])$"
_NUMBER: Final = r"^[+-]?[\d.,]*\d"
_OFFICIAL: Final = r"\b\d{8}[ .]?\d{6}[ .]?\d[ .]?\d{3}\b"
"""The number of a civil servant (NIP)."""
_SIGNED: Final = re.compile(
    r"(?:mengetahui|diketahui|menyetujui|disetujui|mengesahkan|disahkan|hormat kami|tertanda|ttd"
    r"|nip|a\.?\s?n\.|plt|plh|kepala|ka\.|lurah|camat|ketua|sekretaris|koordinator|direktur"
    r"|penanggung\s?jawab|petugas|yang melaporkan|yang membuat|pembuat|dibuat oleh|disusun oleh"
    r"|dilaporkan oleh|pelapor|pembina|penata|catatan|keterangan|sumber|nb)\b"
    rf"|.*{_OFFICIAL}",
    re.IGNORECASE,
)
_LONGEST_SIGNED: Final = 300
_ANY_ZONE: Final = ZoneInfo("UTC")
"""Whether a text names a day depends on no time zone, only which day does."""
_PLACE_AND_DAY: Final = re.compile(r"(?P<place>[^\W\d][^\d,]{1,40}),\s*(?P<day>[\d._…]*.*\d{4})")


def no_records(sheet: Sheet, kind: Kind, known: Spellings, source: Source | None) -> Mask:
    """Rows that are left out and counted; a row at fault is never one of them."""
    fields = match_columns(sheet.cells.column_names, kind, known).fields
    needed, said = needed_cells(sheet, fields, kind, source)
    # Of a million rows all but a few have what a record needs: only the others are looked at.
    signed = _signatures(sheet, fields, kind, needed)
    needed &= ~signed
    lacking = np.flatnonzero(~needed)
    found = _totals(sheet, source.leave_out if source is not None else (), lacking)
    found |= signed | _column_numbers(sheet)
    few = np.where(said & ~signed, _FEWEST_CELLS, _FEW_CELLS)
    found |= _below_the_list(sheet, fields, kind, needed, few)
    if sheet.faults:
        found &= ~np.isin(sheet.rows, list(sheet.faults))
    return found


def needed_cells(
    sheet: Sheet, fields: Positions, kind: Kind, source: Source | None
) -> tuple[Mask, Mask]:
    """Rows that say what every record must and are understood; rows that say anything of it."""
    needed, said = (np.zeros(len(sheet.rows), dtype=bool) for _ in range(2))
    for name in kind.needed:
        for position in fields.get(name, ()):
            cells = sheet.cells.column(position).combine_chunks()
            said |= valid(cells)
            needed |= _understood_cells(name, cells, kind, source)
    return needed, said


def _understood_cells(name: str, cells: pa.Array, kind: Kind, source: Source | None) -> Mask:
    """Cells that are a status, or a day: what stands there in a row of totals is neither."""
    if name == "value":
        return mask(pc.match_substring_regex(cells, _NUMBER))
    if name not in (*_WORDS, "confirmed_on", "outcome_on", "arrived_on"):
        # Any name will do that is no heading.
        titles = {each for spelt in known_headings(kind).values() for each in spelt}
        return valid(cells) & ~_each(cells, lambda text: fold(text) in titles)
    if name not in ("status", "outcome"):
        month_first = source is not None and source.month_first
        return valid(read_dates(cells, _ANY_ZONE, month_first=month_first)[0])
    words: Vocabulary = "status" if name == "status" else "outcome"
    own = {} if source is None else source.words_of(words)
    return _each(cells, lambda text: read_word(words, text, own) is not None)


def _each(cells: pa.Array, says: Callable[[str], bool]) -> Mask:
    """Cells of which a text says so; each different text is asked once."""
    encoded = cells.dictionary_encode()
    told = pa.array([says(text) for text in encoded.dictionary.to_pylist()], type=pa.bool_())
    return mask(told.take(encoded.indices))


def _totals(sheet: Sheet, extra: Sequence[str], among: NDArray[np.intp]) -> Mask:
    words = "|".join(re.escape(word) for word in (*_TOTALS, *extra))
    first = pc.coalesce(*sheet.cells.take(pa.array(among)).columns)
    found = np.zeros(len(sheet.rows), dtype=bool)
    found[among] = mask(pc.match_substring_regex(first, rf"(?i)^\s*(?:{words})\b"))
    return found


def _column_numbers(sheet: Sheet) -> Mask:
    """The row of figures that forms have under their headings."""
    found = np.zeros(len(sheet.rows), dtype=bool)
    first = [column[0].as_py() for column in sheet.cells.columns]
    said = [cell for cell in first if cell is not None]
    found[0] = len(said) > _FEW_CELLS and all(
        re.match(_NOT_OF_A_RECORD, cell.casefold()) for cell in said
    )
    return found


def _signatures(sheet: Sheet, fields: Positions, kind: Kind, needed: Mask) -> Mask:
    """Rows of few cells that are signed: a place and a day, an office, a name and its number."""
    filled = np.sum([valid(column.combine_chunks()) for column in sheet.cells.columns], axis=0)
    few = min(_FEW_CELLS, sheet.cells.num_columns - 1)
    last = int(np.flatnonzero(filled > few).max(initial=-1))
    # A day makes a row look like a record where a comma has cut "Tegal, 21 Juli 2021" in two.
    looked_at = (filled <= few) & (~needed | (np.arange(len(needed)) > last))
    found = np.zeros(len(needed), dtype=bool)
    if last < 0:
        return found
    rows = np.flatnonzero(looked_at)
    cells = sheet.cells.take(pa.array(rows))
    numbers = [cells.column(k).to_pylist() for k in fields.get(kind.key, ())]
    columns = [column.to_pylist() for column in cells.columns]
    for k, row in enumerate(rows):
        said = [text for column in columns if (text := column[k]) is not None]
        own = [column[k] for column in numbers if column[k] is not None]
        below = bool(row) and found[row - 1] and len(said) <= _FEWEST_CELLS and not needed[row]
        signed = any(map(_is_signed, [*said, ", ".join(said)])) and not _is_record(said, own)
        signed &= not needed[row] or _may_be_signed(said, fields)
        found[row] = signed or (below and not _is_record(said, own))
    return found


def _may_be_signed(said: Sequence[str], fields: Positions) -> bool:
    """Whether a row with a day may be no record: a status is asked for, and it has none."""
    return "status" in fields and all(read_word("status", text) is None for text in said)


def _is_record(said: Sequence[str], own: Sequence[str]) -> bool:
    """Whether a row has a number of its own beside other cells."""
    return any(re.search(r"\d", text) and not _is_signed(text) for text in own) and len(said) > 1


def _is_signed(text: str) -> bool:
    if len(text) > _LONGEST_SIGNED:
        return False
    if _SIGNED.match(text):
        return True
    dated = _PLACE_AND_DAY.fullmatch(text)
    if dated is None:
        return False
    day = re.sub(r"^[\s._…]+", "1 ", dated["day"])
    return any(parse_date(each, _ANY_ZONE) is not None for each in (day, f"1 {day}"))


def _below_the_list(
    sheet: Sheet, fields: Positions, kind: Kind, needed: Mask, few: NDArray[np.int64]
) -> Mask:
    """Rows after the last record: few cells, none of them what every record says or a number."""
    found = np.zeros(len(sheet.rows), dtype=bool)
    first = int(np.flatnonzero(needed).max(initial=-1)) + 1
    # Without any record nothing is below the list: every row then says why it is none.
    if first in {0, len(found)}:
        return found
    rows = sheet.cells.slice(first)
    numbered = np.zeros(rows.num_rows, dtype=bool)
    for name in (kind.key, "nik"):
        for position in fields.get(name, ()):
            texts = rows.column(position)
            official = mask(pc.match_substring_regex(texts, rf"(?i)^nip\b|{_OFFICIAL}"))
            numbered |= mask(pc.match_substring_regex(texts, r"\d")) & ~official
    filled = np.sum([valid(column.combine_chunks()) for column in rows.columns], axis=0)
    last = int(np.flatnonzero(numbered).max(initial=-1))
    found[first:] = (np.arange(rows.num_rows) > last) & (filled <= few[first:])
    return found
