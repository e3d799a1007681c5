"""The zones of a day as frames: RT with their risks, and the levels above as sums of their RT.

Does not use the database; `zoning.rules` turns counts into colours.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import Level
from geodata.boundaries import AreaTable, Boundaries
from zoning.days.runs import DayZones
from zoning.placing.placements import ELSEWHERE
from zoning.public.areas import area_remarks, is_zone
from zoning.risk import ACTIVE_CASES, LOWEST_RISK, Classes, class_keys, highest_risks

COUNTS: Final = ("houses", "houses_at_least", "cases", "active")


def count_smallest_zones(boundaries: AreaTable, day: DayZones) -> dict[str, NDArray[np.int64]]:
    """Counts and risk of each smallest zone; zero for zones without a row in the run.

    Returns
    -------
    dict
        ``risk`` and each of `COUNTS`: arrays with shape ``(n_zones,)``.
    """
    codes = boundaries.smallest_zones["code"].to_numpy()
    rows = pd.Index(codes).get_indexer(day.zones["code"].to_pylist())
    counts = {}
    for name in ("risk", *COUNTS):
        values = np.zeros(len(codes), dtype=np.int64)
        values[rows] = day.zones[name].to_numpy()
        counts[name] = values
    return counts


def zones_frame(
    boundaries: Boundaries, day: DayZones, level: Level, classes: Classes
) -> gpd.GeoDataFrame:
    """Zones of one day at one level.

    Returns
    -------
    GeoDataFrame
        ``code, name, level, parent, risk, colour, date, rule, run, input_digest``, the counts,
        ``flag``; above the RT also the number of RT of each class. ``run`` is the public id,
        ``input_digest`` the internal id. `highest_risks` gives the risk of an area above the RT.
        If the smallest zones are no RT, ``remark`` says that the law means RT.
    """
    areas = boundaries.level(level)
    zones = _table_at(boundaries, day, level, classes)
    return gpd.GeoDataFrame(zones, geometry=areas.geometry.to_numpy(), crs=areas.crs)


def _table_at(boundaries: AreaTable, day: DayZones, level: Level, classes: Classes) -> pd.DataFrame:
    """The columns of `zones_frame`, without the geometry."""
    areas = boundaries.level(level)
    counts = _counts_at(boundaries, day, level, class_keys(classes))
    zones = pd.DataFrame(areas[["code", "name", "level", "parent"]].copy())
    for name, values in counts.items():
        zones[name] = values
    zones.insert(4, "colour", [classes[risk].name.id for risk in counts["risk"]])
    zones.insert(5, "date", day.date.isoformat())
    zones.insert(6, "rule", day.rule)
    zones.insert(7, "run", day.public_id)
    zones.insert(8, "input_digest", day.run)
    zones["flag"] = np.where(
        (counts["risk"] == LOWEST_RISK) & (counts["active"] > 0), ACTIVE_CASES, ""
    )
    if boundaries.smallest_zone != "rt":
        zones["remark"] = area_remarks(boundaries, areas["kind"])
    return zones


def _counts_at(
    boundaries: AreaTable, day: DayZones, level: Level, keys: list[str]
) -> dict[str, NDArray[np.int64]]:
    zone_mask = is_zone(boundaries)
    all_counts = count_smallest_zones(boundaries, day)
    zone_counts = {name: values[zone_mask] for name, values in all_counts.items()}
    if boundaries.is_smallest(level):
        return zone_counts
    codes = boundaries.level(level)["code"].to_numpy()
    parent_rows = pd.Index(codes).get_indexer(pd.Index(boundaries.ancestors(level)[zone_mask]))
    counts = {"risk": highest_risks(zone_counts["risk"], parent_rows, len(codes))}
    for name in COUNTS:
        counts[name] = np.bincount(parent_rows, zone_counts[name], len(codes)).astype(np.int64)
    for risk, key in enumerate(keys):
        has_risk = zone_counts["risk"] == risk
        counts[key] = np.bincount(parent_rows, has_risk, len(codes)).astype(np.int64)
    return counts


def summary_frame(
    boundaries: AreaTable, day: DayZones, level: Level, classes: Classes
) -> pd.DataFrame:
    """Number of RT of each class in each area of a level.

    Returns
    -------
    DataFrame
        ``code, name, level``, a column for each class, and ``unplaced``: confirmed cases of the
        window in no RT whose smallest known area (a kelurahan or the city) lies in the area.
    """
    zones, keys = _table_at(boundaries, day, level, classes), class_keys(classes)
    if boundaries.is_smallest(level):
        for risk, key in enumerate(keys):
            zones[key] = (zones["risk"] == risk).astype(np.int64)
    codes, counts = day.unplaced["code"].to_pylist(), day.unplaced["cases"].to_pylist()
    unplaced = dict.fromkeys(zones["code"], 0)
    for code, cases in zip(codes, counts, strict=True):
        if code == ELSEWHERE:
            continue
        for area in _codes_upward(boundaries, code):
            if area in unplaced:
                unplaced[area] += cases
    zones["unplaced"] = zones["code"].map(unplaced)
    return zones[["code", "name", "level", *keys, "unplaced"]]


def _codes_upward(boundaries: AreaTable, code: str) -> list[str]:
    """Codes of an area, its parent, and so on up to the kota."""
    codes = []
    ancestor: str | None = code
    while ancestor is not None:
        codes.append(ancestor)
        ancestor = boundaries.area(ancestor).parent
    return codes
