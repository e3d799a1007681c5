"""The card of the resident's own RT on the first page: one card for each colour.

The page is the same for everybody. The script on the phone chooses the card of the RT that the
phone remembers, and writes the name into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from api.pages.portal.rendering import Address, Portal
from api.pages.portal.texts.search import SCRIPT_TEXTS
from api.pages.portal.zone.area import history_days, lowest_by
from geodata.language import Bilingual
from zoning import phrases
from zoning.phrases import date_in_words
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.publications import Publications
from zoning.public.zone import colour_meanings

FIRST_MEASURES: Final = 3
"""Measures that the card shows at once."""


@dataclass(frozen=True)
class ColourCard:
    """The card of a colour; see `zoning.public.zone.ColourMeaning`."""

    risk: int
    why: Bilingual
    measures: Sequence[Bilingual]
    lowest_by: date | None


@dataclass(frozen=True)
class ZoneCards:
    """The cards, and what the script needs.

    Attributes
    ----------
    days
        First and last day of the history.
    script
        Values for the script, for JSON.
    """

    cards: list[ColourCard]
    days: tuple[date, date]
    script: dict[str, Any]


def zone_cards(
    city: PublicCity,
    day: PublicDay,
    publications: Publications,
    portal: Portal,
    address: Address,
) -> ZoneCards:
    """The cards of a page."""
    days = history_days(day.date)
    return ZoneCards(
        cards=_cards(city, day),
        days=(days.first, days.last),
        script={
            "base": portal.base,
            "date": day.date.isoformat(),
            "city": portal.city,
            "boundaries": day.boundaries,
            "run": day.run,
            "days": _days(publications, day, address),
            "colours": [getattr(tint, address.language) for tint in portal.tints],
            "words": {
                name: getattr(words, address.language) for name, words in SCRIPT_TEXTS.items()
            },
        },
    )


def _cards(city: PublicCity, day: PublicDay) -> list[ColourCard]:
    smallest = city.areas_of(day.boundaries).smallest_zone
    cards = []
    for meaning in colour_meanings(day, city.rules):
        why = meaning.why
        if smallest != "rt":
            why = phrases.join_sentences(why, phrases.no_rt_city_remark(smallest))
        until = lowest_by(meaning.risk, meaning.window)
        cards.append(ColourCard(meaning.risk, why, meaning.measures, until))
    return cards


def _days(
    publications: Publications, day: PublicDay, address: Address
) -> list[tuple[str, str | None, str | None]]:
    """Each day of the history in words, with its run and boundaries; None if not published."""
    days = history_days(day.date)
    keys = {key.date: key for key in publications.keys(days)}
    history: list[tuple[str, str | None, str | None]] = []
    for number in range((days.last - days.first).days + 1):
        each = days.first + timedelta(days=number)
        words = getattr(date_in_words(each), address.language)
        key = keys.get(each)
        history.append((words, None, None) if key is None else (words, key.run, key.boundaries))
    return history
