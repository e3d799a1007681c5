"""Elements that users add to a notebook's map: drawn from our files, or rejected by name."""

import html
import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import folium
import pytest
from branca.colormap import LinearColormap
from branca.element import Element
from folium import plugins
from folium.features import GeoJsonPopup, GeoJsonTooltip, RegularPolygonMarker

from api.pages.map_page import MapPage, map_page
from api.pages.rendering import ServedAssets
from geodata.boundaries import Boundaries
from geodata.errors import InputError
from tests.zoning.drawing.test_map import Sources, page_data_of
from zoning import City
from zoning.caching import Cache
from zoning.drawing.assets import AssetError
from zoning.drawing.folium_map import standalone_map
from zoning.drawing.page_data import MapDay
from zoning.drawing.view import View
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.public.day import PublicDay

AT = [-6.99, 110.42]
POINT = {"type": "Point", "coordinates": [110.42, -6.99]}
FEATURE = {"type": "Feature", "properties": {"name": "A", "n": 3}, "geometry": POINT}
FEATURES = {"type": "FeatureCollection", "features": [FEATURE]}
WITH_POPUP: dict[str, Callable[[], Element]] = {
    "popup": lambda: folium.Marker(AT, popup="hi"),
    "circle with popup": lambda: folium.CircleMarker(AT, popup="hi"),
    "lazy popup": lambda: folium.Marker(AT, popup=folium.Popup("<b>hi</b>", lazy=True)),
}
WITHOUT_POPUP: dict[str, Callable[[], Element]] = {
    "marker": lambda: folium.Marker(AT),
    "tooltip": lambda: folium.Marker(AT, tooltip="hi"),
    "icon": lambda: folium.Marker(AT, icon=folium.Icon(color="red")),
    "div icon": lambda: folium.Marker(AT, icon=folium.DivIcon(html="<b>!</b>")),
    "circle": lambda: folium.Circle(AT, radius=100),
    "line": lambda: folium.PolyLine([AT, [-7, 110]]),  # type: ignore[no-untyped-call]  # folium's
    "polygon": lambda: folium.Polygon([(-6.99, 110.42), (-7, 110), (-7, 111)]),
    "geojson": lambda: folium.GeoJson(
        FEATURES, tooltip=GeoJsonTooltip(["name"]), popup=GeoJsonPopup(["n"])
    ),
    "points": lambda: folium.GeoJson(FEATURES, marker=folium.Marker(icon=folium.Icon("green"))),
    "group": lambda: folium.FeatureGroup("g").add_child(folium.Marker(AT)),
    "layers": folium.LayerControl,
    "bounds": lambda: folium.FitBounds([AT, [-7, 110]]),
    "scale": lambda: LinearColormap(["white", "red"], vmin=0, vmax=9, caption="Kasus"),
    "choropleth": lambda: folium.Choropleth(
        FEATURES,
        data={"A": 3.0, "B": 9.0},
        key_on="feature.properties.name",
        legend_name="Kasus",
    ),
}
REJECTED: dict[str, Callable[[], Element]] = {
    "MarkerCluster": plugins.MarkerCluster,
    "FastMarkerCluster": lambda: plugins.FastMarkerCluster([AT]),  # type: ignore[no-untyped-call]  # folium's
    "HeatMap": lambda: plugins.HeatMap([AT]),  # type: ignore[no-untyped-call]
    "Fullscreen": plugins.Fullscreen,
    "ScrollZoomToggler": plugins.ScrollZoomToggler,
    "DualMap": plugins.DualMap,
    "RegularPolygonMarker": lambda: RegularPolygonMarker(AT),
    "Icon": lambda: folium.Marker(AT, icon=folium.Icon(icon="home", prefix="fa")),
    "sign on an Icon": lambda: folium.GeoJson(
        FEATURES, marker=folium.Marker(icon=folium.Icon(icon="home"))
    ),
}
JQUERY = "jQuery v3"


def document(notebook_map: folium.Map) -> str:
    text: str = notebook_map.get_root().render()
    return text


def figure_of(notebook_map: folium.Map) -> folium.Figure:
    root = notebook_map.get_root()
    assert isinstance(root, folium.Figure)
    return root


