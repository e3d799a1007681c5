"""Parameters that no one takes: refused where data is asked for, slips of the pen on pages too."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.settings import Settings
from tests.databases import copy_of

PAGES = ("/map", "/embed", "/embed/guide", "/embed/guide/{example}")
TOKEN = "a-token-for-this-test"
FILLED = {
    "run": "latest",
    "z": "14",
    "x": "13212",
    "y": "8496",
    "code": "33.74.01",
    "example": "leaflet",
    "kind": "cases",
    "newcomer_id": "N-1",
}
WANTED = {"/locate": {"lon": "110.41", "lat": "-6.97"}}


@pytest.fixture(scope="module")
def operations(client: TestClient) -> dict[str, dict[str, Any]]:
    """What the interface's own description says of each path that is asked by GET."""
    paths = client.get("/openapi.json").json()["paths"]
    return {path: methods["get"] for path, methods in paths.items() if "get" in methods}


def names_of(operation: dict[str, Any]) -> list[str]:
    return [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]


def test_every_path_of_data_refuses_what_it_does_not_take_and_names_what_it_does(
    operations: dict[str, dict[str, Any]], small_database: str, tmp_path: Path
) -> None:
    # A copy: what an official is told leaves a line in the audit.
    settings = Settings(database=copy_of(small_database, tmp_path), token=SecretStr(TOKEN))
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(create_app(settings), headers=bearer) as official:
        for path, operation in operations.items():
            if path in {*PAGES, "/healthz"} or path.startswith("/tiles/"):
                continue
            address = path.format(**FILLED)
            usual = WANTED.get(path, {})
            assert official.get(address, params=usual).status_code in {200, 204}, path
            answer = official.get(address, params={**usual, "colur": "merah"})
            assert answer.status_code == 422, path
            assert answer.json()["code"] == "unknown-parameter"
            said = answer.json()["message"].partition("It takes")[2].strip(" :.").split(", ")
            assert sorted(said) == sorted(names_of(operation) or ["none"]), path
            assert "merah" not in answer.text


def test_a_day_mistyped_is_not_the_newest_day(client: TestClient) -> None:
    assert client.get("/zones?dat=2021-07-01").status_code == 422
    assert client.get("/days?date=2021-07-01").status_code == 422
    assert client.get("/summary?Date=2021-07-01").status_code == 422


def test_a_parameter_that_comes_twice_is_not_taken_for_one_of_them(client: TestClient) -> None:
    answer = client.get("/summary?date=2021-07-01&date=2021-07-02")
    assert answer.status_code == 422
    assert answer.json() == {
        "code": "invalid-parameter",
        "message": "date: It comes more than once.",
    }


@pytest.mark.parametrize("page", ["/map", "/embed", "/embed/guide"])
@pytest.mark.parametrize("slip", ["dat", "Date", "LANG", "daet", "lan", "date "])
def test_a_page_refuses_a_slip_of_the_pen(client: TestClient, page: str, slip: str) -> None:
    answer = client.get(page, params={slip: "2021-07-14"}, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "unknown-parameter" in answer.text
    assert "lang" in answer.text


@pytest.mark.parametrize("page", ["/map", "/embed", "/embed/guide", "/embed/guide/leaflet"])
@pytest.mark.parametrize(
    "added",
    ["utm_source=wa", "utm_campaign=x&utm_medium=y", "fbclid=abc", "gclid=1", "_=1626300000",
     "v=2", "igsh=1", "ref=portal", "ts=1"],
)  # fmt: skip
def test_a_page_leaves_aside_what_others_add_to_its_address(
    client: TestClient, page: str, added: str
) -> None:
    assert client.get(f"{page}?{added}").status_code == 200


def test_a_probe_may_add_what_it_likes_to_the_path_that_tells_health(client: TestClient) -> None:
    assert client.get("/healthz?nocache=1").status_code == 200


def test_the_way_from_the_home_page_keeps_the_day(client: TestClient) -> None:
    answer = client.get("/?date=2021-07-01&lang=en", follow_redirects=False)
    assert answer.headers["location"] == "/map?date=2021-07-01&lang=en"
    assert client.get("/", follow_redirects=False).headers["location"] == "/map"
    assert client.get("/?dat=2021-07-01").status_code == 422


@pytest.mark.parametrize("page", ["/embed", "/embed/guide", "/map"])
@pytest.mark.parametrize("word", ["language", "bahasa", "day", "tanggal", "Hari", "kelurahan"])
def test_a_page_refuses_another_word_for_what_it_takes(
    client: TestClient, page: str, word: str
) -> None:
    answer = client.get(page, params={word: "2021-07-14"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-parameter")
    assert "lang" in answer.json()["message"]


@pytest.mark.parametrize("page", ["/map", "/embed", "/embed/guide"])
def test_a_page_is_told_each_thing_once(client: TestClient, page: str) -> None:
    answer = client.get(f"{page}?lang=en&lang=id")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")


@pytest.mark.parametrize(
    ("asked", "status"),
    [(".mvt?v=3", 200), (".png?t=1", 200), (".png?pattern=true&_=16", 200), ("@2x.png?v=3", 200),
     (".png?patern=true", 422), (".png?size=512&size=256", 422)],
)  # fmt: skip
def test_a_tile_leaves_numbers_against_caches_aside(
    client: TestClient, asked: str, status: int
) -> None:
    assert client.get(f"/tiles/latest/12/3304/2127{asked}").status_code == status


def test_the_newest_day_is_called_latest_where_tiles_are_described(client: TestClient) -> None:
    found = client.get("/tilejson?date=latest")
    assert found.status_code == 200
    assert found.json() == client.get("/tilejson").json()


@pytest.mark.parametrize(
    "address",
    ["/locate?lon=11_0.41&lat=-6.97", "/locate?lon=110.41&lat=-0_6.97", "/zones?limit=1_0",
     "/zones?offset=1_0", "/zones?bbox=1_10.0,-7,111,-6", "/embed/guide?height=4_80",
     "/tiles/latest/1_2/3304/2127.png", "/places?near=11_0.4,-6.98",
     "/ogc/collections/zones-rt/items?bbox=1_10,-7,111,-6",
     "/ogc/collections/zones-rt/items?risk=1_0"],
)  # fmt: skip
def test_a_number_has_no_underscore(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == (400 if address.startswith("/ogc") else 422)
