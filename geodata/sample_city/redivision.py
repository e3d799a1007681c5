"""The RT of the sample city before 1 January 2021, when some RW were divided anew.

Three kinds of change, as cities have them: an RT that grew too large was split, two small RT were
merged, and an RW became two. Only numbers and inner borders change; kelurahan stay as they are.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.areas import RtNumber, rt_code, rt_name
from geodata.sample_city.homes import Homes
from geodata.tessellate.borders import Geometries
from geodata.tessellate.ridges import Ints

KNOWN_FROM: Final = date(2020, 1, 1)
"""The first day of the RT before."""
SINCE: Final = date(2021, 1, 1)
"""The first day of today's RT."""
_KELURAHAN: Final = 7
"""One kelurahan in so many changes, but at least as many as there are kinds below."""
_KINDS: Final = ("split", "merged", "rw", "split")
_FEWEST: Final = 3
_LEAST_PART: Final = 0.3
"""Of an RT's area: no merged RT was smaller."""


class Before(NamedTuple):
    """How the city was divided before.

    ``rt`` has the columns of today's; ``rw_number`` and ``rt_number`` are the old numbers of every
    house.
    """

    rt: gpd.GeoDataFrame
    rw_number: Ints
    rt_number: Ints


class _Change(NamedTuple):
    """What one kelurahan had instead of some of today's RT.

    ``removed`` are rows of today; ``number`` and ``shape`` are the RT that were there instead.
    """

    removed: list[int]
    number: list[RtNumber]
    shape: list[shapely.Polygon]


def before(rt: gpd.GeoDataFrame, homes: Homes, rng: np.random.Generator) -> Before:
    """Today's RT with the changes of 1 January 2021 undone.

    Parameters
    ----------
    rt
        Today's, with ``population``.
    homes
        Their houses.
    """
    shapes = np.asarray(rt.geometry.array, dtype=np.object_)
    changes = list(_changes(rt, shapes, rng))
    rw_number = rt["rw"].to_numpy(np.int64)[homes.rt]
    rt_number = rt["rt"].to_numpy(np.int64)[homes.rt]
    for change in changes:
        for row in change.removed:
            house = np.arange(homes.start[row], homes.start[row + 1])
            old = _holding(change.shape, homes.lonlat[house], shapes[row])
            numbers = np.array(change.number, dtype=np.int64)[old]
            rw_number[house] = numbers[:, RtNumber._fields.index("rw")]
            rt_number[house] = numbers[:, RtNumber._fields.index("rt")]
    return Before(_table(rt, changes), rw_number, rt_number)


def _changes(
    rt: gpd.GeoDataFrame, shapes: Geometries, rng: np.random.Generator
) -> Iterator[_Change]:
    kelurahan, codes = pd.factorize(rt["kelurahan_code"])
    wanted = max(len(_KINDS), round(len(codes) / _KELURAHAN))
    made = 0
    for chosen in rng.permutation(len(codes)):
        rows = np.flatnonzero(kelurahan == chosen)
        found = _undone(_KINDS[made % len(_KINDS)], rt.iloc[rows], rows, shapes)
        if found is not None:
            made += 1
            yield found
        if made == wanted:
            return


def _undone(kind: str, own: gpd.GeoDataFrame, rows: Ints, shapes: Geometries) -> _Change | None:
    """The change of one kind in one kelurahan, None where it has no place for one."""
    rw = own["rw"].to_numpy(np.int64)
    number = own["rt"].to_numpy(np.int64)
    largest = int(np.argmax(np.bincount(rw)))
    of_rw = rows[rw == largest][np.argsort(number[rw == largest])]
    if len(of_rw) < _FEWEST:
        return None
    if kind == "split":
        return _united(of_rw, shapes, largest)
    if kind == "merged":
        return _parted(of_rw, shapes, largest)
    return _one_rw(rw, number, rows, shapes)


def _united(of_rw: Ints, shapes: Geometries, rw: int) -> _Change | None:
    """The last RT of an RW was part of the neighbour with the longest border."""
    last, others = of_rw[-1], of_rw[:-1]
    border = shapely.length(shapely.intersection(shapes[last], shapes[others]))
    beside = int(np.argmax(border))
    whole = shapely.coverage_union(shapes[last], shapes[others[beside]])
    if border[beside] == 0 or not isinstance(whole, shapely.Polygon):
        return None
    number = RtNumber(rw=rw, rt=beside + 1)
    return _Change([int(last), int(others[beside])], [number], [shapely.normalize(whole)])


def _parted(of_rw: Ints, shapes: Geometries, rw: int) -> _Change | None:
    """The first RT of an RW was two, the southern one with the last number."""
    parts = _halves(shapes[of_rw[0]])
    if parts is None:
        return None
    numbers = [RtNumber(rw=rw, rt=1), RtNumber(rw=rw, rt=len(of_rw) + 1)]
    return _Change([int(of_rw[0])], numbers, parts)


def _halves(shape: shapely.Polygon) -> list[shapely.Polygon] | None:
    """A polygon cut from one of its corners to another: so neighbours keep their corners."""
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
        if least >= _LEAST_PART * shape.area and all(part.is_valid for part in parts):
            return sorted(parts, key=lambda part: -part.centroid.y)
    return None


def _one_rw(rw: Ints, number: Ints, rows: Ints, shapes: Geometries) -> _Change | None:
    """The last RW was part of the one before it: the same RT under other numbers."""
    last = int(rw.max())
    if last == 1:
        return None
    moved = rows[rw == last][np.argsort(number[rw == last])]
    held = int(np.count_nonzero(rw == last - 1))
    numbers = [RtNumber(rw=last - 1, rt=held + k + 1) for k in range(len(moved))]
    return _Change(moved.tolist(), numbers, shapes[moved].tolist())


def _holding(parts: list[shapely.Polygon], lonlat: np.ndarray, own: shapely.Polygon) -> Ints:
    """Which of the old RT each house of one of today's stood in."""
    shared = np.array([shapely.intersection(part, own).area for part in parts])
    within = np.flatnonzero(shared > shared.max() * _LEAST_PART / 2)
    away = [shapely.distance(parts[k], shapely.points(lonlat)) for k in within]
    return np.asarray(within[np.argmin(away, axis=0)], dtype=np.int64)


def _table(rt: gpd.GeoDataFrame, changes: list[_Change]) -> gpd.GeoDataFrame:
    removed = [row for change in changes for row in change.removed]
    parts = [rt.drop(index=rt.index[removed])]
    for change in changes:
        first = rt.iloc[change.removed[0]]
        area = np.array([shape.area for shape in change.shape])
        people = int(rt["population"].iloc[change.removed].sum())
        old = gpd.GeoDataFrame([first] * len(change.number), geometry=change.shape, crs=rt.crs)
        old["rw"] = [number.rw for number in change.number]
        old["rt"] = [number.rt for number in change.number]
        old["code"] = [rt_code(first["kelurahan_code"], number) for number in change.number]
        old["name"] = [rt_name(number) for number in change.number]
        old["population"] = _shared(people, area, rt["population"].iloc[change.removed].to_numpy())
        parts.append(old)
    table = pd.concat(parts, ignore_index=True).sort_values("code", ignore_index=True)
    return gpd.GeoDataFrame(table.astype(rt.dtypes.drop("geometry").to_dict()), crs=rt.crs)


def _shared(people: int, area: np.ndarray, each: Ints) -> Ints:
    """People of the old RT: each its own where only numbers changed, else by area."""
    if len(area) == len(each):
        return each
    first = np.rint(people * area[:-1] / area.sum()).astype(np.int64)
    return np.append(first, people - first.sum())