@pytest.mark.parametrize("name", [*WITH_POPUP, *WITHOUT_POPUP])
@pytest.mark.parametrize("server", [None, "http://localhost:8000"])
def test_elements_for_leaflet_are_drawn_and_load_nothing(
    small_city: City, name: str, server: str | None
) -> None:
    notebook_map = small_city.map(server=server)
    {**WITH_POPUP, **WITHOUT_POPUP}[name]().add_to(notebook_map)
    page = document(notebook_map)
    sources = Sources()
    sources.feed(page)
    assert [source for source in sources.urls if not source.startswith("data:")] == []
    assert (JQUERY in page) == (name in WITH_POPUP)
    assert document(notebook_map).count("L.map(") == 1


@pytest.mark.parametrize("name", REJECTED)
def test_elements_that_need_another_site_are_rejected_by_name(small_city: City, name: str) -> None:
    for group in (False, True):
        notebook_map = small_city.map()
        REJECTED[name]().add_to(
            folium.FeatureGroup().add_to(notebook_map) if group else notebook_map
        )
        with pytest.raises(AssetError, match=f"{name}.*load nothing from other sites"):
            document(notebook_map)


def test_a_script_added_to_one_map_is_rejected_only_there(small_city: City) -> None:
    notebook_map = small_city.map()
    notebook_map.add_js_link("theirs", "https://elsewhere.example/a.js")
    with pytest.raises(AssetError, match="load nothing from other sites"):
        document(notebook_map)
    assert "elsewhere" not in document(small_city.map())


