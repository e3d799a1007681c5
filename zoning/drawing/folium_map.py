"""A day of the city as a Folium map: zones, outlines, places, legend and popups.

For a notebook or a file, without a server (`standalone_map`) or with a server (`server_map`). Pages
of the application extend the document; see `api.pages.map_page`.
"""

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple, Protocol

import folium
import geopandas as gpd
import numpy as np
from jinja2 import Template
from markupsafe import Markup
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.coercion import read_count
from geodata.errors import InputError
from geodata.language import Bilingual
from zoning.caching import Cache
from zoning.drawing.figure import TEMPLATES, InlineLinks, PageFigure
from zoning.drawing.messages import WORDS, format_date, format_number, words_for
from zoning.drawing.notebook_map import NotebookMap
from zoning.drawing.page_data import MapDay, known_rule, map_data, standalone_data
from zoning.drawing.palette import INK, MAP_BACKGROUND, OTHER, class_tints
from zoning.drawing.view import View
from zoning.drawing.zone_map import MAP_ID, ZoneLayers, ZoneMap
from zoning.phrases import ZONE_NAMES, no_rt_city_remark
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.placing.within import lies_within
from zoning.public.day import PublicDay
from zoning.rules import Rulebook

_DATA_ID: Final = "zones-data"
_DEFAULT_DAYS: Final = 14
"""Days of a notebook's slider by default."""
_SLOW_DAYS: Final = 120
"""With more days, a message says that the map takes a while."""


class Document(NamedTuple):
    """The document of a map: a template that extends ``map.html``, and its further variables."""

    template: Template
    context: Mapping[str, Any]


_MAP: Final = Document(TEMPLATES.get_template("map.html"), {"steps": None})


class MapSource(Protocol):
    """The part of a city that a map needs; `zoning.public.city.PublicCity` implements it."""

    cache: Cache
    """Cache of outlines, by version of the boundaries."""
    rules: Rulebook
    """The city's rules."""

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""

    def day(self, on: date | None = None) -> PublicDay:
        """A published day."""

    def ground(self, on: PublicDay) -> IndexedBoundaries:
        """The boundaries of a day, with their indexes."""

    def risks(self, on: PublicDay) -> NDArray[np.uint8]:
        """Risk of each of the smallest areas."""

    def places(self) -> gpd.GeoDataFrame:
        """Places as known now."""


def notebook_map(
    city: MapSource, on: date, days: int | None = None, server: str | None = None
) -> folium.Map:
    """A map for a notebook or a file: `server_map` with a server, else `standalone_map`.

    Raises
    ------
    InputError
        ``days-of-server`` for a number of days with a server, whose map has all days.
    """
    if server is None:
        return standalone_map(city, on, _DEFAULT_DAYS if days is None else days)
    if days is not None:
        raise InputError(
            "days-of-server",
            "The map of a server has all its days: leave days out, or server.",
            indonesian="Peta dari server memuat semua harinya: hapus days, atau hapus server.",
        )
    return server_map(city, on, server)


def standalone_map(city: MapSource, on: date, days: int = _DEFAULT_DAYS) -> folium.Map:
    """A self-contained map: for a notebook, or a file to send.

    Parameters
    ----------
    days
        Number of published days of the slider, up to the day `on`. Days on other boundaries are
        left out.

    Raises
    ------
    InputError
        ``invalid-days`` for a number below 1 or not whole.
    """
    days = read_count(days, "days")
    day = city.day(on)
    boundaries = city.ground(day).boundaries
    dates = [other_day for other_day in city.published_days() if other_day <= on][-days:]
    if len(dates) > _SLOW_DAYS:
        sys.stderr.write(f"The map gets {len(dates)} days, which takes a while.\n")
    same_boundaries = [
        other_day for other_day in map(city.day, dates) if other_day.boundaries == day.boundaries
    ]
    days_with_risks = [(other_day, city.risks(other_day)) for other_day in same_boundaries]
    picture = MapDay(day, boundaries, city.risks(day), city.cache, city.rules)
    view = View(links=InlineLinks())
    data = {**map_data(picture, view), **standalone_data(picture, days_with_risks, city.places())}
    return draw_map(NotebookMap, picture, view, data)


