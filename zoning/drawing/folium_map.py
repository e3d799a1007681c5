"""A day of the city as a Folium map: its zones, outlines, places, legend, what a click says.

For a notebook or a file, without a server (`standalone`) or with one (`from_server`). Pages of the
application extend the document: see `api.pages.map_page`.
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
from zoning.drawing.figure import TEMPLATES, Inlined, PageFigure
from zoning.drawing.messages import WORDS, words_for, written_date, written_number
from zoning.drawing.notebook_map import NotebookMap
from zoning.drawing.page_data import Picture, kept_data, known_rule, map_data
from zoning.drawing.palette import GROUND, INK, OTHER, tints_of
from zoning.drawing.view import View
from zoning.drawing.zone_map import MAP_ID, ZoneLayers, ZoneMap
from zoning.phrases import ZONE_NAMES, no_rt_city
from zoning.placing.indexed_boundaries import Ground
from zoning.placing.within import lies_within
from zoning.public.day import PublicDay
from zoning.rules import Rulebook

_DATA_ID: Final = "zones-data"
_DAYS: Final = 14
"""Days of a notebook's slider where no number is given."""
_MANY: Final = 120
"""Of more days it is said that they take a while."""


class Document(NamedTuple):
    """The document of a map: a template that extends ``map.html``, and what else it names."""

    template: Template
    context: Mapping[str, Any]


_MAP: Final = Document(TEMPLATES.get_template("map.html"), {"steps": None})


class Published(Protocol):
    """What of a city a map needs; `zoning.public.city.PublicCity` is one."""

    cache: Cache
    """Keeps outlines by version of the boundaries."""
    rules: Rulebook
    """The rules that the city is judged by."""

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""

    def day(self, on: date | None = None) -> PublicDay:
        """A published day."""

    def ground(self, on: PublicDay) -> Ground:
        """The boundaries of that day, indexed."""

    def risks(self, on: PublicDay) -> NDArray[np.uint8]:
        """Risk of every leaf."""

    def places(self) -> gpd.GeoDataFrame:
        """Places as known now."""


def notebook_map(
    city: Published, on: date, days: int | None = None, server: str | None = None
) -> folium.Map:
    """Map for a notebook or a file: `from_server` where there is one, else `standalone`.

    Raises
    ------
    InputError
        ``days-of-server`` for a number of days of a server's map, which has them all.
    """
    if server is None:
        return standalone(city, on, _DAYS if days is None else days)
    if days is not None:
        raise InputError(
            "days-of-server",
            "The map of a server has all its days: leave days out, or server.",
            indonesian="Peta dari server memuat semua harinya: hapus days, atau hapus server.",
        )
    return from_server(city, on, server)


def standalone(city: Published, on: date, days: int = _DAYS) -> folium.Map:
    """Map that is complete in itself: for a notebook, or a file to send around.

    Parameters
    ----------
    days
        How many published days up to that one its slider has, all where there are fewer. Days on
        other boundaries are left out.

    Raises
    ------
    InputError
        ``invalid-days`` for less than one, or no whole number.
    """
    days = read_count(days, "days")
    day = city.day(on)
    boundaries = city.ground(day).boundaries
    dates = [one for one in city.published_days() if one <= on][-days:]
    if len(dates) > _MANY:
        sys.stderr.write(f"The map gets {len(dates)} days, which takes a while.\n")
    around = [one for one in map(city.day, dates) if one.boundaries == day.boundaries]
    kept = [(one, city.risks(one)) for one in around]
    picture = Picture(day, boundaries, city.risks(day), city.cache, city.rules)
    view = View(links=Inlined())
    data = {**map_data(picture, view), **kept_data(picture, kept, city.places())}
    return draw(NotebookMap, picture, view, data)


def from_server(city: Published, on: date, server: str) -> folium.Map:
    """Map that draws the tiles of a server that publishes this city: small, and has every day.

    Parameters
    ----------
    server
        Where it is, for instance ``http://localhost:8000``.

    Raises
    ------
    InputError
        ``invalid-server`` for what is no such address.
    """
    if not server.startswith(("http://", "https://")):
        raise InputError(
            "invalid-server",
            "A server looks like http://localhost:8000.",
            indonesian="Server ditulis seperti http://localhost:8000.",
        )
    day = city.day(on)
    picture = Picture(day, city.ground(day).boundaries, city.risks(day), city.cache, city.rules)
    view = View(links=Inlined(), api=server.rstrip("/"))
    return draw(NotebookMap, picture, view, map_data(picture, view))


def json_for_html(value: object) -> str:
    """JSON that stays data inside a ``<script type="application/json">``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def draw(
    kind: type[ZoneMap],
    picture: Picture,
    view: View,
    data: Mapping[str, Any],
    document: Document = _MAP,
) -> folium.Map:
    """Map with its document.

    Parameters
    ----------
    data
        What the script of the map knows; see `map_data`.
    """
    # Its brackets are escaped, so it cannot end the element it stands in.
    written = Markup(json_for_html(data))  # noqa: S704
    context = {**_context(picture, view), "data": written, "data_id": _DATA_ID}
    figure = PageFigure(document.template, view.links, {**context, **document.context})
    (south, west), (north, east) = data["bounds"]
    drawn = kind(
        figure,
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=12,
        zoom_control=False,
        attribution_control=bool(view.background),
        max_zoom=18,
    )
    if view.background:
        tiles = folium.TileLayer(view.background, attr=view.attribution, control=False)
        tiles._id = MAP_ID  # noqa: SLF001  (as the map's own: no random ids)
        tiles.add_to(drawn)
    drawn.add_child(ZoneLayers(drawn.get_name(), _DATA_ID))
    return drawn


def _shown(picture: Picture, view: View) -> NDArray[np.bool_]:
    """Leaves of which the legend speaks: those of the area looked at."""
    codes = picture.boundaries.leaves["code"].tolist()
    if view.area is None:
        return np.ones(len(codes), dtype=np.bool_)
    return lies_within(picture.boundaries, codes, view.area)


def _context(picture: Picture, view: View) -> dict[str, Any]:
    counts = np.bincount(picture.risks[_shown(picture, view)], minlength=256)
    tints = tints_of(picture.rules.classes)
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
        "remark": None if zone == "rt" else no_rt_city(zone)._asdict(),
        "city": " · ".join(city),
        "area": None if view.area is None else _named(picture.boundaries, view.area),
        "day": picture.day.date,
        "written": written_date(picture.day.date)._asdict(),
        "rule": title,
        "tints": [(tint, written_number(int(counts[tint.risk]))._asdict()) for tint in tints],
        "all_tints": tints,
        "other": OTHER if counts[OTHER.risk] else None,
        "ground": GROUND,
        "ink": INK,
        "icon": Markup("{}").format("data:,"),
    }


def _named(boundaries: Boundaries, code: str) -> str:
    """``RW 014, Kel. Kauman``: as people write it, since other kelurahan have an RW 014 too."""
    area = home = boundaries.area(code)
    while home.level in {"rw", "rt"} and home.parent is not None:
        home = boundaries.area(home.parent)
    prefix = WORDS[home.level].id + " " if home.level in {"kelurahan", "kecamatan"} else ""
    return prefix + home.name if home is area else f"{area.name}, {prefix}{home.name}"
