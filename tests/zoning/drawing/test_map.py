"""The map as a document: loads nothing from other sites, and names stay text."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pytest
import shapely
from folium.plugins import MarkerCluster
from hypothesis import given
from hypothesis import strategies as st

from api.pages.policy import script_hashes
from api.pages.rendering import ServedAssets
from geodata.boundaries import Boundaries
from geodata.errors import InputError
from tests.zoning.drawing.unpacked import numbers, risks, shapes
from tests.zoning.ward import TODAY, Case, day, days, open_ward
from zoning import City
from zoning.caching import Cache
from zoning.days.daily import run_days
from zoning.drawing.assets import LEAFLET_CSS, LEAFLET_JS, AssetError, asset_text
from zoning.drawing.figure import own_asset
from zoning.drawing.folium_map import json_for_html, standalone_map
from zoning.drawing.packing import pack_numbers, pack_risks, pack_shapes
from zoning.drawing.shapes import outlines, standalone_shapes
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.public.day import PublicDay
from zoning.risk import FOUR_COLOURS
from zoning.tiles.formats.tilejson import tilejson


def page_data_of(page: str) -> dict[str, Any]:
    """The data of a page for its script."""
    match = re.search(r'<script type="application/json" id="[^"]+">(.*?)</script>', page, re.DOTALL)
    assert match is not None
    data: dict[str, Any] = json.loads(match[1])
    return data


HOSTILE = ["</script><img src=x onerror=alert(1)>", "`${alert(1)}`", "a & b", "\u2028"]


class Sources(HTMLParser):
    """URLs that a browser would load for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.urls += [
            value
            for name, value in attrs
            if value is not None and (name == "src" or (name == "href" and tag == "link"))
        ]


@pytest.fixture(scope="module")
def page(small_city: City) -> str:
    html: str = small_city.map().get_root().render()
    return html


def test_a_notebook_map_loads_nothing(page: str) -> None:
    sources = Sources()
    sources.feed(page)
    assert [source for source in sources.urls if not source.startswith("data:")] == []
    assert "url(images/" not in page


def test_a_notebook_map_is_a_folium_map_with_the_same_bytes_each_time(
    small_city: City, page: str
) -> None:
    notebook_map = small_city.map()
    assert isinstance(notebook_map, folium.Map)
    assert notebook_map.get_root().render() == page
    assert "iframe" in notebook_map._repr_html_()


def test_a_script_of_another_site_is_rejected(small_city: City) -> None:
    notebook_map = small_city.map()
    MarkerCluster().add_to(notebook_map)  # type: ignore[no-untyped-call]  # folium's
    with pytest.raises(AssetError, match="load nothing from other sites"):
        notebook_map.get_root().render()


def test_leaflet_urls_of_folium_map_to_our_files() -> None:
    assert own_asset("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js") == LEAFLET_JS
    assert own_asset("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css") == LEAFLET_CSS
    with pytest.raises(AssetError):
        own_asset("https://elsewhere.example/leaflet@1.9.3/dist/leaflet.js.evil")


def test_a_missing_asset_says_what_to_do() -> None:
    with pytest.raises(AssetError, match="make setup"):
        asset_text("vendor/nothing.js")


def test_an_address_cannot_break_out_of_its_attribute() -> None:
    assert '"><b>' not in ServedAssets('"><b>').script("a.js")


@pytest.mark.parametrize("name", HOSTILE)
def test_json_in_a_page_has_no_angle_bracket_and_is_decoded_equal(name: str) -> None:
    text = json_for_html({name: [name]})
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {name: [name]}


def test_inline_scripts_are_hashed_like_in_browsers() -> None:
    # Known answer: openssl dgst -sha256 -binary | base64 of "alert(1)".
    page = '<script src="a.js"></script><script>alert(1)</script>'
    assert script_hashes(page) == ["'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"]


def test_the_page_has_the_count_of_each_colour_in_both_languages(
    small_city: City, page: str
) -> None:
    day = small_city.day()
    for number in day.counts.values():
        assert f">{number:,}".replace(",", ".") in page
    for word in ("hijau", "kuning", "oranye", "merah", "green", "yellow", "orange", "red"):
        assert word in page


