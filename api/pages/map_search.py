"""The search on the map: a panel in a template, and the values of its script."""

from dataclasses import dataclass
from typing import Any, Final

from api.pages.portal.texts.map_search import SCRIPT_TEXTS, TEXTS
from api.pages.portal.zone.search_page import example_of
from geodata.language import Bilingual, Language
from zoning.drawing.palette import Tints
from zoning.public.search.name_index import NameIndex

_OF_RW: Final = {
    "title": "title_rw",
    "find_label": "find_label_rw",
    "mine": "mine_rw",
    "private": "private_rw",
}
"""Texts for a city whose smallest zones are RW."""


@dataclass(frozen=True)
class MapSearch:
    """The search of a map page.

    Attributes
    ----------
    texts
        Texts of the panel.
    example
        A text that could be searched.
    script
        Values for the script, for JSON.
    """

    texts: dict[str, Bilingual]
    example: str
    script: dict[str, Any]


def map_search(
    base: str,
    city: str,
    tints: Tints,
    language: Language,
    index: NameIndex,
) -> MapSearch:
    """The search of a map page.

    Parameters
    ----------
    base
        Path of the application.
    city
        Name of the city.
    index
        The names of the boundaries of the day.
    """
    texts = dict(TEXTS)
    if index.zones_are_rw:
        texts |= {key: TEXTS[key_of_rw] for key, key_of_rw in _OF_RW.items()}
    words = {"title": texts["title"], **SCRIPT_TEXTS}
    return MapSearch(
        texts,
        example_of(index),
        {
            "base": base,
            "city": city,
            "colours": [getattr(tint, language) for tint in tints],
            "words": {name: getattr(text, language) for name, text in words.items()},
        },
    )
