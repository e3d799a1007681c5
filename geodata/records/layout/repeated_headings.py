"""Headings that one row has more than once: of two addresses, or of two lists side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from geodata.errors import RecordError
from geodata.records.kinds import Kind
from geodata.records.layout.headings import AREA, Spellings
from geodata.records.parsing.folding import fold, fold_heading
from geodata.tables.pages import Page
from geodata.text.cells import clean_text

_LOOKED_AT: Final = 1000
"""Rows below the headings in which a second list is looked for."""


def with_their_address(headings: Sequence[str], known: Spellings) -> list[str]:
    """Headings of areas that come twice, each as that of the address it stands behind.

    In ``Alamat KTP, RT, RW, Alamat domisili, RT, RW`` the second RT is that of the home.
    """
    counts = Counter(map(fold_heading, headings))
    behind: Mapping[str, Sequence[str]] = {}
    found: list[str] = []
    for heading in headings:
        said = fold_heading(heading)
        for table in (known.own, known.domicile, known.identity_card):
            if said in table.get("address", ()):
                behind = {} if table is known.own else table
        names = [name for name in AREA if said in known.own.get(name, ())]
        spelt = behind.get(names[0], ()) if names and counts[said] > 1 else ()
        found.append(spelt[0] if spelt else heading)
    return found


def refuse_lists_side_by_side(
    page: Page, position: int, headings: Sequence[str], kind: Kind, known: Spellings
) -> None:
    """Refuse a page on which a second list stands beside the first: its records would be lost.

    Parameters
    ----------
    position
        Of the first row below the headings.

    Raises
    ------
    RecordError
        ``lists-side-by-side``
    """
    said = [fold(heading) for heading in headings]
    again = {k: word for k, word in enumerate(said) if word and word in said[:k]}
    present = [known.of_field(name) for name in kind.needed]
    needed = [
        [k for k, word in again.items() if word in spelt]
        for spelt in present
        if any(word in spelt for word in said)
    ]
    if not needed or not all(needed) or len(again) <= len(needed):
        return
    below = page.texts(_LOOKED_AT, start=position)
    if any(clean_text(row[k]) for row in below for columns in needed for k in columns):
        twice = ", ".join(headings[k] for k in again)
        raise RecordError(
            "lists-side-by-side",
            f"These headings stand twice in one row, as of two lists side by side: {twice}. "
            "Put the second list below the first, or into a file of its own.",
            indonesian="Judul kolom ini ada dua kali di satu baris, seperti dua daftar yang "
            f"bersebelahan: {twice}. Taruh daftar kedua di bawah daftar pertama, atau di berkas "
            "tersendiri.",
        )
