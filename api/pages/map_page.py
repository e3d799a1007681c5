"""The map as a page: with days and links around the map, or bare for a frame."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.pages.map_search import MapSearch, map_search
from api.pages.portal.city.picture import SizedPicture
from api.pages.portal.rendering import link
from api.pages.portal.texts.shell import TEXTS as SHELL
from api.pages.rendering import TEMPLATES
from geodata.boundaries import AreaFacts, Boundaries
from zoning.drawing.folium_map import Document, draw_map
from zoning.drawing.page_data import MapDay, map_data
from zoning.drawing.palette import class_tints
from zoning.drawing.view import View
from zoning.drawing.zone_map import ZoneMap
from zoning.phrases import date_in_words
from zoning.public.search.name_index import NameIndex

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
    shown
        The RT in the address, whose details the page opens.
    base
        Path of the application.
    picture
        The picture of the day, for a browser without scripts.
    old
        The newest published day, if it is so old that the page says so.
    assets
        Path of the page assets of this release.
    names
        The names of the boundaries, for the search; None for a page without a search.
    """

    address: str
    bare: bool = False
    steps: DayNavigation | None = None
    follow: bool = False
    preparing: bool = False
    shown: AreaFacts | None = None
    base: str = ""
    picture: SizedPicture | None = None
    old: date | None = None
    assets: str = ""
    names: NameIndex | None = None


def map_page(picture: MapDay, view: View, page: MapPage) -> str:
    """The page of a map that loads tiles, other days and details from the application."""
    data = {
        **map_data(picture, view),
        "addressed": page.steps is not None,
        "reloads": True,
        "follow": page.follow,
        "preparing": page.preparing,
        "shown": None if page.shown is None else _shown(picture.boundaries, page.shown.code),
    }
    # The first page of the portal and the tables show the same day and language.
    day = picture.day.date if page.steps is not None and page.steps.next is not None else None
    query = {"lang": None if view.language == "id" else view.language, "date": day}
    context = {
        "page": page,
        "steps": page.steps,
        "portal_link": lambda path: link(page.base, path, query),
        "search": _search(picture, view, page),
        "newest": None if page.old is None else date_in_words(page.old),
        "shell": SHELL,
        "kota": picture.boundaries.level("kota")[["code", "name"]].to_dict("records"),
    }
    document = Document(TEMPLATES.get_template(_TEMPLATE), context)
    html: str = draw_map(ZoneMap, picture, view, data, document).get_root().render()
    return html


def _search(picture: MapDay, view: View, page: MapPage) -> MapSearch | None:
    if page.names is None:
        return None
    boundaries = picture.boundaries
    city = " · ".join(boundaries.level("kota")["name"])
    tints = class_tints(picture.rules.classes)
    return map_search(page.base, city, tints, view.language, page.names)


def _shown(boundaries: Boundaries, code: str) -> dict[str, Any]:
    """An RT for the script: its code, a point inside, and its bounds, latitude first."""
    shape = boundaries.area(code).geometry
    point = shape.representative_point()
    west, south, east, north = shape.bounds
    return {
        "code": code,
        "point": [point.y, point.x],
        "bounds": [[south, west], [north, east]],
    }
