"""How a map shows a day: its language, its area, and where its scripts and its tiles come from."""

from dataclasses import dataclass
from typing import Literal

from geodata.language import Language
from zoning.drawing.figure import Links

Legend = Literal["open", "closed", "none"]
Size = Literal["full", "compact"]


@dataclass(frozen=True)
class View:
    """How a map shows a day.

    Attributes
    ----------
    links
        How the document gets its scripts and styles.
    api
        Address of a server of this city that the map asks for tiles and details; None where the
        map is complete in itself.
    size
        ``full`` with the slider of days and the list of layers, ``compact`` without.
    area
        Code of the area to look at; the city where not given.
    pattern
        Whether the colours have their patterns.
    background, attribution
        URL template of a background, and whom to thank for it.
    """

    links: Links
    api: str | None = None
    size: Size = "full"
    language: Language = "id"
    area: str | None = None
    legend: Legend = "open"
    pattern: bool = True
    background: str | None = None
    attribution: str = ""

    @property
    def tiles(self) -> str | None:
        """URL template of any day's tiles on the server."""
        if self.api is None:
            return None
        pattern = "true" if self.pattern else "false"
        return f"{self.api}/tiles/{{run}}/{{z}}/{{x}}/{{y}}{{r}}.png?pattern={pattern}"
