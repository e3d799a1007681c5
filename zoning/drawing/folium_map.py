"""A day of the city as a Folium map: its zones, outlines, places, legend, what a click says.

For a page that a server answers (`served`), and for a notebook or a file that has none
(`standalone`).
"""

import json
from datetime import date
from typing import Any, Final, Protocol

import folium
import geopandas as gpd
import numpy as np
from branca.element import MacroElement
from folium.template import Template
from markupsafe import Markup
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.errors import InputError
from zoning.days.runs import DayZones
from zoning.drawing.assets import LEAFLET_CSS, LEAFLET_JS, OWN_JS, ZONES_CSS
from zoning.drawing.figure import Inlined, PageFigure
from zoning.drawing.page_data import Picture, kept_data, known_rule, page_data
from zoning.drawing.palette import GROUND, INK, OTHER, TINTS
from zoning.drawing.view import View
from zoning.drawing.words import WORDS, written_date, written_number
from zoning.placing.ground import Ground
from zoning.placing.within import lies_within
from zoning.risk import Bilingual

_MAP_ID: Final = "zones"
_DATA_ID: Final = "zones-data"


class Judged(Protocol):
    """What of a city a map needs; `zoning.city.City` is one."""

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""

    def day(self, on: date | None = None) -> DayZones:
        """The published run of a day."""

    def ground(self, on: DayZones) -> Ground:
        """The boundaries that run used, indexed."""

    def risks(self, on: DayZones) -> NDArray[np.uint8]:
        """Risk of every leaf."""

    def places(self) -> gpd.GeoDataFrame:
        """Places as known now."""


class ZoneMap(folium.Map):
    """A folium map with our files for its scripts, and nothing of folium's that we do not use."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id="{{ this.get_name() }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }},
            ...{{ this.options|tojavascript }}, ...mikrozonasi.calm()
        });
        {% endmacro %}
        """
    )
    default_js = [("leaflet", LEAFLET_JS), *OWN_JS.items()]  # noqa: RUF012  (as folium has it)
    default_css = [  # noqa: RUF012
        ("leaflet_css", LEAFLET_CSS),
        ("zones_css", ZONES_CSS),
    ]

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(tiles=None, **options)
        # folium draws ids at random; a page that is the same must be the same to the byte.
        self._id = _MAP_ID


class ZoneLayers(MacroElement):
    """Zones, outlines, places and popups, from the data in the page.

    The data is placed by the page's own template: what goes through branca is taken for a
    template a second time, and a kelurahan named ``{{ 7 * 7 }}`` would become 49, or worse.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        mikrozonasi.show({{ this.map_name }}, {{ this.data_id|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, map_name: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's
        self._name = "ZoneLayers"
        self._id = _MAP_ID
        self.data_id = _DATA_ID
        self.map_name = map_name


def served(picture: Picture, view: View) -> folium.Map:
    """Map that asks the application for its tiles, its other days and what a click says."""
    return _draw(picture, view, page_data(picture, view))


def standalone(city: Judged, on: date, days: int = 14) -> folium.Map:
    """Map that is complete in itself: for a notebook, or a file to send around.

    Parameters
    ----------
    days
        How many published days up to that one its slider has. Days on other boundaries are left
        out.

    Raises
    ------
    InputError
        ``invalid-days`` for less than one.
    """
    if days < 1:
        raise InputError("invalid-days", f"A map shows at least one day, not {days}.")
    day = city.day(on)
    boundaries = city.ground(day).boundaries
    dates = [one for one in city.published_days() if one <= on][-days:]
    around = [one for one in map(city.day, dates) if one.boundaries == day.boundaries]
    kept = [(one, city.risks(one)) for one in around]
    picture = Picture(day, boundaries, city.risks(day))
    view = View(links=Inlined())
    data = {**page_data(picture, view), **kept_data(boundaries, kept, city.places())}
    return _draw(picture, view, data)


def from_server(city: Judged, on: date, server: str) -> folium.Map:
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
        raise InputError("invalid-server", "A server looks like http://localhost:8000.")
    day = city.day(on)
    picture = Picture(day, city.ground(day).boundaries, city.risks(day))
    return served(picture, View(links=Inlined(), api=server.rstrip("/")))


def json_for_html(value: object) -> str:
    """JSON that stays data inside a ``<script type="application/json">``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _draw(picture: Picture, view: View, data: dict[str, Any]) -> folium.Map:
    # Its brackets are escaped, so it cannot end the element it stands in.
    written = Markup(json_for_html(data))  # noqa: S704
    context = {**_context(picture, view), "data": written, "data_id": _DATA_ID}
    figure = PageFigure("map.html", view.links, context)
    (south, west), (north, east) = data["bounds"]
    drawn = ZoneMap(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=12,
        zoom_control=False,
        attribution_control=bool(view.background),
        max_zoom=18,
    )
    figure.add_child(drawn)
    if view.background:
        tiles = folium.TileLayer(view.background, attr=view.attribution, control=False)
        tiles._id = _MAP_ID  # noqa: SLF001  (as the map's own: no random ids)
        tiles.add_to(drawn)
    drawn.add_child(ZoneLayers(drawn.get_name()))
    return drawn


def _shown(picture: Picture, view: View) -> NDArray[np.bool_]:
    """Leaves of which the legend speaks: those of the area looked at."""
    codes = picture.boundaries.leaves["code"].tolist()
    if view.area is None:
        return np.ones(len(codes), dtype=np.bool_)
    return lies_within(picture.boundaries, codes, view.area)


def _context(picture: Picture, view: View) -> dict[str, Any]:
    counts = np.bincount(picture.risks[_shown(picture, view)], minlength=256)
    rule = known_rule(picture.day.rule)
    title = Bilingual(picture.day.rule, picture.day.rule) if rule is None else rule.title
    city = picture.boundaries.level("kota")["name"]
    return {
        "view": view,
        "language": view.language,
        "words": {name: words._asdict() for name, words in WORDS.items()},
        "city": " · ".join(city),
        "area": None if view.area is None else _named(picture.boundaries, view.area),
        "day": picture.day.date,
        "written": written_date(picture.day.date)._asdict(),
        "rule": title,
        "tints": [(tint, written_number(int(counts[tint.risk]))._asdict()) for tint in TINTS],
        "all_tints": TINTS,
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
