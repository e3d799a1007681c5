"""RT of the sample city before 1 January 2021, the day of a redivision.

Three kinds of change, as in real cities: a large RT was split, two small RT were merged, an RW was
split into two. Only numbers and inner borders change; kelurahan do not change.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.areas import RtNumber, rt_code, rt_name
from geodata.sample_city.houses import Houses
from geodata.tessellate.borders import Geometries
from geodata.tessellate.ridges import Ints

KNOWN_FROM: Final = date(2020, 1, 1)
"""First day of the previous RT."""
SINCE: Final = date(2021, 1, 1)
"""First day of the current RT."""
_KELURAHAN: Final = 7
"""One of this many kelurahan changes; at least one kelurahan for each of `_KINDS`."""
_KINDS: Final = ("split", "merged", "rw", "split")
_MIN_RT: Final = 3
_MIN_PART: Final = 0.3
"""Smallest share of the area of an RT for an RT that was merged."""


class PreviousDivision(NamedTuple):
    """Division of the city before the redivision.

    ``rt`` has the columns of the current RT; ``rw_number`` and ``rt_number`` are the old numbers
    of every house.
    """

    rt: gpd.GeoDataFrame
    rw_number: Ints
    rt_number: Ints


class _Change(NamedTuple):
    """Difference between the current and the previous RT of one kelurahan.

    ``removed`` are rows of current RT; ``number`` and ``shape`` are the previous RT instead.
    """

    removed: list[int]
    number: list[RtNumber]
    shape: list[shapely.Polygon]


def previous_division(
    rt: gpd.GeoDataFrame, houses: Houses, rng: np.random.Generator
) -> PreviousDivision:
    """Undo the changes of 1 January 2021.

    Parameters
    ----------
    rt
        Current RT, with ``population``.
    houses
        Houses of the current RT.
    """
    geometries = np.asarray(rt.geometry.array, dtype=np.object_)
    changes = list(_changes(rt, geometries, rng))
    rw_number = rt["rw"].to_numpy(np.int64)[houses.rt]
    rt_number = rt["rt"].to_numpy(np.int64)[houses.rt]
    for change in changes:
        for row in change.removed:
            house = np.arange(houses.start[row], houses.start[row + 1])
            old_rows = _previous_rows(change.shape, houses.lonlat[house], geometries[row])
            numbers = np.array(change.number, dtype=np.int64)[old_rows]
            rw_number[house] = numbers[:, RtNumber._fields.index("rw")]
            rt_number[house] = numbers[:, RtNumber._fields.index("rt")]
    return PreviousDivision(_table(rt, changes), rw_number, rt_number)


def _changes(
    rt: gpd.GeoDataFrame, shapes: Geometries, rng: np.random.Generator
) -> Iterator[_Change]:
    kelurahan_of_rt, codes = pd.factorize(rt["kelurahan_code"])
    count = max(len(_KINDS), round(len(codes) / _KELURAHAN))
    done_count = 0
    for kelurahan_row in rng.permutation(len(codes)):
        rows = np.flatnonzero(kelurahan_of_rt == kelurahan_row)
        change = _undo(_KINDS[done_count % len(_KINDS)], rt.iloc[rows], rows, shapes)
        if change is not None:
            done_count += 1
            yield change
        if done_count == count:
            return


def _undo(
    kind: str, kelurahan_rt: gpd.GeoDataFrame, rows: Ints, shapes: Geometries
) -> _Change | None:
    """Change of one kind in one kelurahan; None if the kelurahan is too small."""
    rw = kelurahan_rt["rw"].to_numpy(np.int64)
    number = kelurahan_rt["rt"].to_numpy(np.int64)
    largest = int(np.argmax(np.bincount(rw)))
    rw_rows = rows[rw == largest][np.argsort(number[rw == largest])]
    if len(rw_rows) < _MIN_RT:
        return None
    if kind == "split":
        return _undo_split(rw_rows, shapes, largest)
    if kind == "merged":
        return _undo_merge(rw_rows, shapes, largest)
    return _undo_new_rw(rw, number, rows, shapes)


def _undo_split(rw_rows: Ints, shapes: Geometries, rw: int) -> _Change | None:
    """Undo a split: the last RT of an RW was part of the neighbour with the longest border."""
    last, others = rw_rows[-1], rw_rows[:-1]
    border = shapely.length(shapely.intersection(shapes[last], shapes[others]))
    neighbour = int(np.argmax(border))
    union = shapely.coverage_union(shapes[last], shapes[others[neighbour]])
    if border[neighbour] == 0 or not isinstance(union, shapely.Polygon):
        return None
    number = RtNumber(rw=rw, rt=neighbour + 1)
    return _Change([int(last), int(others[neighbour])], [number], [shapely.normalize(union)])


def _undo_merge(rw_rows: Ints, shapes: Geometries, rw: int) -> _Change | None:
    """Undo a merge: the first RT of an RW was two RT, the southern RT with the last number."""
    parts = _halves(shapes[rw_rows[0]])
    if parts is None:
        return None
    numbers = [RtNumber(rw=rw, rt=1), RtNumber(rw=rw, rt=len(rw_rows) + 1)]
    return _Change([int(rw_rows[0])], numbers, parts)


def _halves(shape: shapely.Polygon) -> list[shapely.Polygon] | None:
    """Cut a polygon from one corner to another, so that neighbours keep their corners."""
    ring = shapely.get_coordinates(shape.exterior)[:-1]
    count = len(ring)
    for start in range(count // 2):
        end = start + count // 2
        if not shapely.covers(shape, shapely.LineString(ring[[start, end]])):
            continue
        parts = [
            shapely.normalize(shapely.Polygon(corners))
            for corners in (ring[start : end + 1], np.vstack([ring[end:], ring[: start + 1]]))
        ]
        least = min(part.area for part in parts)
        if least >= _MIN_PART * shape.area and all(part.is_valid for part in parts):
            return sorted(parts, key=lambda part: -part.centroid.y)
    return None


def _undo_new_rw(rw: Ints, number: Ints, rows: Ints, shapes: Geometries) -> _Change | None:
    """Undo a new RW: the RT of the last RW had numbers of the RW before it."""
    last = int(rw.max())
    if last == 1:
        return None
    moved = rows[rw == last][np.argsort(number[rw == last])]
    rt_count = int(np.count_nonzero(rw == last - 1))
    numbers = [RtNumber(rw=last - 1, rt=rt_count + index + 1) for index in range(len(moved))]
    return _Change(moved.tolist(), numbers, shapes[moved].tolist())


def _previous_rows(
    parts: list[shapely.Polygon], lonlat: np.ndarray, rt_shape: shapely.Polygon
) -> Ints:
    """Previous RT of each house of one current RT."""
    shared = np.array([shapely.intersection(part, rt_shape).area for part in parts])
    candidates = np.flatnonzero(shared > shared.max() * _MIN_PART / 2)
    distances = [shapely.distance(parts[index], shapely.points(lonlat)) for index in candidates]
    return np.asarray(candidates[np.argmin(distances, axis=0)], dtype=np.int64)


def _table(rt: gpd.GeoDataFrame, changes: list[_Change]) -> gpd.GeoDataFrame:
    removed = [row for change in changes for row in change.removed]
    parts = [rt.drop(index=rt.index[removed])]
    for change in changes:
        first = rt.iloc[change.removed[0]]
        area = np.array([shape.area for shape in change.shape])
        people = int(rt["population"].iloc[change.removed].sum())
        previous = gpd.GeoDataFrame([first] * len(change.number), geometry=change.shape, crs=rt.crs)
        previous["rw"] = [number.rw for number in change.number]
        previous["rt"] = [number.rt for number in change.number]
        previous["code"] = [rt_code(first["kelurahan_code"], number) for number in change.number]
        previous["name"] = [rt_name(number) for number in change.number]
        previous["population"] = _divide_population(
            people, area, rt["population"].iloc[change.removed].to_numpy()
        )
        parts.append(previous)
    table = pd.concat(parts, ignore_index=True).sort_values("code", ignore_index=True)
    return gpd.GeoDataFrame(table.astype(rt.dtypes.drop("geometry").to_dict()), crs=rt.crs)


def _divide_population(people: int, area: np.ndarray, populations: Ints) -> Ints:
    """Population of the previous RT: unchanged if only numbers changed, else by area."""
    if len(area) == len(populations):
        return populations
    first = np.rint(people * area[:-1] / area.sum()).astype(np.int64)
    return np.append(first, people - first.sum())
