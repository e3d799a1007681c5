"""From pages as offices keep them to one sheet of records: which page, which headings, which rows.

Titles above the headings, headings in two rows or again on each page, sheets beside the list,
totals and signatures below it: what is no record is left out and counted, never guessed into one.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.errors import RecordError
from geodata.records.kinds import Kind
from geodata.records.layout.heading_rows import Again, Headings, find_headings, headings_again
from geodata.records.layout.headings import Spellings, match_columns, spellings_of
from geodata.records.layout.non_record_rows import needed_cells, no_records
from geodata.records.layout.repeated_headings import refuse_lists_side_by_side
from geodata.records.layout.source import Source
from geodata.records.parsing.cells import mask
from geodata.records.parsing.folding import fold
from geodata.tables import Page, Sheet, first_nonempty_sheet
from geodata.tables.limits import MAX_CELL_CHARACTERS, check_shape
from geodata.text.cells import clean_column

_SERIAL: Final = r"^\d{4,5}(?:\.\d+)?$"
_FROM_1904: Final = 1462
"""Days from 1 January 1900 as spreadsheets count them to 1 January 1904."""


class Arranged(NamedTuple):
    """The records of a file, how many rows were left out by why, and what is known of it."""

    sheet: Sheet
    left_out: dict[str, int]
    source: Source | None


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
        ``no-sheet`` where none has the name; ``no-usable-columns``, ``empty-file``,
        ``lists-side-by-side``.
    """
    known = source.spellings(kind) if source is not None else spellings_of(kind)
    named = source.sheet if source is not None else None
    chosen = _named(pages, named) if named else [page for page in pages if not page.hidden]
    row = source.heading_row if source is not None else None
    candidates = _found_in(chosen, kind, known, row)
    aside = [] if named else [page for page in pages if page.hidden]
    hidden = _found_in(aside, kind, known, row)
    if not candidates:
        raise _unusable(chosen or pages, kind, known, hidden)
    best = max(candidates, key=lambda found: len(found.fields))
    alike = [found for found in candidates if _same_form(found, best)]
    for each in alike:
        refuse_lists_side_by_side(each.page, each.position, each.headings, kind, known)
    parts = [part for found in alike if (part := _records(found, kind, known, source)) is not None]
    sheets = [sheet for sheet, _ in parts if sheet.cells.num_rows]
    if not sheets:
        raise _only_headings()
    left_out = {
        "rows-left-out": sum(rows for _, rows in parts),
        "sheets-left-out": sum(len(each.page.rows) for each in candidates if each not in alike),
        "sheets-hidden": sum(len(each.page.rows) - each.position for each in hidden),
        "rows-hidden": sum(_hidden_rows(each.page, sheets) for each in alike),
        "columns-hidden": sum(_beside_hidden_columns(each, kind, known) for each in alike),
    }
    told = {code: rows for code, rows in left_out.items() if rows}
    return Arranged(_together(sheets), told, source)


def _found_in(
    pages: Sequence[Page], kind: Kind, known: Spellings, row: int | None
) -> list[Headings]:
    found = [find_headings(page, kind, known, row) for page in pages]
    return [each for each in found if each is not None]


def _named(pages: Sequence[Page], title: str) -> list[Page]:
    found = [page for page in pages if fold(page.title) == fold(title)]
    if not found:
        titles = ", ".join(page.title for page in pages if page.title)
        raise RecordError(
            "no-sheet",
            f"The file has no sheet {title}. It has: {titles or 'no sheets with names'}.",
            indonesian=f"Berkas ini tidak punya lembar {title}. Lembar yang ada: "
            f"{titles or 'tidak ada lembar yang bernama'}.",
        )
    return found


def _same_form(found: Headings, best: Headings) -> bool:
    """Whether two pages have the same headings, in whatever order."""
    return found is best or sorted(map(fold, found.headings)) == sorted(map(fold, best.headings))


