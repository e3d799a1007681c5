"""A city whose smallest zones are RW, over HTTP: pages ask for RT and get what is drawn."""

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
    with TestClient(create_app(settings)) as opened:
        yield opened


def ask(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_zones_are_the_smallest_drawn_and_each_says_the_law_means_rt(
    without_rt: TestClient,
) -> None:
    found = ask(without_rt, "/zones")
    ZoneCollection.model_validate(found)
    said = [feature["properties"] for feature in found["features"]]
    assert {one["level"] for one in said} == {"rw"}
    assert all("not an RT" in one["remark"] for one in said)
    inside = ask(without_rt, "/zones", parent="33.74.10.1002")
    assert {f["properties"]["code"][:13] for f in inside["features"]} == {"33.74.10.1002"}


def test_one_zone_its_history_and_what_lies_at_a_point(without_rt: TestClient) -> None:
    lon, lat = middle(0, 0)
    there = ask(without_rt, "/locate", lon=lon, lat=lat)
    assert there["colour"] == "merah"
    zone = ask(without_rt, f"/zones/{there['code']}")
    assert "not an RT" in zone["why"]["en"]
    assert "bukan RT" in zone["why"]["id"]
    assert [area["level"] for area in zone["within"]] == ["kelurahan", "kecamatan", "kota"]
    assert ask(without_rt, f"/zones/{there['code']}/history")["days"][0]["colour"] == "merah"


@pytest.mark.parametrize("level", ["rt", "rw", "kelurahan", "kota"])
def test_every_level_answers_and_counts_its_zones_once(without_rt: TestClient, level: str) -> None:
    rows = ask(without_rt, "/summary", level=level)["areas"]
    zones = len(ask(without_rt, "/zones")["features"])
    colours = ("green", "yellow", "orange", "red")
    assert sum(row[colour] for row in rows for colour in colours) == zones


def test_features_of_ogc_lie_in_the_areas_they_lie_in(without_rt: TestClient) -> None:
    about = ask(without_rt, "/ogc/collections/zones-rt")
    assert "not RT; the law sets its thresholds for RT" in str(about)
    items = ask(without_rt, "/ogc/collections/zones-rt/items", limit=20)["features"]
    for one in items:
        said = one["properties"]
        assert said["level"] == "rw"
        assert said["rw"] is None
        assert said["kelurahan"] == said["parent"]
        assert said["kelurahan_name"] in {"MELATI", "KENANGA"}
        assert said["kecamatan"] == "33.74.10"


def test_the_map_page_and_the_tiles_say_it(without_rt: TestClient) -> None:
    page = without_rt.get("/map").text
    assert "not RT; the law sets its thresholds for RT" in page
    tiles = ask(without_rt, "/tilejson", format="mvt")
    assert "not RT" in tiles["description"]


def test_an_answer_of_a_city_with_rt_says_nothing_of_it(client: TestClient) -> None:
    assert "remark" not in ask(client, "/zones", limit=1)["features"][0]["properties"]
    assert "smallest zones" not in client.get("/map").text
