"""OGC API Features, Core: documents, features, pages, errors and caching."""

import html
import itertools
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient
from schemathesis.specs.openapi.definitions import OPENAPI_30_VALIDATOR

from api.app import create_app
from api.ogc.features.selecting import FeatureSelector, Page, Query
from api.ogc.shapes import Shapes
from api.ogc.times import read_days
from api.settings import Settings
from geodata.boundaries import WGS84, assemble, save_boundaries
from geodata.calendar import DayRange
from geodata.errors import InputError
from geodata.sample_city import SampleCity
from geodata.store import open_store
from tests.api.ogc.schemas import ROOT, ask, get_error, ids, links, validator
from tests.zones import JAKARTA
from zoning import City
from zoning.caching import Cache

LEVELS = ["rt", "rw", "kelurahan", "kecamatan", "kota"]
COLLECTIONS = [*(f"zones-{level}" for level in LEVELS), "places"]
LAST, BEFORE = date(2021, 7, 15), date(2021, 7, 14)
ITEMS = "/collections/zones-kelurahan/items"
RT = "/collections/zones-rt/items"


# --- Documents


def test_the_landing_page_has_the_links_that_clients_need(client: TestClient) -> None:
    landing = ask(client, "")
    kinds = {(link["rel"], link["type"]) for link in landing["links"]}
    assert {
        ("self", "application/json"),
        ("alternate", "text/html"),
        ("service-desc", "application/vnd.oai.openapi+json;version=3.0"),
        ("service-doc", "text/html"),
        ("conformance", "application/json"),
        ("data", "application/json"),
    } <= kinds
    for link in landing["links"]:
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == link["type"].split(";")[0]


def test_the_description_is_openapi_3_0_and_has_the_properties_of_every_collection(
    client: TestClient,
) -> None:
    description = ask(client, "/api")
    OPENAPI_30_VALIDATOR.validate(description)
    operations = [path["get"]["operationId"] for path in description["paths"].values()]
    assert len(set(operations)) == len(operations)
    for name in COLLECTIONS:
        parameters = description["paths"][f"/collections/{name}/items"]["get"]["parameters"]
        names = {parameter["name"] for parameter in parameters if "name" in parameter}
        properties = ask(client, f"/collections/{name}/queryables")["properties"]
        assert names == set(properties) - {"geometry", "date"}


def test_the_description_of_parameters_and_operations_follows_the_standards(
    client: TestClient,
) -> None:
    description = ask(client, "/api")
    components = description["components"]["parameters"]
    parameters = [
        components[entry["$ref"].rpartition("/")[2]] if "$ref" in entry else entry
        for path in description["paths"].values()
        for entry in path["get"]["parameters"]
    ]
    # OGC 17-069r4: /req/core/fc-limit-definition, fc-bbox-definition, fc-time-definition;
    # OGC 20-057: /req/core/tc-tilematrix-definition, /req/oas30/operation-id.
    in_query = [entry for entry in parameters if entry["in"] == "query"]
    assert {(entry["style"], entry["explode"]) for entry in in_query} == {("form", False)}
    assert {"limit", "bbox", "datetime", "filter", "risk"} <= {entry["name"] for entry in in_query}
    matrices = [entry for entry in parameters if entry["name"] == "tileMatrix"]
    assert {entry["schema"]["type"] for entry in matrices} == {"string"}
    kinds = {"tiles": "vector", "map/tiles": "map"}
    for path, kind in kinds.items():
        for prefix, origin in (("", "dataset"), ("/collections/zones-rt", "collection")):
            tileset = f"{prefix}/{path}/{{tileMatrixSetId}}"
            tile = f"{tileset}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
            for template, name in (
                (f"{prefix}/{path}", "getTileSetsList"),
                (tileset, "getTileSet"),
                (tile, "getTile"),
            ):
                operation = description["paths"][template]["get"]["operationId"]
                assert operation.endswith(f".{origin}.{kind}.{name}")


def test_each_level_has_a_collection_and_places_have_one(client: TestClient) -> None:
    collections = ask(client, "/collections")["collections"]
    assert [collection["id"] for collection in collections] == COLLECTIONS
    for collection in collections:
        document = ask(client, f"/collections/{collection['id']}")
        assert collection == document | {"links": collection["links"]}
        for link in collection["links"]:
            assert client.get(link["href"]).status_code == 200


