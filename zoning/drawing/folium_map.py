"""A day of the city as a Folium map: a picture of all RT, outlines, legend, what a click says.

For a page that a server answers (`served`), and for a notebook or a file that has none
(`standalone`).
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

import folium
import numpy as np
import shapely
from branca.element import MacroElement
from folium.template import Template
from markupsafe import Markup
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.errors import NotFoundError
from zoning import phrases, rules
from zoning.drawing.assets import LEAFLET_CSS, LEAFLET_JS, ZONES_CSS, ZONES_JS
from zoning.drawing.figure import Inlined, Links, PageFigure
from zoning.drawing.mercator import Box
from zoning.drawing.palette import GROUND, INK, OTHER, TINTS, Tint
from zoning.drawing.raster import WIDTH, Raster, draw_raster, overlay_png
from zoning.drawing.shapes import coloured, outlines
from zoning.drawing.words import WORDS, Language, written_date, written_number
from zoning.ground import Ground
from zoning.risk import Bilingual
from zoning.runs import DayZones

_MAP_ID: Final = "zones"
_CONFIG_ID: Final = "zones-config"


class Judged(Protocol):
    """What of a city a map needs; `zoning.city.City` is one."""

    def day(self, on: date | None = None) -> DayZones:
        """The published run of a day."""

    def ground(self, on: DayZones) -> Ground:
        """The boundaries that run used, indexed."""

    def risks(self, on: DayZones) -> NDArray[np.uint8]:
        """Risk of every leaf."""


@dataclass(frozen=True)
class Days:
    """The published days around the one shown, for stepping through them."""

    published: Sequence[date]
    previous: date | None
    next: date | None


@dataclass(frozen=True)
class View:
    """How a page shows a day.

    Attributes
    ----------
    links
        Where its scripts and styles come from.
    image
        URL of the day's picture.
    api
        Path the application is served under, or None where there is none to ask.
    page
        URL of this page, and of the map with everything around it.
    bare
        Nothing but the map and its legend, for an iframe.
    area
        Code of the area to look at; the city where not given.
    days
        Published days, where one may choose.
    tiles
        URL template of a background, and whom to thank for it.
    """

    links: Links
    image: str
    api: str | None = None
    page: str = ""
    bare: bool = False
    language: Language = "id"
    area: str | None = None
    days: Days | None = None
    tiles: str | None = None
    attribution: str = ""


@dataclass(frozen=True)
class Picture:
    """A day as it is drawn: its zones, the box its picture fills, and which RT to write out."""

    day: DayZones
    boundaries: Boundaries
    risks: NDArray[np.uint8]
    box: Box


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
            ...{{ this.options|tojavascript }}
        });
        {% endmacro %}
        """
    )
    default_js = [  # noqa: RUF012  (as folium has it)
        ("leaflet", LEAFLET_JS),
        ("zones", ZONES_JS),
    ]
    default_css = [  # noqa: RUF012
        ("leaflet_css", LEAFLET_CSS),
        ("zones_css", ZONES_CSS),
    ]

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(tiles=None, **options)
        # folium draws ids at random; a page that is the same must be the same to the byte.
        self._id = _MAP_ID


class DayImage(folium.raster_layers.ImageOverlay):
    """The day's picture."""

    def __init__(self, url: str, box: Box) -> None:
        bounds = [[box.south, box.west], [box.north, box.east]]
        # folium would read a path as a file and anything else as JSON; this is a URL as it is.
        super().__init__("data:,", bounds, pixelated=False, alt="", class_name="zones-image")
        self.url = url
        self._id = _MAP_ID


