"""Risks of areas on a published day: of the smallest zones, and of the levels above."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import OTHER, SMALLEST_ZONES, Level
from geodata.boundaries import AreaTable, Boundaries
from zoning import phrases
from zoning.public.day import PublicDay
from zoning.risk import NO_RISK, Classes, class_keys, highest_risks


def is_zone(boundaries: AreaTable) -> NDArray[np.bool_]:
    """Which of the smallest areas are zones (RT, RW, dusun or SLS), not a market or a pond."""
    return np.asarray(boundaries.smallest_zones["kind"] != OTHER)


def smallest_area_risks(boundaries: AreaTable, day: PublicDay) -> NDArray[np.uint8]:
    """Risk of each of the smallest areas; `NO_RISK` for areas that are no zone."""
    risk = np.zeros(len(boundaries.smallest_zones), dtype=np.uint8)
    rows = pd.Index(boundaries.smallest_zones["code"]).get_indexer(day.zones["code"].to_pylist())
    risk[rows] = day.zones["risk"].to_numpy()
    risk[~is_zone(boundaries)] = NO_RISK
    return risk


def risks_at(boundaries: AreaTable, day: PublicDay, level: Level) -> NDArray[np.uint8]:
    """Risk of every area of a level, in the order of `Boundaries.level`.

    Above the smallest zones the risk is that of `zoning.risk.highest_risks`.
    """
    zone_mask = is_zone(boundaries)
    risks = smallest_area_risks(boundaries, day)[zone_mask]
    if boundaries.is_smallest(level):
        return risks
    return highest_risks(risks, *_area_rows(boundaries, level))


def class_counts(
    boundaries: AreaTable, day: PublicDay, level: Level, classes: Classes
) -> pd.DataFrame:
    """Number of zones of each class per area: ``code, name, level``, and a column per class."""
    areas = boundaries.level(level)
    frame = pd.DataFrame(areas[["code", "name", "level"]])
    risks = smallest_area_risks(boundaries, day)[is_zone(boundaries)]
    if boundaries.is_smallest(level):
        area_rows, count = np.arange(len(areas)), len(areas)
    else:
        area_rows, count = _area_rows(boundaries, level)
    in_area = area_rows >= 0
    for risk, key in enumerate(class_keys(classes)):
        frame[key] = np.bincount(area_rows[in_area & (risks == risk)], minlength=count)
    return frame


def public_zones(
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
        zones["remark"] = area_remarks(boundaries, areas["kind"])
    return gpd.GeoDataFrame(zones, geometry=areas.geometry.to_numpy(), crs=areas.crs)


def area_remarks(boundaries: AreaTable, kinds: "pd.Series[str]") -> list[str]:
    """Remarks for areas of a city whose smallest zones are no RT; empty for an RT."""
    smallest = boundaries.smallest_zone
    city_remark = phrases.no_rt_city_remark(smallest).en
    remarks_by_kind = {
        str(kind): phrases.no_rt_zone_remark(kind).en for kind in SMALLEST_ZONES if kind != "rt"
    }
    remarks_by_kind["rt"] = ""
    if boundaries.smallest_level == "rt":
        remarks_by_kind["rw"] = city_remark  # RW above SLS are no zones of their own
    return [remarks_by_kind.get(kind, city_remark) for kind in kinds]


def _area_rows(boundaries: AreaTable, level: Level) -> tuple[NDArray[np.intp], int]:
    """Row of the area of a level that contains each zone, -1 for none; and the number of areas."""
    codes = pd.Index(boundaries.level(level)["code"])
    zone_mask = is_zone(boundaries)
    return codes.get_indexer(pd.Index(boundaries.ancestors(level)[zone_mask])), len(codes)