def test_the_extent_of_a_collection_has_the_bounds_and_the_days_of_its_features(
    client: TestClient, small_city: City
) -> None:
    extent = ask(client, "/collections/zones-rt")["extent"]
    bounds = small_city.boundaries("kota").total_bounds.tolist()
    assert extent["spatial"]["bbox"] == [pytest.approx(bounds)]
    first, last = extent["temporal"]["interval"][0]
    assert (first, last) == ("2021-06-15T00:00:00+07:00", "2021-07-15T23:59:59+07:00")
    places = ask(client, "/collections/places")["extent"]
    assert "temporal" not in places
    sides = [*zip(bounds, small_city.places().total_bounds.tolist(), strict=True)]
    expected = [*map(min, sides[:2]), *map(max, sides[2:])]
    assert places["spatial"]["bbox"] == [pytest.approx(expected)]


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("", "landingPage"),
        ("/conformance", "confClasses"),
        ("/collections", "collections"),
        ("/collections/zones-rt", "collection"),
        ("/collections/places", "collection"),
        (f"{RT}?limit=5", "featureCollectionGeoJSON"),
        (f"{ITEMS}?datetime=2021-07-01/..&offset=40", "featureCollectionGeoJSON"),
        (f"{ITEMS}?bbox=0,0,1,1", "featureCollectionGeoJSON"),
        (f"{ITEMS}/33.74.01.1001", "featureGeoJSON"),
    ],
)
def test_answers_fit_the_schemas_of_ogc(
    client: TestClient, shared_data: Callable[[str], Path], path: str, schema: str
) -> None:
    answer = client.get(f"/ogc{path}")
    assert list(validator(shared_data, schema).iter_errors(answer.json())) == []
    # The schema rejects an answer without a required member.
    member = "geometry" if schema == "featureGeoJSON" else "links"
    incomplete = {name: value for name, value in answer.json().items() if name != member}
    is_required = schema in {"landingPage", "collections", "collection", "featureGeoJSON"}
    assert is_required == bool(list(validator(shared_data, schema).iter_errors(incomplete)))


@pytest.mark.parametrize("name", COLLECTIONS)
def test_features_have_the_properties_of_their_schema_and_no_count(
    client: TestClient, name: str
) -> None:
    properties = ask(client, f"/collections/{name}/schema")["properties"]
    queryable = ask(client, f"/collections/{name}/queryables")["properties"]
    assert properties == queryable
    assert not {"cases", "houses", "active", "houses_at_least"} & set(properties)
    for feature in ask(client, f"/collections/{name}/items", limit=3)["features"]:
        assert set(feature["properties"]) - {"stock"} == set(properties) - {"geometry"}


# --- Features


@pytest.mark.parametrize("level", LEVELS)
def test_features_are_the_zones_of_the_newest_day(
    client: TestClient, small_city: City, level: Any
) -> None:
    items = ask(client, f"/collections/zones-{level}/items", limit=10_000)
    zones = small_city.zones(LAST, level)
    assert ids(items) == zones["code"].tolist()
    assert items["numberMatched"] == items["numberReturned"] == len(zones)
    for name in ("name", "parent", "risk", "colour", "date", "rule", "run"):
        values = [feature["properties"][name] for feature in items["features"]]
        assert values == zones[name].astype(object).where(zones[name].notna(), None).tolist()
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in items["features"]]
    assert shapely.equals_exact(
        shapely.normalize(shapes), shapely.normalize(zones.geometry.to_numpy()), 1e-7
    ).all()


def test_a_zone_has_the_codes_and_names_of_the_areas_around_it(
    client: TestClient, small_city: City
) -> None:
    areas = small_city.boundaries("kelurahan").set_index("code")["name"]
    for feature in ask(client, RT)["features"]:
        values = feature["properties"]
        assert values["code"].startswith(f"{values['rw']}-")
        assert values["rw"].startswith(f"{values['kelurahan']}-")
        assert values["kelurahan_name"] == areas[values["kelurahan"]]
        assert values["kecamatan"] == "33.74.01"


def test_each_day_of_an_interval_has_features_with_ids_of_this_day(
    client: TestClient, small_city: City
) -> None:
    items = ask(client, ITEMS, datetime="2021-07-14/..", limit=10_000)
    days = [small_city.zones(day, "kelurahan") for day in (BEFORE, LAST)]
    assert items["numberMatched"] == sum(map(len, days))
    assert len(set(ids(items))) == items["numberReturned"] == items["numberMatched"]
    properties = [feature["properties"] for feature in items["features"]]
    assert [(values["code"], values["date"], values["risk"]) for values in properties] == [
        row for day in days for row in zip(day["code"], day["date"], day["risk"], strict=True)
    ]
    for feature in items["features"][:3]:
        document = ask(client, f"{ITEMS}/{feature['id']}")
        assert {name: document[name] for name in feature} == feature


