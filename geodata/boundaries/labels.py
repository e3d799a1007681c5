"""Labels of drawn areas that were meant to name an RT and cannot be read."""

import re
from collections.abc import Sequence
from typing import Final

from geodata.areas import parse_rt_label

_MEANT: Final = re.compile(r"^\W*R[TW]\b.*\d", re.IGNORECASE)
_SHARE: Final = 0.5


def unreadable(label: str | None) -> bool:
    """Whether a label is empty, or begins like an RT's and names none (``"RT O3 RW 04"``).

    Anything else that names no RT, a market or an estate, is a name and no fault.
    """
    if label is None or not label.strip():
        return True
    return parse_rt_label(label) is None and _MEANT.match(label) is not None


def looks_like_labels(cells: Sequence[object]) -> bool:
    """Whether at least half of a column's cells name an RT."""
    named = sum(isinstance(cell, str) and parse_rt_label(cell) is not None for cell in cells)
    return named > 0 and named >= _SHARE * len(cells)
