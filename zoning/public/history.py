"""One zone day by day, over every version of the boundaries that knows it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from geodata.boundaries import AreaTable
from geodata.errors import NotFoundError
from zoning.public.areas import is_rt
from zoning.public.source import KnownDays, PublicSource
from zoning.risk import Classes, keys_of


def history_columns(classes: Classes) -> list[str]:
    """Columns of `history`."""
    return ["date", "risk", "colour", "run", *keys_of(classes)]


def history(
    source: PublicSource, boundaries_of: Callable[[str], AreaTable], code: str, known: KnownDays
) -> pd.DataFrame | None:
    """One zone's published colours, day by day.

    Parameters
    ----------
    boundaries_of
        AreaTable by their id.
    code
        An area of any level; above the RT its risk is the highest among its RT.

    Returns
    -------
    DataFrame
        ``date, risk, colour, run`` and how many RT have each class, one row for
        each published day on whose boundaries there is such an area; None where it is on none.
    """
    classes = source.rules.classes
    lowest, *above = keys_of(classes)
    found = []
    for version in source.runs(known)["boundaries"].unique():
        leaves = _leaves_within(boundaries_of(version), code)
        if leaves is not None:
            days = source.colours_within(leaves.codes, version, known)
            # RT of the lowest class are not stored: they are what is left.
            days[lowest] = leaves.rt - days[above].sum(axis=1)
            found.append(days)
    if not found:
        return None
    every: pd.DataFrame = pd.concat(found).sort_values("date", ignore_index=True)
    every["colour"] = [classes[risk].name.id for risk in every["risk"]]
    return every[history_columns(classes)]


class _Leaves(NamedTuple):
    codes: list[str]
    rt: int
    """How many of them are RT."""


def _leaves_within(boundaries: AreaTable, code: str) -> _Leaves | None:
    try:
        level = boundaries.area(code).level
    except NotFoundError:
        return None
    within = boundaries.ancestors(level) == code
    codes = boundaries.leaves["code"][within].tolist()
    return _Leaves(codes, int(np.count_nonzero(within & is_rt(boundaries))))
