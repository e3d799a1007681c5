"""The Folium elements of a map of zones: the Leaflet map, and the call of our script."""

from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.template import Template

from zoning.drawing.assets import LEAFLET_CSS, LEAFLET_JS, OWN_JS, ZONES_CSS
from zoning.drawing.figure import PageFigure

MAP_ID: Final = "zones"


class ZoneMap(folium.Map):
    """A Folium map with our script files, and without parts of Folium that we do not use."""

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
        {%- if this.objects_to_stay_in_front %}
        function in_front() {
            {%- for layer in this.objects_to_stay_in_front %}
            {{ layer.get_name() }}.bringToFront();
            {%- endfor %}
        }
        {{ this.get_name() }}.on("overlayadd", in_front);
        document.addEventListener("DOMContentLoaded", in_front);
        {%- endif %}
        {% endmacro %}
        """
    )
    default_js = [("leaflet", LEAFLET_JS), *OWN_JS.items()]  # noqa: RUF012  (as in folium)
    default_css = [  # noqa: RUF012
        ("leaflet_css", LEAFLET_CSS),
        ("zones_css", ZONES_CSS),
    ]

    def __init__(self, page: PageFigure, **options: Any) -> None:  # noqa: ANN401
        super().__init__(tiles=None, **options)
        # folium uses random ids; the same page must have the same bytes.
        self._id = MAP_ID
        self.page = page
        page.add_child(self)


class ZoneLayers(MacroElement):
    """Zones, outlines, places and popups, from the data in the page.

    The template of the page places the data. Branca renders its input as a template a second time,
    so there a kelurahan named ``{{ 7 * 7 }}`` would become 49 (template injection).
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        mikrozonasi.show({{ this.map_name }}, {{ this.data_id|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, map_name: str, data_id: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's
        self._name = "ZoneLayers"
        self._id = MAP_ID
        self.data_id = data_id
        self.map_name = map_name
