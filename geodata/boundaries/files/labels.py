"""Recognise unreadable labels: labels that look like an RT or RW, but name none."""

import re
from collections.abc import Sequence
from typing import Final

from geodata.areas import parse_dusun_label, parse_rt_label, parse_rw_label

_LOOKS_LIKE_RT: Final = re.compile(
    r"^\W*(?:R\W{0,2}[TW](?![^\W\d_]).*(?:\d|\b[IVX]+\b)|RUKUN (?:TETANGGA|WARGA)\b)"
    r"|^\W*\d+(?:\W+\d+)?\W*$",
    re.IGNORECASE | re.DOTALL,
)
"""Begins like the label of an RT, or consists of one or two numbers."""
_LOOKS_LIKE_RW: Final = re.compile(r"^\W*(R\W?[TW]|RUKUN)\b", re.IGNORECASE)
_MIN_SHARE: Final = 0.5


def is_unreadable_rt(label: str | None) -> bool:
    """Whether a label is empty, or looks like an RT but names none.

    ``"RT O3 RW 04"``, ``"rt02rw01"``, ``"002/001"`` look like an RT. Another label, such as a
    market or an estate, is a name and not a fault.
    """
    if label is None or not label.strip():
        return True
    return parse_rt_label(label) is None and _LOOKS_LIKE_RT.match(label) is not None


def is_unreadable_rw(label: str | None) -> bool:
    """Whether a label is empty, or looks like an RW or dusun but names no RW (``"RW 5A"``)."""
    if label is None or not label.strip():
        return True
    if parse_rw_label(label) is not None:
        return False
    return _LOOKS_LIKE_RW.match(label) is not None or parse_dusun_label(label) is not None


def are_rw_labels(labels: Sequence[str | None]) -> bool:
    """Whether labels name RW and no RT: the polygons are RW."""
    nonempty = [label for label in labels if label is not None]
    return any(parse_rw_label(label) is not None for label in nonempty) and not any(
        parse_rt_label(label) is not None for label in nonempty
    )


def are_rt_labels(cells: Sequence[object]) -> bool:
    """Whether at least half of the cells of a column name an RT."""
    count = sum(isinstance(cell, str) and parse_rt_label(cell) is not None for cell in cells)
    return count > 0 and count >= _MIN_SHARE * len(cells)
