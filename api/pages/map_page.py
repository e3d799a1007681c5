"""The map as a page of the application: with its days and links around it, or bare for a frame."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from api.pages.rendering import TEMPLATES
from zoning.drawing.folium_map import Document, draw
from zoning.drawing.page_data import Picture, map_data
from zoning.drawing.view import View
from zoning.drawing.zone_map import ZoneMap

_TEMPLATE: Final = "map_page.html"


@dataclass(frozen=True)
class Steps:
    """The published days around the day of a page."""

    first: date
    last: date
    previous: date | None
    next: date | None


@dataclass(frozen=True)
class MapPage:
    """What is around a map on a page.

    Attributes
    ----------
    address
        URL of the map with everything around it.
    bare
        Nothing around the map, for a frame in another site.
    steps
        Published days, where the page's address says which day is shown.
    follow
        Whether a page left open goes on to a newer day.
    preparing
        Whether tiles are still being prepared, which the page says until they are.
    """

    address: str
    bare: bool = False
    steps: Steps | None = None
    follow: bool = False
    preparing: bool = False


def map_page(picture: Picture, view: View, page: MapPage) -> str:
    """The page of a map that asks the application for tiles, other days and details."""
    data = {
        **map_data(picture, view),
        "addressed": page.steps is not None,
        "reloads": True,
        "follow": page.follow,
        "preparing": page.preparing,
    }
    document = Document(TEMPLATES.get_template(_TEMPLATE), {"page": page, "steps": page.steps})
    html: str = draw(ZoneMap, picture, view, data, document).get_root().render()
    return html
