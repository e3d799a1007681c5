"""The values of the page of a city, a kecamatan, a kelurahan or an RW: its zones by colour."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.pages.portal.city.day import CURVE_DAYS, CityDay, city_day
from geodata.areas import LEVELS, Level
from geodata.boundaries import AreaFacts, AreaTable
from zoning.public.areas import is_zone
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay

MOST_LISTED: Final = 400
"""Zones that a page lists without a request for a colour: a phone shows them at once."""
MOST_OF_A_COLOUR: Final = 1000
"""Zones that a page lists of a requested colour; the page of a larger area names its parts."""
_GROUPED: Final = frozenset({"kota", "kecamatan"})
"""Levels whose list has a heading for each kelurahan."""


@dataclass(frozen=True)
class PartOfArea:
    """An area of the next level, with the number of its zones of each class, highest first."""

    code: str
    name: str
    counts: list[int]


@dataclass(frozen=True)
class ListedZone:
    """A zone in the list."""

    code: str
    name: str


@dataclass(frozen=True)
class ZoneGroup:
    """Zones under one heading.

    Attributes
    ----------
    heading
        The kelurahan, on the page of the city also the kecamatan; empty for zones that need none.
    """

    heading: tuple[str, ...]
    zones: list[ListedZone]


@dataclass(frozen=True)
class ColourList:
    """The zones of one class.

    Attributes
    ----------
    groups
        Empty if the zones are not listed.
    is_listed
        Whether the page lists the zones of this class.
    """

    risk: int
    count: int
    groups: list[ZoneGroup]
    is_listed: bool


@dataclass(frozen=True)
class LargerAreaPage:
    """The values of the page.

    Attributes
    ----------
    above
        The areas around the area, from its parent up.
    zone_kind
        Kind of the smallest zones of the city.
    today
        The number of zones of each class, the change since the day before, and the curve.
    parts
        Areas of the next level; empty if the next level are the zones.
    chosen
        The requested class; None for all classes.
    lists
        The highest class first; only the requested class, if one is requested.
    """

    area: AreaFacts
    above: list[AreaFacts]
    zone_kind: str
    today: CityDay
    part_level: Level | None
    parts: list[PartOfArea]
    chosen: int | None
    lists: list[ColourList]

    @property
    def n_zones(self) -> int:
        """Number of zones of the area."""
        return sum(item.count for item in self.today.counts)


@dataclass(frozen=True, eq=False)
class _Zones:
    """The zones within an area: their rows in `AreaTable.smallest_zones`, and their risks."""

    areas: AreaTable
    area: AreaFacts
    rows: NDArray[np.intp]
    risks: NDArray[np.uint8]
    n_classes: int

    @property
    def counts(self) -> list[int]:
        """Number of zones of each class, the lowest class first."""
        counts: list[int] = np.bincount(self.risks, minlength=self.n_classes).tolist()
        return counts


def larger_area_page(
    city: PublicCity,
    day: PublicDay,
    area: AreaFacts,
    last_complete: date,
    chosen: int | None = None,
) -> LargerAreaPage:
    """The values of the page of an area above the smallest zones.

    Parameters
    ----------
    area
        An area of the boundaries of the day.
    last_complete
        The newest day of which the cases are usually complete.
    chosen
        The class whose zones are listed; None for all classes, from the highest down to the class
        with which the list gets longer than `MOST_LISTED`.
    """
    areas, classes = city.areas_of(day.boundaries), city.rules.classes
    rows = np.flatnonzero((areas.ancestors(area.level) == area.code) & is_zone(areas))
    zones = _Zones(areas, area, rows, city.risks(day)[rows], len(classes))
    part_level = _part_level(areas, area.level)
    return LargerAreaPage(
        area=area,
        above=areas.above(area.code),
        zone_kind=areas.smallest_zone,
        today=city_day(_days(city, day.date, area), day.date, classes, last_complete),
        part_level=part_level,
        parts=[] if part_level is None else _parts(zones, part_level),
        chosen=chosen,
        lists=_lists(zones, chosen),
    )


def _part_level(areas: AreaTable, level: Level) -> Level | None:
    """The next level with areas; None if the next level are the zones."""
    below: tuple[Level, ...] = LEVELS[LEVELS.index(level) + 1 :]
    next_level: Level = next((each for each in below if len(areas.level(each))), "rt")
    return None if areas.is_smallest(next_level) else next_level


def _days(city: PublicCity, day: date, area: AreaFacts) -> pd.DataFrame:
    """``date`` and the number of zones of each class on the days of the curve."""
    first = day - timedelta(days=CURVE_DAYS - 1)
    runs = city.runs_with_area(area.code, first, day)
    if area.level == "kota":
        return runs
    return city.cache.get_or_build(
        ("days of an area", area.code, tuple(runs["run"])),
        lambda: city.history(area.code, first, day),
        lambda rows: int(rows.memory_usage(deep=True).sum()),
    )


def _parts(zones: _Zones, level: Level) -> list[PartOfArea]:
    parts = zones.areas.level(level)
    parts = parts[parts["parent"] == zones.area.code]
    codes, n = parts["code"].tolist(), zones.n_classes
    part_rows = pd.Index(codes, dtype=object).get_indexer(
        pd.Index(zones.areas.ancestors(level)[zones.rows], dtype=object)
    )
    in_part = part_rows >= 0
    cells = np.bincount(part_rows[in_part] * n + zones.risks[in_part], minlength=len(codes) * n)
    counts = cells.reshape(len(codes), n)[:, ::-1].tolist()
    return [PartOfArea(*part) for part in zip(codes, parts["name"].tolist(), counts, strict=True)]


def _lists(zones: _Zones, chosen: int | None) -> list[ColourList]:
    if chosen is not None:
        return [_colour_list(zones, chosen, MOST_OF_A_COLOUR)]
    counts, room, lists = zones.counts, MOST_LISTED, []
    for risk in range(zones.n_classes - 1, -1, -1):
        lists.append(_colour_list(zones, risk, room))
        # A class that is not listed ends the list: a page never skips a class.
        room -= counts[risk]
    return lists


def _colour_list(zones: _Zones, risk: int, room: int) -> ColourList:
    rows = zones.rows[zones.risks == risk]
    is_listed = len(rows) <= room
    groups = _groups(zones.areas, zones.area, rows) if is_listed and len(rows) else []
    return ColourList(risk, len(rows), groups, is_listed)


def _groups(areas: AreaTable, area: AreaFacts, rows: NDArray[np.intp]) -> list[ZoneGroup]:
    """Zones in order of code; in a city or a kecamatan with a heading for each kelurahan."""
    table = areas.smallest_zones.iloc[rows]
    listed = [
        ListedZone(*zone)
        for zone in zip(table["code"].tolist(), table["name"].tolist(), strict=True)
    ]
    if area.level not in _GROUPED:
        return [ZoneGroup((), listed)]
    headings = _headings(areas, area.level)
    members = zip(areas.ancestors("kelurahan")[rows].tolist(), listed, strict=True)
    return [
        ZoneGroup(headings.get(code, ()), [zone for _, zone in group])
        for code, group in groupby(members, key=lambda member: member[0])
    ]


def _headings(areas: AreaTable, level: Level) -> dict[str | None, tuple[str, ...]]:
    """The name of each kelurahan, on the page of the city with the name of its kecamatan."""
    kelurahan, kecamatan = areas.level("kelurahan"), areas.level("kecamatan")
    above = dict(zip(kecamatan["code"].tolist(), kecamatan["name"].tolist(), strict=True))
    columns = (kelurahan[name].tolist() for name in ("code", "name", "parent"))
    return {
        code: (name, above[parent]) if level == "kota" and parent in above else (name,)
        for code, name, parent in zip(*columns, strict=True)
    }
