"""Check the Folium elements that users add to a notebook's map: no file from another site.

Folium's markers, lines, shapes and layers need only Leaflet. Each of its plugins loads a script
from another site, and so do a scale of colours and the sign on an icon. `ColourScale` replaces the
scale; plugins and signs are rejected.
"""

from collections.abc import Iterator
from typing import Any, Final

import folium
import numpy as np
from branca.colormap import ColorMap
from branca.element import Element, Figure, JavascriptLink, MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from zoning.drawing.assets import JQUERY_JS, AssetError
from zoning.drawing.figure import is_own

_DEFAULT_SIGN: Final = "info-sign"
"""Folium's default sign on an icon: a letter i, which we can draw."""
_SHADES: Final = 100


class ColourScale(MacroElement):
    """A scale of colours next to the map; that of branca loads a script from another site."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        mikrozonasi.scale({{ this.map_name }}, {{ this.scale|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, colours: ColorMap, map_name: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's
        self._name = "Scale"
        self._id = colours._id  # noqa: SLF001
        self.map_name = map_name
        ticks = getattr(colours, "tick_labels", None) or colours.index
        self.scale = {
            "caption": colours.caption,
            "colours": [colours(x) for x in np.linspace(colours.vmin, colours.vmax, _SHADES)],
            "ticks": [float(tick) for tick in ticks if tick != ""],
            "ends": [float(colours.vmin), float(colours.vmax)],
        }


def check_additions(folium_map: folium.Map) -> None:
    """Check all elements of a map, and replace branca's scale by `ColourScale`.

    Raises
    ------
    AssetError
        ``unknown-asset`` for an element that needs files of another site.
    """
    for parent, name, child in list(_descendants(folium_map)):
        if isinstance(child, ColorMap):
            parent.add_child(ColourScale(child, folium_map.get_name()), name)
        else:
            _reject_foreign(child)


def add_jquery(figure: Figure) -> None:
    """Add jQuery to a document if its script uses it, as Folium's popups do."""
    if "$(" in figure.script.render() or "$." in figure.script.render():
        figure.header.add_child(JavascriptLink(JQUERY_JS), name="jquery")


def _descendants(element: Element) -> Iterator[tuple[Element, str, Element]]:
    """All descendants of an element: parent, name and child."""
    for name, child in element._children.items():  # noqa: SLF001
        yield element, name, child
        yield from _descendants(child)
    marker = getattr(element, "marker", None)  # the marker for points of a GeoJson
    if isinstance(element, folium.GeoJson) and isinstance(marker, Element):
        yield from _descendants(marker)


def _reject_foreign(child: Any) -> None:  # noqa: ANN401
    kind = type(child)
    files = (*child.default_js, *child.default_css) if isinstance(child, JSCSSMixin) else ()
    if kind.__module__.startswith("folium.plugins") or not all(is_own(url) for _, url in files):
        raise AssetError(
            "unknown-asset",
            f"{kind.__name__} needs scripts or styles of another site, and maps here load nothing "
            "from other sites. Leave it out; Marker, Popup, Tooltip, CircleMarker, Circle, "
            "PolyLine, Polygon, GeoJson, Choropleth, FeatureGroup and LayerControl work without.",
            indonesian=f"{kind.__name__} memerlukan skrip atau gaya dari situs lain, padahal "
            "peta di sini tidak memuat apa pun dari situs lain. Hapus dari peta; Marker, "
            "Popup, Tooltip, CircleMarker, Circle, PolyLine, Polygon, GeoJson, Choropleth, "
            "FeatureGroup dan LayerControl dapat dipakai.",
        )
    if kind is folium.Icon and child.options.get("icon", _DEFAULT_SIGN) != _DEFAULT_SIGN:
        raise AssetError(
            "unknown-asset",
            "The sign on an Icon is a letter of another site's font, and maps here load nothing "
            "from other sites. Leave icon and prefix out, the pin keeps its colour; or draw a "
            "sign of your own with DivIcon(html=...).",
            indonesian="Tanda pada Icon adalah huruf dari fon situs lain, padahal peta di sini "
            "tidak memuat apa pun dari situs lain. Hapus icon dan prefix, warna pin tetap; "
            "atau gambar tanda sendiri dengan DivIcon(html=...).",
        )
