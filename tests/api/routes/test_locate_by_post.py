"""A point in the body of a POST request: the same answers and checks as with GET."""

import json
import math
from typing import Any

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from zoning import City

NAN, INFINITY = math.nan, math.inf


def post(client: TestClient, body: object, media_type: str = "application/json") -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/locate", content=content, headers={"Content-Type": media_type})


def points(city: City) -> list[tuple[float, float]]:
    """Points in the city, on its border and outside; always the same points."""
    west, south, east, north = city.boundaries("kota").total_bounds
    random = np.random.default_rng(11)
    lon, lat = random.uniform(west, east, 60).tolist(), random.uniform(south, north, 60).tolist()
    return [*zip(lon, lat, strict=True), (west, south), (0.0, 0.0), (-180.0, 90.0), (180, -90)]


@pytest.mark.parametrize("date", [None, "2021-07-01"])
def test_post_gives_the_answer_of_get(
    client: TestClient, small_city: City, date: str | None
) -> None:
    day = {} if date is None else {"date": date}
    codes = []
    for lon, lat in points(small_city):
        point: dict[str, Any] = {"lon": lon, "lat": lat, **day}
        answer = post(client, point)
        assert answer.status_code == 200
        assert answer.content == client.get("/locate", params=point).content
        codes.append(answer.json()["code"])
    assert len({code for code in codes if code}) > 10
    assert None in codes


def test_post_checks_a_moment_like_get(client: TestClient) -> None:
    for moment in ("2000-01-01T00:00Z", "soon", "2999-01-01T00:00Z"):
        point = {"lon": 110.42, "lat": -6.98, "known_at": moment}
        by_get = client.get("/locate", params=point)
        answer = post(client, point)
        assert answer.status_code == by_get.status_code >= 400
        assert answer.json() == by_get.json()


def test_no_cache_stores_the_answer(client: TestClient) -> None:
    headers = post(client, {"lon": 110.42, "lat": -6.98}).headers
    assert headers["cache-control"] == "no-store"
    assert "etag" not in headers


@pytest.mark.parametrize(
    "body",
    [
        {"lon": "110.42", "lat": -6.98},
        {"lon": True, "lat": -6.98},
        {"lon": [110.42], "lat": -6.98},
        {"lon": NAN, "lat": -6.98},
        {"lon": 110.42, "lat": -INFINITY},
        {"lon": 180.1, "lat": 0},
        {"lon": 110.42, "lat": 90.5},
        {"lon": 110.42},
        {"lat": -6.98},
        {},
        [],
        [110.42, -6.98],
        None,
        "110.42,-6.98",
        7,
        {"lon": 110.42, "lat": -6.98, "dat": "2021-07-01"},
        {"lon": 110.42, "lat": -6.98, "date": 20210701},
        {"lon": 110.42, "lat": -6.98, "date": "20210701"},
        {"lon": 110.42, "lat": -6.98, "date": "2021-02-30"},
        {"lon": 110.42, "lat": -6.98, "known_at": 7},
        b'{"lon": 1e999, "lat": -6.98}',
        b'{"lon": ' + b"9" * 900 + b', "lat": -6.98}',
        b'{"lon": 110.42, "lat": -6.98, "lat": -7.01}',
        b'{"lon": 110.42, "lat": -6.98',
        b"[" * 1000,
        b"",
        b"\xff\xfe",
        b"lon=110.42&lat=-6.98",
    ],
)  # fmt: skip
def test_an_invalid_point_is_rejected_and_not_repeated(client: TestClient, body: object) -> None:
    answer = post(client, body)
    assert answer.status_code == 422
    assert answer.json()["code"] in {"invalid-parameter", "unknown-parameter", "not-json"}
    assert "110.42,-6.98" not in answer.json()["message"]
    assert "7.01" not in answer.text
    assert "dat:" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_null_day_is_the_newest(client: TestClient) -> None:
    point = {"lon": 110.42, "lat": -6.98}
    assert post(client, {**point, "date": None}).json() == post(client, point).json()