@pytest.fixture(scope="module")
def boundaries(small_city: City) -> Boundaries:
    return small_city.ground().boundaries


def test_outlines_stay_a_coverage_in_place(boundaries: Boundaries) -> None:
    drawn = outlines(boundaries)["kelurahan"]
    exact = boundaries.level("kelurahan")
    assert drawn["codes"] == exact["code"].tolist()
    simplified = gpd.GeoSeries(shapes(drawn["shapes"]), crs="EPSG:4326").to_crs(boundaries.metres)
    original = exact.geometry.to_crs(boundaries.metres)
    assert (
        shapely.area(shapely.symmetric_difference(simplified, original))
        < 0.03 * shapely.area(original)
    ).all()
    union_area, sum_of_areas = shapely.union_all(simplified).area, shapely.area(simplified).sum()
    assert sum_of_areas == pytest.approx(union_area, rel=1e-4)


def test_outlines_name_the_kecamatan_of_each_kelurahan(boundaries: Boundaries) -> None:
    drawn = outlines(boundaries)
    kelurahan = boundaries.level("kelurahan").set_index("code")
    for row, code in enumerate(drawn["kelurahan"]["codes"]):
        kecamatan = drawn["kecamatan"]["codes"][drawn["kelurahan"]["within"][row]]
        assert kecamatan == kelurahan["parent"][code]
        lat, lon = drawn["kelurahan"]["labels"][row]
        assert kelurahan.geometry[code].buffer(1e-4).contains(shapely.Point(lon, lat))


def test_the_rt_of_a_page_without_tiles_stay_in_place(boundaries: Boundaries) -> None:
    packed, lines = standalone_shapes(boundaries)
    drawn = gpd.GeoSeries(shapes(packed), crs="EPSG:4326").to_crs(boundaries.metres)
    exact = boundaries.smallest_zones.geometry.to_crs(boundaries.metres)
    difference = shapely.area(shapely.symmetric_difference(drawn, exact)) / shapely.area(exact)
    assert difference.max() < 0.15
    assert np.median(difference) < 0.03
    kelurahan = gpd.GeoSeries(shapes(lines["kelurahan"]["shapes"]), crs="EPSG:4326")
    assert kelurahan.to_crs(boundaries.metres).area.sum() == pytest.approx(
        drawn.area.sum(), rel=1e-3
    )


def test_a_notebook_page_has_every_rt_and_day(small_city: City) -> None:
    data = page_data_of(small_city.map(days=3).get_root().render())
    day = small_city.day()
    smallest = small_city.ground(day).boundaries.smallest_zones
    assert data["zones"]["names"] == smallest["name"].tolist()
    assert [day_data["date"] for day_data in data["days"]] == [
        day_data.isoformat() for day_data in small_city.published_days()[-3:]
    ]
    for day_data in data["days"]:
        zones = small_city.zones(small_city.day(date.fromisoformat(day_data["date"])))
        assert risks(day_data["risks"], len(smallest)) == zones["risk"].tolist()
        assert data["told"][day_data["told"]][0]["why"]["id"].startswith("0 rumah")
        assert day_data["counts"][1] == int((zones["risk"] == 1).sum())
    codes = np.array(data["outlines"]["kelurahan"]["codes"])
    assert (codes[data["zones"]["kelurahan"]] == smallest["code"].str[:13]).all()


def explanation_in(data: dict[str, Any], day: dict[str, Any], zone: int, language: str) -> str:
    """The explanation of an RT's colour in a notebook's popup."""
    risk = risks(day["risks"], zone + 1)[zone]
    text: str = data["told"][day["told"]][risk]["why"][language]
    return text


def check_popups(city: City, days: int) -> int:
    """Check that a notebook's popups equal the public answers; the number of popups."""
    data = page_data_of(city.map(days=days).get_root().render())
    zones = city.ground().boundaries.smallest_zones
    checked = 0
    for day_data in data["days"]:
        for zone_row, (code, kind) in enumerate(zip(zones["code"], zones["kind"], strict=True)):
            if kind == "rt":
                zone = city.public().zone(code, date.fromisoformat(day_data["date"]))
                assert explanation_in(data, day_data, zone_row, "id") == zone.why.id
                assert explanation_in(data, day_data, zone_row, "en") == zone.why.en
                checked += 1
    return checked


