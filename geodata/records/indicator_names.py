"""Names, titles and units of known indicators; an unknown indicator keeps its own name."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from geodata.records.parsing.folding import fold

IndicatorSubject = Literal["things", "people", "share"]
"""Subject of an indicator: things; people, if the value says something of their health; a share of
such people."""
_MAX_NAME_CHARACTERS: Final = 60


class KnownIndicator(NamedTuple):
    """An indicator of ``indicators.toml``.

    Attributes
    ----------
    title_id, title_en, unit_id, unit_en
        Title and unit in Indonesian and English.
    additive
        Whether the value of an area is the sum of the values of its child areas.
    counts
        Subject; disclosure control of public values depends on it.
    """

    title_id: str
    title_en: str
    unit_id: str
    unit_en: str
    additive: bool
    counts: IndicatorSubject


@cache
def known_indicators() -> dict[str, KnownIndicator]:
    """Indicators of ``indicators.toml`` by name."""
    return {
        name: KnownIndicator(
            entry["title"]["id"],
            entry["title"]["en"],
            entry["unit"]["id"],
            entry["unit"]["en"],
            bool(entry["additive"]),
            entry["counts"],
        )
        for name, entry in _entries().items()
    }


def indicator_subject(name: str, unit: str | None) -> IndicatorSubject:
    """Subject of an indicator: from its definition, else from its unit."""
    indicator = known_indicators().get(name)
    if indicator is not None:
        return indicator.counts
    return "people" if unit is not None and fold(unit) in _units_of_people() else "things"


def is_never_negative(name: str, unit: str | None) -> bool:
    """Whether a value below zero is impossible.

    Known indicators count people or things, or are shares: they are never negative. For another
    indicator the unit decides: people, or the unit of an additive known indicator (doses, parcels,
    beds). A change in percent may be negative.
    """
    return name in known_indicators() or (
        unit is not None and fold(unit) in _units_of_people() | _units_of_things()
    )


def parse_indicator_name(text: str) -> str | None:
    """The name of an indicator: the known name, else the text in lower case with hyphens.

    Returns
    -------
    str or None
        None for a text without letters and digits.
    """
    slug = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:_MAX_NAME_CHARACTERS]
    return _spellings().get(fold(text)) or slug or None


@cache
def _entries() -> dict[str, dict[str, Any]]:
    return {name: entry for name, entry in _file().items() if isinstance(entry, dict)}


@cache
def _units_of_people() -> frozenset[str]:
    return frozenset(fold(unit) for unit in _file()["units_of_people"])


@cache
def _units_of_things() -> frozenset[str]:
    additive = [indicator for indicator in known_indicators().values() if indicator.additive]
    return frozenset(
        fold(unit) for indicator in additive for unit in (indicator.unit_id, indicator.unit_en)
    )


@cache
def _file() -> dict[str, Any]:
    text = files("geodata.records").joinpath("indicators.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _spellings() -> dict[str, str]:
    return {
        fold(spelling): name
        for name, entry in _entries().items()
        for spelling in (name, *entry["spellings"])
    }
