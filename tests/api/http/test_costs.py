"""The cost of a public request has a limit: the tests count statements and rows, not time."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http import kept_answers
from api.http.access import PUBLIC_ROUTES, Access
from api.http.queues import queue_name
from api.settings import Settings
from geodata.store.embedded.duck import _DuckSession
from tests.api.routes.every_route import every_route
from tests.conftest import FIRST, LAST
from zoning import City
from zoning.tiles.geometry.scheme import tiles_over

DAY, AREA, RT = LAST.isoformat(), "33.74.01", "33.74.01.1003-001-001"
EVERY_DAY = "datetime=../.."
MOMENT = "known_at=2099-01-01T00:00Z"
ITEMS = "/ogc/collections/zones-rt/items"
MOST_STATEMENTS = 30
"""Of one request: the list of OGC collections reads the last change of each collection."""
READ_AGAIN = (
    "from boundary_version",
    "from place_version where recorded_at",
    "as last from public_publication",
)
"""Statements that a request may repeat: they read few rows, or one stamp."""


@dataclass
class DatabaseWork:
    """Statements and rows that a request read from the database."""

    statements: int = 0
    rows: int = 0
    texts: list[str] = field(default_factory=list)
    reads: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each statement was read with each set of parameters."""


@contextmanager
def count_work() -> Iterator[DatabaseWork]:
    work, read = DatabaseWork(), _DuckSession.read

    def counting(self: _DuckSession, sql: str, parameters: Any) -> pa.Table:
        rows = read(self, sql, parameters)
        work.statements += 1
        work.rows += rows.num_rows
        work.texts.append(sql)
        work.reads[sql, repr(parameters)] += 1
        return rows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_DuckSession, "read", counting)
        yield work


def cost(client: TestClient, path: str, **headers: str) -> DatabaseWork:
    """The work of a repeated request: the caches are filled, but no answer is kept."""
    client.get(path)
    with pytest.MonkeyPatch.context() as patch, count_work() as work:
        patch.setattr(kept_answers, "_may_be_kept", lambda _: False)
        answer = client.get(path, headers=headers, follow_redirects=False)
    assert answer.status_code < 500, answer.text
    return work


REQUESTS = {
    "/": ["/", f"/?date={DAY}&lang=en"],
    "/picture/{run}.png": ["/picture/latest.png", "/picture/latest.png?width=240"],
    "/rt/{code}": [f"/rt/{RT}", f"/rt/{AREA}?date={DAY}"],
    "/rt": ["/rt"],
    "/outlines/{boundaries}": ["/outlines/latest"],
    "/outlines/{boundaries}/numbers": ["/outlines/latest/numbers"],
    "/names/{boundaries}": ["/names/latest"],
    "/colours/{run}": ["/colours/latest"],
    "/wilayah": ["/wilayah", f"/wilayah?colour=red&date={DAY}"],
    "/wilayah/{code}": [f"/wilayah/{AREA}", f"/wilayah/33.74.01.1003?colour=green&date={DAY}"],
    "/aturan": ["/aturan", f"/aturan?date={DAY}"],
    "/tentang": ["/tentang", f"/tentang?date={DAY}"],
    "/tempat": ["/tempat", f"/tempat?kind=hospital&near={RT}&date={DAY}"],
    "/rujukan": ["/rujukan", f"/rujukan?near={AREA}&stock=oksigen"],
    "/vaksinasi": ["/vaksinasi", f"/vaksinasi?area={AREA}&date={DAY}"],
    "/bantuan": ["/bantuan", f"/bantuan?area={AREA}"],
    "/alat": ["/alat", f"/alat?area={AREA}"],
    "/pendatang": ["/pendatang", f"/pendatang?area={AREA}"],
    "/dokter": ["/dokter"],
    "/logo": ["/logo"],
    "/manifest.webmanifest": ["/manifest.webmanifest", "/manifest.webmanifest?lang=en"],
    "/service-worker.js": ["/service-worker.js"],
    "/assets/{release}/{name:path}": [f"/assets/{'0' * 16}/own/portal.css"],
    "/healthz": ["/healthz"],
    "/map": ["/map", f"/map?date={DAY}&lang=en", f"/map?rt={RT}"],
    "/embed": ["/embed", f"/embed?area={AREA}&size=compact&legend=false"],
    "/embed/guide": ["/embed/guide"],
    "/embed/guide/{example}": ["/embed/guide/leaflet"],
    "/docs": ["/docs"],
    "/docs/guide/{path:path}": ["/docs/guide/"],
    "/openapi.json": ["/openapi.json"],
    "/days": ["/days", f"/days?area={AREA}"],
    "/zones": [
        "/zones",
        f"/zones?level=rt&date={DAY}&parent={AREA}&bbox=-180,-90,180,90&limit=1000000&offset=1",
        f"/zones?date={DAY}&{MOMENT}",
    ],
    "/zones.csv": ["/zones.csv", f"/zones.csv?level=kelurahan&parent={AREA}&date={DAY}&{MOMENT}"],
    "/zones/{code}/history.csv": ["/zones/33.74/history.csv"],
    "/zones/{code}": [f"/zones/{RT}", f"/zones/{AREA}?date={DAY}&{MOMENT}"],
    "/zones/{code}/history": [
        f"/zones/{RT}/history?start={DAY}&end={DAY}",
        "/zones/33.74/history?start=0001-01-01&end=9999-12-31",
    ],
    "/summary": ["/summary", f"/summary?level=rt&area={AREA}&{MOMENT}&date={DAY}"],
    "/locate": ["/locate?lon=110.42&lat=-6.98", f"/locate?lon=180&lat=90&date={DAY}&{MOMENT}"],
    "/places": ["/places", "/places?near=-180,90&bbox=-180,-90,180,90&limit=1000000"],
    "/indicators": ["/indicators", "/indicators?level=kota&start=0001-01-01&end=9999-12-31"],
    "/tilejson": ["/tilejson", f"/tilejson?date={DAY}&{MOMENT}"],
    "/tilestyle": ["/tilestyle"],
    "/tiles/prepared": ["/tiles/prepared", f"/tiles/prepared?date={DAY}"],
}
OGC = {
    ITEMS: [ITEMS, f"{ITEMS}?{EVERY_DAY}&limit=10000", f"{ITEMS}?{EVERY_DAY}&{MOMENT}"],
    "item": [f"{ITEMS}/{RT}"],
    "collections": ["/ogc", "/ogc/collections", "/ogc/collections/zones-rt?f=html"],
    "about": ["/ogc/api?f=json", "/ogc/conformance", "/ogc/collections/places/queryables"],
    "tiles": ["/ogc/tiles", "/ogc/map/tiles/WebMercatorQuad", "/ogc/tileMatrixSets"],
}
EVERY = [path for paths in (REQUESTS | OGC).values() for path in paths]


