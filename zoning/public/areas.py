"""Risks of the areas of a day: the RT as published, and the levels above."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import OTHER, SMALLEST_ZONES, Level
from geodata.boundaries import AreaTable, Boundaries
from zoning import phrases
from zoning.public.day import PublicDay
from zoning.risk import NO_RISK, Classes, highest_risks, keys_of


def is_rt(boundaries: AreaTable) -> NDArray[np.bool_]:
    """Which leaves are zones (RT, or the smallest a city has), rather than markets and ponds."""
    return np.asarray(boundaries.leaves["kind"] != OTHER)


def risks_of_leaves(boundaries: AreaTable, day: PublicDay) -> NDArray[np.uint8]:
    """Risk of every leaf, `NO_RISK` for areas that are no RT."""
    risk = np.zeros(len(boundaries.leaves), dtype=np.uint8)
    rows = pd.Index(boundaries.leaves["code"]).get_indexer(day.zones["code"].to_pylist())
    risk[rows] = day.zones["risk"].to_numpy()
    risk[~is_rt(boundaries)] = NO_RISK
    return risk


def risks_at(boundaries: AreaTable, day: PublicDay, level: Level) -> NDArray[np.uint8]:
    """Risk of every area of a level, in the order of `Boundaries.level`.

    Above the RT that of `zoning.risk.highest_risks`.
    """
    rt = is_rt(boundaries)
    risks = risks_of_leaves(boundaries, day)[rt]
    if boundaries.is_smallest(level):
        return risks
    return highest_risks(risks, *_above(boundaries, level))


def coloured_at(
    boundaries: AreaTable, day: PublicDay, level: Level, classes: Classes
) -> pd.DataFrame:
    """How many RT of each class every area of a level has: ``code, name, level``, classes."""
    areas = boundaries.level(level)
    found = pd.DataFrame(areas[["code", "name", "level"]])
    risks = risks_of_leaves(boundaries, day)[is_rt(boundaries)]
    if boundaries.is_smallest(level):
        above, count = np.arange(len(areas)), len(areas)
    else:
        above, count = _above(boundaries, level)
    held = above >= 0
    for risk, key in enumerate(keys_of(classes)):
        found[key] = np.bincount(above[held & (risks == risk)], minlength=count)
    return found


def zones_at(
    boundaries: Boundaries, day: PublicDay, level: Level, classes: Classes
) -> gpd.GeoDataFrame:
    """Zones of one day at one level.

    Returns
    -------
    GeoDataFrame
        ``code, name, level, parent, colour, date, rule, run, risk``, and ``remark`` where the
        smallest zones are no RT.
    """
    areas = boundaries.level(level)
    risks = risks_at(boundaries, day, level)
    zones = areas[["code", "name", "level", "parent"]].assign(
        colour=[classes[risk].name.id for risk in risks],
        date=day.date.isoformat(),
        rule=day.rule,
        run=day.run,
        risk=risks,
    )
    if boundaries.smallest_zone != "rt":
        zones["remark"] = remarks_of(boundaries, areas["kind"])
    return gpd.GeoDataFrame(zones, geometry=areas.geometry.to_numpy(), crs=areas.crs)


def remarks_of(boundaries: AreaTable, kinds: "pd.Series[str]") -> list[str]:
    """What is said of areas where the smallest zones are no RT: empty for an area that is one."""
    smallest = boundaries.smallest_zone
    above = phrases.no_rt_city(smallest).en
    own = {str(kind): phrases.no_rt_zone(kind).en for kind in SMALLEST_ZONES if kind != "rt"}
    own["rt"] = ""
    if boundaries.smallest_level == "rt":
        own["rw"] = above  # RW above SLS are no zones of their own
    return [own.get(kind, above) for kind in kinds]


def _above(boundaries: AreaTable, level: Level) -> tuple[NDArray[np.intp], int]:
    """Of each RT the row of the area of a level it lies in, below zero for none; and how many."""
    codes = pd.Index(boundaries.level(level)["code"])
    rt = is_rt(boundaries)
    return codes.get_indexer(pd.Index(boundaries.ancestors(level)[rt])), len(codes)
