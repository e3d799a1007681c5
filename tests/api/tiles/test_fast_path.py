"""The fast route to a tile gives the answers of the documented route, and matches only tiles."""

import io
from collections.abc import Iterator
from urllib.parse import quote

import numpy as np
import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from PIL import Image
from starlette.routing import Match

from api.app import create_app
from api.settings import Settings
from api.tiles.fast_path import FastTileRoute
from api.tiles.service import Tiles
from tests.conftest import LAST
from zoning import City
from zoning.tiles.geometry.scheme import tiles_over

ENDINGS = (".mvt", ".png", "@2x.png")


@pytest.fixture(scope="module")
def start(small_city: City) -> str:
    """Address of a tile in the middle of the city, without an ending."""
    point = small_city.boundaries("kota").geometry.iloc[0].representative_point()
    (tile,) = tiles_over((point.x, point.y, point.x, point.y), 14)
    return f"/tiles/{small_city.published(LAST).public_id}/{tile.z}/{tile.x}/{tile.y}"


@pytest.fixture(scope="module")
def documented_client(small_settings: Settings) -> Iterator[TestClient]:
    """A client of the application without the fast route."""
    app = create_app(small_settings)
    routes = app.router.routes
    routes[:] = [route for route in routes if not isinstance(route, FastTileRoute)]
    with TestClient(app) as client:
        yield client


def no_tiles(_: Request) -> Tiles:
    raise AssertionError


def matches(path: str, query: str = "", root: str = "") -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    return FastTileRoute(no_tiles).matches({**scope, "root_path": root})[0] is Match.FULL


PATTERNS = ("pattern=true", "pattern=false")
SIZES = ("size=256", "size=512")
USUAL = [
    *ENDINGS,
    *(f"{ending}?{pattern}" for ending in (".png", "@2x.png") for pattern in PATTERNS),
    *(f".png?{size}" for size in SIZES),
    *(f".png?{pattern}&{size}" for pattern in PATTERNS for size in SIZES),
    *(f".png?{size}&{pattern}" for pattern in PATTERNS for size in SIZES),
]
UNUSUAL = [
    ".mvt?pattern=true",
    ".mvt?",
    ".png?pattern=",
    ".png?pattern=TRUE",
    ".png?pattern=1",
    ".png?pattern=maybe",
    ".png?pattern=true&pattern=false",
    ".png?pattern=true&",
    ".png?&pattern=true",
    ".png?pattern=true&other=1",
    ".png?pattern=%74rue",
    ".png?Pattern=true",
    ".png?size=1024",
    ".png?size=0512",
    ".png?size=512.0",
    ".png?size=512&size=256",
    ".png?size=+512",
    "@2x.png?size=256",
    "@2x.png?pattern=true&size=256",
]
HEADERS: list[dict[str, str]] = [
    {},
    {"Accept-Encoding": "identity"},
    {"Accept-Encoding": "br"},
    {"Accept-Encoding": "gzip;q=0"},
    {"If-None-Match": "*"},
    {"If-None-Match": '"other"'},
    {"Origin": "http://a.example"},
]


@pytest.mark.parametrize("ending", [*USUAL, *UNUSUAL])
def test_both_routes_give_the_same_answer(
    client: TestClient, documented_client: TestClient, start: str, ending: str
) -> None:
    path, _, query = f"{start}{ending}".partition("?")
    assert matches(path, query) == (ending in {*USUAL, ".mvt?"})
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        for headers in HEADERS:
            answer, expected = (
                caller.request(method, f"{start}{ending}", headers=headers)
                for caller in (client, documented_client)
            )
            assert answer.status_code == expected.status_code, (method, headers)
            assert sorted(answer.headers.items()) == sorted(expected.headers.items())
            assert answer.content == expected.content


@pytest.mark.parametrize("ending", [".mvt", ".png", ".png?pattern=true&size=512"])
def test_each_route_accepts_the_etag_of_the_other(
    client: TestClient, documented_client: TestClient, start: str, ending: str
) -> None:
    for first, second in ((client, documented_client), (documented_client, client)):
        etag = first.get(start + ending).headers["etag"]
        answer = second.get(start + ending, headers={"If-None-Match": etag})
        assert answer.status_code == 304


@pytest.mark.parametrize("ending", [*ENDINGS, ".png?pattern=true", ".png?size=512"])
@pytest.mark.parametrize(
    ("start", "status"),
    [
        ("/tiles/nosuchrun/14/13216/8509", 404),
        ("/tiles/latest/19/0/0", 404),
        ("/tiles/latest/14/16384/0", 404),
        ("/tiles/latest/999999999/0/0", 404),
        ("/tiles/latest/14/0/0", 204),
    ],
)
def test_both_routes_reject_the_same_tiles(
    client: TestClient, documented_client: TestClient, start: str, status: int, ending: str
) -> None:
    answer, expected = client.get(start + ending), documented_client.get(start + ending)
    assert answer.status_code == expected.status_code == status
    assert answer.content == expected.content
    assert answer.headers == expected.headers


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/latest/14/-1/0.mvt",
        "/tiles/latest/14/0/0.jpg",
        "/tiles/latest/14/0/0@3x.png",
        "/tiles/latest/14/0/0@2x.mvt",
        "/tiles/latest/14/0/0.mvt/",
        "/tiles/latest/14/0/0.mvt\n",
        "/tiles/Latest/14/0/0.mvt",
        "/tiles/latest/14/0/٣.mvt",
        "/tiles/latest/+14/0/0.mvt",
        "/tiles/latest/14.0/0/0.mvt",
        f"/tiles/latest/14/{'9' * 5000}/0.mvt",
        "/ogc/tiles/latest/14/0/0.mvt",
        "/zones",
        "",
    ],
)
def test_the_fast_route_does_not_match_other_addresses(client: TestClient, path: str) -> None:
    assert not matches(path)
    assert client.get(quote(path) or "/").status_code in {200, 204, 404, 422}


def test_a_client_that_has_the_tile_gets_304(client: TestClient, start: str) -> None:
    for ending in ENDINGS:
        etag = client.get(start + ending).headers["etag"]
        answer = client.get(start + ending, headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag


def test_head_has_the_headers_of_get(client: TestClient, start: str) -> None:
    for ending in ENDINGS:
        assert client.head(start + ending).headers == client.get(start + ending).headers


def test_only_get_is_allowed(client: TestClient, start: str) -> None:
    assert client.post(f"{start}.mvt").status_code == 405


def test_the_fast_route_matches_behind_a_root_path(small_settings: Settings, start: str) -> None:
    assert matches(f"/zonasi{start}.mvt", root="/zonasi")
    assert not matches(f"/zonasi{start}.mvt")
    with TestClient(create_app(small_settings), root_path="/zonasi") as behind:
        assert behind.get(f"{start}.png").status_code == 200


def test_a_picture_has_the_requested_size(client: TestClient, start: str) -> None:
    for ending, size in ((".png", 256), ("@2x.png", 512), (".png?pattern=true&size=512", 512)):
        picture = Image.open(io.BytesIO(client.get(start + ending).content))
        assert picture.size == (size, size)
        assert np.asarray(picture.convert("RGBA"))[..., 3].any()