CACHED_BY_CLIENTS = [
    "/zones",
    f"/zones?date={DAY}&level=kelurahan",
    f"/zones/{RT}",
    "/summary",
    "/tilejson",
    "/tilestyle",
    "/map",
    f"/embed?area={AREA}",
    "/embed/guide",
    "/embed/guide/leaflet",
    f"/days?area={AREA}",
    f"/zones/{RT}/history",
    "/wilayah?colour=red",
    "/aturan",
    "/tentang",
    "/zones.csv",
    f"/zones/{AREA}/history.csv",
]


@pytest.fixture(scope="module")
def restarted_client(small_settings: Settings) -> Iterator[TestClient]:
    """A server of the same city that started later: its caches are empty."""
    with TestClient(create_app(small_settings), raise_server_exceptions=False) as client:
        yield client


def test_the_requests_cover_every_public_path(client: TestClient) -> None:
    paths = {
        route.path
        for route in every_route(client.app)
        if PUBLIC_ROUTES.get(f"GET {route.path}") not in {None, Access.ASSET}
    }
    unknown = {
        path
        for path in paths - REQUESTS.keys()
        if queue_name(path, PUBLIC_ROUTES[f"GET {path}"]) != "tiles" and not path.startswith("/ogc")
    }
    assert not unknown, "add the most expensive requests of the path to REQUESTS"


@pytest.mark.parametrize("path", EVERY)
def test_a_request_needs_few_statements_and_repeats_no_large_one(
    client: TestClient, small_city: City, path: str
) -> None:
    work = cost(client, path)
    assert work.statements <= MOST_STATEMENTS
    stored = small_city.store.read("select count(*) as n from run_zone")["n"][0].as_py()
    days = (LAST - FIRST).days + 1
    assert work.rows <= stored + 10 * days
    repeated = {sql for (sql, _), n in work.reads.items() if n > 1}
    assert all(any(table in sql for table in READ_AGAIN) for sql in repeated), repeated


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (f"/zones/{RT}/history?start={DAY}&end={DAY}", f"/zones/{RT}/history"),
        (f"/zones/{RT}/history", "/zones/33.74/history?start=0001-01-01&end=9999-12-31"),
        (f"/indicators?start={DAY}&end={DAY}", "/indicators?start=0001-01-01&end=9999-12-31"),
        ("/indicators?level=kota", "/indicators?level=kelurahan"),
        (f"/zones?date={DAY}&limit=1", f"/zones?date={DAY}"),
        (f"/zones?date={DAY}&level=kota", f"/zones?date={DAY}&level=rt"),
        (f"/summary?date={DAY}&level=kota", f"/summary?date={DAY}&level=rt"),
        ("/places?near=110.42,-6.98&limit=1", "/places?near=-69.5,6.98"),
        (f"/days?area={RT}", "/days?area=33.74"),
        (f"{ITEMS}?datetime={DAY}&limit=1", f"{ITEMS}?{EVERY_DAY}&limit=10000"),
    ],
)
def test_more_days_areas_or_rows_need_no_more_statements(
    client: TestClient, small: str, large: str
) -> None:
    assert cost(client, large).statements <= cost(client, small).statements + 1


