"""OGC API Features, Core: what there is, which features, page by page, and clear refusals."""

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
from api.ogc.features.selecting import Page, Query, Selecting
from api.ogc.shapes import Shapes
from api.ogc.times import read_days
from api.settings import Settings
from geodata.boundaries import WGS84, assemble, save_boundaries
from geodata.calendar import DayRange
from geodata.errors import InputError
from geodata.sample_city import SampleCity
from geodata.store import open_store
from tests.api.ogc.schemas import ROOT, ask, ids, links, refused, validator
from tests.zones import JAKARTA
from zoning import City
from zoning.caching import Cache

LEVELS = ["rt", "rw", "kelurahan", "kecamatan", "kota"]
COLLECTIONS = [*(f"zones-{level}" for level in LEVELS), "places"]
LAST, BEFORE = date(2021, 7, 15), date(2021, 7, 14)
ITEMS = "/collections/zones-kelurahan/items"
RT = "/collections/zones-rt/items"


# --- What there is


def test_the_landing_page_leads_to_all_that_clients_look_for(client: TestClient) -> None:
    found = ask(client, "")
    kinds = {(link["rel"], link["type"]) for link in found["links"]}
    assert {
        ("self", "application/json"),
        ("alternate", "text/html"),
        ("service-desc", "application/vnd.oai.openapi+json;version=3.0"),
        ("service-doc", "text/html"),
        ("conformance", "application/json"),
        ("data", "application/json"),
    } <= kinds
    for link in found["links"]:
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == link["type"].split(";")[0]


def test_the_description_is_openapi_3_0_and_names_every_collections_properties(
    client: TestClient,
) -> None:
    described = ask(client, "/api")
    OPENAPI_30_VALIDATOR.validate(described)
    operations = [found["get"]["operationId"] for found in described["paths"].values()]
    assert len(set(operations)) == len(operations)
    for name in COLLECTIONS:
        asked = described["paths"][f"/collections/{name}/items"]["get"]["parameters"]
        named = {one["name"] for one in asked if "name" in one}
        properties = ask(client, f"/collections/{name}/queryables")["properties"]
        assert named == set(properties) - {"geometry", "date"}