def test_a_code_is_the_id_of_the_newest_feature(client: TestClient) -> None:
    newest = ask(client, f"{ITEMS}/33.74.01.1001")
    assert newest["id"] == "33.74.01.1001"
    assert newest["properties"]["date"] == "2021-07-15"
    assert links(newest)["collection"] == f"{ROOT}/collections/zones-kelurahan"


def test_a_filter_by_date_searches_all_days(client: TestClient) -> None:
    by_date = ask(client, ITEMS, filter="date = DATE('2021-07-14')")
    assert by_date["features"] == ask(client, ITEMS, datetime="2021-07-14")["features"]
    assert by_date["numberMatched"] > 0
    assert ask(client, ITEMS, date="2021-07-14")["features"] == by_date["features"]


@pytest.mark.parametrize("interval", ["2020-01-01", "2022-01-01/..", "../2021-06-14T00:00:00Z"])
def test_days_that_are_not_published_have_no_features(client: TestClient, interval: str) -> None:
    items = ask(client, ITEMS, datetime=interval)
    assert (items["numberMatched"], items["features"]) == (0, [])


D15, D16 = date(2021, 7, 15), date(2021, 7, 16)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2021-07-15", DayRange(D15, D15)),
        ("2021-07-15T", DayRange(D15, D15)),
        ("2021-07-15T16:59:59Z", DayRange(D15, D15)),
        ("2021-07-15T17:00:00Z", DayRange(D16, D16)),
        ("2021-07-15T23:59:59.9+07:00", DayRange(D15, D15)),
        ("2021-07-15t00:00:00z", DayRange(D15, D15)),
        ("2021-07-15/2021-07-16", DayRange(D15, D16)),
        ("2021-07-15/..", DayRange(D15, date.max)),
        ("/2021-07-15", DayRange(date.min, D15)),
        ("../..", DayRange(date.min, date.max)),
        # A moment that overflows in the offset of the city, or in UTC, is the end of the calendar.
        ("2021-07-15T00:00:00Z/9999-12-31T23:59:59Z", DayRange(D15, date.max)),
        ("2021-07-15/9999-12-31T23:59:59-07:00", DayRange(D15, date.max)),
        ("0001-01-01T00:00:00Z/2021-07-15", DayRange(date.min, D15)),
        ("0001-01-01T00:00:00+14:00/2021-07-15", DayRange(date.min, D15)),
    ],
)
def test_days_are_days_in_the_time_zone_of_the_city(text: str, days: DayRange) -> None:
    assert read_days(text, JAKARTA) == days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "2021-7-1",
        "2021-02-30",
        "15-07-2021",
        "2021-07-15T25:00:00Z",
        "x/2021-07-15",
        "2021-07-16/2021-07-15",
        "2021-07-15/2021-07-16/..",
        "0001-01-01T+",
    ],
)
def test_an_invalid_datetime_is_rejected(client: TestClient, text: str) -> None:
    with pytest.raises(InputError, match="datetime:"):
        read_days(text, JAKARTA)
    assert get_error(client, ITEMS, datetime=text) == (400, "invalid-parameter")


def test_a_box_contains_the_zones_that_intersect_it_not_only_their_bounding_boxes(
    client: TestClient, small_city: City
) -> None:
    zones = small_city.zones(LAST, "rt")
    corners = zones.bounds.to_numpy().tolist()
    box = next(
        (west, south, (9 * west + east) / 10, (9 * south + north) / 10)
        for (west, south, east, north), shape in zip(corners, zones.geometry, strict=True)
        if not shape.buffer((east - west) / 8).contains(shapely.Point(west, south))
    )
    expected = zones["code"][zones.intersects(shapely.box(*box))].tolist()
    text = ",".join(map(repr, box))
    assert ids(ask(client, RT, bbox=text)) == expected
    with_heights = f"{box[0]},{box[1]},-10,{box[2]},{box[3]},100"
    assert ids(ask(client, RT, bbox=with_heights)) == expected
    assert len(expected) < zones.envelope.intersects(shapely.box(*box)).sum()