def test_a_file_is_unchanged_if_its_map_is_rejected(small_city: City, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    notebook_map = small_city.map()
    notebook_map.save(str(path))
    before = path.read_bytes()
    notebook_map.save(path)
    assert path.read_bytes() == before == document(notebook_map).encode()
    REJECTED["HeatMap"]().add_to(notebook_map)
    for root in (notebook_map, notebook_map.get_root()):
        with pytest.raises(AssetError):
            root.save(str(path))
    assert path.read_bytes() == before


def test_a_map_can_be_saved_to_an_open_file(small_city: City) -> None:
    notebook_map, file = small_city.map(), BytesIO()
    notebook_map.save(file, close_file=False)
    assert file.getvalue() == document(notebook_map).encode()
    notebook_map.save(file)
    assert file.closed


def test_an_added_element_cannot_end_the_script(small_city: City) -> None:
    notebook_map = small_city.map()
    folium.Marker(AT, tooltip="</script><img src=x>", popup="</SCRIPT><!-- <script>").add_to(
        notebook_map
    )
    page = document(notebook_map)
    script = page[page.index("var map_zones") :]
    assert re.findall("</script|<!--", script, re.IGNORECASE) == ["</script"]
    assert script.index("</script>") > script.index("img src=x")


def test_a_title_is_placed_after_the_map(small_city: City) -> None:
    notebook_map = small_city.map()
    figure_of(notebook_map).html.add_child(Element("<h3>Klaster pasar</h3>"))
    page = document(notebook_map)
    assert page.index("</main>") < page.index("Klaster pasar") < page.index('class="timeline"')
    assert 'class="additions"' not in document(small_city.map())


def frame_document(text: str) -> str:
    """The document inside the only frame of another document."""
    (content,) = re.findall(r'<iframe srcdoc="([^"]*)"', text)
    return html.unescape(content)


def test_a_map_in_another_figure_is_complete_and_has_its_size(small_city: City) -> None:
    notebook_map = small_city.map(days=2)
    own_document = document(notebook_map)
    figure = folium.Figure(width="600", height="400")
    figure.add_child(notebook_map)
    for _ in range(2):
        figure_html = figure._repr_html_()
        assert 'width="600" height="400"' in figure_html
        assert frame_document(frame_document(figure_html)) == own_document
        assert page_data_of(frame_document(figure.render())) == page_data_of(own_document)


def test_a_map_can_have_another_size(small_city: City) -> None:
    notebook_map = small_city.map(days=1)
    root = figure_of(notebook_map)
    root.width, root.height = "600px", "400px"
    map_html = notebook_map._repr_html_()
    assert 'width="600px" height="400px"' in map_html
    assert frame_document(map_html) == document(notebook_map)


def test_two_maps_in_one_figure_do_not_render_names_as_templates(small_city: City) -> None:
    city = small_city.ground().boundaries
    areas = city.areas.copy()
    areas["name"] = areas["name"].where(areas["kind"] != "kelurahan", "{{ 7 * 7 }}{% raw %}")
    ground = IndexedBoundaries(Boundaries(city.id, areas))

    public = small_city.public()

    class RenamedCity:
        day, risks, places = public.day, public.risks, public.places
        published_days = public.published_days
        cache, rules = Cache(), public.rules

        def ground(self, on: PublicDay) -> IndexedBoundaries:
            assert on.boundaries == city.id
            return ground

    days = small_city.published_days()[-2:]
    figure = folium.Figure()
    for row, on in enumerate(days):
        figure.add_subplot(1, 2, row + 1).add_child(standalone_map(RenamedCity(), on, 1))
    documents = [html.unescape(text) for text in re.findall('srcdoc="([^"]*)"', figure.render())]
    assert [page_data_of(text)["day"]["date"] for text in documents] == [
        on.isoformat() for on in days
    ]
    assert all("{{ 7 * 7 }}{% raw %}" in text for text in documents)


@pytest.mark.parametrize("place", [folium.Map, plugins.DualMap, folium.FeatureGroup])
def test_a_map_in_another_map_is_rejected(small_city: City, place: Callable[[], Any]) -> None:
    outer = place()
    notebook_map = small_city.map(days=1)
    notebook_map.add_to(outer)
    with pytest.raises(AssetError, match=r"stands alone or in a folium\.Figure"):
        notebook_map.render()  # type: ignore[no-untyped-call]  # folium's


def test_a_scale_has_its_caption_and_the_edges_of_its_colours(small_city: City) -> None:
    notebook_map = small_city.map()
    data = {"A": 0.0, "B": 30.0}
    folium.Choropleth(
        FEATURES,
        data=data,
        key_on="feature.properties.name",
        bins=[0, 10, 20, 30],
        legend_name="Kasus",
    ).add_to(notebook_map)
    (scale_json,) = re.findall(
        r"mikrozonasi\.scale\(map_zones, (\{.*\})\);", document(notebook_map)
    )
    scale = json.loads(scale_json)
    assert (scale["caption"], scale["ticks"], scale["ends"]) == ("Kasus", [0, 10, 20, 30], [0, 30])
    assert len({*scale["colours"]}) == 3


def test_layers_kept_in_front_stay_in_front(small_city: City) -> None:
    notebook_map = small_city.map()
    group = folium.FeatureGroup("g")
    group.add_to(notebook_map)
    notebook_map.keep_in_front(group)
    assert f"{group.get_name()}.bringToFront()" in document(notebook_map)


def test_pages_of_the_application_have_no_added_elements(small_city: City) -> None:
    city = small_city.public()
    day = city.day()
    picture = MapDay(day, city.ground(day).boundaries, city.risks(day))
    page = map_page(picture, View(links=ServedAssets(""), api=""), MapPage(""))
    assert not re.search("added|jquery|additions|in_front|AwesomeMarkers", page)


def test_a_map_has_all_days_if_more_are_requested(small_city: City) -> None:
    data = page_data_of(document(small_city.map(days=1000)))
    days = [entry.isoformat() for entry in small_city.published_days()]
    assert [entry["date"] for entry in data["days"]] == days


@pytest.mark.parametrize("days", [0, -1, 2.5, "14", True])
def test_an_invalid_number_of_days_is_rejected(small_city: City, days: Any) -> None:
    with pytest.raises(InputError, match="whole number of at least 1"):
        small_city.map(days=days)


def test_a_number_of_days_with_a_server_is_rejected(small_city: City) -> None:
    for days in (0, 14):
        with pytest.raises(InputError, match="leave days out"):
            small_city.map(days=days, server="http://localhost:8000")