def test_the_description_says_of_parameters_and_operations_what_ogc_wants(
    client: TestClient,
) -> None:
    described = ask(client, "/api")
    common = described["components"]["parameters"]
    asked = [
        common[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        for found in described["paths"].values()
        for one in found["get"]["parameters"]
    ]
    # OGC 17-069r4: /req/core/fc-limit-definition, fc-bbox-definition, fc-time-definition;
    # OGC 20-057: /req/core/tc-tilematrix-definition, /req/oas30/operation-id.
    in_query = [one for one in asked if one["in"] == "query"]
    assert {(one["style"], one["explode"]) for one in in_query} == {("form", False)}
    assert {"limit", "bbox", "datetime", "filter", "risk"} <= {one["name"] for one in in_query}
    [matrix] = {one["schema"]["type"] for one in asked if one["name"] == "tileMatrix"}
    assert matrix == "string"
    kinds = {"tiles": "vector", "map/tiles": "map"}
    for path, kind in kinds.items():
        for of, origin in (("", "dataset"), ("/collections/zones-rt", "collection")):
            tileset = f"{of}/{path}/{{tileMatrixSetId}}"
            tile = f"{tileset}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
            for where, what in (
                (f"{of}/{path}", "getTileSetsList"),
                (tileset, "getTileSet"),
                (tile, "getTile"),
            ):
                operation = described["paths"][where]["get"]["operationId"]
                assert operation.endswith(f".{origin}.{kind}.{what}")


def test_there_is_a_collection_for_each_level_and_one_of_places(client: TestClient) -> None:
    found = ask(client, "/collections")
    assert [one["id"] for one in found["collections"]] == COLLECTIONS
    for one in found["collections"]:
        assert one == ask(client, f"/collections/{one['id']}") | {"links": one["links"]}
        for link in one["links"]:
            assert client.get(link["href"]).status_code == 200


def test_a_collection_says_where_and_when_its_features_are(
    client: TestClient, small_city: City
) -> None:
    extent = ask(client, "/collections/zones-rt")["extent"]
    bounds = small_city.boundaries("kota").total_bounds.tolist()
    assert extent["spatial"]["bbox"] == [pytest.approx(bounds)]
    first, last = extent["temporal"]["interval"][0]
    assert (first, last) == ("2021-06-15T00:00:00+07:00", "2021-07-15T23:59:59+07:00")
    places = ask(client, "/collections/places")["extent"]
    assert "temporal" not in places
    both = [bounds, small_city.places().total_bounds.tolist()]
    wanted = [*(min(side) for side in list(zip(*both, strict=True))[:2])]
    wanted += [max(side) for side in list(zip(*both, strict=True))[2:]]
    assert places["spatial"]["bbox"] == [pytest.approx(wanted)]


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
def test_answers_are_what_ogcs_schemas_say(
    client: TestClient, shared_data: Callable[[str], Path], path: str, schema: str
) -> None:
    answer = client.get(f"/ogc{path}")
    assert list(validator(shared_data, schema).iter_errors(answer.json())) == []
    # Without what it needs, the schema would have said so.
    needed = "geometry" if schema == "featureGeoJSON" else "links"
    short = {name: value for name, value in answer.json().items() if name != needed}
    missing = schema in {"landingPage", "collections", "collection", "featureGeoJSON"}
    assert missing == bool(list(validator(shared_data, schema).iter_errors(short)))


@pytest.mark.parametrize("name", COLLECTIONS)
def test_features_have_the_properties_their_schema_names_and_no_count(
    client: TestClient, name: str
) -> None:
    properties = ask(client, f"/collections/{name}/schema")["properties"]
    queryable = ask(client, f"/collections/{name}/queryables")["properties"]
    assert properties == queryable
    assert not {"cases", "houses", "active", "houses_at_least"} & set(properties)
    for feature in ask(client, f"/collections/{name}/items", limit=3)["features"]:
        assert set(feature["properties"]) - {"stock"} == set(properties) - {"geometry"}


# --- Which features


@pytest.mark.parametrize("level", LEVELS)
def test_features_are_the_zones_of_the_newest_day(
    client: TestClient, small_city: City, level: Any
) -> None:
    found = ask(client, f"/collections/zones-{level}/items", limit=10_000)
    zones = small_city.zones(LAST, level)
    assert ids(found) == zones["code"].tolist()
    assert found["numberMatched"] == found["numberReturned"] == len(zones)
    for name in ("name", "parent", "risk", "colour", "date", "rule", "run"):
        said = [feature["properties"][name] for feature in found["features"]]
        assert said == zones[name].astype(object).where(zones[name].notna(), None).tolist()
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in found["features"]]
    assert shapely.equals_exact(
        shapely.normalize(shapes), shapely.normalize(zones.geometry.to_numpy()), 1e-7
    ).all()


def test_a_zone_names_what_it_lies_in(client: TestClient, small_city: City) -> None:
    areas = small_city.boundaries("kelurahan").set_index("code")["name"]
    for feature in ask(client, RT)["features"]:
        said = feature["properties"]
        assert said["code"].startswith(f"{said['rw']}-")
        assert said["rw"].startswith(f"{said['kelurahan']}-")
        assert said["kelurahan_name"] == areas[said["kelurahan"]]
        assert said["kecamatan"] == "33.74.01"


def test_each_day_of_an_interval_has_its_own_features_under_ids_of_their_own(
    client: TestClient, small_city: City
) -> None:
    found = ask(client, ITEMS, datetime="2021-07-14/..", limit=10_000)
    days = [small_city.zones(day, "kelurahan") for day in (BEFORE, LAST)]
    assert found["numberMatched"] == sum(map(len, days))
    assert len(set(ids(found))) == found["numberReturned"] == found["numberMatched"]
    said = [
        (one["properties"]["code"], one["properties"]["date"], one["properties"]["risk"])
        for one in found["features"]
    ]
    assert said == [
        row for day in days for row in zip(day["code"], day["date"], day["risk"], strict=True)
    ]
    for one in found["features"][:3]:
        alone = ask(client, f"{ITEMS}/{one['id']}")
        assert {name: alone[name] for name in one} == one


def test_the_newest_features_are_found_by_their_code_alone(client: TestClient) -> None:
    newest = ask(client, f"{ITEMS}/33.74.01.1001")
    assert newest["id"] == "33.74.01.1001"
    assert newest["properties"]["date"] == "2021-07-15"
    assert links(newest)["collection"] == f"{ROOT}/collections/zones-kelurahan"


