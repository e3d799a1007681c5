"""Options of a map: language, area, legend, and the source of scripts and tiles."""

from dataclasses import dataclass
from typing import Literal

from geodata.language import Language
from zoning.drawing.figure import Links

Legend = Literal["open", "closed", "none"]
Size = Literal["full", "compact"]


@dataclass(frozen=True)
class View:
    """Options of a map.

    Attributes
    ----------
    links
        Source of the scripts and styles.
    api
        URL of a server of this city for tiles and details; None for a self-contained map.
    outlines
        URL of the file with the outlines of kelurahan and kecamatan; None puts them into the page.
    size
        ``full`` with the slider of days and the list of layers, ``compact`` without.
    area
        Code of the area to show; the city for None.
    pattern
        Whether the colours have patterns.
    background, attribution
        URL template of background tiles, and their attribution.
    """

    links: Links
    api: str | None = None
    outlines: str | None = None
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
