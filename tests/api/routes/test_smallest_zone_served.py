"""A city whose smallest zones are RW or dusun, over HTTP: the level rt gives these zones."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.schemas.public import ZoneCollection
from api.settings import Settings
from tests.cities.city_without_rt import DUSUN, RW, middle
from tests.zoning.zones.test_smallest_zone import make_city


@pytest.fixture(scope="module", params=["rw", "dusun"])
def without_rt(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp(request.param)
    url = f"duckdb:///{folder}/city.duckdb"
    make_city(url, folder, RW if request.param == "rw" else DUSUN, request.param)
    settings = Settings(database=url)
    with TestClient(create_app(settings)) as client:
        yield client


def ask(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_zones_are_the_smallest_zones_with_a_remark_that_the_law_means_rt(
    without_rt: TestClient,
) -> None:
    zones = ask(without_rt, "/zones")
    ZoneCollection.model_validate(zones)
    properties = [feature["properties"] for feature in zones["features"]]
    assert {values["level"] for values in properties} == {"rw"}
    assert all("not an RT" in values["remark"] for values in properties)
    within = ask(without_rt, "/zones", parent="33.74.10.1002")["features"]
    assert {zone["properties"]["code"][:13] for zone in within} == {"33.74.10.1002"}


def test_a_zone_its_history_and_the_zone_at_a_point_agree(without_rt: TestClient) -> None:
    lon, lat = middle(0, 0)
    located = ask(without_rt, "/locate", lon=lon, lat=lat)
    assert located["colour"] == "merah"
    zone = ask(without_rt, f"/zones/{located['code']}")
    assert "not an RT" in zone["why"]["en"]
    assert "bukan RT" in zone["why"]["id"]
    assert [area["level"] for area in zone["within"]] == ["kelurahan", "kecamatan", "kota"]
    assert ask(without_rt, f"/zones/{located['code']}/history")["days"][0]["colour"] == "merah"


@pytest.mark.parametrize("level", ["rt", "rw", "kelurahan", "kota"])
def test_every_level_answers_and_counts_its_zones_once(without_rt: TestClient, level: str) -> None:
    rows = ask(without_rt, "/summary", level=level)["areas"]
    zones = len(ask(without_rt, "/zones")["features"])
    colours = ("green", "yellow", "orange", "red")
    assert sum(row[colour] for row in rows for colour in colours) == zones


def test_features_of_ogc_have_the_codes_of_the_areas_around_them(without_rt: TestClient) -> None:
    collection = ask(without_rt, "/ogc/collections/zones-rt")
    assert "not RT; the law sets its thresholds for RT" in str(collection)
    items = ask(without_rt, "/ogc/collections/zones-rt/items", limit=20)["features"]
    for feature in items:
        values = feature["properties"]
        assert values["level"] == "rw"
        assert values["rw"] is None
        assert values["kelurahan"] == values["parent"]
        assert values["kelurahan_name"] in {"MELATI", "KENANGA"}
        assert values["kecamatan"] == "33.74.10"


def test_the_map_page_and_the_tilejson_have_the_remark(without_rt: TestClient) -> None:
    page = without_rt.get("/map").text
    assert "not RT; the law sets its thresholds for RT" in page
    tiles = ask(without_rt, "/tilejson", format="mvt")
    assert "not RT" in tiles["description"]


def test_answers_of_a_city_with_rt_have_no_remark(client: TestClient) -> None:
    assert "remark" not in ask(client, "/zones", limit=1)["features"][0]["properties"]
    assert "smallest zones" not in client.get("/map").text


def test_the_pages_of_areas_and_of_the_rules_name_the_zones_and_the_remark(
    without_rt: TestClient,
) -> None:
    zones = ask(without_rt, "/zones")["features"]
    name = {"rw": "RW", "dusun": "dusun"}[ask(without_rt, f"/zones/{zones[0]['id']}")["kind"]]
    for path in ("/wilayah", "/wilayah/33.74.10.1001"):
        html = without_rt.get(f"{path}?lang=en").text
        inside = [zone["id"] for zone in zones if zone["id"].startswith(path[9:])]
        assert f"{len(inside)} {name} on " in html
        assert f"The rule gives a colour to {name} only" in html
        assert [f'href="/rt/{code}' in html for code in inside] == [True] * len(inside)
    assert 'class="parts"' not in without_rt.get("/wilayah/33.74.10.1001").text
    assert f"Zona terkecil kota ini {name}, bukan RT" in without_rt.get("/aturan").text
    assert f" {len(zones)} {name}; " in re.sub(r"[,\s]+", " ", without_rt.get("/tentang").text)