def test_a_notebook_popup_equals_the_public_answer(small_city: City) -> None:
    assert check_popups(small_city, 2) == 2 * len(small_city.boundaries())


def test_a_notebook_page_does_not_depend_on_single_cases(tmp_path: Path) -> None:
    """Unknown houses, cases without an RT and active cases do not change the page."""
    plain = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]
    doubtful = [
        *(Case((0, 1, 1), house, 3, 9) for house in ("a", None, None)),
        Case((3, 1, 1), "d", -9, 30),
        Case(None, None, 3, 9, "33.74.14.1001"),
        Case(None, None, 4, 9),
    ]
    pages = []
    for name, cases in (("plain", plain), ("doubtful", doubtful)):
        with open_ward(tmp_path, cases, name) as store:
            run_days(store, None, days(3, 5), today=TODAY)
            assert check_popups(City(store), 3)
            pages.append(City(store).map(days=3).get_root().render())
    assert pages[0] == pages[1]


def test_a_notebook_popup_names_the_rule_in_force(tmp_path: Path) -> None:
    with open_ward(tmp_path, [Case((0, 1, 1), "a", -150, 30)]) as store:
        run_days(store, None, [day(-149)], today=TODAY)  # before the first rule
        run_days(store, None, [day(3)], rule_id="dkk-semarang", today=TODAY)
        assert check_popups(City(store), 2)
        data = page_data_of(City(store).map(days=2).get_root().render())
        retrospect, other = (explanation_in(data, day_data, 0, "en") for day_data in data["days"])
        assert "No rule coloured RT yet on that day" in retrospect
        assert "The rule in force on that day is another" in other


def test_a_map_of_zero_days_is_rejected(small_city: City) -> None:
    with pytest.raises(InputError, match="at least 1"):
        small_city.map(days=0)


def test_a_map_from_a_server_has_no_zones_and_names_the_server(small_city: City) -> None:
    page = small_city.map(server="http://localhost:8000/").get_root().render()
    data = page_data_of(page)
    assert data["tiles"].startswith("http://localhost:8000/tiles/{run}/")
    assert "zones" not in data
    with pytest.raises(InputError, match="http://"):
        small_city.map(server="javascript:alert(1)")


@given(st.lists(st.integers(-(2**33), 2**33)))
def test_packed_numbers_are_decoded_equal(values: list[int]) -> None:
    assert numbers(pack_numbers(np.array(values, dtype=np.int64))) == values


@given(st.lists(st.sampled_from([0, 1, 2, 3, 255])))
def test_packed_risks_are_decoded_and_no_risk_is_zero(values: list[int]) -> None:
    packed = pack_risks(np.array(values, dtype=np.uint8), 4)
    assert risks(packed, len(values)) == [value if value <= 3 else 0 for value in values]


def test_packed_shapes_keep_holes_and_parts() -> None:
    holed = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
    two_parts = shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(-4, -4, -3, -3)])
    originals = [holed, two_parts, shapely.Polygon()]
    decoded = shapes(pack_shapes(np.array(originals, dtype=object)))
    assert all(
        shapely.equals(shape, original) for shape, original in zip(decoded, originals, strict=True)
    )


def test_a_name_that_looks_like_a_template_is_not_rendered(small_city: City) -> None:
    """branca renders its input as a template again; names must not pass through branca."""
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
            assert on.date == small_city.latest()
            return ground

    page = standalone_map(RenamedCity(), small_city.latest()).get_root().render()
    assert "{{ 7 * 7 }}{% raw %}" in page


def test_the_name_of_a_city_is_escaped_in_the_attribution(small_city: City) -> None:
    city = small_city.ground().boundaries
    areas = city.areas.copy()
    areas["name"] = areas["name"].where(areas["kind"] != "kota", "<img src=x onerror=alert(1)>")
    document = tilejson(
        Boundaries(city.id, areas),
        small_city.public().day(),
        "mvt",
        "http://a.example",
        FOUR_COLOURS,
    )
    assert document["attribution"] == "&lt;img src=x onerror=alert(1)&gt;"