class ZoneLayers(MacroElement):
    """Outlines, names and popups, from the data in the page.

    The data is placed by the page's own template: what goes through branca is taken for a
    template a second time, and a kelurahan named ``{{ 7 * 7 }}`` would become 49, or worse.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        mikrozonasi.show({{ this.map_name }}, {{ this.config_id|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, map_name: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's
        self._name = "ZoneLayers"
        self._id = _MAP_ID
        self.config_id = _CONFIG_ID
        self.map_name = map_name


def served(picture: Picture, view: View) -> folium.Map:
    """Map for a page whose clicks ask the application."""
    return _draw(picture, view, [])


def standalone(city: Judged, on: date) -> folium.Map:
    """Map that is complete in itself: for a notebook, or a file to send around."""
    day = city.day(on)
    ground, risks = city.ground(day), city.risks(day)
    raster = draw_raster(ground.boundaries, ground.locator, WIDTH)
    picture = Picture(day, ground.boundaries, risks, raster.box)
    view = View(links=Inlined(), image=data_url(raster, risks), bare=False)
    return _draw(picture, view, coloured(ground.boundaries, risks))


def data_url(raster: Raster, risks: NDArray[np.uint8]) -> str:
    """A day's picture as a URL that needs no server."""
    return "data:image/png;base64," + base64.b64encode(overlay_png(raster, risks)).decode()


def json_for_html(value: object) -> str:
    """JSON that stays data inside a ``<script type="application/json">``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _draw(picture: Picture, view: View, zones: list[dict[str, Any]]) -> folium.Map:
    box = picture.box
    config = json_for_html(_config(picture, view, zones))
    # Its brackets are escaped, so it cannot end the element it stands in.
    context = {**_context(picture, view), "config": Markup(config), "config_id": _CONFIG_ID}  # noqa: S704
    figure = PageFigure("map.html", view.links, context)
    drawn = ZoneMap(
        location=[(box.south + box.north) / 2, (box.west + box.east) / 2],
        zoom_start=12,
        zoom_control=False,
        zoom_snap=1 if view.tiles else 0.25,
        attribution_control=bool(view.tiles),
        max_zoom=18,
    )
    figure.add_child(drawn)
    if view.tiles:
        tiles = folium.TileLayer(view.tiles, attr=view.attribution, control=False)
        tiles._id = _MAP_ID  # noqa: SLF001  (as the map's own: no random ids)
        tiles.add_to(drawn)
    DayImage(view.image, box).add_to(drawn)
    drawn.add_child(ZoneLayers(drawn.get_name()))
    return drawn


def _config(picture: Picture, view: View, zones: list[dict[str, Any]]) -> dict[str, Any]:
    box = picture.box
    return {
        "language": view.language,
        "date": picture.day.date.isoformat(),
        "written": written_date(picture.day.date)._asdict(),
        "api": view.api,
        "bounds": [[box.south, box.west], [box.north, box.east]],
        "focus": _focus(picture.boundaries, view.area),
        "outlines": outlines(picture.boundaries, picture.risks),
        "zones": zones,
        "tints": [_tint(tint, picture) for tint in TINTS],
        "words": {name: words._asdict() for name, words in WORDS.items()},
        "published": [day.isoformat() for day in view.days.published] if view.days else [],
    }


def _tint(tint: Tint, picture: Picture) -> dict[str, Any]:
    rule = _rule(picture.day.rule)
    told = {"why": None, "measures": []} if rule is None else _told(rule, tint.risk, picture)
    return {**tint._asdict(), **told}


def _told(rule: rules.Rule, risk: int, picture: Picture) -> dict[str, Any]:
    measures = rule.measures_on(risk, picture.day.date)
    return {
        "why": phrases.why(rule, risk, 0, picture.day.date).public._asdict(),
        "measures": [measure._asdict() for measure in measures],
    }


def _rule(rule_id: str) -> rules.Rule | None:
    """The rule of a run; None where it is not among today's files any more."""
    try:
        return rules.rule(rule_id)
    except NotFoundError:
        return None


def _focus(boundaries: Boundaries, code: str | None) -> dict[str, Any] | None:
    if code is None:
        return None
    shape = boundaries.area(code).geometry
    west, south, east, north = shape.bounds
    return {
        "bounds": [[south, west], [north, east]],
        "shape": json.loads(shapely.to_geojson(shape)),
    }


def _context(picture: Picture, view: View) -> dict[str, Any]:
    counts = np.bincount(picture.risks, minlength=256)
    rule = _rule(picture.day.rule)
    title = Bilingual(picture.day.rule, picture.day.rule) if rule is None else rule.title
    city = picture.boundaries.level("kota")["name"]
    return {
        "view": view,
        "language": view.language,
        "words": {name: words._asdict() for name, words in WORDS.items()},
        "city": " · ".join(city),
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
