"""The map as a page: with days and links around the map, or bare for a frame."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from api.pages.rendering import TEMPLATES
from zoning.drawing.folium_map import Document, draw_map
from zoning.drawing.page_data import MapDay, map_data
from zoning.drawing.view import View
from zoning.drawing.zone_map import ZoneMap

_TEMPLATE: Final = "map_page.html"


@dataclass(frozen=True)
class DayNavigation:
    """The published days around the day of a page."""

    first: date
    last: date
    previous: date | None
    next: date | None


@dataclass(frozen=True)
class MapPage:
    """The parts of a page around the map.

    Attributes
    ----------
    address
        URL of the full page of the map.
    bare
        True for a map without header and navigation, for a frame in another site.
    steps
        Published days around the shown day, if the address of the page has the day.
    follow
        Whether an open page goes on to a newer day.
    preparing
        Whether tiles are still being prepared; the page then shows a note.
    """

    address: str
    bare: bool = False
    steps: DayNavigation | None = None
    follow: bool = False
    preparing: bool = False


def map_page(picture: MapDay, view: View, page: MapPage) -> str:
    """The page of a map that loads tiles, other days and details from the application."""
    data = {
        **map_data(picture, view),
        "addressed": page.steps is not None,
        "reloads": True,
        "follow": page.follow,
        "preparing": page.preparing,
    }
    document = Document(TEMPLATES.get_template(_TEMPLATE), {"page": page, "steps": page.steps})
    html: str = draw_map(ZoneMap, picture, view, data, document).get_root().render()
    return html