def _records(
    found: Headings, kind: Kind, known: Spellings, source: Source | None
) -> tuple[Sheet, int] | None:
    """The rows below the headings that are records, and how many are not; None without a row."""
    try:
        sheet = _clean(found.page.sheet_below(found.position, found.headings), kind, known)
    except RecordError:
        return None
    fields = match_columns(found.headings, kind, known).fields
    needed, _ = needed_cells(sheet, fields, kind, source)
    lacking = np.searchsorted(found.page.rows, sheet.rows[~needed & ~sheet.misaligned])
    wide = np.searchsorted(found.page.rows, sheet.rows[sheet.misaligned])
    again = headings_again(found, np.union1d(lacking, wide), kind, known)
    parts = _parts(found, again, kind, known) if again else [sheet]
    kept = []
    standing = np.searchsorted(found.page.rows, sheet.rows)
    left_out = sum(
        int(np.count_nonzero((standing >= each.start) & (standing < each.stop))) for each in again
    )
    for part in parts:
        own = _with_days_from_1900(part, found.page, kind, known)
        keep = ~no_records(own, kind, known, source)
        left_out += int(np.count_nonzero(~keep))
        kept.append(own.only(keep))
    if not kept:
        return None
    whole = _together(kept)
    return (_in_order(whole) if again else whole), left_out


def _in_order(sheet: Sheet) -> Sheet:
    """A sheet in the order of its file: of two rows of one record the later is taken."""
    order = np.argsort(sheet.rows, kind="stable")
    return sheet._replace(
        cells=sheet.cells.take(pa.array(order)),
        rows=sheet.rows[order],
        misaligned=sheet.misaligned[order],
    )


def _parts(found: Headings, again: Sequence[Again], kind: Kind, known: Spellings) -> list[Sheet]:
    """The rows of a page under each of its headings; what comes under the same is one part."""
    starts = [found.position, *(each.stop for each in again)]
    stops = [*(each.start for each in again), len(found.page.rows)]
    titles = [found.headings, *(each.headings for each in again)]
    groups: dict[tuple[str, ...], list[int]] = {}
    for k, headings in enumerate(titles):
        groups.setdefault(() if headings is None else tuple(map(fold, headings)), []).append(k)
    parts = []
    for positions in groups.values():
        headings = titles[positions[0]]
        rows = np.concatenate([np.arange(starts[k], stops[k]) for k in positions])
        page = found.page.take_rows(rows)
        if headings is None:
            # Nobody knows whose cells these are.
            page = page._replace(faults=dict.fromkeys(page.rows.tolist(), "headings-changed"))
        with suppress(RecordError):  # nothing stands below these headings
            parts.append(_clean(page.sheet_below(0, headings or found.headings), kind, known))
    return parts


def _clean(sheet: Sheet, kind: Kind, known: Spellings) -> Sheet:
    """A sheet whose cells are as they are meant; see `geodata.text.cells`.

    A row of which a cell that is read is longer than any cell is at fault.
    """
    fields = match_columns(sheet.cells.column_names, kind, known).fields
    read = {position for positions in fields.values() for position in positions}
    too_long = np.zeros(len(sheet.rows), dtype=bool)
    columns = []
    for k, column in enumerate(sheet.cells.columns):
        long = pc.fill_null(pc.greater(pc.utf8_length(column), MAX_CELL_CHARACTERS), fill_value=False)
        if pc.any(long).as_py():
            column = pc.utf8_slice_codeunits(column, 0, MAX_CELL_CHARACTERS)  # noqa: PLW2901
            too_long |= mask(long) & (k in read)
        columns.append(clean_column(column))
    return sheet._replace(
        cells=pa.Table.from_arrays(columns, names=sheet.cells.column_names),
        misaligned=sheet.misaligned | too_long,
        faults=dict.fromkeys(sheet.rows[too_long].tolist(), "cell-too-long") | dict(sheet.faults),
    )


