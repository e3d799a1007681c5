"""The palette of every tile, page and map: colours, letters and patterns of the risks."""

from typing import Final, NamedTuple

from zoning.risk import NO_RISK, Classes, Pattern
from zoning.rules.contrast import contrast_ratio

MAP_BACKGROUND: Final = "#E6EDEF"
"""Background of the map."""
INK: Final = "#16262F"
"""Text and outlines."""
NO_DATA: Final = 254
"""Risk of an RT without data on a day; not the same as the lowest risk."""


class Tint(NamedTuple):
    """Name, letter, colours and pattern of one risk."""

    risk: int
    id: str
    en: str
    letter: str
    fill: str
    mark: str
    pattern: Pattern

    @property
    def is_dark(self) -> bool:
        """Whether white text on the colour is easier to read than dark text."""
        return contrast_ratio(self.fill, "#FFFFFF") > contrast_ratio(self.fill, INK)


Tints = tuple[Tint, ...]
"""Tints of the classes of a city's rules, the lowest first."""


def class_tints(classes: Classes) -> Tints:
    """Tints of the classes of a rule."""
    return tuple(
        Tint(
            number,
            risk_class.name.id,
            risk_class.name.en,
            risk_class.letter,
            risk_class.fill,
            risk_class.mark,
            risk_class.pattern,
        )
        for number, risk_class in enumerate(classes)
    )


UNKNOWN: Final = Tint(NO_DATA, "tanpa data", "no data", "?", "#FFFFFF", "#8C99A3", "stripes")
OTHER: Final = Tint(NO_RISK, "bukan RT", "not an RT", "-", "#CDD1D7", "#AAB0B8", "plain")


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#RRGGBB``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def towards_white(colour: str, share: float) -> str:
    """Blend a colour with white."""
    channels = (round(channel + (255 - channel) * share) for channel in rgb(colour))
    return "#" + "".join(f"{channel:02X}" for channel in channels)
