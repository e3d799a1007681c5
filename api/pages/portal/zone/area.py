"""The values of the page of one RT: its colour, its last days, its neighbours, until when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rapidfuzz.distance import Levenshtein, Prefix
from rapidfuzz.process import extract

from geodata.boundaries import AreaFacts, AreaTable
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.neighbours import neighbours
from zoning.public.publications import Publications
from zoning.public.recent import recent_risks
from zoning.public.zone import PublicZone
from zoning.risk import LOWEST_RISK

_HISTORY_DAYS: Final = 14
_SIMILAR_CODES: Final = 3
_CANDIDATES: Final = 50


@dataclass(frozen=True)
class DayRisk:
    """The risk of a zone on a day; None if the day is not published, or has no such zone."""

    date: date
    risk: int | None


@dataclass(frozen=True)
class Neighbour:
    """A zone that shares a border."""

    code: str
    name: str
    risk: int


@dataclass(frozen=True)
class AreaPage:
    """The values of the page.

    Attributes
    ----------
    above
        The areas around the zone, from its parent up.
    history
        The last days, the oldest first.
    lowest_by
        The last day on which the zone can still have this colour without a new case is the day
        before; None for the lowest colour, and above the RT.
    """

    zone: PublicZone
    above: list[AreaFacts]
    history: list[DayRisk]
    neighbours: list[Neighbour]
    lowest_by: date | None


def area_page(city: PublicCity, day: PublicDay, code: str, publications: Publications) -> AreaPage:
    """The values of the page of an area.

    Parameters
    ----------
    publications
        The published days, for the history.

    Raises
    ------
    NotFoundError
        ``no-area`` with the codes that are similar.
    """
    areas = city.areas_of(day.boundaries)
    try:
        zone = city.zone(code, day)
    except NotFoundError as error:
        error.nearest = similar_areas(areas, code)
        raise
    is_coloured = areas.is_smallest(zone.level) and zone.risk is not None
    return AreaPage(
        zone=zone,
        above=areas.above(code),
        history=_history(city, day, code, publications) if is_coloured else [],
        neighbours=_neighbours(city, day, code) if is_coloured else [],
        lowest_by=lowest_by(zone.risk, zone.window) if is_coloured else None,
    )


def similar_areas(areas: AreaTable, code: str) -> dict[str, str]:
    """Codes and names of the areas whose codes are most similar to a code.

    Codes with the fewest different characters; of these, codes with the same beginning first.
    """
    matches = extract(code, list(areas.row_of), scorer=Levenshtein.distance, limit=_CANDIDATES)
    ordered = sorted(matches, key=lambda match: (match[1], -Prefix.similarity(match[0], code)))
    return {match[0]: areas.area(match[0]).name for match in ordered[:_SIMILAR_CODES]}


def lowest_by(risk: int | None, window: tuple[date, date]) -> date | None:
    """The day on which every case of the window has left the window; None for the lowest class.

    The day depends only on the window, so it does not disclose the dates of the cases.
    """
    if risk == LOWEST_RISK:
        return None
    first, last = window
    return last + (last - first) + timedelta(days=1)


def history_days(day: date) -> DayRange:
    """The days of the history of a zone."""
    return DayRange(day - timedelta(days=_HISTORY_DAYS - 1), day)


def _history(
    city: PublicCity, day: PublicDay, code: str, publications: Publications
) -> list[DayRisk]:
    days = history_days(day.date)
    risk_by_day = recent_risks(city, code, publications.keys(days))
    every_day = (days.first + timedelta(days=number) for number in range(_HISTORY_DAYS))
    return [DayRisk(each, risk_by_day.get(each)) for each in every_day]


def _neighbours(city: PublicCity, day: PublicDay, code: str) -> list[Neighbour]:
    areas, risks = city.areas_of(day.boundaries), city.risks(day)
    names = areas.smallest_zones["name"]
    rows = {each: areas.zone_row_of[each] for each in neighbours(city, day, code)}
    return [Neighbour(each, names[row], int(risks[row])) for each, row in rows.items()]
