"""Indicators: those known by name, and what they are called; others keep their own name."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from geodata.records.parsing.folding import fold

Counted = Literal["things", "people", "share"]
"""What an indicator counts: things; people whose health it speaks of; a share of such people."""
_LONGEST: Final = 60


class Figure(NamedTuple):
    """An indicator that is known by name.

    Attributes
    ----------
    title_id, title_en, unit_id, unit_en
        In Indonesian and English.
    additive
        Whether the figure of an area is the sum of those of the areas within it.
    counts
        What it counts, and so how it may be told in public.
    """

    title_id: str
    title_en: str
    unit_id: str
    unit_en: str
    additive: bool
    counts: Counted


@cache
def figures() -> dict[str, Figure]:
    """Indicators known by name."""
    return {
        name: Figure(
            one["title"]["id"],
            one["title"]["en"],
            one["unit"]["id"],
            one["unit"]["en"],
            bool(one["additive"]),
            one["counts"],
        )
        for name, one in _listed().items()
    }


def counted(name: str, unit: str | None) -> Counted:
    """What an indicator counts, by its definition; else people where its unit is one of people."""
    known = figures().get(name)
    if known is not None:
        return known.counts
    return "people" if unit is not None and fold(unit) in _people() else "things"


def never_negative(name: str, unit: str | None) -> bool:
    """Whether a figure below nought cannot be: of all that is known, of people and of things.

    Figures known by name count people or things, or are shares of these. Of others the unit
    decides: people, or what a figure known by name is counted in (doses, parcels, beds). A change
    in percent may be below nought.
    """
    return name in figures() or (unit is not None and fold(unit) in _people() | _things())


def read_figure(text: str) -> str | None:
    """The name of an indicator: ours where it is known, else its own in small letters.

    Returns
    -------
    str or None
        None where no letter or digit is left.
    """
    own = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:_LONGEST]
    return _spellings().get(fold(text)) or own or None


@cache
def _listed() -> dict[str, dict[str, Any]]:
    return {name: one for name, one in _file().items() if isinstance(one, dict)}


@cache
def _people() -> frozenset[str]:
    return frozenset(fold(unit) for unit in _file()["units_of_people"])


@cache
def _things() -> frozenset[str]:
    counted = [each for each in figures().values() if each.additive]
    return frozenset(fold(unit) for each in counted for unit in (each.unit_id, each.unit_en))


@cache
def _file() -> dict[str, Any]:
    text = files("geodata.records").joinpath("indicators.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _spellings() -> dict[str, str]:
    return {
        fold(spelling): name
        for name, one in _listed().items()
        for spelling in (name, *one["spellings"])
    }