def _with_days_from_1900(sheet: Sheet, page: Page, kind: Kind, known: Spellings) -> Sheet:
    """A sheet in whose columns of dates a bare number of days counts as everywhere else."""
    if not page.counts_from_1904:
        return sheet
    fields = match_columns(sheet.cells.column_names, kind, known).fields
    dates = [field.name for field in kind.fields if field.form in ("date", "moment")]
    columns = list(sheet.cells.columns)
    for position in {each for name in dates for each in fields.get(name, ())}:
        cells = columns[position]
        serial = pc.match_substring_regex(cells, _SERIAL)
        days = pc.if_else(serial, cells, None).cast(pa.float64())
        moved = pc.floor(pc.add(days, _FROM_1904)).cast(pa.int64()).cast(pa.string())
        columns[position] = pc.if_else(serial, moved, cells)
    return sheet._replace(cells=pa.Table.from_arrays(columns, names=sheet.cells.column_names))


def _hidden_rows(page: Page, sheets: Sequence[Sheet]) -> int:
    """How many records of a page are hidden or filtered out of sight."""
    if not page.hidden_rows:
        return 0
    taken = set().union(*(sheet.rows.tolist() for sheet in sheets))
    return len(taken & page.hidden_rows & set(page.rows.tolist()))


def _beside_hidden_columns(found: Headings, kind: Kind, known: Spellings) -> int:
    """Rows of a page of which a hidden column is read."""
    fields = match_columns(found.headings, kind, known).fields
    read = {position for positions in fields.values() for position in positions}
    return len(found.page.rows) - found.position if read & found.page.hidden_columns else 0


def _together(sheets: Sequence[Sheet]) -> Sheet:
    """Sheets one below the other; what one has no column for is blank there."""
    first = sheets[0]
    if len(sheets) == 1:
        return first
    keys = [_keys(sheet) for sheet in sheets]
    names: dict[tuple[str, int], str] = {}
    for own in keys:
        names |= {key: name for key, name in own.items() if key not in names}
    check_shape(sum(len(sheet.rows) for sheet in sheets), len(names), first.name)
    positions = [{key: k for k, key in enumerate(own)} for own in keys]
    columns = []
    for key in names:
        chunks: list[pa.Array] = []
        for sheet, at in zip(sheets, positions, strict=True):
            chunks += (
                sheet.cells.column(at[key]).chunks
                if key in at
                else [pa.nulls(len(sheet.rows), pa.string())]
            )
        columns.append(pa.chunked_array(chunks, type=pa.string()))
    return Sheet(
        pa.Table.from_arrays(columns, names=list(names.values())),
        np.concatenate([sheet.rows for sheet in sheets]),
        np.concatenate([sheet.misaligned for sheet in sheets]),
        first.name,
        {row: code for sheet in sheets for row, code in sheet.faults.items()},
    )


def _keys(sheet: Sheet) -> dict[tuple[str, int], str]:
    """Headings by how they are compared, and which of equal ones each is."""
    counts: Counter[str] = Counter()
    keys: dict[tuple[str, int], str] = {}
    for name in sheet.cells.column_names:
        said = fold(name)
        keys[said, counts[said]] = name
        counts[said] += 1
    return keys


def _only_headings() -> RecordError:
    return RecordError(
        "empty-file",
        "There are headings and no record below them. One row a record is wanted: check that the "
        "right file, and the right sheet, was saved.",
        indonesian="Ada judul kolom, tetapi tidak ada catatan di bawahnya. Setiap catatan "
        "memerlukan satu baris: periksa apakah berkas dan lembar yang disimpan sudah benar.",
    )


def _unusable(
    pages: Sequence[Page], kind: Kind, known: Spellings, hidden: Sequence[Headings]
) -> RecordError:
    """Why nothing of a file can be used, by the headings of its first page with rows."""
    if hidden:
        titles = ", ".join(each.page.title for each in hidden)
        return RecordError(
            "no-usable-columns",
            f"No sheet in sight has such a list, but a hidden one does: {titles}. Load it with "
            "--sheet and its name.",
            indonesian="Tidak ada lembar yang terlihat dengan daftar seperti itu, tetapi ada di "
            f"lembar tersembunyi: {titles}. Muat dengan --sheet dan nama lembarnya.",
        )
    try:
        match_columns(first_nonempty_sheet(pages).cells.column_names, kind, known)
    except RecordError as error:
        return error
    return _only_headings()