def test_a_day_without_zones_is_not_found(client: TestClient) -> None:
    answer = post(client, {"lon": 110.42, "lat": -6.98, "date": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no-run")


def test_post_rejects_query_parameters(client: TestClient) -> None:
    answer = client.post("/locate?lon=110.42&lat=-6.98", json={"lon": 110.42, "lat": -6.98})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-parameter")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "", "json"]
)
def test_only_json_is_read(client: TestClient, media_type: str) -> None:
    assert post(client, {"lon": 110.42, "lat": -6.98}, media_type).status_code == 415


def test_a_body_that_is_too_long_is_rejected(client: TestClient) -> None:
    sent = 0

    def endless() -> Any:
        nonlocal sent
        while sent < 10_000_000:
            sent += 500
            yield b" " * 500

    answer = client.post("/locate", content=endless(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_script_of_another_site_may_send_a_point(client: TestClient, method: str) -> None:
    headers = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type",
    }
    answer = client.options("/locate", headers=headers)
    assert answer.status_code == 200
    assert method in answer.headers["access-control-allow-methods"]
    located = client.post(
        "/locate", json={"lon": 110.42, "lat": -6.98}, headers={"Origin": "https://a.example"}
    )
    assert located.headers["access-control-allow-origin"] == "*"


# --- inexact points


def distances(city: City, lon: float, lat: float) -> dict[str, float]:
    """Metres from a point to every RT, on a sphere that touches the city there."""
    zones = city.boundaries("rt")
    metres = 111_195.08  # a degree of a sphere with the radius of the Earth, 6371 km

    def flat(xy: Any) -> Any:
        return (xy - [lon, lat]) * [metres * math.cos(math.radians(lat)), metres]

    shapes = shapely.transform(zones.geometry.to_numpy(), flat)
    return dict(
        zip(zones["code"], shapely.distance(shapes, shapely.Point(0, 0)).tolist(), strict=True)
    )


@pytest.mark.parametrize("accuracy", [30.1, 60, 150, 1000])
def test_an_inexact_point_names_the_rt_within_its_distance_and_chooses_none(
    client: TestClient, small_city: City, accuracy: float
) -> None:
    named = 0
    for lon, lat in points(small_city)[:30]:
        answer = post(client, {"lon": lon, "lat": lat, "accuracy": accuracy}).json()
        assert answer["code"] is answer["name"] is answer["colour"] is answer["risk"] is None
        candidates = answer["candidates"]
        named += len(candidates)
        exact = distances(small_city, lon, lat)
        # The Earth is no sphere: an RT at the edge of the circle may be in or out.
        certain = [code for code, metres in exact.items() if metres < accuracy * 0.99]
        assert len(candidates) >= min(12, len(certain))
        found = [candidate["metres"] for candidate in candidates]
        assert found == sorted(found)
        for candidate in candidates:
            metres = exact[candidate["code"]]
            assert metres <= accuracy * 1.01
            assert candidate["metres"] == pytest.approx(metres, rel=0.01, abs=1)
            zone = client.get(f"/zones/{candidate['code']}").json()
            assert (candidate["name"], candidate["colour"]) == (zone["name"], zone["colour"])
        if len(candidates) == 12:
            farthest = candidates[-1]["metres"] * 1.02 + 1
            assert sum(metres < farthest for metres in exact.values()) >= 12
    assert named > 10


@pytest.mark.parametrize("accuracy", [0, 5, 30, None])
def test_an_exact_point_chooses_its_rt(
    client: TestClient, small_city: City, accuracy: float | None
) -> None:
    for lon, lat in points(small_city)[:10]:
        point = {"lon": lon, "lat": lat}
        assert post(client, {**point, "accuracy": accuracy}).json() == post(client, point).json()
        assert post(client, point).json()["candidates"] is None


@pytest.mark.parametrize("point", [(0.0, 0.0), (-180.0, 90.0), (180.0, -90.0), (110.42, 89.999)])
def test_an_inexact_point_outside_the_city_has_no_candidates(
    client: TestClient, point: tuple[float, float]
) -> None:
    for accuracy in (31, 999, 1001, 40_000_000):
        lon, lat = point
        answer = post(client, {"lon": lon, "lat": lat, "accuracy": accuracy})
        assert (answer.status_code, answer.json()["candidates"]) == (200, [])


def test_a_point_that_is_too_inexact_names_no_rt(client: TestClient) -> None:
    answer = post(client, {"lon": 110.42, "lat": -6.98, "accuracy": 1001}).json()
    assert (answer["candidates"], answer["code"]) == ([], None)


@pytest.mark.parametrize("accuracy", [-1, NAN, INFINITY, "50", True, [50], 4.1e7])
def test_an_impossible_accuracy_is_rejected(client: TestClient, accuracy: object) -> None:
    answer = post(client, {"lon": 110.42, "lat": -6.98, "accuracy": accuracy})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")
