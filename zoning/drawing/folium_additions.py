"""What people add to a notebook's map with folium: let in where our own files suffice, or refused.

Folium's markers, lines, shapes and layers need nothing but Leaflet. Its plugins load a script of
another site each, and some of what it has itself does so where one would not think it: a scale of
colours, the sign on an icon. The first we draw ourselves, the second we have no font for.
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

_USUAL_SIGN: Final = "info-sign"
"""What folium puts on an icon where nobody asked for a sign: a letter i, which we can draw."""
_SHADES: Final = 100


class Scale(MacroElement):
    """A scale of colours beside the map; branca's own wants another site's script for its axis."""

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


def let_in(drawn: folium.Map) -> None:
    """See that all there is on a map can be drawn, and put our scale where folium has its own.

    Raises
    ------
    AssetError
        ``unknown-asset`` for what needs another site's files.
    """
    for parent, name, child in list(_within(drawn)):
        if isinstance(child, ColorMap):
            parent.add_child(Scale(child, drawn.get_name()), name)
        else:
            _refuse_foreign(child)


def bring_jquery(figure: Figure) -> None:
    """Let a document have jQuery if its script asks for it, as folium's popups do."""
    if "$(" in figure.script.render() or "$." in figure.script.render():
        figure.header.add_child(JavascriptLink(JQUERY_JS), name="jquery")


def _within(element: Element) -> Iterator[tuple[Element, str, Element]]:
    """All that hangs on an element, each with what it hangs on and by which name."""
    for name, child in element._children.items():  # noqa: SLF001
        yield element, name, child
        yield from _within(child)
    marker = getattr(element, "marker", None)  # of the points of a GeoJson
    if isinstance(element, folium.GeoJson) and isinstance(marker, Element):
        yield from _within(marker)


def _refuse_foreign(child: Any) -> None:  # noqa: ANN401
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
    if kind is folium.Icon and child.options.get("icon", _USUAL_SIGN) != _USUAL_SIGN:
        raise AssetError(
            "unknown-asset",
            "The sign on an Icon is a letter of another site's font, and maps here load nothing "
            "from other sites. Leave icon and prefix out, the pin keeps its colour; or draw a "
            "sign of your own with DivIcon(html=...).",
            indonesian="Tanda pada Icon adalah huruf dari fon situs lain, padahal peta di sini "
            "tidak memuat apa pun dari situs lain. Hapus icon dan prefix, warna pin tetap; "
            "atau gambar tanda sendiri dengan DivIcon(html=...).",
        )