def test_who_filters_by_date_means_days_and_not_the_newest_alone(client: TestClient) -> None:
    by_date = ask(client, ITEMS, filter="date = DATE('2021-07-14')")
    assert by_date["features"] == ask(client, ITEMS, datetime="2021-07-14")["features"]
    assert by_date["numberMatched"] > 0
    assert ask(client, ITEMS, date="2021-07-14")["features"] == by_date["features"]


@pytest.mark.parametrize("when", ["2020-01-01", "2022-01-01/..", "../2021-06-14T00:00:00Z"])
def test_days_that_are_not_published_have_no_features(client: TestClient, when: str) -> None:
    found = ask(client, ITEMS, datetime=when)
    assert (found["numberMatched"], found["features"]) == (0, [])


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
        # What overflows in the city's offset, or in UTC, is where the calendar ends.
        ("2021-07-15T00:00:00Z/9999-12-31T23:59:59Z", DayRange(D15, date.max)),
        ("2021-07-15/9999-12-31T23:59:59-07:00", DayRange(D15, date.max)),
        ("0001-01-01T00:00:00Z/2021-07-15", DayRange(date.min, D15)),
        ("0001-01-01T00:00:00+14:00/2021-07-15", DayRange(date.min, D15)),
    ],
)
def test_days_are_the_citys_own(text: str, days: DayRange) -> None:
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
def test_what_is_no_day_is_refused(client: TestClient, text: str) -> None:
    with pytest.raises(InputError, match="datetime:"):
        read_days(text, JAKARTA)
    assert refused(client, ITEMS, datetime=text) == (400, "invalid-parameter")


def test_a_box_holds_what_meets_it_and_not_what_only_its_own_box_meets(
    client: TestClient, small_city: City
) -> None:
    zones = small_city.zones(LAST, "rt")
    corners = zones.bounds.to_numpy().tolist()
    box = next(
        (west, south, (9 * west + east) / 10, (9 * south + north) / 10)
        for (west, south, east, north), shape in zip(corners, zones.geometry, strict=True)
        if not shape.buffer((east - west) / 8).contains(shapely.Point(west, south))
    )
    wanted = zones["code"][zones.intersects(shapely.box(*box))].tolist()
    text = ",".join(map(repr, box))
    assert ids(ask(client, RT, bbox=text)) == wanted
    heights = f"{box[0]},{box[1]},-10,{box[2]},{box[3]},100"
    assert ids(ask(client, RT, bbox=heights)) == wanted
    assert len(wanted) < zones.envelope.intersects(shapely.box(*box)).sum()


def test_what_has_no_geometry_is_in_every_box() -> None:
    points = [shapely.Point(1, 1), None, shapely.Point(5, 5), shapely.Point(-179, 1)]
    shapes = Shapes(np.array(points, dtype=object), Cache(1), ("points",))
    assert shapes.meeting((0, 0, 2, 2), WGS84).tolist() == [0, 1]
    assert shapes.meeting((4, 0, -178, 9), WGS84).tolist() == [1, 2, 3]


def test_a_box_may_be_a_line_or_a_point(client: TestClient, small_city: City) -> None:
    zones = small_city.zones(LAST, "rt")
    point = zones.geometry.iloc[5].representative_point()
    x, y = point.x, point.y
    assert ids(ask(client, RT, bbox=f"{x!r},{y!r},{x!r},{y!r}")) == [zones["code"].iloc[5]]
    line = shapely.LineString([(x, y), (x, y + 0.01)])
    wanted = zones["code"][zones.intersects(line)].tolist()
    assert ids(ask(client, RT, bbox=f"{x!r},{y!r},{x!r},{y + 0.01!r}")) == wanted


def test_a_box_may_span_180_degrees(client: TestClient) -> None:
    everything = ask(client, ITEMS)["numberMatched"]
    assert ask(client, ITEMS, bbox="100,-10,-170,0")["numberMatched"] == everything
    assert ask(client, ITEMS, bbox="170,-10,-170,0")["numberMatched"] == 0