def test_a_missing_geometry_is_in_every_box() -> None:
    points = [shapely.Point(1, 1), None, shapely.Point(5, 5), shapely.Point(-179, 1)]
    shapes = Shapes(np.array(points, dtype=object), Cache(1), ("points",))
    assert shapes.intersecting_rows((0, 0, 2, 2), WGS84).tolist() == [0, 1]
    assert shapes.intersecting_rows((4, 0, -178, 9), WGS84).tolist() == [1, 2, 3]


def test_a_box_may_be_a_line_or_a_point(client: TestClient, small_city: City) -> None:
    zones = small_city.zones(LAST, "rt")
    point = zones.geometry.iloc[5].representative_point()
    x, y = point.x, point.y
    assert ids(ask(client, RT, bbox=f"{x!r},{y!r},{x!r},{y!r}")) == [zones["code"].iloc[5]]
    line = shapely.LineString([(x, y), (x, y + 0.01)])
    expected = zones["code"][zones.intersects(line)].tolist()
    assert ids(ask(client, RT, bbox=f"{x!r},{y!r},{x!r},{y + 0.01!r}")) == expected


def test_a_box_may_cross_the_180th_meridian(client: TestClient) -> None:
    matched = ask(client, ITEMS)["numberMatched"]
    assert ask(client, ITEMS, bbox="100,-10,-170,0")["numberMatched"] == matched
    assert ask(client, ITEMS, bbox="170,-10,-170,0")["numberMatched"] == 0


def test_a_property_is_a_query_parameter(client: TestClient, small_city: City) -> None:
    zones = small_city.zones(LAST, "rt")
    expected = zones[(zones["risk"] == 1) & zones["parent"].str.startswith("33.74.01.1002-")]
    items = ask(client, RT, risk=1, kelurahan="33.74.01.1002")
    assert ids(items) == expected["code"].tolist()
    assert 0 < items["numberMatched"] < len(zones)
    assert ids(ask(client, RT, colour="kuning", kelurahan="33.74.01.1002")) == ids(items)
    assert ids(ask(client, RT, risk=1, filter="kelurahan='33.74.01.1002'")) == ids(items)


# --- Pages


def fetch_pages(client: TestClient, path: str, **query: Any) -> list[dict[str, Any]]:
    pages = [ask(client, path, **query)]
    while "next" in links(pages[-1]):
        answer = client.get(links(pages[-1])["next"])
        assert answer.headers["content-type"] == "application/geo+json"
        pages.append(answer.json())
    return pages


