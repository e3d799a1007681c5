"""Which areas lie within another area, at any depth: by parents, because codes need not nest."""

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
        ``n`` codes, None where unknown.

    Raises
    ------
    NotFoundError
        ``no-area`` if there is no such area.
    """
    boundaries.area(area)
    # Lists, because iteration over Arrow strings is slow.
    area_codes, parents = (boundaries.areas[name].tolist() for name in ("code", "parent"))
    parent_of = dict(zip(area_codes, parents, strict=True))
    is_within: dict[str | None, bool] = {None: False, area: True}
    for code in dict.fromkeys(codes):
        path: list[str | None] = []
        ancestor: str | None = code
        while ancestor not in is_within:
            path.append(ancestor)
            parent = parent_of.get(ancestor)
            ancestor = parent if isinstance(parent, str) else None
        is_within |= dict.fromkeys(path, is_within[ancestor])
    return np.array([is_within[code] for code in codes], dtype=np.bool_)
