"""Places and indicators over HTTP: what a visitor of the portal asks."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.schemas.portal import IndicatorAnswer, PlaceCollection
from tests.api.routes.test_records import city_of, office, post

__all__ = ["office"]
KELURAHAN = "33.74.01.1003"
SPOT = {"lon": 110.420012, "lat": -6.980023}


def take_in(client: TestClient, kind: str, *rows: dict[str, Any]) -> None:
    answer = post(client, json.dumps(rows).encode(), "application/json", kind)
    assert answer.json()["new"] == len(rows), answer.text


def three_places(client: TestClient) -> None:
    take_in(
        client,
        "places",
        {"id": "A", "jenis": "RS", "nama": "RS A", **SPOT, "kapasitas": 5, "terisi": 5},
        {"id": "B", "jenis": "RS", "nama": "RS B", "lon": 110.430012, "lat": -6.980023,
         "kapasitas": 5, "terisi": 1, "stok": {"oksigen": 12}, "telepon": "024-123456"},
        {"id": "C", "jenis": "posko", "nama": "Posko C", "kelurahan": KELURAHAN},
    )  # fmt: skip


def test_the_nearest_with_room_comes_first_with_its_metres(office: TestClient) -> None:
    three_places(office)
    spot = f"{SPOT['lon']},{SPOT['lat']}"
    everything = office.get("/places", params={"near": spot}).json()
    PlaceCollection.model_validate(everything)
    assert everything["features"][0]["id"] == "A"
    assert everything["features"][0]["properties"]["metres"] == 0.0
    free = office.get("/places", params={"near": spot, "room": True, "limit": 1}).json()
    [found] = free["features"]
    assert (found["id"], found["properties"]["room"]) == ("B", 4)
    # A hundredth of a degree of longitude here: 111,320 m x cos(6.98).
    assert found["properties"]["metres"] == pytest.approx(1105, abs=2)
    assert found["properties"]["stock"] == {"oksigen": 12}
    assert found["properties"]["contact"] == "024-123456"
    assert found["properties"]["kind_name"] == {"id": "rumah sakit", "en": "hospital"}


def test_places_by_kind_area_box_and_page(office: TestClient) -> None:
    three_places(office)

    def ids(**query: Any) -> list[str]:
        return [one["id"] for one in office.get("/places", params=query).json()["features"]]

    assert ids() == ["A", "B", "C"]
    assert ids(kind="post") == ["C"]
    assert ids(area=KELURAHAN, kind="post") == ["C"]
    assert ids(bbox="110.425,-6.99,110.435,-6.97", kind="hospital") == ["B"]
    assert ids(limit=1, offset=1) == ["B"]


def test_a_place_that_is_taken_in_is_seen_at_once_and_an_old_answer_is_old(
    office: TestClient,
) -> None:
    before = office.get("/places")
    etag = {"If-None-Match": before.headers["etag"]}
    assert office.get("/places", headers=etag).status_code == 304
    three_places(office)
    after = office.get("/places", headers=etag)
    assert (after.status_code, after.json()["numberMatched"]) == (200, 3)
    assert after.headers["cache-control"].startswith("public")


def test_figures_are_given_or_summed_and_say_what_they_are(office: TestClient) -> None:
    base = {"indikator": "Vaksinasi dosis 1", "tanggal": "2021-07-10"}
    take_in(
        office,
        "indicators",
        base | {"wilayah": KELURAHAN, "nilai": 10},
        base | {"wilayah": "33.74.01.1004", "nilai": 2.5},
        base | {"wilayah": f"{KELURAHAN}-001-001", "nilai": 1, "tanggal": "2021-07-11"},
    )
    found = office.get("/indicators", params={"level": "kecamatan"}).json()
    IndicatorAnswer.model_validate(found)
    sums = {value["date"]: (value["value"], value["summed"]) for value in found["values"]}
    assert sums == {"2021-07-10": (12.5, 2), "2021-07-11": (1.0, 1)}
    assert found["indicators"][0]["title"]["en"] == "Vaccination, first dose"
    assert found["values"][0]["unit"] == "dosis"
    said = office.get("/indicators", params={"name": "dosis 1"}).json()["values"]
    # The figure of an RT is told only as part of a kelurahan's.
    assert [value["code"] for value in said] == [KELURAHAN, "33.74.01.1004"]
    days = office.get("/indicators", params={"start": "2021-07-11", "level": "kelurahan"}).json()
    assert [value["summed"] for value in days["values"]] == [1]


def test_people_are_told_in_bands_and_officials_have_the_count(office: TestClient) -> None:
    base = {"indikator": "tests-positive", "tanggal": "2021-07-10"}
    take_in(
        office,
        "indicators",
        base | {"wilayah": f"{KELURAHAN}-001-001", "nilai": 1},
        base | {"wilayah": "33.74.01.1004", "nilai": 12},
        base | {"wilayah": "33.74.01.1005", "nilai": 0},
        base | {"indikator": "positivity", "wilayah": "33.74.01.1004", "nilai": 12.5},
    )

    def told(**query: str) -> dict[str, tuple[float | None, bool, int | None]]:
        found = office.get("/indicators", params=query).json()
        IndicatorAnswer.model_validate(found)
        return {
            one["code"]: (one["value"], one["suppressed"], one["rounded_to"])
            for one in found["values"]
        }

    asked = {"name": "tests-positive", "area": "33.74.01"}
    by_kelurahan = {
        KELURAHAN: (None, True, 5),
        "33.74.01.1004": (10.0, False, 5),
        "33.74.01.1005": (0.0, False, 5),
    }
    assert told(level="kelurahan", **asked) == by_kelurahan
    # Not what one area has and how many it is summed of, nor what its kecamatan leaves of it.
    assert told(level="kecamatan", **asked) == {"33.74.01": (15.0, False, 5)}
    values = office.get("/indicators", params={"level": "kelurahan", **asked}).json()["values"]
    assert [one["summed"] for one in values] == [None, 0, 0]
    given = {code: one for code, one in by_kelurahan.items() if code != KELURAHAN}
    assert told(**asked) == given
    assert told(name="positivity") == {"33.74.01.1004": (None, True, None)}
    exact = city_of(office).indicators("tests-positive", level="kelurahan")
    assert exact["value"].tolist() == [1.0, 12.0, 0.0]


def test_what_was_posted_counts_in_the_open_city(office: TestClient) -> None:
    three_places(office)
    assert len(city_of(office).places()) == 3


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
def test_malformed_parameters_are_told(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")


@pytest.mark.parametrize("path", ["/places?area=33.99", "/indicators?area=33.99"])
def test_an_area_that_is_not_there(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "no-area")


@pytest.mark.parametrize(
    "path", ["/places?near=110.4,-7&limit=3", "/places?near=-180,90", "/indicators?name=%3F%21"]
)
def test_odd_but_well_formed_questions_have_an_answer(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
