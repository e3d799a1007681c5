"""Labels of drawn areas that were meant to name an RT and cannot be read."""

import re
from collections.abc import Sequence
from typing import Final

from geodata.areas import parse_dusun_label, parse_rt_label, parse_rw_label

_MEANT: Final = re.compile(
    r"^\W*(?:R\W{0,2}[TW](?![^\W\d_]).*(?:\d|\b[IVX]+\b)|RUKUN (?:TETANGGA|WARGA)\b)"
    r"|^\W*\d+(?:\W+\d+)?\W*$",
    re.IGNORECASE | re.DOTALL,
)
"""It begins as an RT's label does, or is nothing but one or two numbers."""
_NO_RW: Final = re.compile(r"^\W*(R\W?[TW]|RUKUN)\b", re.IGNORECASE)
_SHARE: Final = 0.5


def unreadable(label: str | None) -> bool:
    """Whether a label is empty, or was meant for an RT and names none.

    ``"RT O3 RW 04"``, ``"rt02rw01"``, ``"002/001"`` were meant for one. Anything else that names
    no RT, a market or an estate, is a name and no fault.
    """
    if label is None or not label.strip():
        return True
    return parse_rt_label(label) is None and _MEANT.match(label) is not None


def unreadable_rw(label: str | None) -> bool:
    """Whether a label is empty, or was meant for an RW or dusun and names no RW (``"RW 5A"``)."""
    if label is None or not label.strip():
        return True
    if parse_rw_label(label) is not None:
        return False
    return _NO_RW.match(label) is not None or parse_dusun_label(label) is not None


def names_rw(labels: Sequence[str | None]) -> bool:
    """Whether labels name RW and no RT: what is drawn are RW."""
    known = [label for label in labels if label is not None]
    return any(parse_rw_label(label) is not None for label in known) and not any(
        parse_rt_label(label) is not None for label in known
    )


def looks_like_labels(cells: Sequence[object]) -> bool:
    """Whether at least half of a column's cells name an RT."""
    named = sum(isinstance(cell, str) and parse_rt_label(cell) is not None for cell in cells)
    return named > 0 and named >= _SHARE * len(cells)
