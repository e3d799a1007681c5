"""The history of one zone, over every version of the boundaries that has the zone."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from geodata.boundaries import AreaTable
from zoning.public.areas import is_zone
from zoning.public.source import KnownDays, PublicSource
from zoning.risk import Classes, class_keys


def _history_columns(classes: Classes) -> list[str]:
    """Columns of `history`."""
    return ["date", "risk", "colour", "run", *class_keys(classes)]


def runs_with_area(
    source: PublicSource, boundaries_of: Callable[[str], AreaTable], code: str, known: KnownDays
) -> pd.DataFrame:
    """The published runs whose boundaries have an area; columns as in `PublicSource.runs`."""
    runs = source.runs(known)
    versions = [
        version for version in runs["boundaries"].unique() if code in boundaries_of(version).row_of
    ]
    return runs[runs["boundaries"].isin(versions)]


def history(
    source: PublicSource,
    boundaries_of: Callable[[str], AreaTable],
    code: str,
    runs: pd.DataFrame,
) -> pd.DataFrame:
    """The colours of one zone in some runs, day by day.

    Parameters
    ----------
    boundaries_of
        Gives the `AreaTable` of an id.
    code
        Code of an area of any level; above the RT the risk is the highest among its RT.
    runs
        See `runs_with_area`.

    Returns
    -------
    DataFrame
        ``date, risk, colour, run`` and the number of RT of each class: one row for each run.
    """
    classes = source.rules.classes
    lowest, *higher_classes = class_keys(classes)
    tables = []
    for version in runs["boundaries"].unique():
        days = runs.loc[runs["boundaries"] == version, ["date", "run"]]
        zones = _zones_within(boundaries_of(version), code)
        colours = source.colours_within(zones.codes, days["run"].tolist())
        # RT of the lowest class are not stored: subtract the others.
        colours[lowest] = zones.rt - colours[higher_classes].sum(axis=1)
        tables.append(days.merge(colours, on="run"))
    if not tables:
        return pd.DataFrame(columns=_history_columns(classes))
    rows: pd.DataFrame = pd.concat(tables).sort_values("date", ignore_index=True)
    rows["colour"] = [classes[risk].name.id for risk in rows["risk"]]
    return rows[_history_columns(classes)]


class _SmallestZones(NamedTuple):
    codes: list[str]
    rt: int
    """Number of codes that are zones."""


def _zones_within(boundaries: AreaTable, code: str) -> _SmallestZones:
    is_within = boundaries.ancestors(boundaries.area(code).level) == code
    codes = boundaries.smallest_zones["code"][is_within].tolist()
    return _SmallestZones(codes, int(np.count_nonzero(is_within & is_zone(boundaries))))
