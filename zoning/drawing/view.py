"""How a page shows the map: what its address asked for, and where its files and days come from."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from geodata.language import Language
from zoning.drawing.figure import Links

Legend = Literal["open", "closed", "none"]
Size = Literal["full", "compact"]


@dataclass(frozen=True)
class Steps:
    """The published days around the one shown."""

    first: date
    last: date
    previous: date | None
    next: date | None


@dataclass(frozen=True)
class View:
    """How a page shows a day.

    Attributes
    ----------
    links
        Where its scripts and styles come from.
    api
        Address the application is served under, or None where there is none to ask.
    page
        URL of the map with everything around it.
    bare
        Nothing around the map, for an iframe.
    size
        ``full`` with the slider of days and the list of layers, ``compact`` without.
    area
        Code of the area to look at; the city where not given.
    pattern
        Whether the colours bear their patterns.
    steps
        Published days, where the page's address says which one is shown.
    follow
        Whether a page left open goes on to a newer day.
    preparing
        Whether tiles are still being prepared, which the page says until they are.
    background, attribution
        URL template of a background, and whom to thank for it.
    """

    links: Links
    api: str | None = None
    page: str = ""
    bare: bool = False
    size: Size = "full"
    language: Language = "id"
    area: str | None = None
    legend: Legend = "open"
    pattern: bool = True
    steps: Steps | None = None
    follow: bool = False
    preparing: bool = False
    background: str | None = None
    attribution: str = ""

    @property
    def tiles(self) -> str | None:
        """URL template of any day's tiles."""
        if self.api is None:
            return None
        pattern = "true" if self.pattern else "false"
        return f"{self.api}/tiles/{{run}}/{{z}}/{{x}}/{{y}}{{r}}.png?pattern={pattern}"
