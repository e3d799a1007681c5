"""Places and indicators over HTTP."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.schemas.portal import IndicatorAnswer, PlaceCollection
from tests.api.routes.test_records import get_city, office, post

__all__ = ["office"]
KELURAHAN = "33.74.01.1003"
POINT = {"lon": 110.420012, "lat": -6.980023}


def load(client: TestClient, kind: str, *rows: dict[str, Any]) -> None:
    answer = post(client, json.dumps(rows).encode(), "application/json", kind)
    assert answer.json()["new"] == len(rows), answer.text


def load_three_places(client: TestClient) -> None:
    load(
        client,
        "places",
        {"id": "A", "jenis": "RS", "nama": "RS A", **POINT, "kapasitas": 5, "terisi": 5},
        {"id": "B", "jenis": "RS", "nama": "RS B", "lon": 110.430012, "lat": -6.980023,
         "kapasitas": 5, "terisi": 1, "stok": {"oksigen": 12}, "telepon": "024-123456"},
        {"id": "C", "jenis": "posko", "nama": "Posko C", "kelurahan": KELURAHAN},
    )  # fmt: skip


def test_the_nearest_place_with_free_capacity_comes_first_with_its_distance(
    office: TestClient,
) -> None:
    load_three_places(office)
    near = f"{POINT['lon']},{POINT['lat']}"
    places = office.get("/places", params={"near": near}).json()
    PlaceCollection.model_validate(places)
    assert places["features"][0]["id"] == "A"
    assert places["features"][0]["properties"]["metres"] == 0.0
    with_room = office.get("/places", params={"near": near, "room": True, "limit": 1}).json()
    [place] = with_room["features"]
    assert (place["id"], place["properties"]["room"]) == ("B", 4)
    # A hundredth of a degree of longitude at this latitude: 111,320 m x cos(6.98).
    assert place["properties"]["metres"] == pytest.approx(1105, abs=2)
    assert place["properties"]["stock"] == {"oksigen": 12}
    assert place["properties"]["contact"] == "024-123456"
    assert place["properties"]["kind_name"] == {"id": "rumah sakit", "en": "hospital"}


def test_places_are_filtered_by_kind_area_box_and_page(office: TestClient) -> None:
    load_three_places(office)

    def ids(**query: Any) -> list[str]:
        features = office.get("/places", params=query).json()["features"]
        return [feature["id"] for feature in features]

    assert ids() == ["A", "B", "C"]
    assert ids(kind="post") == ["C"]
    assert ids(area=KELURAHAN, kind="post") == ["C"]
    assert ids(bbox="110.425,-6.99,110.435,-6.97", kind="hospital") == ["B"]
    assert ids(limit=1, offset=1) == ["B"]


def test_a_loaded_place_appears_at_once_and_changes_the_etag(
    office: TestClient,
) -> None:
    before = office.get("/places")
    etag = {"If-None-Match": before.headers["etag"]}
    assert office.get("/places", headers=etag).status_code == 304
    load_three_places(office)
    after = office.get("/places", headers=etag)
    assert (after.status_code, after.json()["numberMatched"]) == (200, 3)
    assert after.headers["cache-control"].startswith("public")


def test_values_of_indicators_are_exact_or_sums_and_have_titles_and_units(
    office: TestClient,
) -> None:
    base = {"indikator": "Vaksinasi dosis 1", "tanggal": "2021-07-10"}
    load(
        office,
        "indicators",
        base | {"wilayah": KELURAHAN, "nilai": 10},
        base | {"wilayah": "33.74.01.1004", "nilai": 2.5},
        base | {"wilayah": f"{KELURAHAN}-001-001", "nilai": 1, "tanggal": "2021-07-11"},
    )
    answer = office.get("/indicators", params={"level": "kecamatan"}).json()
    IndicatorAnswer.model_validate(answer)
    sums = {value["date"]: (value["value"], value["summed"]) for value in answer["values"]}
    assert sums == {"2021-07-10": (12.5, 2), "2021-07-11": (1.0, 1)}
    assert answer["indicators"][0]["title"]["en"] == "Vaccination, first dose"
    assert answer["values"][0]["unit"] == "dosis"
    values = office.get("/indicators", params={"name": "dosis 1"}).json()["values"]
    # The value of an RT is published only as a part of the sum of its kelurahan.
    assert [value["code"] for value in values] == [KELURAHAN, "33.74.01.1004"]
    days = office.get("/indicators", params={"start": "2021-07-11", "level": "kelurahan"}).json()
    assert [value["summed"] for value in days["values"]] == [1]


def test_counts_of_people_are_published_in_bands_and_officials_get_the_counts(
    office: TestClient,
) -> None:
    base = {"indikator": "tests-positive", "tanggal": "2021-07-10"}
    load(
        office,
        "indicators",
        base | {"wilayah": f"{KELURAHAN}-001-001", "nilai": 1},
        base | {"wilayah": "33.74.01.1004", "nilai": 12},
        base | {"wilayah": "33.74.01.1005", "nilai": 0},
        base | {"indikator": "positivity", "wilayah": "33.74.01.1004", "nilai": 12.5},
    )

    def published(**query: str) -> dict[str, tuple[float | None, bool, int | None]]:
        answer = office.get("/indicators", params=query).json()
        IndicatorAnswer.model_validate(answer)
        return {
            value["code"]: (value["value"], value["suppressed"], value["rounded_to"])
            for value in answer["values"]
        }

    query = {"name": "tests-positive", "area": "33.74.01"}
    by_kelurahan = {
        KELURAHAN: (None, True, 5),
        "33.74.01.1004": (10.0, False, 5),
        "33.74.01.1005": (0.0, False, 5),
    }
    assert published(level="kelurahan", **query) == by_kelurahan
    # Neither the number of areas in a sum nor the difference to the kecamatan discloses a count.
    assert published(level="kecamatan", **query) == {"33.74.01": (15.0, False, 5)}
    values = office.get("/indicators", params={"level": "kelurahan", **query}).json()["values"]
    assert [value["summed"] for value in values] == [None, 0, 0]
    of_the_source = {code: band for code, band in by_kelurahan.items() if code != KELURAHAN}
    assert published(**query) == of_the_source
    assert published(name="positivity") == {"33.74.01.1004": (None, True, None)}
    exact = get_city(office).indicators("tests-positive", level="kelurahan")
    assert exact["value"].tolist() == [1.0, 12.0, 0.0]


def test_the_city_of_the_application_has_the_loaded_places(office: TestClient) -> None:
    load_three_places(office)
    assert len(get_city(office).places()) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/places?near=1",
        "/places?near=nan,nan",
        "/places?near=200,0",
        "/places?near=a,b",
        "/places?kind=warung",
        "/places?bbox=1,2,3",
        "/places?room=maybe",
        "/places?area=%00",
        "/indicators?level=rt",
        "/indicators?start=2021-13-01",
        "/indicators?start=2021-07-02&end=2021-07-01",
        "/indicators?limit=0",
        f"/indicators?name={'x' * 61}",
    ],
)
def test_a_malformed_parameter_is_rejected(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")


@pytest.mark.parametrize("path", ["/places?area=33.99", "/indicators?area=33.99"])
def test_an_unknown_area_answers_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "no-area")


@pytest.mark.parametrize(
    "path", ["/places?near=110.4,-7&limit=3", "/places?near=-180,90", "/indicators?name=%3F%21"]
)
def test_an_unusual_but_valid_request_is_answered(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