def server_map(city: MapSource, on: date, server: str) -> folium.Map:
    """A small map with all days, which shows the tiles of a server of this city.

    Parameters
    ----------
    server
        URL of the server, for instance ``http://localhost:8000``.

    Raises
    ------
    InputError
        ``invalid-server`` if it is not an HTTP URL.
    """
    if not server.startswith(("http://", "https://")):
        raise InputError(
            "invalid-server",
            f"{server} is not the URL of a server. Write a URL like http://localhost:8000.",
            indonesian=f"{server} bukan URL server. Tulis URL seperti http://localhost:8000.",
        )
    day = city.day(on)
    picture = MapDay(day, city.ground(day).boundaries, city.risks(day), city.cache, city.rules)
    view = View(links=InlineLinks(), api=server.rstrip("/"))
    return draw_map(NotebookMap, picture, view, map_data(picture, view))


def json_for_html(value: object) -> str:
    """JSON that is safe inside ``<script type="application/json">``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def draw_map(
    kind: type[ZoneMap],
    picture: MapDay,
    view: View,
    data: Mapping[str, Any],
    document: Document = _MAP,
) -> folium.Map:
    """Draw a map with its document.

    Parameters
    ----------
    data
        Data for the script of the map; see `map_data`.
    """
    # Safe: angle brackets are escaped, so the JSON cannot end its element.
    data_json = Markup(json_for_html(data))  # noqa: S704
    context = {**_context(picture, view), "data": data_json, "data_id": _DATA_ID}
    figure = PageFigure(document.template, view.links, {**context, **document.context})
    (south, west), (north, east) = data["bounds"]
    folium_map = kind(
        figure,
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=12,
        zoom_control=False,
        attribution_control=bool(view.background),
        max_zoom=18,
    )
    if view.background:
        tiles = folium.TileLayer(view.background, attr=view.attribution, control=False)
        tiles._id = MAP_ID  # noqa: SLF001  (like the map: no random ids)
        tiles.add_to(folium_map)
    folium_map.add_child(ZoneLayers(folium_map.get_name(), _DATA_ID))
    return folium_map


def _legend_rows(picture: MapDay, view: View) -> NDArray[np.bool_]:
    """Which of the smallest areas count in the legend: those within the area of the view."""
    codes = picture.boundaries.smallest_zones["code"].tolist()
    if view.area is None:
        return np.ones(len(codes), dtype=np.bool_)
    return lies_within(picture.boundaries, codes, view.area)


def _context(picture: MapDay, view: View) -> dict[str, Any]:
    counts = np.bincount(picture.risks[_legend_rows(picture, view)], minlength=256)
    tints = class_tints(picture.rules.classes)
    rule = known_rule(picture.rules, picture.day)
    title = Bilingual(picture.day.rule, picture.day.rule) if rule is None else rule.title
    city = picture.boundaries.level("kota")["name"]
    zone = picture.boundaries.smallest_zone
    return {
        "view": view,
        "language": view.language,
        "words": {
            name: words._asdict() for name, words in words_for(zone, picture.rules.disease).items()
        },
        "zone": ZONE_NAMES[zone],
        "remark": None if zone == "rt" else no_rt_city_remark(zone)._asdict(),
        "city": " · ".join(city),
        "area": None if view.area is None else _area_name(picture.boundaries, view.area),
        "day": picture.day.date,
        "written": format_date(picture.day.date)._asdict(),
        "rule": title,
        "tints": [(tint, format_number(int(counts[tint.risk]))._asdict()) for tint in tints],
        "all_tints": tints,
        "other": OTHER if counts[OTHER.risk] else None,
        "ground": MAP_BACKGROUND,
        "ink": INK,
        "icon": Markup("{}").format("data:,"),
    }


def _area_name(boundaries: Boundaries, code: str) -> str:
    """``RW 014, Kel. Kauman``: with the kelurahan, because other kelurahan have an RW 014 too."""
    area = outer = boundaries.area(code)
    while outer.level in {"rw", "rt"} and outer.parent is not None:
        outer = boundaries.area(outer.parent)
    prefix = WORDS[outer.level].id + " " if outer.level in {"kelurahan", "kecamatan"} else ""
    return prefix + outer.name if outer is area else f"{area.name}, {prefix}{outer.name}"