def test_a_day_as_known_earlier_costs_as_much_as_a_day(client: TestClient) -> None:
    moment = f"known_at={datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z"
    for path in ("/zones", "/summary", f"/zones/{RT}", "/tilejson"):
        addresses = f"{path}?date={DAY}", f"{path}?date={DAY}&{moment}"
        assert [client.get(address).status_code for address in addresses] == [200, 200]
        now, then = (cost(client, address) for address in addresses)
        assert then.statements <= now.statements + 1
        assert then.rows <= now.rows + 1


def test_a_304_needs_few_statements(client: TestClient) -> None:
    for path in ("/zones", "/map", f"/zones/{RT}", "/summary"):
        etag = client.get(path).headers["etag"]
        other_tags = ",".join(f'"{n:032x}"' for n in range(1500))
        work = cost(client, path, **{"If-None-Match": f"{other_tags},{etag}"})
        assert work.statements <= 6


def test_a_304_reads_no_colours(
    client: TestClient, restarted_client: TestClient, small_city: City
) -> None:
    days = (LAST - FIRST).days + 1
    point = small_city.boundaries("kota").geometry.iloc[0].representative_point()
    (tile,) = tiles_over((point.x, point.y, point.x, point.y), 14)
    # A new server computes the daily figures once; their hash is in the ETag of some pages.
    assert restarted_client.get("/indicators?name=cases").status_code == 200
    reads_colours = False
    # A server computes the daily figures when it starts; the ETags of pages contain their stamp.
    restarted_client.app.state.public.city.daily_figures()  # type: ignore[attr-defined]
    for path in (*CACHED_BY_CLIENTS, f"/tiles/latest/{tile.z}/{tile.x}/{tile.y}.png"):
        first = client.get(path)
        assert first.status_code == 200, path
        with count_work() as work:
            answer = restarted_client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert answer.status_code == 304, path
        # The ETag of /days and of a history is made from the runs of all days: a row for each.
        assert work.rows < 10 + days, path
        assert not [text for text in work.texts if "zone" in text], path
        with count_work() as work:
            assert restarted_client.get(path).content == first.content
        reads_colours |= any("public_zone" in text for text in work.texts)
    # The first answer of a day reads its colours; the others have them from the cache.
    assert reads_colours


def test_a_star_matches_no_tile_of_an_unknown_run(restarted_client: TestClient) -> None:
    star = {"If-None-Match": "*"}
    assert (
        restarted_client.get("/tiles/nosuchrun/14/13216/8509.png", headers=star).status_code == 404
    )


def test_zones_of_another_day_copy_no_geometry(small_settings: Settings) -> None:
    count, init = [0], gpd.GeoDataFrame.__init__

    def counting(self: gpd.GeoDataFrame, *args: Any, **kwargs: Any) -> None:
        count[0] += 1
        init(self, *args, **kwargs)

    days = [FIRST + timedelta(days=n) for n in (3, 4)]
    client = TestClient(create_app(small_settings))
    with client, pytest.MonkeyPatch.context() as patch:
        patch.setattr(gpd.GeoDataFrame, "__init__", counting)
        for level in ("rt", "kelurahan"):
            addresses = [f"/zones?date={day}&level={level}" for day in days]
            bodies = [client.get(addresses[0]).json()]
            before = count[0]
            bodies.append(client.get(addresses[1]).json())
            assert count[0] == before
            assert len({json.dumps(body) for body in bodies}) == 2


def test_many_ranges_of_a_file_send_no_more_than_the_file(client: TestClient) -> None:
    path = "/assets/own/zones.css"
    ranges = ",".join(f"{2 * n}-{2 * n}" for n in range(5000))
    answer = client.get(path, headers={"Range": f"bytes={ranges}"})
    assert len(answer.content) <= len(client.get(path).content)