def test_properties_are_filtered_by_their_names(client: TestClient, small_city: City) -> None:
    zones = small_city.zones(LAST, "rt")
    wanted = zones[(zones["risk"] == 1) & zones["parent"].str.startswith("33.74.01.1002-")]
    found = ask(client, RT, risk=1, kelurahan="33.74.01.1002")
    assert ids(found) == wanted["code"].tolist()
    assert 0 < found["numberMatched"] < len(zones)
    assert ids(ask(client, RT, colour="kuning", kelurahan="33.74.01.1002")) == ids(found)
    assert ids(ask(client, RT, risk=1, filter="kelurahan='33.74.01.1002'")) == ids(found)


# --- Page by page


def pages(client: TestClient, path: str, **query: Any) -> list[dict[str, Any]]:
    found = [ask(client, path, **query)]
    while "next" in links(found[-1]):
        answer = client.get(links(found[-1])["next"])
        assert answer.headers["content-type"] == "application/geo+json"
        found.append(answer.json())
    return found


@pytest.mark.parametrize("limit", [1, 7, 15, 1000])
def test_pages_together_are_everything_once(client: TestClient, limit: int) -> None:
    query = {"datetime": "2021-07-14/..", "bbox": "110,-8,111,-6", "risk": 3}
    together = ask(client, ITEMS, **query)
    found = pages(client, ITEMS, limit=limit, **query)
    assert list(itertools.chain.from_iterable(map(ids, found))) == ids(together)
    for page in found:
        assert page["numberMatched"] == together["numberMatched"] > 0
        assert page["numberReturned"] == len(page["features"]) <= limit
    assert len(found) == -(-together["numberMatched"] // limit)


def test_the_page_before_leads_back(client: TestClient) -> None:
    first, second = pages(client, ITEMS, limit=8)
    assert ids(client.get(links(second)["prev"]).json()) == ids(first)
    assert links(second)["self"] == links(first)["next"]


def test_the_page_before_a_short_way_in_is_as_short(client: TestClient) -> None:
    here = ask(client, RT, offset=10, limit=50)
    before = client.get(links(here)["prev"]).json()
    together = ask(client, RT, limit=60)
    assert ids(before) + ids(here) == ids(together)


def test_links_keep_what_was_asked_and_arrive_as_it_was(client: TestClient) -> None:
    query = {"filter": "name LIKE '%a%' AND risk < 4", "limit": 2, "datetime": "2021-07-15"}
    found = ask(client, ITEMS, **query)
    assert client.get(links(found)["self"]).json()["features"] == found["features"]
    after = client.get(links(found)["next"]).json()
    assert after["numberMatched"] == found["numberMatched"]
    page = client.get(links(found)["alternate"])
    assert page.headers["content-type"].startswith("text/html")


def test_a_page_has_a_thousand_features_unless_said_and_never_more_than_ten_thousand(
    client: TestClient,
) -> None:
    every = ask(client, "/collections/zones-rt/items", datetime="../..", limit=99_999_999)
    assert every["numberReturned"] == 10_000 < every["numberMatched"]
    assert ask(client, RT, datetime="../..")["numberReturned"] == 1000
    beyond = ask(client, RT, offset=10**12)
    assert (beyond["numberReturned"], "next" in links(beyond)) == (0, False)


# --- Refusals


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
def test_what_cannot_be_answered_is_refused_as_the_standard_wants(
    client: TestClient, path: str, query: dict[str, Any], status: int, code: str
) -> None:
    assert refused(client, path, **query) == (status, code)


# --- Forms and caches


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/geo+json"),
        ("", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json;q=0.9, text/html;q=0.5", "application/geo+json"),
        ("text/html;q=x, application/json;q=0.1", "application/geo+json"),
    ],
)
def test_the_form_is_what_the_asker_accepts_unless_f_says(
    client: TestClient, accept: str, kind: str
) -> None:
    answer = client.get(f"/ogc{ITEMS}", headers={"Accept": accept})
    assert answer.headers["content-type"].split(";")[0] == kind
    assert "Accept" in answer.headers["vary"]
    said = client.get(f"/ogc{ITEMS}?f=json", headers={"Accept": accept})
    assert said.headers["content-type"] == "application/geo+json"


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
def test_a_page_leads_wherever_the_same_as_json_does(client: TestClient, path: str) -> None:
    def bare(address: str) -> httpx.URL:
        return httpx.URL(ROOT).join(html.unescape(address)).copy_remove_param("f")

    text = client.get(f"/ogc{path}", headers={"Accept": "text/html"}).text
    leads = {bare(address) for address in re.findall(r'href="([^"]+)"', text)}
    said = ask(client, path)["links"]
    assert {bare(link["href"]) for link in said if not link.get("templated")} <= leads


