"""A day's zones as frames: the RT as judged, and the levels above as sums of them.

Knows nothing of databases; what a colour means is in `zoning.rules`.
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
from zoning.public.areas import is_rt, remarks_of
from zoning.risk import ACTIVE_CASES, LOWEST, Classes, highest_risks, keys_of

COUNTS: Final = ("houses", "houses_at_least", "cases", "active")


def counts_of_leaves(boundaries: AreaTable, day: DayZones) -> dict[str, NDArray[np.int64]]:
    """Counts and risk for every leaf, zero where the run stored nothing.

    Returns
    -------
    dict
        ``risk`` and each of `COUNTS`: arrays with shape ``(n_leaves,)``.
    """
    codes = boundaries.leaves["code"].to_numpy()
    rows = pd.Index(codes).get_indexer(day.zones["code"].to_pylist())
    found = {}
    for name in ("risk", *COUNTS):
        values = np.zeros(len(codes), dtype=np.int64)
        values[rows] = day.zones[name].to_numpy()
        found[name] = values
    return found


def zones_at(
    boundaries: Boundaries, day: DayZones, level: Level, classes: Classes
) -> gpd.GeoDataFrame:
    """Zones of one day at one level.

    Returns
    -------
    GeoDataFrame
        ``code, name, level, parent, risk, colour, date, rule, run, input_digest``, the counts,
        ``flag``; above the RT also how many RT have each colour. ``run`` is the public id,
        ``input_digest`` the internal one. The risk of an area above the RT is that of
        `highest_risks`. Where the smallest zones are no RT, ``remark`` says that the law means RT.
    """
    areas = boundaries.level(level)
    zones = _table_at(boundaries, day, level, classes)
    return gpd.GeoDataFrame(zones, geometry=areas.geometry.to_numpy(), crs=areas.crs)


def _table_at(boundaries: AreaTable, day: DayZones, level: Level, classes: Classes) -> pd.DataFrame:
    """What `zones_at` says, without the geometry."""
    areas = boundaries.level(level)
    counts = _counts_at(boundaries, day, level, keys_of(classes))
    zones = pd.DataFrame(areas[["code", "name", "level", "parent"]].copy())
    for name, values in counts.items():
        zones[name] = values
    zones.insert(4, "colour", [classes[risk].name.id for risk in counts["risk"]])
    zones.insert(5, "date", day.date.isoformat())
    zones.insert(6, "rule", day.rule)
    zones.insert(7, "run", day.public_id)
    zones.insert(8, "input_digest", day.run)
    zones["flag"] = np.where((counts["risk"] == LOWEST) & (counts["active"] > 0), ACTIVE_CASES, "")
    if boundaries.smallest_zone != "rt":
        zones["remark"] = remarks_of(boundaries, areas["kind"])
    return zones


def _counts_at(
    boundaries: AreaTable, day: DayZones, level: Level, keys: list[str]
) -> dict[str, NDArray[np.int64]]:
    rt = is_rt(boundaries)
    leaves = {name: values[rt] for name, values in counts_of_leaves(boundaries, day).items()}
    if boundaries.is_smallest(level):
        return leaves
    codes = boundaries.level(level)["code"].to_numpy()
    above = pd.Index(codes).get_indexer(pd.Index(boundaries.ancestors(level)[rt]))
    found = {"risk": highest_risks(leaves["risk"], above, len(codes))}
    for name in COUNTS:
        found[name] = np.bincount(above, leaves[name], len(codes)).astype(np.int64)
    for risk, key in enumerate(keys):
        found[key] = np.bincount(above, leaves["risk"] == risk, len(codes)).astype(np.int64)
    return found


def summary_of(
    boundaries: AreaTable, day: DayZones, level: Level, classes: Classes
) -> pd.DataFrame:
    """How many RT of each colour every area of a level has.

    Returns
    -------
    DataFrame
        ``code, name, level``, a column per colour, and ``unplaced``: confirmed cases of the
        window known to lie in the area (by its kelurahan, or the city alone) but in no RT.
    """
    zones, keys = _table_at(boundaries, day, level, classes), keys_of(classes)
    if boundaries.is_smallest(level):
        for risk, key in enumerate(keys):
            zones[key] = (zones["risk"] == risk).astype(np.int64)
    known = zip(day.unplaced["code"].to_pylist(), day.unplaced["cases"].to_pylist(), strict=True)
    unplaced = dict.fromkeys(zones["code"], 0)
    for code, cases in known:
        if code == ELSEWHERE:
            continue
        for area in _line_up(boundaries, code):
            if area in unplaced:
                unplaced[area] += cases
    zones["unplaced"] = zones["code"].map(unplaced)
    return zones[["code", "name", "level", *keys, "unplaced"]]


def _line_up(boundaries: AreaTable, code: str) -> list[str]:
    """An area's code, its parent's, and so on up to the kota."""
    line = []
    above: str | None = code
    while above is not None:
        line.append(above)
        above = boundaries.area(above).parent
    return line
