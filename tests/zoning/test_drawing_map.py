"""The map as a document: complete without another site, and names stay names."""

import json
import re
from html.parser import HTMLParser

import folium
import geopandas as gpd
import numpy as np
import pytest
import shapely
from folium.plugins import MarkerCluster

from geodata.boundaries import Boundaries
from zoning import City
from zoning.drawing.assets import LEAFLET_CSS, LEAFLET_JS, AssetError, asset_text
from zoning.drawing.figure import Served, own_asset, script_hashes
from zoning.drawing.folium_map import json_for_html, standalone
from zoning.drawing.shapes import colour_counts, coloured, outlines
from zoning.ground import Ground
from zoning.runs import DayZones

HOSTILE = ["</script><img src=x onerror=alert(1)>", "`${alert(1)}`", "a & b", "\u2028"]


class Sources(HTMLParser):
    """Whatever a browser would fetch for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            value
            for name, value in attrs
            if value is not None and (name == "src" or (name == "href" and tag == "link"))
        ]


@pytest.fixture(scope="module")
def page(small_city: City) -> str:
    html: str = small_city.map().get_root().render()
    return html


def test_a_notebooks_map_fetches_nothing(page: str) -> None:
    sources = Sources()
    sources.feed(page)
    assert [source for source in sources.found if not source.startswith("data:")] == []
    assert "url(images/" not in page


def test_a_notebooks_map_is_a_folium_map_and_the_same_each_time(
    small_city: City, page: str
) -> None:
    drawn = small_city.map()
    assert isinstance(drawn, folium.Map)
    assert drawn.get_root().render() == page
    assert "iframe" in drawn._repr_html_()


def test_a_script_from_elsewhere_is_refused_rather_than_loaded(small_city: City) -> None:
    drawn = small_city.map()
    MarkerCluster().add_to(drawn)  # type: ignore[no-untyped-call]  # folium's
    with pytest.raises(AssetError, match="load nothing from other sites"):
        drawn.get_root().render()


def test_leaflet_is_ours_whatever_address_folium_gives_it() -> None:
    assert own_asset("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js") == LEAFLET_JS
    assert own_asset("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css") == LEAFLET_CSS
    with pytest.raises(AssetError):
        own_asset("https://elsewhere.example/leaflet@1.9.3/dist/leaflet.js.evil")


def test_a_missing_asset_says_what_to_do() -> None:
    with pytest.raises(AssetError, match="make setup"):
        asset_text("vendor/nothing.js")


def test_an_address_cannot_break_out_of_its_attribute() -> None:
    assert '"><b>' not in Served('"><b>').script("a.js")


@pytest.mark.parametrize("name", HOSTILE)
def test_json_in_a_page_holds_no_bracket_and_reads_back_the_same(name: str) -> None:
    text = json_for_html({name: [name]})
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {name: [name]}


def test_a_pages_own_scripts_are_hashed_as_browsers_do() -> None:
    # Known answer: openssl dgst -sha256 -binary | base64 of "alert(1)".
    page = '<script src="a.js"></script><script>alert(1)</script>'
    assert script_hashes(page) == ["'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"]


def test_the_page_says_each_colours_number_in_both_languages(small_city: City, page: str) -> None:
    day = small_city.day()
    for number in (day.green, day.yellow, day.orange, day.red):
        assert f">{number:,}".replace(",", ".") in page
    for word in ("hijau", "kuning", "oranye", "merah", "green", "yellow", "orange", "red"):
        assert word in page


@pytest.fixture(scope="module")
def boundaries(small_city: City) -> Boundaries:
    return small_city.ground().boundaries


def test_outlines_stay_a_coverage_and_keep_their_place(boundaries: Boundaries) -> None:
    features = outlines(boundaries, np.zeros(len(boundaries.leaves), dtype=np.uint8))
    drawn = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    kelurahan = drawn[drawn["level"] == "kelurahan"].sort_values("code")
    exact = boundaries.level("kelurahan")
    assert kelurahan["code"].tolist() == exact["code"].tolist()
    one, other = (
        frame.geometry.to_crs(boundaries.metres).to_numpy() for frame in (kelurahan, exact)
    )
    assert (
        shapely.area(shapely.symmetric_difference(one, other)) < 0.05 * shapely.area(other)
    ).all()
    united, parts = shapely.union_all(one).area, shapely.area(one).sum()
    assert parts == pytest.approx(united, rel=1e-4)


def test_outlines_count_the_rt_of_each_colour(boundaries: Boundaries) -> None:
    risks = (np.arange(len(boundaries.leaves)) % 5).astype(np.uint8)
    risks[risks == 4] = 255
    for feature in outlines(boundaries, risks):
        about = feature["properties"]
        inside = boundaries.leaves["code"].str.startswith(about["code"] + "-")
        if about["level"] == "kelurahan":
            assert about["counts"] == [int((risks[inside] == risk).sum()) for risk in range(4)]


def test_only_rt_with_a_colour_above_green_are_written_out(boundaries: Boundaries) -> None:
    risks = np.zeros(len(boundaries.leaves), dtype=np.uint8)
    assert coloured(boundaries, risks) == []
    risks[[3, 5, 8]] = 3, 255, 1
    written = {one["properties"]["code"]: one["properties"] for one in coloured(boundaries, risks)}
    assert {code: about["risk"] for code, about in written.items()} == {
        boundaries.leaves["code"][3]: 3,
        boundaries.leaves["code"][8]: 1,
    }
    assert all(about["kelurahan"] and about["kecamatan"] for about in written.values())


def test_counting_colours_leaves_out_areas_without_one() -> None:
    codes = np.array(["a", "a", "b"], dtype=object)
    assert colour_counts(codes, np.array([0, 255, 3], dtype=np.uint8)) == {
        "a": [1, 0, 0, 0],
        "b": [0, 0, 0, 1],
    }


def test_a_name_that_looks_like_a_template_is_not_run(small_city: City) -> None:
    """branca takes what it is given for a template once more; names must not pass through it."""
    city = small_city.ground().boundaries
    areas = city.areas.copy()
    areas["name"] = areas["name"].where(areas["kind"] != "kelurahan", "{{ 7 * 7 }}{% raw %}")
    ground = Ground(Boundaries(city.id, areas))

    class Renamed:
        day, risks = small_city.day, small_city.risks

        def ground(self, on: DayZones) -> Ground:
            assert on.date == small_city.latest()
            return ground

    page = standalone(Renamed(), small_city.latest()).get_root().render()
    assert "{{ 7 * 7 }}{% raw %}" in page
