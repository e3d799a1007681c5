"""The four risks of a zone and their names. Which count makes which risk: `zoning.rules`."""

from typing import Final, NamedTuple


class Bilingual(NamedTuple):
    """The same said in Indonesian and in English."""

    id: str
    en: str


class Risk(NamedTuple):
    """One of the four risks; its number is its place in `RISKS`."""

    name: Bilingual
    letter: str
    """For who cannot tell the colours apart, and for print."""


RISKS: Final = (
    Risk(Bilingual("hijau", "green"), "H"),
    Risk(Bilingual("kuning", "yellow"), "K"),
    Risk(Bilingual("oranye", "orange"), "O"),
    Risk(Bilingual("merah", "red"), "M"),
)
GREEN: Final = 0
ACTIVE_CASES: Final = "active-cases"
"""Flag of a green zone that still has active cases, all confirmed before the window."""
ACTIVE_CASES_NAME: Final = Bilingual(
    "hijau, masih ada kasus aktif", "green, still with active cases"
)
