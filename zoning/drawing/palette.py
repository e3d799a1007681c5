"""One palette for every picture, page and map: colours, letters and patterns of the risks."""

from typing import Final, NamedTuple

from zoning.risk import NO_RISK, Classes, Pattern

GROUND: Final = "#E6EDEF"
"""What lies under the map where nothing is drawn."""
INK: Final = "#16262F"
"""Text and outlines."""
NO_DATA: Final = 254
"""Risk of an RT of which nothing is known that day; not the same as the lowest."""


class Tint(NamedTuple):
    """How one risk looks and what it is called."""

    risk: int
    id: str
    en: str
    letter: str
    fill: str
    mark: str
    pattern: Pattern


Tints = tuple[Tint, ...]
"""Of the classes of a city's rules, the lowest first."""


def tints_of(classes: Classes) -> Tints:
    """How the classes of a rule look."""
    return tuple(
        Tint(
            number,
            one.name.id,
            one.name.en,
            one.letter,
            one.fill,
            one.mark,
            one.pattern,
        )
        for number, one in enumerate(classes)
    )


UNKNOWN: Final = Tint(NO_DATA, "tanpa data", "no data", "?", "#FFFFFF", "#8C99A3", "stripes")
OTHER: Final = Tint(NO_RISK, "bukan RT", "not an RT", "-", "#CDD1D7", "#AAB0B8", "plain")


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#RRGGBB``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def towards_white(colour: str, share: float) -> str:
    """Blend a colour with white."""
    mixed = (round(part + (255 - part) * share) for part in rgb(colour))
    return "#" + "".join(f"{part:02X}" for part in mixed)
