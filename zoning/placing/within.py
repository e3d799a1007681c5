"""Which areas lie within another, at any depth, by their parents: codes need not tell it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geodata.boundaries import Boundaries


def lies_within(
    boundaries: Boundaries, codes: Sequence[str | None], area: str
) -> NDArray[np.bool_]:
    """Whether each area is `area` or lies within it.

    Parameters
    ----------
    codes
        ``n`` codes, None where not known.

    Raises
    ------
    NotFoundError
        ``no-area`` if there is no such area.
    """
    boundaries.area(area)
    up = dict(zip(boundaries.areas["code"], boundaries.areas["parent"], strict=True))
    known: dict[str | None, bool] = {None: False, area: True}
    for code in dict.fromkeys(codes):
        path: list[str | None] = []
        here: str | None = code
        while here not in known:
            path.append(here)
            above = up.get(here)
            here = above if isinstance(above, str) else None
        known |= dict.fromkeys(path, known[here])
    return np.array([known[code] for code in codes], dtype=np.bool_)
