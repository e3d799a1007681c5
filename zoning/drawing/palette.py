"""One palette for every picture, page and map: colours, letters and patterns of the risks.

The colours keep their Indonesian names (hijau, kuning, oranye, merah) and differ in lightness and
blueness too, so that they stay apart for colour-blind readers; the letter and the pattern say the
same a second and a third time.
"""

from typing import Final, Literal, NamedTuple

from zoning.risk import NO_RISK, RISKS

Pattern = Literal["plain", "dots", "stripes", "lattice"]

GROUND: Final = "#E6EDEF"
"""What lies under the map where nothing is drawn."""
INK: Final = "#16262F"
"""Text and outlines."""
NO_DATA: Final = 254
"""Risk of an RT of which nothing is known that day; not the same as green."""


class Tint(NamedTuple):
    """How one risk looks and what it is called."""

    risk: int
    id: str
    en: str
    letter: str
    fill: str
    mark: str
    pattern: Pattern


_LOOKS: Final[tuple[tuple[str, str, Pattern], ...]] = (
    ("#74C2A0", "#4E9C7B", "plain"),
    ("#FFE455", "#C79A00", "dots"),
    ("#EA7612", "#FFD9A8", "stripes"),
    ("#9C1031", "#F2A3AF", "lattice"),
)
TINTS: Final = tuple(
    Tint(number, risk.name.id, risk.name.en, risk.letter, *look)
    for number, (risk, look) in enumerate(zip(RISKS, _LOOKS, strict=True))
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
