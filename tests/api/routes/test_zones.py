"""Zones over HTTP: everything asked for, exactly what may be said, clear refusals."""

import gzip
import json
from collections import Counter
from datetime import UTC, date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_app
from api.schemas.public import ZoneAnswer, ZoneCollection
from api.settings import Settings
from tests.api.hostile import MARKET
from zoning import City
from zoning.zones.explain import ZoneCounts

LAST = date(2021, 7, 15)
PROPERTIES = {"code", "name", "level", "risk", "colour", "date", "rule", "run"}


def ask(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(found: dict[str, Any]) -> list[str]:
    return [feature["properties"]["code"] for feature in found["features"]]


# --- /zones


def test_zones_are_every_rt_of_the_newest_day_with_the_colours_of_the_run(
    client: TestClient, small_city: City
) -> None:
    found = ask(client, "/zones")
    zones = small_city.zones(LAST)
    assert codes(found) == zones["code"].tolist()
    assert [one["properties"]["risk"] for one in found["features"]] == zones["risk"].tolist()
    assert found["numberMatched"] == found["numberReturned"] == len(zones)
    assert {one["properties"]["date"] for one in found["features"]} == {"2021-07-15"}


@pytest.mark.parametrize("level", ["kota", "kecamatan", "kelurahan", "rw", "rt"])
def test_a_zone_says_eight_things_and_no_count(client: TestClient, level: str) -> None:
    found = ask(client, "/zones", level=level)
    ZoneCollection.model_validate(found)
    assert {frozenset(one["properties"]) for one in found["features"]} == {frozenset(PROPERTIES)}


def test_zones_are_geojson_and_have_their_shapes(client: TestClient, small_city: City) -> None:
    answer = client.get("/zones")
    assert answer.headers["content-type"].startswith("application/geo+json")
    drawn = shapely.from_geojson([json.dumps(one["geometry"]) for one in answer.json()["features"]])
    exact = small_city.boundaries().geometry.to_numpy()
    assert shapely.is_valid(drawn).all()
    assert shapely.hausdorff_distance(drawn, exact).max() < 1e-7


def test_a_market_is_no_zone_has_no_colour_and_is_still_found(hostile_database: str) -> None:
    with TestClient(create_app(Settings(database=hostile_database))) as client:
        city: City = client.app.state.official.city  # type: ignore[attr-defined]  # an application's own
        zones = ask(client, "/zones")
        assert zones["numberMatched"] == len(city.ground().boundaries.leaves) - 1
        assert MARKET not in codes(zones)
        inside = city.ground().boundaries.area(MARKET).geometry.representative_point()
        found = ask(client, "/locate", lon=inside.x, lat=inside.y)
        assert (found["code"], found["kind"]) == (MARKET, "other")
        assert (found["risk"], found["colour"]) == (None, None)
        assert ask(client, f"/zones/{MARKET}")["risk"] is None


@pytest.mark.parametrize("parent", ["33.74", "33.74.01", "33.74.01.1003", "33.74.01.1003-001"])
def test_a_parent_gives_all_within_it_at_any_depth(client: TestClient, parent: str) -> None:
    every = codes(ask(client, "/zones"))
    within = codes(ask(client, "/zones", parent=parent))
    assert within == [code for code in every if code.startswith((parent + ".", parent + "-"))]
    assert within


def test_an_rt_has_nothing_within_it(client: TestClient) -> None:
    assert codes(ask(client, "/zones", parent="33.74.01.1003-001-001")) == []


def test_a_box_gives_the_areas_whose_boxes_meet_it(client: TestClient, small_city: City) -> None:
    areas = small_city.boundaries()
    middle = areas.geometry.iloc[100].centroid
    box = (middle.x - 0.002, middle.y - 0.001, middle.x + 0.002, middle.y + 0.003)
    bounds = areas.bounds
    meet = (
        (bounds["minx"] <= box[2])
        & (bounds["maxx"] >= box[0])
        & (bounds["miny"] <= box[3])
        & (bounds["maxy"] >= box[1])
    )
    found = ask(client, "/zones", bbox=",".join(map(repr, box)))
    assert codes(found) == areas["code"][meet].tolist()
    both = ask(client, "/zones", bbox=",".join(map(repr, box)), parent="33.74.01.1003")
    assert set(codes(both)) <= set(codes(found))


def test_pages_together_are_the_whole_and_each_says_where_the_next_is(client: TestClient) -> None:
    whole = codes(ask(client, "/zones"))
    address, pages = "/zones?limit=100", []
    for _ in range(10):
        page = client.get(address).json()
        pages += codes(page)
        assert page["numberMatched"] == len(whole)
        assert page["numberReturned"] == len(page["features"])
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            break
        address = following[0]
    assert pages == whole
    past = ask(client, "/zones", offset=10_000, limit=5)
    assert (past["numberMatched"], past["numberReturned"]) == (len(whole), 0)


# --- /zones/{code}


def test_a_zone_says_why_and_what_to_do_in_both_languages(
    client: TestClient, small_city: City
) -> None:
    zones = small_city.zones(LAST)
    for risk in range(4):
        code = zones["code"][zones["risk"] == risk].iloc[0]
        found = ask(client, f"/zones/{code}")
        assert (found["code"], found["risk"]) == (code, risk)
        assert found["why"]["id"] != found["why"]["en"]
        assert found["measures"]
        assert [area["level"] for area in found["within"]] == [
            "rw",
            "kelurahan",
            "kecamatan",
            "kota",
        ]
        assert found["window"] == ["2021-07-09", "2021-07-15"]


def test_two_rt_of_one_colour_cannot_be_told_apart_by_what_is_said(
    client: TestClient, small_city: City
) -> None:
    """Counts never show, nor that cases are active or not placed: cases differ, answers do not."""
    zones = small_city.zones(LAST)
    assert zones[zones["risk"] == 2]["houses"].nunique() > 1
    assert zones[zones["risk"] == 0]["flag"].nunique() > 1
    alike = set(ZoneAnswer.model_fields) - {"code", "name", "within"}
    for risk in range(4):
        answers = [ask(client, f"/zones/{code}") for code in zones["code"][zones["risk"] == risk]]
        assert all(answer.keys() == ZoneAnswer.model_fields.keys() for answer in answers)
        assert (
            len({json.dumps([answer[name] for name in sorted(alike)]) for answer in answers}) == 1
        )


def test_no_public_answer_has_a_field_for_counts(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    official = {"ZoneCountsAnswer", "OfficialZoneAnswer", "UnplacedAnswer"}
    forms = described["components"]["schemas"]
    public = json.dumps({name: form for name, form in forms.items() if name not in official})
    for word in (*vars(ZoneCounts(0, 0, 0, 0)), "counts", "uncertain", "flag", "input_digest"):
        assert f'"{word}":' not in public
        assert f'"{word}":' in json.dumps(forms)
    for path, methods in described["paths"].items():
        told = json.dumps(methods)
        assert path.startswith("/officials") or not any(name in told for name in official)


@pytest.mark.parametrize("run", ["00" * 8, "f" * 32, "z"])
def test_every_unknown_id_of_a_run_has_the_same_answer(client: TestClient, run: str) -> None:
    def told(asked: str) -> tuple[int, str]:
        answer = client.get(f"/tiles/{asked}/14/13216/8500.mvt")
        return answer.status_code, answer.text

    assert told(run) == told("0123456789abcdef")
    assert told(run)[0] == 404


def test_the_internal_digest_of_a_run_is_no_address(client: TestClient, small_city: City) -> None:
    day = small_city.published(LAST)
    assert client.get(f"/tiles/{day.public_id}/14/13216/8500.mvt").status_code < 300
    assert client.get(f"/tiles/{day.run}/14/13216/8500.mvt").status_code == 404


def test_a_history_is_the_published_days_in_order(client: TestClient, small_city: City) -> None:
    code = small_city.zones(LAST)["code"].iloc[50]
    found = ask(client, f"/zones/{code}/history", start="2021-07-01", end="2021-07-10")
    days = [date(2021, 7, 1) + timedelta(n) for n in range(10)]
    assert [day["date"] for day in found["days"]] == [str(day) for day in days]
    for day, said in zip(days, found["days"], strict=True):
        zones = small_city.zones(day).set_index("code")
        assert said["risk"] == zones.loc[code, "risk"]


# --- /summary, /locate, /healthz


@pytest.mark.parametrize(
    ("accepted", "packing"),
    [("gzip", "gzip"), ("gzip, deflate, br, zstd", "gzip"), ("br, gzip;q=0", "br"), ("", None)],
)
def test_zones_are_the_same_however_they_are_packed(
    client: TestClient, accepted: str, packing: str | None
) -> None:
    answer = client.get("/zones", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == packing
    assert answer.headers["vary"].split(", ").count("Accept-Encoding") == 1
    with client.stream("GET", "/zones", headers={"Accept-Encoding": accepted}) as raw:
        sent = b"".join(raw.iter_raw())
    if packing == "gzip":
        assert gzip.decompress(sent) == answer.content
    assert answer.json() == ask(client, "/zones")


def test_a_summary_counts_the_rt_of_each_colour(client: TestClient) -> None:
    rt = ask(client, "/zones")["features"]
    for level, length in (("kota", 5), ("kecamatan", 8), ("kelurahan", 13), ("rw", 17), ("rt", 21)):
        found = ask(client, "/summary", level=level)
        for colour, name in enumerate(("green", "yellow", "orange", "red")):
            counted = Counter(
                one["properties"]["code"][:length]
                for one in rt
                if one["properties"]["risk"] == colour
            )
            assert {area["code"]: area[name] for area in found["areas"] if area[name]} == counted


@pytest.mark.parametrize("area", ["33.74", "33.74.01.1010", "33.74.01.1010-001"])
def test_a_summary_of_an_area_has_its_own_areas_alone(client: TestClient, area: str) -> None:
    for level in ("kota", "kelurahan", "rw", "rt"):
        every = ask(client, "/summary", level=level)["areas"]
        found = ask(client, "/summary", level=level, area=area)["areas"]
        assert found == [one for one in every if one["code"].startswith(area)]
    assert client.get("/summary?area=33.99").status_code == 404


@pytest.mark.parametrize("minimum", [1, 5, 10])
def test_cases_in_no_rt_are_told_in_bands_every_day(
    small_settings: Settings, small_city: City, minimum: int
) -> None:
    changed = small_settings.model_copy(update={"minimum_count": minimum})
    exact = []
    with TestClient(create_app(changed)) as client:
        for day in small_city.published_days():
            cases = sum(small_city.day(day).unplaced["cases"].to_pylist())
            found = ask(client, "/summary", date=str(day))
            said = found["unplaced"]
            assert found["unplaced_suppressed"] == (said is None) == (0 < cases < minimum)
            assert said is None or (said % minimum == 0 and said <= cases < said + minimum)
            assert found["non_residents"] == 0
            exact.append(cases)
    # Of such days a difference would tell few people, were they told as they are.
    assert any(0 < abs(later - before) < 5 for before, later in pairwise(exact))


def test_locating_an_rts_inside_gives_that_rt_and_its_colour(
    client: TestClient, small_city: City
) -> None:
    zones = small_city.zones(LAST)
    for row in range(0, len(zones), 40):
        inside = zones.geometry.iloc[row].representative_point()
        found = ask(client, "/locate", lon=inside.x, lat=inside.y)
        assert found["code"] == zones["code"].iloc[row]
        assert found["risk"] == zones["risk"].iloc[row]


def test_locating_outside_every_area_is_an_answer_with_nulls(client: TestClient) -> None:
    found = ask(client, "/locate", lon=0, lat=0)
    assert [found[name] for name in ("code", "name", "kind", "risk", "colour")] == [None] * 5
    assert found["date"] == "2021-07-15"


def test_health_says_it_can_serve(client: TestClient) -> None:
    assert ask(client, "/healthz")["status"] == "ok"


# --- what is refused


@pytest.mark.parametrize(
    "path",
    [
        "/zones?bbox=text",
        "/zones?bbox=a,b,c,d",
        "/zones?bbox=1,2,3",
        "/zones?bbox=1,2,3,4,5",
        "/zones?bbox=",
        "/zones?bbox=nan,-7,110.5,-6",
        "/zones?bbox=110,-7,inf,-6",
        "/zones?bbox=110.5,-7,110.4,-6",
        "/zones?bbox=110.4,-6,110.5,-7",
        "/zones?bbox=-7,110,-6,111",
        "/zones?bbox=-181,-7,110,-6",
        "/zones?date=2021-02-30",
        "/zones?date=20210715",
        "/zones?date=2021-W28-4",
        "/zones?date=yesterday",
        "/zones?date=1626307200",
        "/zones?date=",
        "/zones?level=province",
        "/zones?limit=-1",
        "/zones?limit=0",
        "/zones?limit=ten",
        "/zones?offset=-1",
        "/zones?parent=%27%3B--",
        "/zones/%3Cimg%3E",
        "/zones/33.74.01.1001-001-001/history?start=2021-07-10&end=2021-07-01",
        "/zones/33.74.01.1001-001-001/history?start=soon",
        "/locate",
        "/locate?lon=110.4",
        "/locate?lon=110.4&lat=north",
        "/locate?lon=nan&lat=-7",
        "/locate?lon=inf&lat=-7",
        "/locate?lon=-7&lat=110.4",
        "/map?lang=fr",
        "/map?date=2021-13-01",
        "/embed?area=%3Cscript%3E",
    ],
)
def test_what_is_malformed_is_named_and_nothing_is_guessed(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422, answer.text
    said = answer.json()
    assert set(said) == {"code", "message"}
    assert said["code"] == "invalid-parameter"
    names = (
        "bbox",
        "date",
        "level",
        "limit",
        "offset",
        "parent",
        "code",
        "start",
        "end",
        "lon",
        "lat",
        "lang",
        "area",
    )
    assert any(said["message"].startswith(f"{name}: ") for name in names)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/zones?date=2099-01-01", "no-run"),
        ("/zones?date=2021-06-14", "no-run"),
        ("/summary?date=2021-06-14", "no-run"),
        ("/locate?lon=110.4&lat=-7&date=2021-06-14", "no-run"),
        ("/map?date=2099-01-01", "no-run"),
        ("/zones/33.74.99", "no-area"),
        ("/zones/33.74.99/history", "no-area"),
        ("/zones?parent=33.74.99", "no-area"),
        ("/embed?area=33.74.99", "no-area"),
        ("/nothing", "not-found"),
        ("/assets/own/nothing.js", "not-found"),
        ("/assets/own/../__init__.py", "not-found"),
        ("/assets/own/%2e%2e/__init__.py", "not-found"),
    ],
)
def test_what_does_not_exist_is_not_found(client: TestClient, path: str, code: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404, answer.text
    assert answer.json()["code"] == code


def test_another_method_is_refused_in_the_same_form(client: TestClient) -> None:
    answer = client.post("/zones")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")


def test_the_shapes_of_the_city_are_written_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(*_: object) -> None:
        raise AssertionError

    first = client.get("/zones").content
    monkeypatch.setattr("api.geojson.features.shapely.to_geojson", again)
    assert client.get("/zones").content == first


# --- as published at a moment


def test_a_day_is_answered_as_it_stood_published_and_may_be_kept_for_ever(
    client: TestClient, small_city: City
) -> None:
    stamp = small_city.published(LAST).published_at
    assert stamp is not None
    query = {"date": str(LAST), "known_at": f"{stamp.isoformat()}Z"}
    for path in ("/zones", "/summary", "/zones/33.74.01"):
        answer = client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        assert "immutable" in answer.headers["cache-control"]
        again = client.get(path, params=query, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    in_city = stamp.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Jakarta")).isoformat()
    assert client.get(f"/summary?date={LAST}&known_at={in_city}").status_code == 200


def test_what_was_not_published_by_then_is_not_found_and_no_moment_refused(
    client: TestClient,
) -> None:
    early = client.get("/summary", params={"date": str(LAST), "known_at": "2021-07-20T00:00Z"})
    assert (early.status_code, early.json()["code"]) == (404, "no-run")
    none = client.get("/summary", params={"known_at": "2021-07-20T00:00Z"})
    assert (none.status_code, none.json()["code"]) == (404, "nothing-published")
    for text in ("yesterday", "2999-01-01T00:00Z"):
        refused = client.get("/summary", params={"known_at": text})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid-parameter")