@pytest.mark.parametrize("path", ["", "/conformance", "/api", "/collections", RT, f"{RT}?f=html"])
def test_who_has_an_answer_in_that_form_is_not_sent_it_again(client: TestClient, path: str) -> None:
    first = client.get(f"/ogc{path}")
    mark = {"If-None-Match": first.headers["etag"]}
    again = client.get(f"/ogc{path}", headers=mark)
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept" in again.headers["vary"]
    other = client.get(f"/ogc{path}", headers=mark | {"Accept": "text/html"})
    assert other.status_code == (304 if "f=html" in path else 200)


# --- Elsewhere, and with nothing in it


def test_many_dear_questions_leave_room_for_all_else(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go, page = Semaphore(0), Event(), Selecting.page
    inside: list[Query] = []
    crowds: list[int] = []

    def waiting(selecting: Selecting, query: Query) -> Page:
        inside.append(query)
        crowds.append(len(inside))
        entered.release()
        go.wait()
        try:
            return page(selecting, query)
        finally:
            inside.remove(query)

    monkeypatch.setattr(Selecting, "page", waiting)
    paths = [f"{ROOT}{ITEMS}?limit=1&offset={offset}" for offset in range(24)]
    with ThreadPoolExecutor(len(paths) + 1) as clients:
        answers = clients.map(lambda path: client.get(path).status_code, paths)
        try:
            for _ in range(4):
                assert entered.acquire(timeout=60)
            elsewhere = clients.submit(client.get, "/summary").result(timeout=60).status_code
        finally:
            # Else the clients, and the test with them, would wait for ever.
            go.set()
        assert [*answers, elsewhere] == [200] * 25
    assert max(crowds) == 4


def test_behind_a_proxy_every_link_leads_there(small_settings: Settings) -> None:
    with TestClient(create_app(small_settings), root_path="/zonasi") as behind:
        for path in ("", "/collections/zones-rt", f"{RT}?limit=1", "/tiles"):
            answer = behind.get(f"/zonasi/ogc{path}")
            for link in answer.json()["links"]:
                assert link["href"].startswith("http://testserver/zonasi/ogc")
                assert behind.get(link["href"]).status_code == 200
        assert behind.get("/zonasi/ogc/collections?x=1").status_code == 400
        described = behind.get("/zonasi/ogc/api").json()
        assert described["servers"] == [{"url": "http://testserver/zonasi/ogc"}]


@pytest.mark.parametrize(("name", "value"), [("date", "junk"), ("risk", "nan")])
def test_who_is_refused_is_told_the_name_of_what_was_wrong(
    client: TestClient, name: str, value: str
) -> None:
    said = client.get(f"/ogc{RT}", params={name: value}).json()["message"]
    assert said.startswith(f"{name}: ")


def test_the_service_says_which_citys_it_is(client: TestClient, small_city: City) -> None:
    name = small_city.boundaries("kota")["name"].iloc[0]
    assert name in ask(client, "")["title"]
    assert name in ask(client, "/api")["info"]["title"]
    page = client.get("/ogc?f=html").text
    assert name in page.partition("<title>")[2].partition("</title>")[0]


@pytest.mark.parametrize("level", ["rt", "kelurahan"])
def test_the_page_of_a_collection_leads_to_its_tiles(client: TestClient, level: str) -> None:
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
    with TestClient(create_app(Settings(database=url))) as new:
        for path in ("", "/collections", "/collections/zones-rt", "/api", "/tiles", ITEMS):
            for shape in ("json", "html"):
                assert new.get(f"/ogc{path}", params={"f": shape}).status_code == 200
        found = ask(new, ITEMS)
        assert (found["numberMatched"], found["features"]) == (0, [])
        assert "temporal" not in ask(new, "/collections/zones-rt")["extent"]
        assert refused(new, f"{ITEMS}/33.74.01.1001") == (404, "no-feature")
        assert refused(new, "/tiles/WebMercatorQuad/14/0/0") == (404, "nothing-published")
