"""Unknown parameters: rejected on data paths; on pages only misspellings are rejected."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.settings import Settings
from tests.databases import copy_of

PAGES = (
    *("/", "/map", "/embed", "/embed/guide", "/embed/guide/{example}", "/rt", "/rt/{code}"),
    *("/wilayah", "/wilayah/{code}", "/aturan", "/tentang"),
    *("/tempat", "/rujukan", "/vaksinasi", "/bantuan", "/alat", "/pendatang", "/dokter"),
)
TOKEN = "a-token-for-this-test"
FILLED = {
    "run": "latest",
    "boundaries": "latest",
    "z": "14",
    "x": "13212",
    "y": "8496",
    "code": "33.74.01",
    "example": "leaflet",
    "kind": "cases",
    "newcomer_id": "N-1",
}
REQUIRED = {"/locate": {"lon": "110.41", "lat": "-6.97"}}


@pytest.fixture(scope="module")
def operations(client: TestClient) -> dict[str, dict[str, Any]]:
    """The OpenAPI operation of each path with GET."""
    paths = client.get("/openapi.json").json()["paths"]
    return {path: methods["get"] for path, methods in paths.items() if "get" in methods}


def parameter_names(operation: dict[str, Any]) -> list[str]:
    parameters = operation.get("parameters", [])
    return [parameter["name"] for parameter in parameters if parameter["in"] == "query"]


def test_every_data_path_rejects_an_unknown_parameter_and_names_the_known(
    operations: dict[str, dict[str, Any]], small_database: str, tmp_path: Path
) -> None:
    # A copy: an answer to an official adds a line to the audit.
    settings = Settings(database=copy_of(small_database, tmp_path), token=SecretStr(TOKEN))
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(create_app(settings), headers=bearer) as official:
        for path, operation in operations.items():
            if path in {*PAGES, "/healthz"} or path.startswith(("/tiles/", "/picture/")):
                continue
            address = path.format(**FILLED)
            required = REQUIRED.get(path, {})
            assert official.get(address, params=required).status_code in {200, 204}, path
            answer = official.get(address, params={**required, "colur": "merah"})
            assert answer.status_code == 422, path
            assert answer.json()["code"] == "unknown-parameter"
            names = answer.json()["message"].partition("parameters are: ")[2].strip(".").split(", ")
            assert sorted(names) == sorted(parameter_names(operation) or ["none"]), path
            assert "merah" not in answer.text


def test_a_misspelled_date_parameter_is_not_answered_with_the_newest_day(
    client: TestClient,
) -> None:
    assert client.get("/zones?dat=2021-07-01").status_code == 422
    assert client.get("/days?date=2021-07-01").status_code == 422
    assert client.get("/summary?Date=2021-07-01").status_code == 422


def test_a_parameter_that_comes_twice_is_rejected(client: TestClient) -> None:
    answer = client.get("/summary?date=2021-07-01&date=2021-07-02")
    assert answer.status_code == 422
    assert answer.json() == {
        "code": "invalid-parameter",
        "message": "date: The parameter comes more than once. Write it once.",
    }


@pytest.mark.parametrize("page", [page for page in PAGES if "{" not in page])
@pytest.mark.parametrize("name", ["dat", "LANG", "date "])
def test_a_page_rejects_a_misspelled_parameter(client: TestClient, page: str, name: str) -> None:
    answer = client.get(page, params={name: "2021-07-14"}, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "unknown-parameter" in answer.text
    assert "lang" in answer.text


@pytest.mark.parametrize("page", ["/", "/map", "/embed", "/embed/guide", "/embed/guide/leaflet"])
@pytest.mark.parametrize(
    "added",
    ["utm_source=wa", "utm_campaign=x&utm_medium=y", "fbclid=abc", "gclid=1", "_=1626300000",
     "v=2", "igsh=1", "ref=portal", "ts=1"],
)  # fmt: skip
def test_a_page_ignores_parameters_that_other_sites_add(
    client: TestClient, page: str, added: str
) -> None:
    assert client.get(f"{page}?{added}").status_code == 200


def test_health_accepts_any_parameter(client: TestClient) -> None:
    assert client.get("/healthz?nocache=1").status_code == 200


@pytest.mark.parametrize("page", ["/", "/embed", "/embed/guide", "/map"])
@pytest.mark.parametrize("word", ["language", "bahasa", "day", "tanggal", "Hari", "kelurahan"])
def test_a_page_rejects_a_synonym_of_a_parameter(client: TestClient, page: str, word: str) -> None:
    answer = client.get(page, params={word: "2021-07-14"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-parameter")
    assert "lang" in answer.json()["message"]


@pytest.mark.parametrize("page", ["/", "/map", "/embed", "/embed/guide"])
def test_a_page_rejects_a_parameter_that_comes_twice(client: TestClient, page: str) -> None:
    answer = client.get(f"{page}?lang=en&lang=id")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")


@pytest.mark.parametrize(
    ("ending", "status"),
    [(".mvt?v=3", 200), (".png?t=1", 200), (".png?pattern=true&_=16", 200), ("@2x.png?v=3", 200),
     (".png?patern=true", 422), (".png?size=512&size=256", 422)],
)  # fmt: skip
def test_a_tile_ignores_numbers_against_caches(
    client: TestClient, ending: str, status: int
) -> None:
    assert client.get(f"/tiles/latest/12/3304/2127{ending}").status_code == status


def test_tilejson_accepts_latest_for_the_newest_day(client: TestClient) -> None:
    answer = client.get("/tilejson?date=latest")
    assert answer.status_code == 200
    assert answer.json() == client.get("/tilejson").json()


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
