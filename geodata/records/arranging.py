"""From pages as offices keep them to one sheet of records: which page, which headings, which rows.

Titles above the headings, headings in two rows, sheets beside the list, totals and signatures
below it: what is no record is left out and counted, never guessed into one.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.records.cells import mask, valid
from geodata.records.dates import read_dates
from geodata.records.findings import Mask
from geodata.records.headings import (
    Spellings,
    found_in,
    is_usable,
    match_columns,
    needed_fields,
    plain,
    spellings_of,
)
from geodata.records.kinds import Kind
from geodata.records.source import Source
from geodata.records.words import read_word
from geodata.tables import Page, Sheet, first_with_rows

_LOOKED_AT: Final = 60
_FEW_CELLS: Final = 3
_FEWEST_CELLS: Final = 2
_TOTALS: Final = ("jumlah", "total", "sub total", "subtotal", "grand total", "rekap")
_NOT_OF_A_RECORD: Final = r"^(?:\(?\d{1,2}\)?|[a-z])$"


class Arranged(NamedTuple):
    """The records of a file, how many rows were left out by why, and what is known of it."""

    sheet: Sheet
    left_out: dict[str, int]
    source: Source | None


class _Found(NamedTuple):
    """Headings of a page: where, what they say, which fields they are."""

    page: Page
    position: int
    rows: int
    headings: list[str]
    fields: frozenset[str]


def arrange(pages: Sequence[Page], kind: Kind, *, source: Source | None = None) -> Arranged:
    """The records of a file.

    Parameters
    ----------
    pages
        Of one file.
    source
        What is known of such files; may name the sheet and the row of the headings.

    Returns
    -------
    Arranged
        All pages of the form that fits best, one after the other. Of hidden pages only a named
        one.

    Raises
    ------
    RecordError
        ``no-sheet`` where none has the name; ``no-usable-columns``, ``empty-file``.
    """
    known = source.spellings(kind) if source is not None else spellings_of(kind)
    named = source.sheet if source is not None else None
    chosen = _named(pages, named) if named else [page for page in pages if not page.hidden]
    row = source.heading_row if source is not None else None
    candidates = [found for page in chosen if (found := _find(page, kind, known, row)) is not None]
    if not candidates:
        raise _unusable(chosen or pages, kind, known)
    best = max(candidates, key=lambda found: len(found.fields))
    alike = [found for found in candidates if _same_form(found, best)]
    parts = [_records(found, kind, known, source) for found in alike]
    sheet, left_out = _together([part for part in parts if part is not None])
    aside = sum(len(each.page.rows) for each in candidates if each not in alike)
    return Arranged(sheet, left_out | ({"sheets-left-out": aside} if aside else {}), source)


def _named(pages: Sequence[Page], title: str) -> list[Page]:
    found = [page for page in pages if plain(page.title) == plain(title)]
    if not found:
        titles = ", ".join(page.title for page in pages if page.title)
        raise RecordError(
            "no-sheet",
            f"The file has no sheet {title}. It has: {titles or 'no sheets with names'}.",
        )
    return found


def _find(page: Page, kind: Kind, known: Spellings, row: int | None) -> _Found | None:
    """The row, or two rows, of which the most cells are headings."""
    if page.headings is not None:
        return _judged(page, (0, 0), list(page.headings), kind, known)
    top = page.top(_LOOKED_AT if row is None else row + 1)
    if row is not None:
        positions = [k for k in range(len(top)) if int(page.rows[k]) == row]
    else:
        positions = [k for k in range(len(top)) if any(top[k])]
    found = [
        judged
        for k in positions
        for position, rows, headings in _headings_at(page, top, k)
        if (judged := _judged(page, (position, rows), headings, kind, known)) is not None
    ]
    # Of equals one row before two: a title above the headings is no part of them.
    return max(found, key=lambda each: (len(each.fields), -each.rows), default=None)


def _headings_at(page: Page, top: list[list[str]], k: int) -> list[tuple[int, int, list[str]]]:
    """Headings in a row alone, and with the row below it."""
    length = int(page.lengths[k]) if len(page.lengths) else len(top[k])
    ways = [(k + 1, 1, top[k][:length])]
    if k + 1 < len(top) and any(top[k + 1]):
        ways.append((k + 2, 2, _two_rows(_spread(page, top, k), top[k + 1])))
    return ways


def _spread(page: Page, top: list[list[str]], k: int) -> list[str]:
    """Upper headings over every column they span; without merged cells over blank ones."""
    upper = list(top[k])
    spans = [area for area in page.merged if area.top <= k <= area.bottom]
    for area in spans:
        for column in range(area.left + 1, min(area.right + 1, len(upper))):
            upper[column] = upper[area.left]
    if not spans:
        for column in range(1, len(upper)):
            if not upper[column] and top[k + 1][column]:
                upper[column] = upper[column - 1]
    return upper


def _two_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """``Tanggal`` over ``onset`` is ``Tanggal onset``; what stands alone stays alone."""
    return [
        below if not above or plain(above) == plain(below) else f"{above} {below}".strip()
        for above, below in zip(upper, lower, strict=True)
    ]


def _judged(
    page: Page, at: tuple[int, int], headings: list[str], kind: Kind, known: Spellings
) -> _Found | None:
    spelt = _understood(headings, kind, known)
    fields = frozenset(found_in(spelt, kind, known))
    return _Found(page, *at, spelt, fields) if is_usable(fields, kind) else None


def _understood(headings: list[str], kind: Kind, known: Spellings) -> list[str]:
    """Headings of two rows as one that is known: both together, turned round, the lower alone."""
    spellings = {each for field in kind.fields for each in known.of_field(field.name)}

    def best(heading: str) -> str:
        words = heading.split()
        for cut in range(len(words)):
            # "Alamat KTP" over "RT" is "RT KTP", "Data pasien" over "NIK" is "NIK".
            upper = [word for word in words[:cut] if plain(word) not in ("alamat", "data")]
            lower = " ".join(words[cut:])
            for text in (f"{' '.join(words[:cut])} {lower}", f"{lower} {' '.join(upper)}", lower):
                if plain(text) in spellings:
                    return text.strip()
        return heading

    return [best(heading) for heading in headings]


def _same_form(found: _Found, best: _Found) -> bool:
    return found is best or [plain(each) for each in found.headings] == [
        plain(each) for each in best.headings
    ]


def _records(
    found: _Found, kind: Kind, known: Spellings, source: Source | None
) -> tuple[Sheet, int] | None:
    """The rows below the headings that are records, and how many are not; None without a row."""
    try:
        sheet = found.page.below(found.position, found.headings)
    except RecordError:
        return None
    keep = ~_no_records(sheet, kind, known, source)
    kept = Sheet(
        sheet.cells.filter(pa.array(keep)), sheet.rows[keep], sheet.misaligned[keep], sheet.name
    )
    return kept, int(np.count_nonzero(~keep))


def _no_records(sheet: Sheet, kind: Kind, known: Spellings, source: Source | None) -> Mask:
    """Rows of totals, of figures under the headings, of headings again, of signatures."""
    fields = match_columns(sheet.cells.column_names, kind, known).fields
    needed, said = (np.zeros(len(sheet.rows), dtype=bool) for _ in range(2))
    for name in needed_fields(kind):
        for position in fields.get(name, ()):
            cells = sheet.cells.column(position).combine_chunks()
            said |= valid(cells)
            needed |= _understood_cells(name, cells, source)
    # Of a million rows all but a few have what a record needs: only the others are looked at.
    lacking = np.flatnonzero(~needed)
    found = _totals(sheet, source.leave_out if source is not None else (), lacking)
    found |= _headings_again(sheet, fields, lacking) | _column_numbers(sheet)
    few = np.where(said, _FEWEST_CELLS, _FEW_CELLS)
    return found | _below_the_list(sheet, fields, kind, needed, few)


def _understood_cells(name: str, cells: pa.Array, source: Source | None) -> Mask:
    """Cells that are a status, or a day: what stands there in a row of totals is neither."""
    if name not in ("status", "confirmed_on", "arrived_on"):
        return valid(cells)
    if name != "status":
        month_first = source is not None and source.month_first
        return valid(read_dates(cells, month_first=month_first)[0])
    own = {} if source is None else source.words_of("status")
    encoded = cells.dictionary_encode()
    known = [read_word("status", text, own) is not None for text in encoded.dictionary.to_pylist()]
    return mask(pa.array(known, type=pa.bool_()).take(encoded.indices))


def _totals(sheet: Sheet, extra: Sequence[str], among: NDArray[np.intp]) -> Mask:
    words = "|".join(re.escape(word) for word in (*_TOTALS, *extra))
    first = pc.coalesce(*sheet.cells.take(pa.array(among)).columns)
    found = np.zeros(len(sheet.rows), dtype=bool)
    found[among] = mask(pc.match_substring_regex(first, rf"(?i)^\s*(?:{words})\b"))
    return found


def _headings_again(
    sheet: Sheet, fields: dict[str, tuple[int, ...]], among: NDArray[np.intp]
) -> Mask:
    """Where a list was printed page by page."""
    rows = sheet.cells.take(pa.array(among))
    again = np.ones(rows.num_rows, dtype=bool)
    for position in {columns[0] for columns in fields.values()}:
        heading = plain(sheet.cells.column_names[position])
        texts = pc.utf8_lower(rows.column(position))
        again &= mask(pc.equal(pc.replace_substring_regex(texts, r"[\W_]+", ""), heading))
    found = np.zeros(len(sheet.rows), dtype=bool)
    found[among] = again
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


def _below_the_list(
    sheet: Sheet,
    fields: dict[str, tuple[int, ...]],
    kind: Kind,
    needed: Mask,
    few: NDArray[np.int64],
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
            numbered |= mask(pc.match_substring_regex(rows.column(position), r"\d"))
    filled = np.sum([valid(column.combine_chunks()) for column in rows.columns], axis=0)
    last = int(np.flatnonzero(numbered).max(initial=-1))
    found[first:] = (np.arange(rows.num_rows) > last) & (filled <= few[first:])
    return found


def _together(parts: Sequence[tuple[Sheet, int]]) -> tuple[Sheet, dict[str, int]]:
    sheets = [sheet for sheet, _ in parts if sheet.cells.num_rows]
    left_out = sum(rows for _, rows in parts)
    if not sheets:
        raise _only_headings()
    first = sheets[0]
    if len(sheets) > 1:
        names = first.cells.column_names
        columns = [
            pa.chunked_array([chunk for sheet in sheets for chunk in sheet.cells.column(k).chunks])
            for k in range(len(names))
        ]
        first = Sheet(
            pa.Table.from_arrays(columns, names=names),
            np.concatenate([sheet.rows for sheet in sheets]),
            np.concatenate([sheet.misaligned for sheet in sheets]),
            first.name,
        )
    return first, {"rows-left-out": left_out} if left_out else {}


def _only_headings() -> RecordError:
    return RecordError(
        "empty-file",
        "There are headings and no record below them. One row a record is wanted: check that the "
        "right file, and the right sheet, was saved.",
    )


def _unusable(pages: Sequence[Page], kind: Kind, known: Spellings) -> RecordError:
    """Why nothing of a file can be used, by the headings of its first page with rows."""
    try:
        match_columns(first_with_rows(pages).cells.column_names, kind, known)
    except RecordError as error:
        return error
    return _only_headings()