@pytest.mark.parametrize("limit", [1, 7, 15, 1000])
def test_the_pages_together_contain_every_feature_once(client: TestClient, limit: int) -> None:
    query = {"datetime": "2021-07-14/..", "bbox": "110,-8,111,-6", "risk": 3}
    items = ask(client, ITEMS, **query)
    pages = fetch_pages(client, ITEMS, limit=limit, **query)
    assert list(itertools.chain.from_iterable(map(ids, pages))) == ids(items)
    for page in pages:
        assert page["numberMatched"] == items["numberMatched"] > 0
        assert page["numberReturned"] == len(page["features"]) <= limit
    assert len(pages) == -(-items["numberMatched"] // limit)


def test_the_link_prev_leads_to_the_previous_page(client: TestClient) -> None:
    first, second = fetch_pages(client, ITEMS, limit=8)
    assert ids(client.get(links(second)["prev"]).json()) == ids(first)
    assert links(second)["self"] == links(first)["next"]


def test_the_previous_page_does_not_overlap_a_page_with_a_small_offset(client: TestClient) -> None:
    page = ask(client, RT, offset=10, limit=50)
    previous = client.get(links(page)["prev"]).json()
    assert ids(previous) + ids(page) == ids(ask(client, RT, limit=60))


def test_links_keep_the_parameters_of_the_query(client: TestClient) -> None:
    query = {"filter": "name LIKE '%a%' AND risk < 4", "limit": 2, "datetime": "2021-07-15"}
    items = ask(client, ITEMS, **query)
    assert client.get(links(items)["self"]).json()["features"] == items["features"]
    next_items = client.get(links(items)["next"]).json()
    assert next_items["numberMatched"] == items["numberMatched"]
    page = client.get(links(items)["alternate"])
    assert page.headers["content-type"].startswith("text/html")


def test_a_page_has_1000_features_by_default_and_10000_at_most(
    client: TestClient,
) -> None:
    largest = ask(client, "/collections/zones-rt/items", datetime="../..", limit=99_999_999)
    assert largest["numberReturned"] == 10_000 < largest["numberMatched"]
    assert ask(client, RT, datetime="../..")["numberReturned"] == 1000
    beyond = ask(client, RT, offset=10**12)
    assert (beyond["numberReturned"], "next" in links(beyond)) == (0, False)


# --- Errors


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        (RT, {"colur": "merah"}, 400, "unknown-parameter"),
        (RT, {"limit": "0"}, 400, "invalid-parameter"),
        (RT, {"limit": "-1"}, 400, "invalid-parameter"),
        (RT, {"limit": "many"}, 400, "invalid-parameter"),
        (RT, {"limit": ["1", "2"]}, 400, "invalid-parameter"),
        (RT, {"offset": "1.5"}, 400, "invalid-parameter"),
        (RT, {"bbox": "1,2,3"}, 400, "invalid-parameter"),
        (RT, {"bbox": "1,2,3,nan"}, 400, "invalid-parameter"),
        (RT, {"bbox": "110,-6,111,-7"}, 400, "invalid-parameter"),
        (RT, {"limit": "\u0661\u0660"}, 400, "invalid-parameter"),
        (RT, {"crs": "EPSG:27700"}, 400, "unknown-crs"),
        (RT, {"bbox_crs": "nonsense"}, 400, "unknown-crs"),
        (RT, {"risk": "merah"}, 400, "invalid-parameter"),
        (RT, {"risk": "inf"}, 400, "invalid-parameter"),
        (RT, {"risk": "1e999"}, 400, "invalid-parameter"),
        (RT, {"risk": "nan"}, 400, "invalid-parameter"),
        (RT, {"risk": "1_0"}, 400, "invalid-parameter"),
        (RT, {"date": "junk"}, 400, "invalid-parameter"),
        (RT, {"date": "2021-02-30"}, 400, "invalid-parameter"),
        ("/collections/places/items", {"updated_at": "now"}, 400, "invalid-parameter"),
        (RT, {"filter_lang": "cql-text"}, 400, "invalid-parameter"),
        (RT, {"f": "xml"}, 400, "invalid-parameter"),
        ("", {"limit": "1"}, 400, "unknown-parameter"),
        ("/collections/zones", {}, 404, "no-collection"),
        ("/collections/zones/items", {}, 404, "no-collection"),
        (f"{RT}/33.74.99", {}, 404, "no-feature"),
        (f"{RT}/33.74.01.1001-001-001_2020-01-01", {}, 404, "no-feature"),
        ("/collections/places/items/none", {}, 404, "no-feature"),
        ("/nothing", {}, 404, "not-found"),
    ],
)
def test_an_invalid_request_has_the_status_of_the_standard(
    client: TestClient, path: str, query: dict[str, Any], status: int, code: str
) -> None:
    assert get_error(client, path, **query) == (status, code)


# --- Formats and caches


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/geo+json"),
        ("", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json;q=0.9, text/html;q=0.5", "application/geo+json"),
        ("text/html;q=x, application/json;q=0.1", "application/geo+json"),
    ],
)
def test_the_header_accept_chooses_the_format_unless_f_does(
    client: TestClient, accept: str, media_type: str
) -> None:
    answer = client.get(f"/ogc{ITEMS}", headers={"Accept": accept})
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert "Accept" in answer.headers["vary"]
    json_answer = client.get(f"/ogc{ITEMS}?f=json", headers={"Accept": accept})
    assert json_answer.headers["content-type"] == "application/geo+json"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/collections",
        "/collections/zones-rt",
        "/collections/places",
        f"{ITEMS}?limit=2&offset=4",
        f"{ITEMS}/33.74.01.1001",
        "/tiles",
        "/collections/zones-rt/map/tiles/WebMercatorQuad",
        "/tileMatrixSets",
    ],
)
def test_a_page_has_the_links_of_its_json_document(client: TestClient, path: str) -> None:
    def without_format(address: str) -> httpx.URL:
        return httpx.URL(ROOT).join(html.unescape(address)).copy_remove_param("f")

    text = client.get(f"/ogc{path}", headers={"Accept": "text/html"}).text
    page_links = {without_format(href) for href in re.findall(r'href="([^"]+)"', text)}
    json_links = [link for link in ask(client, path)["links"] if not link.get("templated")]
    assert {without_format(link["href"]) for link in json_links} <= page_links


