"""Zones over HTTP: all matches, only public values, and their errors."""

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


def properties(collection: dict[str, Any]) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in collection["features"]]


def codes(collection: dict[str, Any]) -> list[str]:
    return [values["code"] for values in properties(collection)]


# --- /zones


def test_zones_are_every_rt_of_the_newest_day_with_the_colours_of_the_run(
    client: TestClient, small_city: City
) -> None:
    answer = ask(client, "/zones")
    zones = small_city.zones(LAST)
    assert codes(answer) == zones["code"].tolist()
    assert [values["risk"] for values in properties(answer)] == zones["risk"].tolist()
    assert answer["numberMatched"] == answer["numberReturned"] == len(zones)
    assert {values["date"] for values in properties(answer)} == {"2021-07-15"}


@pytest.mark.parametrize("level", ["kota", "kecamatan", "kelurahan", "rw", "rt"])
def test_a_zone_has_eight_properties_and_no_count(client: TestClient, level: str) -> None:
    zones = ask(client, "/zones", level=level)
    ZoneCollection.model_validate(zones)
    assert {frozenset(values) for values in properties(zones)} == {frozenset(PROPERTIES)}


def test_zones_are_geojson_and_have_their_shapes(client: TestClient, small_city: City) -> None:
    answer = client.get("/zones")
    assert answer.headers["content-type"].startswith("application/geo+json")
    features = answer.json()["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    expected = small_city.boundaries().geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.hausdorff_distance(shapes, expected).max() < 1e-7


def test_a_market_is_no_zone_and_has_no_colour_but_can_be_located(hostile_database: str) -> None:
    with TestClient(create_app(Settings(database=hostile_database))) as client:
        city: City = client.app.state.official.city  # type: ignore[attr-defined]  # an application's own
        zones = ask(client, "/zones")
        assert zones["numberMatched"] == len(city.ground().boundaries.smallest_zones) - 1
        assert MARKET not in codes(zones)
        point = city.ground().boundaries.area(MARKET).geometry.representative_point()
        located = ask(client, "/locate", lon=point.x, lat=point.y)
        assert (located["code"], located["kind"]) == (MARKET, "other")
        assert (located["risk"], located["colour"]) == (None, None)
        assert ask(client, f"/zones/{MARKET}")["risk"] is None


@pytest.mark.parametrize("parent", ["33.74", "33.74.01", "33.74.01.1003", "33.74.01.1003-001"])
def test_a_parent_selects_the_zones_within_it_at_any_depth(client: TestClient, parent: str) -> None:
    all_codes = codes(ask(client, "/zones"))
    within = codes(ask(client, "/zones", parent=parent))
    assert within == [code for code in all_codes if code.startswith((parent + ".", parent + "-"))]
    assert within


def test_an_rt_contains_no_zones(client: TestClient) -> None:
    assert codes(ask(client, "/zones", parent="33.74.01.1003-001-001")) == []


def test_a_box_selects_the_zones_whose_bounding_boxes_intersect_it(
    client: TestClient, small_city: City
) -> None:
    areas = small_city.boundaries()
    centre = areas.geometry.iloc[100].centroid
    box = (centre.x - 0.002, centre.y - 0.001, centre.x + 0.002, centre.y + 0.003)
    bounds = areas.bounds
    intersects = (
        (bounds["minx"] <= box[2])
        & (bounds["maxx"] >= box[0])
        & (bounds["miny"] <= box[3])
        & (bounds["maxy"] >= box[1])
    )
    in_box = ask(client, "/zones", bbox=",".join(map(repr, box)))
    assert codes(in_box) == areas["code"][intersects].tolist()
    in_both = ask(client, "/zones", bbox=",".join(map(repr, box)), parent="33.74.01.1003")
    assert set(codes(in_both)) <= set(codes(in_box))


def test_pages_together_contain_every_zone_and_link_to_the_next_page(client: TestClient) -> None:
    all_codes = codes(ask(client, "/zones"))
    address, page_codes = "/zones?limit=100", []
    for _ in range(10):
        page = client.get(address).json()
        page_codes += codes(page)
        assert page["numberMatched"] == len(all_codes)
        assert page["numberReturned"] == len(page["features"])
        next_links = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not next_links:
            break
        address = next_links[0]
    assert page_codes == all_codes
    beyond = ask(client, "/zones", offset=10_000, limit=5)
    assert (beyond["numberMatched"], beyond["numberReturned"]) == (len(all_codes), 0)


# --- /zones/{code}


def test_a_zone_has_its_reason_and_its_measures_in_both_languages(
    client: TestClient, small_city: City
) -> None:
    zones = small_city.zones(LAST)
    for risk in range(4):
        code = zones["code"][zones["risk"] == risk].iloc[0]
        zone = ask(client, f"/zones/{code}")
        assert (zone["code"], zone["risk"]) == (code, risk)
        assert zone["why"]["id"] != zone["why"]["en"]
        assert zone["measures"]
        levels = [area["level"] for area in zone["within"]]
        assert levels == ["rw", "kelurahan", "kecamatan", "kota"]
        assert zone["window"] == ["2021-07-09", "2021-07-15"]


def test_the_answers_for_two_rt_of_one_colour_differ_only_in_code_and_name(
    client: TestClient, small_city: City
) -> None:
    """Counts, active cases and unplaced cases differ between these RT, but the answers do not."""
    zones = small_city.zones(LAST)
    assert zones[zones["risk"] == 2]["houses"].nunique() > 1
    assert zones[zones["risk"] == 0]["flag"].nunique() > 1
    shared = sorted(set(ZoneAnswer.model_fields) - {"code", "name", "within"})
    for risk in range(4):
        answers = [ask(client, f"/zones/{code}") for code in zones["code"][zones["risk"] == risk]]
        assert all(answer.keys() == ZoneAnswer.model_fields.keys() for answer in answers)
        assert len({json.dumps([answer[name] for name in shared]) for answer in answers}) == 1


def test_no_public_answer_has_a_field_for_counts(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    official = {"ZoneCountsAnswer", "OfficialZoneAnswer", "UnplacedAnswer"}
    schemas = description["components"]["schemas"]
    public = json.dumps({name: schemas[name] for name in schemas.keys() - official})
    for word in (*vars(ZoneCounts(0, 0, 0, 0)), "counts", "uncertain", "flag", "input_digest"):
        assert f'"{word}":' not in public
        assert f'"{word}":' in json.dumps(schemas)
    for path, methods in description["paths"].items():
        text = json.dumps(methods)
        assert path.startswith("/officials") or not any(name in text for name in official)


@pytest.mark.parametrize("run", ["00" * 8, "f" * 32, "z"])
def test_every_unknown_id_of_a_run_has_the_same_answer(client: TestClient, run: str) -> None:
    def status_and_text(unknown_run: str) -> tuple[int, str]:
        answer = client.get(f"/tiles/{unknown_run}/14/13216/8500.mvt")
        return answer.status_code, answer.text

    assert status_and_text(run) == status_and_text("0123456789abcdef")
    assert status_and_text(run)[0] == 404


def test_the_input_digest_of_a_run_is_not_its_address(client: TestClient, small_city: City) -> None:
    day = small_city.published(LAST)
    assert client.get(f"/tiles/{day.public_id}/14/13216/8500.mvt").status_code < 300
    assert client.get(f"/tiles/{day.run}/14/13216/8500.mvt").status_code == 404


def test_a_history_is_the_published_days_in_order(client: TestClient, small_city: City) -> None:
    code = small_city.zones(LAST)["code"].iloc[50]
    history = ask(client, f"/zones/{code}/history", start="2021-07-01", end="2021-07-10")["days"]
    days = [date(2021, 7, 1) + timedelta(n) for n in range(10)]
    assert [entry["date"] for entry in history] == [str(day) for day in days]
    for day, entry in zip(days, history, strict=True):
        zones = small_city.zones(day).set_index("code")
        assert entry["risk"] == zones.loc[code, "risk"]


# --- /summary, /locate, /healthz


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip", "gzip"), ("gzip, deflate, br, zstd", "gzip"), ("br, gzip;q=0", "br"), ("", None)],
)
def test_every_content_encoding_has_the_same_zones(
    client: TestClient, accepted: str, encoding: str | None
) -> None:
    answer = client.get("/zones", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"].split(", ").count("Accept-Encoding") == 1
    with client.stream("GET", "/zones", headers={"Accept-Encoding": accepted}) as stream:
        body = b"".join(stream.iter_raw())
    if encoding == "gzip":
        assert gzip.decompress(body) == answer.content
    assert answer.json() == ask(client, "/zones")


def test_a_summary_counts_the_rt_of_each_colour(client: TestClient) -> None:
    rt = properties(ask(client, "/zones"))
    for level, length in (("kota", 5), ("kecamatan", 8), ("kelurahan", 13), ("rw", 17), ("rt", 21)):
        areas = ask(client, "/summary", level=level)["areas"]
        for risk, name in enumerate(("green", "yellow", "orange", "red")):
            expected = Counter(zone["code"][:length] for zone in rt if zone["risk"] == risk)
            assert {area["code"]: area[name] for area in areas if area[name]} == expected


@pytest.mark.parametrize("area", ["33.74", "33.74.01.1010", "33.74.01.1010-001"])
def test_a_summary_of_an_area_has_only_the_areas_within_it(client: TestClient, area: str) -> None:
    for level in ("kota", "kelurahan", "rw", "rt"):
        areas = ask(client, "/summary", level=level)["areas"]
        within = ask(client, "/summary", level=level, area=area)["areas"]
        assert within == [row for row in areas if row["code"].startswith(area)]
    assert client.get("/summary?area=33.99").status_code == 404


@pytest.mark.parametrize("minimum", [1, 5, 10])
def test_cases_in_no_rt_are_published_in_bands_on_every_day(
    small_settings: Settings, small_city: City, minimum: int
) -> None:
    settings = small_settings.model_copy(update={"minimum_count": minimum})
    exact = []
    with TestClient(create_app(settings)) as client:
        for day in small_city.published_days():
            cases = sum(small_city.day(day).unplaced["cases"].to_pylist())
            summary = ask(client, "/summary", date=str(day))
            band = summary["unplaced"]
            assert summary["unplaced_suppressed"] == (band is None) == (0 < cases < minimum)
            assert band is None or (band % minimum == 0 and band <= cases < band + minimum)
            assert summary["non_residents"] == 0
            exact.append(cases)
    # Exact counts would disclose a few people: some days differ by less than the minimum.
    assert any(0 < abs(later - before) < 5 for before, later in pairwise(exact))


def test_a_point_inside_an_rt_gives_this_rt_and_its_colour(
    client: TestClient, small_city: City
) -> None:
    zones = small_city.zones(LAST)
    for row in range(0, len(zones), 40):
        point = zones.geometry.iloc[row].representative_point()
        located = ask(client, "/locate", lon=point.x, lat=point.y)
        assert located["code"] == zones["code"].iloc[row]
        assert located["risk"] == zones["risk"].iloc[row]


def test_a_point_outside_every_area_gives_nulls(client: TestClient) -> None:
    located = ask(client, "/locate", lon=0, lat=0)
    assert [located[name] for name in ("code", "name", "kind", "risk", "colour")] == [None] * 5
    assert located["date"] == "2021-07-15"


def test_health_is_ok(client: TestClient) -> None:
    assert ask(client, "/healthz")["status"] == "ok"


# --- errors


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
def test_a_malformed_parameter_is_rejected_by_its_name(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422, answer.text
    error = answer.json()
    assert set(error) == {"code", "message"}
    assert error["code"] == "invalid-parameter"
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
    assert any(error["message"].startswith(f"{name}: ") for name in names)
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
def test_a_missing_day_area_or_path_answers_404(client: TestClient, path: str, code: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404, answer.text
    assert answer.json()["code"] == code


def test_a_method_that_is_not_allowed_answers_405_with_a_code(client: TestClient) -> None:
    answer = client.post("/zones")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")


def test_the_shapes_of_the_city_are_encoded_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    first = client.get("/zones").content
    monkeypatch.setattr("api.geojson.features.shapely.to_geojson", fail)
    assert client.get("/zones").content == first


# --- known_at


def test_a_day_as_known_at_a_moment_is_immutable(client: TestClient, small_city: City) -> None:
    stamp = small_city.published(LAST).published_at
    assert stamp is not None
    query = {"date": str(LAST), "known_at": f"{stamp.isoformat()}Z"}
    for path in ("/zones", "/summary", "/zones/33.74.01"):
        answer = client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        assert "immutable" in answer.headers["cache-control"]
        second = client.get(path, params=query, headers={"If-None-Match": answer.headers["etag"]})
        assert second.status_code == 304
    in_city = stamp.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Jakarta")).isoformat()
    assert client.get(f"/summary?date={LAST}&known_at={in_city}").status_code == 200


def test_a_moment_before_the_publication_answers_404_and_an_invalid_moment_422(
    client: TestClient,
) -> None:
    early = {"known_at": "2021-07-20T00:00Z"}
    answer = client.get("/summary", params={"date": str(LAST), **early})
    assert (answer.status_code, answer.json()["code"]) == (404, "no-run")
    answer = client.get("/summary", params=early)
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing-published")
    for text in ("yesterday", "2999-01-01T00:00Z"):
        answer = client.get("/summary", params={"known_at": text})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")
