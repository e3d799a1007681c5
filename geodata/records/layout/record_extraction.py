"""Extract one sheet of records from the pages of a file: pages, headings, and rows of records.

A file may have titles above the headings, headings in two rows or repeated headings, other sheets,
totals and signatures. Rows that are no records are dropped and counted.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.errors import RecordError
from geodata.records.kinds import Kind
from geodata.records.layout.heading_rows import (
    PageHeadings,
    RepeatedHeadings,
    find_headings,
    find_repeated_headings,
)
from geodata.records.layout.headings import Spellings, known_spellings, match_columns
from geodata.records.layout.non_record_rows import find_non_records, needed_cells
from geodata.records.layout.repeated_headings import refuse_lists_side_by_side
from geodata.records.layout.sheet_concatenation import concatenate
from geodata.records.layout.source import Source
from geodata.records.parsing.cells import mask
from geodata.records.parsing.folding import fold
from geodata.tables import Page, Sheet, first_nonempty_sheet
from geodata.tables.limits import MAX_CELL_CHARACTERS
from geodata.text.cells import clean_column

_SERIAL_DATE: Final = r"^\d{4,5}(?:\.\d+)?$"
_DAYS_1900_TO_1904: Final = 1462
"""Difference in days between the two date systems of spreadsheets."""


class ExtractedRecords(NamedTuple):
    """The records of a file, the number of dropped rows by warning code, and the source."""

    sheet: Sheet
    left_out: dict[str, int]
    source: Source | None


def extract_records(
    pages: Sequence[Page], kind: Kind, *, source: Source | None = None
) -> ExtractedRecords:
    """The records of a file.

    Parameters
    ----------
    pages
        Pages of one file.
    source
        Description of such files; may name the sheet and the row of the headings.

    Returns
    -------
    ExtractedRecords
        All pages with the headings that match the most fields, one after the other. A hidden page
        is used only if the source names its sheet.

    Raises
    ------
    RecordError
        ``no-sheet`` if no sheet has the name; ``no-usable-columns``, ``empty-file``,
        ``lists-side-by-side``.
    """
    spellings = source.spellings(kind) if source is not None else known_spellings(kind)
    title = source.sheet if source is not None else None
    searched_pages = (
        _pages_with_title(pages, title) if title else [page for page in pages if not page.hidden]
    )
    heading_row = source.heading_row if source is not None else None
    candidates = _find_all_headings(searched_pages, kind, spellings, heading_row)
    hidden_pages = [] if title else [page for page in pages if page.hidden]
    hidden_headings = _find_all_headings(hidden_pages, kind, spellings, heading_row)
    if not candidates:
        raise _no_list(searched_pages or pages, kind, spellings, hidden_headings)
    best_headings = max(candidates, key=lambda headings: len(headings.fields))
    same_form = [headings for headings in candidates if _same_form(headings, best_headings)]
    for headings in same_form:
        refuse_lists_side_by_side(
            headings.page, headings.position, headings.headings, kind, spellings
        )
    page_records = [
        records
        for headings in same_form
        if (records := _records_below(headings, kind, spellings, source)) is not None
    ]
    sheets = [sheet for sheet, _ in page_records if sheet.cells.num_rows]
    if not sheets:
        raise _no_records()
    left_out = {
        "rows-left-out": sum(rows for _, rows in page_records),
        "sheets-left-out": sum(
            len(headings.page.rows) for headings in candidates if headings not in same_form
        ),
        "sheets-hidden": sum(
            len(headings.page.rows) - headings.position for headings in hidden_headings
        ),
        "rows-hidden": sum(_hidden_rows(headings.page, sheets) for headings in same_form),
        "columns-hidden": sum(
            _rows_with_hidden_columns(headings, kind, spellings) for headings in same_form
        ),
    }
    nonzero_counts = {code: rows for code, rows in left_out.items() if rows}
    return ExtractedRecords(concatenate(sheets), nonzero_counts, source)


def _find_all_headings(
    pages: Sequence[Page], kind: Kind, spellings: Spellings, heading_row: int | None
) -> list[PageHeadings]:
    all_headings = [find_headings(page, kind, spellings, heading_row) for page in pages]
    return [headings for headings in all_headings if headings is not None]


def _pages_with_title(pages: Sequence[Page], title: str) -> list[Page]:
    matches = [page for page in pages if fold(page.title) == fold(title)]
    if not matches:
        titles = ", ".join(page.title for page in pages if page.title)
        raise RecordError(
            "no-sheet",
            f"The file has no sheet {title}. It has: {titles or 'no sheets with names'}.",
            indonesian=f"Berkas ini tidak punya lembar {title}. Lembar yang ada: "
            f"{titles or 'tidak ada lembar yang bernama'}.",
        )
    return matches


def _same_form(headings: PageHeadings, best_headings: PageHeadings) -> bool:
    """Whether two pages have the same headings, in any order."""
    return headings is best_headings or sorted(map(fold, headings.headings)) == sorted(
        map(fold, best_headings.headings)
    )


def _records_below(
    page_headings: PageHeadings, kind: Kind, spellings: Spellings, source: Source | None
) -> tuple[Sheet, int] | None:
    """The records below the headings, and the number of other rows; None if there is no row."""
    try:
        sheet = _clean_cells(
            page_headings.page.sheet_below(page_headings.position, page_headings.headings),
            kind,
            spellings,
        )
    except RecordError:
        return None
    fields = match_columns(page_headings.headings, kind, spellings).fields
    needed, _ = needed_cells(sheet, fields, kind, source)
    incomplete_rows = np.searchsorted(
        page_headings.page.rows, sheet.rows[~needed & ~sheet.misaligned]
    )
    misaligned_rows = np.searchsorted(page_headings.page.rows, sheet.rows[sheet.misaligned])
    repetitions = find_repeated_headings(
        page_headings, np.union1d(incomplete_rows, misaligned_rows), kind, spellings
    )
    sheets = (
        _split_at_headings(page_headings, repetitions, kind, spellings) if repetitions else [sheet]
    )
    record_sheets = []
    positions = np.searchsorted(page_headings.page.rows, sheet.rows)
    left_out = sum(
        int(np.count_nonzero((positions >= repetition.start) & (positions < repetition.stop)))
        for repetition in repetitions
    )
    for part_sheet in sheets:
        converted = _with_days_from_1900(part_sheet, page_headings.page, kind, spellings)
        is_record = ~find_non_records(converted, kind, spellings, source)
        left_out += int(np.count_nonzero(~is_record))
        record_sheets.append(converted.filter_rows(is_record))
    if not record_sheets:
        return None
    all_records = concatenate(record_sheets)
    return (_in_file_order(all_records) if repetitions else all_records), left_out


def _in_file_order(sheet: Sheet) -> Sheet:
    """A sheet in the order of its file, since the later of two rows of a record counts."""
    order = np.argsort(sheet.rows, kind="stable")
    return sheet._replace(
        cells=sheet.cells.take(pa.array(order)),
        rows=sheet.rows[order],
        misaligned=sheet.misaligned[order],
    )


def _split_at_headings(
    page_headings: PageHeadings,
    repetitions: Sequence[RepeatedHeadings],
    kind: Kind,
    spellings: Spellings,
) -> list[Sheet]:
    """Split a page at its repeated headings; rows with equal headings form one sheet."""
    starts = [page_headings.position, *(repetition.stop for repetition in repetitions)]
    stops = [*(repetition.start for repetition in repetitions), len(page_headings.page.rows)]
    all_headings = [page_headings.headings, *(repetition.headings for repetition in repetitions)]
    groups: dict[tuple[str, ...], list[int]] = {}
    for k, headings in enumerate(all_headings):
        groups.setdefault(() if headings is None else tuple(map(fold, headings)), []).append(k)
    sheets = []
    for positions in groups.values():
        headings = all_headings[positions[0]]
        rows = np.concatenate([np.arange(starts[k], stops[k]) for k in positions])
        page = page_headings.page.take_rows(rows)
        if headings is None:
            # The fields of these cells are unknown.
            page = page._replace(faults=dict.fromkeys(page.rows.tolist(), "headings-changed"))
        with suppress(RecordError):  # no row below these headings
            sheets.append(
                _clean_cells(
                    page.sheet_below(0, headings or page_headings.headings), kind, spellings
                )
            )
    return sheets


def _clean_cells(sheet: Sheet, kind: Kind, spellings: Spellings) -> Sheet:
    """Clean the cells of a sheet; see `geodata.text.cells`.

    A too long cell in a column of a field is a fault of its row.
    """
    fields = match_columns(sheet.cells.column_names, kind, spellings).fields
    used = {position for positions in fields.values() for position in positions}
    too_long = np.zeros(len(sheet.rows), dtype=bool)
    columns = []
    for k, column in enumerate(sheet.cells.columns):
        is_long = pc.fill_null(
            pc.greater(pc.utf8_length(column), MAX_CELL_CHARACTERS), fill_value=False
        )
        if pc.any(is_long).as_py():
            column = pc.utf8_slice_codeunits(column, 0, MAX_CELL_CHARACTERS)  # noqa: PLW2901
            too_long |= mask(is_long) & (k in used)
        columns.append(clean_column(column))
    return sheet._replace(
        cells=pa.Table.from_arrays(columns, names=sheet.cells.column_names),
        misaligned=sheet.misaligned | too_long,
        faults=dict.fromkeys(sheet.rows[too_long].tolist(), "cell-too-long") | dict(sheet.faults),
    )


def _with_days_from_1900(sheet: Sheet, page: Page, kind: Kind, spellings: Spellings) -> Sheet:
    """Convert numbers in columns of dates from the 1904 date system to the 1900 date system."""
    if not page.counts_from_1904:
        return sheet
    fields = match_columns(sheet.cells.column_names, kind, spellings).fields
    dates = [field.name for field in kind.fields if field.form in ("date", "moment")]
    columns = list(sheet.cells.columns)
    date_positions = {position for name in dates for position in fields.get(name, ())}
    for position in date_positions:
        cells = columns[position]
        serial = pc.match_substring_regex(cells, _SERIAL_DATE)
        days = pc.if_else(serial, cells, None).cast(pa.float64())
        shifted = pc.floor(pc.add(days, _DAYS_1900_TO_1904)).cast(pa.int64()).cast(pa.string())
        columns[position] = pc.if_else(serial, shifted, cells)
    return sheet._replace(cells=pa.Table.from_arrays(columns, names=sheet.cells.column_names))


def _hidden_rows(page: Page, sheets: Sequence[Sheet]) -> int:
    """Number of records of a page in hidden or filtered rows."""
    if not page.hidden_rows:
        return 0
    used_rows = set().union(*(sheet.rows.tolist() for sheet in sheets))
    return len(used_rows & page.hidden_rows & set(page.rows.tolist()))


def _rows_with_hidden_columns(page_headings: PageHeadings, kind: Kind, spellings: Spellings) -> int:
    """Number of rows of a page that has a field in a hidden column."""
    fields = match_columns(page_headings.headings, kind, spellings).fields
    used = {position for positions in fields.values() for position in positions}
    return (
        len(page_headings.page.rows) - page_headings.position
        if used & page_headings.page.hidden_columns
        else 0
    )


def _no_records() -> RecordError:
    return RecordError(
        "empty-file",
        "There are headings, but no records below them. Each record needs a row: check that the "
        "right file and the right sheet were saved.",
        indonesian="Ada judul kolom, tetapi tidak ada catatan di bawahnya. Setiap catatan "
        "memerlukan satu baris: periksa apakah berkas dan lembar yang disimpan sudah benar.",
    )


def _no_list(
    pages: Sequence[Page], kind: Kind, spellings: Spellings, hidden: Sequence[PageHeadings]
) -> RecordError:
    """The error for a file without usable headings, with the headings of its first page."""
    if hidden:
        titles = ", ".join(page_headings.page.title for page_headings in hidden)
        return RecordError(
            "no-usable-columns",
            f"No visible sheet has such a list, but a hidden sheet does: {titles}. Load it with "
            "--sheet and its name.",
            indonesian="Tidak ada lembar yang terlihat dengan daftar seperti itu, tetapi ada di "
            f"lembar tersembunyi: {titles}. Muat dengan --sheet dan nama lembarnya.",
        )
    try:
        match_columns(first_nonempty_sheet(pages).cells.column_names, kind, spellings)
    except RecordError as error:
        return error
    return _no_records()
