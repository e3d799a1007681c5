"""Headings that repeat in one row: two addresses, or two lists side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from geodata.errors import RecordError
from geodata.records.kinds import Kind
from geodata.records.layout.headings import AREA_FIELDS, Spellings
from geodata.records.parsing.folding import fold, fold_heading
from geodata.tables.pages import Page
from geodata.text.cells import clean_text

_SEARCHED_ROWS: Final = 1000
"""Rows below the headings that are searched for a second list."""


def resolve_address_headings(headings: Sequence[str], spellings: Spellings) -> list[str]:
    """Replace repeated headings of areas by headings that name the address before them.

    In ``Alamat KTP, RT, RW, Alamat domisili, RT, RW`` the second RT belongs to the home.
    """
    counts = Counter(map(fold_heading, headings))
    address_spellings: Mapping[str, Sequence[str]] = {}
    resolved: list[str] = []
    for heading in headings:
        folded = fold_heading(heading)
        for table in (spellings.general, spellings.domicile, spellings.identity_card):
            if folded in table.get("address", ()):
                address_spellings = {} if table is spellings.general else table
        names = [name for name in AREA_FIELDS if folded in spellings.general.get(name, ())]
        replacements = address_spellings.get(names[0], ()) if names and counts[folded] > 1 else ()
        resolved.append(replacements[0] if replacements else heading)
    return resolved


def refuse_lists_side_by_side(
    page: Page, position: int, headings: Sequence[str], kind: Kind, spellings: Spellings
) -> None:
    """Refuse a page with two lists side by side, since the second list would be lost.

    Parameters
    ----------
    position
        Position of the first row below the headings.

    Raises
    ------
    RecordError
        ``lists-side-by-side``.
    """
    folded = [fold(heading) for heading in headings]
    repeated = {k: word for k, word in enumerate(folded) if word and word in folded[:k]}
    present = [spellings.field_spellings(name) for name in kind.needed]
    needed = [
        [k for k, word in repeated.items() if word in spelt]
        for spelt in present
        if any(word in spelt for word in folded)
    ]
    if not needed or not all(needed) or len(repeated) <= len(needed):
        return
    rows_below = page.texts(_SEARCHED_ROWS, start=position)
    if any(clean_text(row[k]) for row in rows_below for columns in needed for k in columns):
        repeated_headings = ", ".join(headings[k] for k in repeated)
        raise RecordError(
            "lists-side-by-side",
            "These headings are twice in one row, as in two lists side by side: "
            f"{repeated_headings}. Put the second list below the first, or into a separate file.",
            indonesian="Judul kolom ini ada dua kali di satu baris, seperti dua daftar yang "
            f"bersebelahan: {repeated_headings}. Taruh daftar kedua di bawah daftar pertama, atau "
            "di berkas tersendiri.",
        )
