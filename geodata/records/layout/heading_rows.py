"""Find the row, or the two rows, of headings of a page, and repeated headings below them.

A page may have titles above the headings, headings in two rows, and merged cells. A list that was
printed page by page repeats its headings, sometimes in another order: each row of records belongs
to the last headings above it.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.errors import RecordError
from geodata.language import Bilingual
from geodata.records.kinds import Kind
from geodata.records.layout.headings import Spellings, all_spellings, field_positions, is_usable
from geodata.records.layout.non_record_rows import needed_cells
from geodata.records.layout.repeated_headings import resolve_address_headings
from geodata.records.parsing.folding import fold, fold_heading
from geodata.tables import Page
from geodata.tables.limits import MAX_HEADING_CHARACTERS, too_many
from geodata.text.cells import clean_text

_SEARCHED_ROWS: Final = 60
_MIN_HEADINGS: Final = 2
_MIN_SHARE_OF_HEADINGS: Final = 0.4
"""Share of known headings in the filled cells of a row; the others may be unknown."""
_MAX_WORDS: Final = 16
"""Words of a heading in two rows."""
_MAX_REPEATED_ROWS: Final = 5_000
_MAX_REPEATED_CELLS: Final = 1_000_000
_MAX_FORMS: Final = 100
_USE_ONE_HEADING_ROW: Final = Bilingual(
    "Taruh catatan di bawah satu baris judul kolom, atau bagi berkas itu.",
    "Put the records under one row of headings, or split the file.",
)


class PageHeadings(NamedTuple):
    """Headings of a page: the first row below them, their number of rows, texts and fields."""

    page: Page
    position: int
    rows: int
    headings: list[str]
    fields: frozenset[str]


class RepeatedHeadings(NamedTuple):
    """Repeated headings: their first row, the first row below them; None for unknown headings."""

    start: int
    stop: int
    headings: list[str] | None


def find_headings(
    page: Page, kind: Kind, spellings: Spellings, heading_row: int | None
) -> PageHeadings | None:
    """The row, or two rows, with the most known headings.

    Parameters
    ----------
    heading_row
        Row number of the headings in the file; None if unknown.
    """
    if page.headings is not None:
        return _recognised(page, (0, 0), list(page.headings), kind, spellings)
    first_rows = page.texts(_SEARCHED_ROWS if heading_row is None else heading_row + 1)
    if heading_row is not None:
        positions = [k for k in range(len(first_rows)) if int(page.rows[k]) == heading_row]
    else:
        positions = [k for k in range(len(first_rows)) if any(first_rows[k])]
    candidates = [
        recognised
        for k in positions
        for rows in (1, 2)
        if (recognised := _headings_at(page, k, rows, kind, spellings)) is not None
    ]
    # Prefer one row to two: a title above the headings is no part of them.
    best_headings = max(
        candidates, key=lambda candidate: (len(candidate.fields), -candidate.rows), default=None
    )
    if best_headings is None:
        return None
    # If the best headings are repeated headings, use the first headings with records below.
    first_best_row = best_headings.position - best_headings.rows
    earlier_headings = [c for c in candidates if c.position <= first_best_row]
    return next(
        (c for c in earlier_headings if _has_records(c, first_best_row, kind, spellings)),
        best_headings,
    )


def _has_records(headings: PageHeadings, stop: int, kind: Kind, spellings: Spellings) -> bool:
    """Whether there are records below headings and above a position."""
    try:
        rows = headings.page.rows_between(headings.position, stop).sheet_below(0, headings.headings)
    except RecordError:
        return False
    needed, _ = needed_cells(rows, field_positions(headings.headings, kind, spellings), kind, None)
    return bool(needed.any())


def find_repeated_headings(
    first_headings: PageHeadings,
    incomplete_rows: NDArray[np.intp],
    kind: Kind,
    spellings: Spellings,
) -> list[RepeatedHeadings]:
    """Find repeated headings below the first headings.

    Parameters
    ----------
    incomplete_rows
        Positions of rows of the page without a needed field.

    Raises
    ------
    RecordError
        ``too-large`` if headings repeat too often, or in too many forms.
    """
    page, incomplete_set = first_headings.page, frozenset(incomplete_rows.tolist())
    words = _heading_words(first_headings, kind, spellings)
    # Repeated headings without the first needed field would make every record incomplete.
    needed = first_headings.fields & {kind.needed[0]}
    repetitions: list[RepeatedHeadings] = []
    for k in _rows_like_headings(page, incomplete_rows, words).tolist():
        previous_end = repetitions[-1].stop if repetitions else first_headings.position
        if k < previous_end:
            continue
        # Two rows of headings only if neither is a record.
        position_choices = [(k, 1)]
        if k + 1 in incomplete_set:
            position_choices.append((k, 2))
        if k - 1 in incomplete_set and k - 1 >= previous_end:
            position_choices.append((k - 1, 2))
        candidates = [
            candidate
            for start, rows in position_choices
            if (candidate := _headings_at(page, start, rows, kind, spellings)) is not None
            and needed <= candidate.fields
        ]
        best_headings = max(
            candidates, key=lambda candidate: (len(candidate.fields), -candidate.rows), default=None
        )
        if best_headings is None:
            # An incomplete record may contain two words of headings; that is not enough.
            if _has_only_headings(page, k, words):
                repetitions.append(RepeatedHeadings(k, k + 1, None))
        else:
            start = _first_title_row(
                page, best_headings.position - best_headings.rows, previous_end, incomplete_set
            )
            repetitions.append(
                RepeatedHeadings(start, best_headings.position, best_headings.headings)
            )
    forms = {tuple(repetition.headings or ()) for repetition in repetitions}
    if len(forms) > _MAX_FORMS:
        counted = Bilingual("baris judul kolom yang berbeda", "different rows of headings")
        raise too_many(counted, len(forms), _MAX_FORMS, page.name, _USE_ONE_HEADING_ROW)
    return repetitions


def _too_many_repetitions(name: str, rows: int) -> RecordError:
    counted = Bilingual("baris yang tampak seperti judul kolom", "rows that look like headings")
    return too_many(counted, rows, _MAX_REPEATED_ROWS, name, _USE_ONE_HEADING_ROW)


def _first_title_row(
    page: Page, start: int, first_allowed: int, incomplete_set: frozenset[int]
) -> int:
    """The first title row above headings: rows with one cell, or with ``Puskesmas: X``."""
    while start > first_allowed:
        [cells] = page.texts(1, start=start - 1)
        filled = [cell for cell in cells if cell]
        is_title = start - 1 in incomplete_set and (
            len(filled) == 1 or any(":" in cell for cell in filled)
        )
        if filled and not is_title:
            break
        start -= 1
    return start


def _heading_words(first_headings: PageHeadings, kind: Kind, spellings: Spellings) -> set[str]:
    """Folded texts of known headings and of the headings of the page."""
    words = all_spellings(kind, spellings) | set(map(fold, first_headings.headings))
    heading_rows = first_headings.page.rows_between(
        first_headings.position - first_headings.rows, first_headings.position
    )
    words |= {fold(cell) for row in heading_rows.texts(first_headings.rows) for cell in row}
    return words - {""}


def _has_only_headings(page: Page, k: int, words: set[str]) -> bool:
    """Whether a row has several headings and no digits."""
    [cells] = page.texts(1, start=k)
    has_several = len({fold(cell) for cell in cells} & words) > _MIN_HEADINGS
    return has_several and not any(map(str.isdigit, "".join(cells)))


def _rows_like_headings(
    page: Page, incomplete_rows: NDArray[np.intp], words: set[str]
) -> NDArray[np.intp]:
    """Rows with a large share of different headings."""
    heading_counts, filled_counts = (
        np.zeros(len(incomplete_rows), dtype=np.int64) for _ in range(2)
    )
    for column in page.columns:
        cells = column.take(pa.array(incomplete_rows))
        chunked = cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])
        encoded = pc.fill_null(chunked, "").combine_chunks().dictionary_encode()
        texts = [fold(text) for text in encoded.dictionary.to_pylist()]
        heading_counts += np.isin(
            encoded.indices.to_numpy(), [k for k, t in enumerate(texts) if t in words]
        )
        filled_counts += np.isin(encoded.indices.to_numpy(), [k for k, t in enumerate(texts) if t])
    rows: NDArray[np.intp] = incomplete_rows[
        (heading_counts >= _MIN_HEADINGS)
        & (heading_counts >= _MIN_SHARE_OF_HEADINGS * filled_counts)
    ]
    # Headings of a row differ: a row with one letter in every cell is no row of headings.
    if len(rows) > _MAX_REPEATED_ROWS or len(rows) * len(page.columns) > _MAX_REPEATED_CELLS:
        raise _too_many_repetitions(page.name, len(rows))
    distinct_words = [
        {fold(cell) for cell in page.texts(1, start=int(row))[0]} & words for row in rows
    ]
    has_several = [len(words_of_row) >= _MIN_HEADINGS for words_of_row in distinct_words]
    heading_rows: NDArray[np.intp] = rows[np.array(has_several, dtype=bool)]
    return heading_rows


def _headings_at(
    page: Page, k: int, rows: int, kind: Kind, spellings: Spellings
) -> PageHeadings | None:
    """Headings in one row, or in a row and the row below it."""
    heading_rows = [
        [clean_text(cell[:MAX_HEADING_CHARACTERS]) or "" for cell in row]
        for row in page.texts(rows, start=k)
    ]
    if len(heading_rows) < rows or not any(heading_rows[-1]):
        return None
    length = int(page.lengths[k]) if len(page.lengths) else len(heading_rows[0])
    headings = (
        heading_rows[0][:length]
        if rows == 1
        else _join_two_rows(_spread_merged(page, heading_rows, k), heading_rows[1])
    )
    if rows == 1 and len([heading for heading in headings if heading]) == 1:
        # The only cell is a title or a whole row: do not simplify the text to a heading.
        return _recognised(page, (k + rows, rows), headings, kind, spellings, as_written=True)
    return _recognised(page, (k + rows, rows), headings, kind, spellings)


def _spread_merged(page: Page, heading_rows: list[list[str]], k: int) -> list[str]:
    """Repeat upper headings in the columns that they span: merged cells, else blank cells."""
    upper = list(heading_rows[0])
    spans = [area for area in page.merged if area.top <= k <= area.bottom]
    for area in spans:
        for column in range(area.left + 1, min(area.right + 1, len(upper))):
            upper[column] = upper[area.left]
    if not spans:
        for column in range(1, len(upper)):
            if not upper[column] and heading_rows[1][column]:
                upper[column] = upper[column - 1]
    return upper


def _join_two_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """``Tanggal`` above ``onset`` becomes ``Tanggal onset``; a single heading stays."""
    return [
        lower_heading
        if not upper_heading or fold_heading(upper_heading) == fold_heading(lower_heading)
        else f"{upper_heading} {lower_heading}".strip()
        for upper_heading, lower_heading in zip(upper, lower, strict=True)
    ]


def _recognised(
    page: Page,
    position_and_rows: tuple[int, int],
    headings: list[str],
    kind: Kind,
    spellings: Spellings,
    *,
    as_written: bool = False,
) -> PageHeadings | None:
    simplified = headings if as_written else _simplify_headings(headings, kind, spellings)
    resolved = resolve_address_headings(simplified, spellings)
    fields = frozenset(field_positions(resolved, kind, spellings))
    return (
        PageHeadings(page, *position_and_rows, resolved, fields)
        if is_usable(fields, kind)
        else None
    )


def _simplify_headings(headings: list[str], kind: Kind, spellings: Spellings) -> list[str]:
    """Simplify joined headings to a known heading: both texts, reordered, or the lower text."""
    known_texts = all_spellings(kind, spellings)

    def simplify(heading: str) -> str:
        words = heading.split()
        if len(words) > _MAX_WORDS:
            return heading
        folded_words = [fold_heading(word) for word in words]
        if "".join(folded_words) in known_texts:
            return heading
        # "Alamat KTP" over "RT" is "RT KTP", "Data pasien" over "NIK" is "NIK".
        moved: list[int] = []
        moved_words, remaining = "", "".join(folded_words)
        for cut in range(1, len(words)):
            word = folded_words[cut - 1]
            remaining = remaining[len(word) :]
            if word not in ("alamat", "data"):
                moved.append(cut - 1)
                moved_words += word
            if remaining + moved_words in known_texts:
                return " ".join(words[k] for k in (*range(cut, len(words)), *moved))
            if remaining in known_texts:
                return " ".join(words[cut:])
        return heading

    return [simplify(heading) for heading in headings]
