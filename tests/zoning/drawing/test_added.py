"""What people add to a notebook's map: drawn from our own files, or refused by its name."""

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
from zoning.drawing.folium_map import standalone
from zoning.drawing.page_data import Picture
from zoning.drawing.view import View
from zoning.placing.indexed_boundaries import Ground
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
WITHOUT: dict[str, Callable[[], Element]] = {
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
REFUSED: dict[str, Callable[[], Element]] = {
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


def document(drawn: folium.Map) -> str:
    text: str = drawn.get_root().render()
    return text


def figure_of(drawn: folium.Map) -> folium.Figure:
    root = drawn.get_root()
    assert isinstance(root, folium.Figure)
    return root


@pytest.mark.parametrize("name", [*WITH_POPUP, *WITHOUT])
@pytest.mark.parametrize("server", [None, "http://localhost:8000"])
def test_what_leaflet_can_draw_is_drawn_and_fetches_nothing(
    small_city: City, name: str, server: str | None
) -> None:
    drawn = small_city.map(server=server)
    {**WITH_POPUP, **WITHOUT}[name]().add_to(drawn)
    page = document(drawn)
    sources = Sources()
    sources.feed(page)
    assert [source for source in sources.found if not source.startswith("data:")] == []
    assert (JQUERY in page) == (name in WITH_POPUP)
    assert document(drawn).count("L.map(") == 1


@pytest.mark.parametrize("name", REFUSED)
def test_what_needs_another_site_is_refused_by_its_name(small_city: City, name: str) -> None:
    for group in (False, True):
        drawn = small_city.map()
        REFUSED[name]().add_to(folium.FeatureGroup().add_to(drawn) if group else drawn)
        with pytest.raises(AssetError, match=f"{name}.*load nothing from other sites"):
            document(drawn)


def test_a_script_added_to_one_map_is_refused_there_and_not_on_the_next(small_city: City) -> None:
    drawn = small_city.map()
    drawn.add_js_link("theirs", "https://elsewhere.example/a.js")
    with pytest.raises(AssetError, match="load nothing from other sites"):
        document(drawn)
    assert "elsewhere" not in document(small_city.map())


def test_a_file_stays_as_it_was_where_its_map_is_refused(small_city: City, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    drawn = small_city.map()
    drawn.save(str(path))
    before = path.read_bytes()
    drawn.save(path)
    assert path.read_bytes() == before == document(drawn).encode()
    REFUSED["HeatMap"]().add_to(drawn)
    for root in (drawn, drawn.get_root()):
        with pytest.raises(AssetError):
            root.save(str(path))
    assert path.read_bytes() == before


def test_a_map_can_be_saved_to_what_is_open(small_city: City) -> None:
    drawn, opened = small_city.map(), BytesIO()
    drawn.save(opened, close_file=False)
    assert opened.getvalue() == document(drawn).encode()
    drawn.save(opened)
    assert opened.closed


def test_what_is_added_ends_no_script(small_city: City) -> None:
    drawn = small_city.map()
    folium.Marker(AT, tooltip="</script><img src=x>", popup="</SCRIPT><!-- <script>").add_to(drawn)
    page = document(drawn)
    script = page[page.index("var map_zones") :]
    assert re.findall("</script|<!--", script, re.IGNORECASE) == ["</script"]
    assert script.index("</script>") > script.index("img src=x")


def test_a_title_stands_beside_the_map_and_not_under_it(small_city: City) -> None:
    drawn = small_city.map()
    figure_of(drawn).html.add_child(Element("<h3>Klaster pasar</h3>"))
    page = document(drawn)
    assert page.index("</main>") < page.index("Klaster pasar") < page.index('class="timeline"')
    assert 'class="beside"' not in document(small_city.map())


def framed(text: str) -> str:
    """The document in the only frame of another."""
    (inside,) = re.findall(r'<iframe srcdoc="([^"]*)"', text)
    return html.unescape(inside)


def test_a_map_in_a_figure_of_ones_own_is_drawn_whole_in_its_size(small_city: City) -> None:
    drawn = small_city.map(days=2)
    alone = document(drawn)
    figure = folium.Figure(width="600", height="400")
    figure.add_child(drawn)
    for _ in range(2):
        shown = figure._repr_html_()
        assert 'width="600" height="400"' in shown
        assert framed(framed(shown)) == alone
        assert page_data_of(framed(figure.render())) == page_data_of(alone)


def test_a_map_on_its_own_takes_another_size(small_city: City) -> None:
    drawn = small_city.map(days=1)
    root = figure_of(drawn)
    root.width, root.height = "600px", "400px"
    shown = drawn._repr_html_()
    assert 'width="600px" height="400px"' in shown
    assert framed(shown) == document(drawn)


def test_two_maps_stand_in_one_figure_and_their_names_are_not_run(small_city: City) -> None:
    city = small_city.ground().boundaries
    areas = city.areas.copy()
    areas["name"] = areas["name"].where(areas["kind"] != "kelurahan", "{{ 7 * 7 }}{% raw %}")
    ground = Ground(Boundaries(city.id, areas))

    public = small_city.public()

    class Renamed:
        day, risks, places = public.day, public.risks, public.places
        published_days = public.published_days
        cache, rules = Cache(), public.rules

        def ground(self, on: PublicDay) -> Ground:
            assert on.boundaries == city.id
            return ground

    days = small_city.published_days()[-2:]
    figure = folium.Figure()
    for row, on in enumerate(days):
        figure.add_subplot(1, 2, row + 1).add_child(standalone(Renamed(), on, 1))
    inside = [html.unescape(one) for one in re.findall('srcdoc="([^"]*)"', figure.render())]
    assert [page_data_of(one)["day"]["date"] for one in inside] == [on.isoformat() for on in days]
    assert all("{{ 7 * 7 }}{% raw %}" in one for one in inside)


@pytest.mark.parametrize("place", [folium.Map, plugins.DualMap, folium.FeatureGroup])
def test_a_map_in_another_map_is_refused(small_city: City, place: Callable[[], Any]) -> None:
    outer = place()
    drawn = small_city.map(days=1)
    drawn.add_to(outer)
    with pytest.raises(AssetError, match=r"stands alone or in a folium\.Figure"):
        drawn.render()  # type: ignore[no-untyped-call]  # folium's


def test_a_scale_says_its_caption_and_the_edges_of_its_colours(small_city: City) -> None:
    drawn = small_city.map()
    data = {"A": 0.0, "B": 30.0}
    folium.Choropleth(
        FEATURES,
        data=data,
        key_on="feature.properties.name",
        bins=[0, 10, 20, 30],
        legend_name="Kasus",
    ).add_to(drawn)
    (said,) = re.findall(r"mikrozonasi\.scale\(map_zones, (\{.*\})\);", document(drawn))
    scale = json.loads(said)
    assert (scale["caption"], scale["ticks"], scale["ends"]) == ("Kasus", [0, 10, 20, 30], [0, 30])
    assert len({*scale["colours"]}) == 3


def test_the_layers_kept_in_front_are(small_city: City) -> None:
    drawn = small_city.map()
    group = folium.FeatureGroup("g")
    group.add_to(drawn)
    drawn.keep_in_front(group)
    assert f"{group.get_name()}.bringToFront()" in document(drawn)


def test_the_applications_pages_have_none_of_it(small_city: City) -> None:
    city = small_city.public()
    day = city.day()
    picture = Picture(day, city.ground(day).boundaries, city.risks(day))
    page = map_page(picture, View(links=ServedAssets(""), api=""), MapPage(""))
    assert not re.search("added|jquery|beside|in_front|AwesomeMarkers", page)


def test_a_map_has_all_days_where_more_are_asked_for(small_city: City) -> None:
    kept = page_data_of(document(small_city.map(days=1000)))
    days = [one.isoformat() for one in small_city.published_days()]
    assert [one["date"] for one in kept["days"]] == days


@pytest.mark.parametrize("days", [0, -1, 2.5, "14", True])
def test_a_number_of_days_that_is_none_is_refused(small_city: City, days: Any) -> None:
    with pytest.raises(InputError, match="whole number of at least 1"):
        small_city.map(days=days)


def test_a_servers_map_has_all_its_days(small_city: City) -> None:
    for days in (0, 14):
        with pytest.raises(InputError, match="leave days out"):
            small_city.map(days=days, server="http://localhost:8000")
