"""Which row of a page, or which two, are headings; and where headings come again below.

Titles above the headings, headings in two rows, merged cells. A list that was printed page by
page has its headings again, sometimes in another order: what stands below them is read by them.
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
from geodata.records.layout.headings import Spellings, found_in, is_usable
from geodata.records.layout.non_record_rows import needed_cells
from geodata.records.layout.repeated_headings import with_their_address
from geodata.records.parsing.folding import fold, fold_heading
from geodata.tables import Page
from geodata.tables.limits import MAX_HEADING_CHARACTERS, too_many
from geodata.text.cells import clean_text

_LOOKED_AT: Final = 60
_FEWEST_HEADINGS: Final = 2
_SHARE_OF_HEADINGS: Final = 0.4
"""Of the cells of a row, so that it is one of headings: others may be worded as nobody knows."""


_MOST_WORDS: Final = 16
"""Of a heading in two rows."""
_MOST_AGAIN: Final = 5_000
_MOST_CELLS_AGAIN: Final = 1_000_000
_MOST_FORMS: Final = 100
_ONE_FORM: Final = Bilingual(
    "Taruh catatan di bawah satu baris judul kolom, atau bagi berkas itu.",
    "Put the records under one row of headings, or split the file.",
)


class Headings(NamedTuple):
    """Headings of a page: position of the first row below them, how many rows, what they say."""

    page: Page
    position: int
    rows: int
    headings: list[str]
    fields: frozenset[str]


class Again(NamedTuple):
    """Headings that come again: the first of their rows, the first row below; None not usable."""

    start: int
    stop: int
    headings: list[str] | None


def find_headings(page: Page, kind: Kind, known: Spellings, row: int | None) -> Headings | None:
    """The row, or two rows, of which the most cells are headings.

    Parameters
    ----------
    row
        Of the headings in the file, where it is known.
    """
    if page.headings is not None:
        return _judged(page, (0, 0), list(page.headings), kind, known)
    top = page.texts(_LOOKED_AT if row is None else row + 1)
    if row is not None:
        positions = [k for k in range(len(top)) if int(page.rows[k]) == row]
    else:
        positions = [k for k in range(len(top)) if any(top[k])]
    found = [
        judged
        for k in positions
        for rows in (1, 2)
        if (judged := _headings_at(page, k, rows, kind, known)) is not None
    ]
    # Of equals one row before two: a title above the headings is no part of them.
    best = max(found, key=lambda each: (len(each.fields), -each.rows), default=None)
    # Headings that come again a little wider are no reason to pass over the records above.
    earlier = [] if best is None else [e for e in found if e.position <= best.position - best.rows]
    return next((each for each in earlier if _has_records(each, best, kind, known)), best)


def _has_records(first: Headings, last: Headings | None, kind: Kind, known: Spellings) -> bool:
    """Whether there are records between two rows of headings."""
    stop = 0 if last is None else last.position - last.rows
    try:
        rows = first.page.rows_between(first.position, stop).sheet_below(0, first.headings)
    except RecordError:
        return False
    needed, _ = needed_cells(rows, found_in(first.headings, kind, known), kind, None)
    return bool(needed.any())


def headings_again(
    first: Headings, among: NDArray[np.intp], kind: Kind, known: Spellings
) -> list[Again]:
    """Where headings come again below the first ones.

    Parameters
    ----------
    among
        Positions of rows of the page that lack what every record must say.

    Raises
    ------
    RecordError
        ``too-large`` where they come too often, or in too many forms.
    """
    page, lacking = first.page, frozenset(among.tolist())
    words = _words_of(first, kind, known)
    # A page without the status that the first one has would make every record lack it.
    needed = first.fields & {kind.needed[0]}
    found: list[Again] = []
    for k in _looks_like_headings(page, among, words).tolist():
        if found and k < found[-1].stop:
            continue
        # Two rows only where both are no records: a record beside headings is no part of them.
        ways = [(k, 1)]
        ways += [(k, 2)] if k + 1 in lacking else []
        ways += [(k - 1, 2)] if k - 1 in lacking and (not found or k - 1 >= found[-1].stop) else []
        judged = [
            each
            for start, rows in ways
            if (each := _headings_at(page, start, rows, kind, known)) is not None
            and needed <= each.fields
        ]
        best = max(judged, key=lambda each: (len(each.fields), -each.rows), default=None)
        if best is None:
            # A record that lacks much may say two such words; rows are not given up for that.
            found += [Again(k, k + 1, None)] if _is_nothing_else(page, k, words) else []
        else:
            above = found[-1].stop if found else first.position
            start = _with_titles(page, best.position - best.rows, above, lacking)
            found.append(Again(start, best.position, best.headings))
    forms = {tuple(each.headings or ()) for each in found}
    if len(forms) > _MOST_FORMS:
        what = Bilingual("baris judul kolom yang berbeda", "different rows of headings")
        raise too_many(what, len(forms), _MOST_FORMS, page.name, _ONE_FORM)
    return found


def _too_many_again(name: str, rows: int) -> RecordError:
    what = Bilingual("baris yang tampak seperti judul kolom", "rows that look like headings")
    return too_many(what, rows, _MOST_AGAIN, name, _ONE_FORM)


def _with_titles(page: Page, start: int, above: int, lacking: frozenset[int]) -> int:
    """The first of the rows of one cell, or of ``Puskesmas: X``, that stand over headings."""
    while start > above:
        [cells] = page.texts(1, start=start - 1)
        said = [cell for cell in cells if cell]
        titled = start - 1 in lacking and (len(said) == 1 or any(":" in cell for cell in said))
        if said and not titled:
            break
        start -= 1
    return start


def _words_of(first: Headings, kind: Kind, known: Spellings) -> set[str]:
    """What headings say: those that are known, and those of the page itself."""
    words = {each for field in kind.fields for each in known.of_field(field.name)}
    words |= {fold(each) for each in first.headings}
    above = first.page.rows_between(first.position - first.rows, first.position)
    words |= {fold(cell) for row in above.texts(first.rows) for cell in row}
    return words - {""}


def _is_nothing_else(page: Page, k: int, words: set[str]) -> bool:
    """Whether a row has several words of headings, and no figures as a record has."""
    [cells] = page.texts(1, start=k)
    several = len({fold(cell) for cell in cells} & words) > _FEWEST_HEADINGS
    return several and not any(map(str.isdigit, "".join(cells)))


def _looks_like_headings(page: Page, among: NDArray[np.intp], words: set[str]) -> NDArray[np.intp]:
    """Rows of which many cells are words of headings, and not all the same one."""
    like, filled = (np.zeros(len(among), dtype=np.int64) for _ in range(2))
    for column in page.columns:
        cells = column.take(pa.array(among))
        chunked = cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])
        encoded = pc.fill_null(chunked, "").combine_chunks().dictionary_encode()
        texts = [fold(text) for text in encoded.dictionary.to_pylist()]
        like += np.isin(encoded.indices.to_numpy(), [k for k, t in enumerate(texts) if t in words])
        filled += np.isin(encoded.indices.to_numpy(), [k for k, t in enumerate(texts) if t])
    rows: NDArray[np.intp] = among[
        (like >= _FEWEST_HEADINGS) & (like >= _SHARE_OF_HEADINGS * filled)
    ]
    # A heading stands there once: a row of one letter in every cell is no row of headings.
    if len(rows) > _MOST_AGAIN or len(rows) * len(page.columns) > _MOST_CELLS_AGAIN:
        raise _too_many_again(page.name, len(rows))
    different = [{fold(cell) for cell in page.texts(1, start=int(row))[0]} & words for row in rows]
    several = [len(each) >= _FEWEST_HEADINGS for each in different]
    found: NDArray[np.intp] = rows[np.array(several, dtype=bool)]
    return found


def _headings_at(page: Page, k: int, rows: int, kind: Kind, known: Spellings) -> Headings | None:
    """Headings in a row alone, or with the row below it."""
    top = [
        [clean_text(cell[:MAX_HEADING_CHARACTERS]) or "" for cell in row]
        for row in page.texts(rows, start=k)
    ]
    if len(top) < rows or not any(top[-1]):
        return None
    length = int(page.lengths[k]) if len(page.lengths) else len(top[0])
    headings = top[0][:length] if rows == 1 else _two_rows(_spread(page, top, k), top[1])
    if rows == 1 and len([heading for heading in headings if heading]) == 1:
        # A title, or a whole row in one cell: its last words are no heading.
        return _judged(page, (k + rows, rows), headings, kind, known, whole=True)
    return _judged(page, (k + rows, rows), headings, kind, known)


def _spread(page: Page, top: list[list[str]], k: int) -> list[str]:
    """Upper headings over every column they span; without merged cells over blank ones."""
    upper = list(top[0])
    spans = [area for area in page.merged if area.top <= k <= area.bottom]
    for area in spans:
        for column in range(area.left + 1, min(area.right + 1, len(upper))):
            upper[column] = upper[area.left]
    if not spans:
        for column in range(1, len(upper)):
            if not upper[column] and top[1][column]:
                upper[column] = upper[column - 1]
    return upper


def _two_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """``Tanggal`` over ``onset`` is ``Tanggal onset``; what stands alone stays alone."""
    return [
        below
        if not above or fold_heading(above) == fold_heading(below)
        else f"{above} {below}".strip()
        for above, below in zip(upper, lower, strict=True)
    ]


def _judged(
    page: Page,
    at: tuple[int, int],
    headings: list[str],
    kind: Kind,
    known: Spellings,
    *,
    whole: bool = False,
) -> Headings | None:
    understood = headings if whole else _understood(headings, kind, known)
    spelt = with_their_address(understood, known)
    fields = frozenset(found_in(spelt, kind, known))
    return Headings(page, *at, spelt, fields) if is_usable(fields, kind) else None


def _understood(headings: list[str], kind: Kind, known: Spellings) -> list[str]:
    """Headings of two rows as one that is known: both together, turned round, the lower alone."""
    spellings = {each for field in kind.fields for each in known.of_field(field.name)}

    def best(heading: str) -> str:
        words = heading.split()
        if len(words) > _MOST_WORDS:
            return heading
        plains = [fold_heading(word) for word in words]
        if "".join(plains) in spellings:
            return heading
        # "Alamat KTP" over "RT" is "RT KTP", "Data pasien" over "NIK" is "NIK".
        upper: list[int] = []
        before, rest = "", "".join(plains)
        for cut in range(1, len(words)):
            word = plains[cut - 1]
            rest = rest[len(word) :]
            if word not in ("alamat", "data"):
                upper.append(cut - 1)
                before += word
            if rest + before in spellings:
                return " ".join(words[k] for k in (*range(cut, len(words)), *upper))
            if rest in spellings:
                return " ".join(words[cut:])
        return heading

    return [best(heading) for heading in headings]
