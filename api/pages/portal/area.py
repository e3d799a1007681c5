"""The values of the page of one RT: its colour, its last days, its neighbours, until when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rapidfuzz.distance import Levenshtein, Prefix
from rapidfuzz.process import extract

from geodata.boundaries import AreaFacts, AreaTable
from geodata.errors import NotFoundError
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.neighbours import neighbour_codes
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


def area_page(city: PublicCity, day: PublicDay, code: str) -> AreaPage:
    """The values of the page of an area.

    Raises
    ------
    NotFoundError
        ``no-area`` with the codes that are similar.
    """
    areas = city.areas_of(day.boundaries)
    try:
        zone = city.zone(code, day)
    except NotFoundError as error:
        error.nearest = similar_codes(areas, code)
        raise
    is_coloured = areas.is_smallest(zone.level) and zone.risk is not None
    return AreaPage(
        zone=zone,
        above=areas.above(code),
        history=_history(city, day, code) if is_coloured else [],
        neighbours=_neighbours(city, day, code) if is_coloured else [],
        lowest_by=_lowest_by(zone) if is_coloured else None,
    )


def similar_codes(areas: AreaTable, code: str) -> tuple[str, ...]:
    """Codes with the fewest different characters; of these, codes with the same beginning first."""
    matches = extract(code, list(areas.row_of), scorer=Levenshtein.distance, limit=_CANDIDATES)
    ordered = sorted(matches, key=lambda match: (match[1], -Prefix.similarity(match[0], code)))
    return tuple(match[0] for match in ordered[:_SIMILAR_CODES])


def _lowest_by(zone: PublicZone) -> date | None:
    """The day on which every case of the window has left the window.

    The day depends only on the window, so it does not disclose the dates of the cases.
    """
    if zone.risk == LOWEST_RISK:
        return None
    first, last = zone.window
    return last + (last - first) + timedelta(days=1)


def _history(city: PublicCity, day: PublicDay, code: str) -> list[DayRisk]:
    first = day.date - timedelta(days=_HISTORY_DAYS - 1)
    rows = city.history(code, first, day.date, known_at=day.known_at)
    risk_by_day = dict(zip(rows["date"], rows["risk"], strict=True))
    days = (first + timedelta(days=number) for number in range(_HISTORY_DAYS))
    return [
        DayRisk(each, None if each not in risk_by_day else int(risk_by_day[each])) for each in days
    ]


def _neighbours(city: PublicCity, day: PublicDay, code: str) -> list[Neighbour]:
    areas = city.areas_of(day.boundaries)
    risks = city.risks_at(day, "rt")
    row_of = _rows(areas)
    return [
        Neighbour(each, areas.area(each).name, int(risks[row_of[each]]))
        for each in neighbour_codes(city.ground(day), code)
    ]


def _rows(areas: AreaTable) -> dict[str, int]:
    """Row of each zone in the risks of the level ``rt``."""
    return {code: row for row, code in enumerate(areas.level("rt")["code"])}
