"""The values of the page about the colours: rule, run, boundaries and published days."""

from dataclasses import dataclass
from datetime import date

from geodata.areas import LEVELS, Level
from geodata.boundaries import AreaTable
from geodata.language import Bilingual
from zoning import phrases
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.rules import Rule


@dataclass(frozen=True)
class AboutPage:
    """The values of the page.

    Attributes
    ----------
    areas
        Number of areas of each level below the city, the largest areas first.
    zone_kind
        Kind of the smallest zones of the city.
    first, last, n_days
        First and last published day, and the number of published days.
    last_complete
        Newest day of which, by the city's own lateness, most reports have arrived; None if this
        is not known.
    """

    rule: Rule
    instrument: str | None
    remark: Bilingual | None
    areas: list[tuple[Level, int]]
    zone_kind: str
    first: date
    last: date
    n_days: int
    last_complete: date | None


def about_page(city: PublicCity, day: PublicDay, last_complete: date | None = None) -> AboutPage:
    """The values of the page on a published day.

    Raises
    ------
    StoreError
        ``rule-changed`` if the text of the day's rule has changed since the day was classified.
    """
    rule = city.rules.rule_for_run(day.of)
    areas = city.areas_of(day.boundaries)
    days = city.published_days()
    return AboutPage(
        rule=rule,
        instrument=rule.instrument_for(day.date),
        remark=phrases.rule_remark(rule, city.rules, day.date),
        areas=_numbers_of_areas(areas),
        zone_kind=areas.smallest_zone,
        first=days[0],
        last=days[-1],
        n_days=len(days),
        last_complete=last_complete,
    )


def _numbers_of_areas(areas: AreaTable) -> list[tuple[Level, int]]:
    above: list[Level] = [level for level in LEVELS[1:] if not areas.is_smallest(level)]
    numbers: list[tuple[Level, int]] = [(level, len(areas.level(level))) for level in above]
    return [*(item for item in numbers if item[1]), ("rt", len(areas.level("rt")))]