@pytest.mark.parametrize("path", ["", "/conformance", "/api", "/collections", RT, f"{RT}?f=html"])
def test_a_client_that_has_the_answer_in_this_format_gets_304(
    client: TestClient, path: str
) -> None:
    first = client.get(f"/ogc{path}")
    headers = {"If-None-Match": first.headers["etag"]}
    second = client.get(f"/ogc{path}", headers=headers)
    assert (second.status_code, second.content) == (304, b"")
    assert "Accept" in second.headers["vary"]
    html_answer = client.get(f"/ogc{path}", headers=headers | {"Accept": "text/html"})
    assert html_answer.status_code == (304 if "f=html" in path else 200)


# --- Load, proxies and an empty city


def test_many_expensive_queries_do_not_block_other_requests(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, free, page = Semaphore(0), Event(), FeatureSelector.page
    running: list[Query] = []
    counts: list[int] = []

    def wait_and_select(self: FeatureSelector, query: Query) -> Page:
        running.append(query)
        counts.append(len(running))
        entered.release()
        free.wait()
        try:
            return page(self, query)
        finally:
            running.remove(query)

    monkeypatch.setattr(FeatureSelector, "page", wait_and_select)
    paths = [f"{ROOT}{ITEMS}?limit=1&offset={offset}" for offset in range(24)]
    with ThreadPoolExecutor(len(paths) + 1) as pool:
        answers = pool.map(lambda path: client.get(path).status_code, paths)
        try:
            for _ in range(4):
                assert entered.acquire(timeout=60)
            summary = pool.submit(client.get, "/summary").result(timeout=60)
        finally:
            # Without this, a failure would leave the clients and the test waiting.
            free.set()
        assert [*answers, summary.status_code] == [200] * 25
    assert max(counts) == 4


def test_behind_a_proxy_every_link_has_the_path_of_the_proxy(small_settings: Settings) -> None:
    with TestClient(create_app(small_settings), root_path="/zonasi") as behind:
        for path in ("", "/collections/zones-rt", f"{RT}?limit=1", "/tiles"):
            answer = behind.get(f"/zonasi/ogc{path}")
            for link in answer.json()["links"]:
                assert link["href"].startswith("http://testserver/zonasi/ogc")
                assert behind.get(link["href"]).status_code == 200
        assert behind.get("/zonasi/ogc/collections?x=1").status_code == 400
        description = behind.get("/zonasi/ogc/api").json()
        assert description["servers"] == [{"url": "http://testserver/zonasi/ogc"}]


@pytest.mark.parametrize(("name", "value"), [("date", "junk"), ("risk", "nan")])
def test_an_error_begins_with_the_name_of_the_parameter(
    client: TestClient, name: str, value: str
) -> None:
    message = client.get(f"/ogc{RT}", params={name: value}).json()["message"]
    assert message.startswith(f"{name}: ")


def test_the_titles_of_the_service_name_the_city(client: TestClient, small_city: City) -> None:
    name = small_city.boundaries("kota")["name"].iloc[0]
    assert name in ask(client, "")["title"]
    assert name in ask(client, "/api")["info"]["title"]
    page = client.get("/ogc?f=html").text
    assert name in page.partition("<title>")[2].partition("</title>")[0]


@pytest.mark.parametrize("level", ["rt", "kelurahan"])
def test_the_page_of_a_collection_links_to_its_tiles(client: TestClient, level: str) -> None:
    page = client.get(f"/ogc/collections/zones-{level}?f=html").text
    for link in ask(client, f"/collections/zones-{level}")["links"]:
        if "tilesets" in link["rel"]:
            path = link["href"].removeprefix(ROOT)
            assert f'href="/ogc{path}?f=html"' in page
            assert client.get(f"{link['href']}?f=html").status_code == 200
    assert ("/map/tiles?f=html" in page) == (level == "rt")


def test_a_city_without_a_published_day_has_collections_without_features(
    small_sample: SampleCity, tmp_path: Path
) -> None:
    url = f"duckdb:///{tmp_path}/city.duckdb"
    with open_store(url, create=True) as store:
        save_boundaries(store, assemble(small_sample.rt), "sample", {})
    with TestClient(create_app(Settings(database=url))) as client:
        for path in ("", "/collections", "/collections/zones-rt", "/api", "/tiles", ITEMS):
            for form in ("json", "html"):
                assert client.get(f"/ogc{path}", params={"f": form}).status_code == 200
        items = ask(client, ITEMS)
        assert (items["numberMatched"], items["features"]) == (0, [])
        assert "temporal" not in ask(client, "/collections/zones-rt")["extent"]
        assert get_error(client, f"{ITEMS}/33.74.01.1001") == (404, "no-feature")
        assert get_error(client, "/tiles/WebMercatorQuad/14/0/0") == (404, "nothing-published")
