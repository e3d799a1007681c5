"""The short way to a tile answers as the documented one does, and takes nothing but tiles."""

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
    """Address of a tile in the middle of the city, without its ending."""
    point = small_city.boundaries("kota").geometry.iloc[0].representative_point()
    (tile,) = tiles_over((point.x, point.y, point.x, point.y), 14)
    return f"/tiles/{small_city.published(LAST).public_id}/{tile.z}/{tile.x}/{tile.y}"


@pytest.fixture(scope="module")
def documented(small_settings: Settings) -> Iterator[TestClient]:
    """A client of the application without the short way."""
    app = create_app(small_settings)
    app.router.routes[:] = [one for one in app.router.routes if not isinstance(one, FastTileRoute)]
    with TestClient(app) as client:
        yield client


def no_tiles(_: Request) -> Tiles:
    raise AssertionError


def taken(path: str, query: str = "", root: str = "") -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    return FastTileRoute(no_tiles).matches({**scope, "root_path": root})[0] is Match.FULL


CHOICES = ("pattern=true", "pattern=false")
SIZES = ("size=256", "size=512")
PLAIN = [
    *ENDINGS,
    *(f"{ending}?{said}" for ending in (".png", "@2x.png") for said in CHOICES),
    *(f".png?{size}" for size in SIZES),
    *(f".png?{said}&{size}" for said in CHOICES for size in SIZES),
    *(f".png?{size}&{said}" for said in CHOICES for size in SIZES),
]
ODD = [
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
ASKING: list[dict[str, str]] = [
    {},
    {"Accept-Encoding": "identity"},
    {"Accept-Encoding": "br"},
    {"Accept-Encoding": "gzip;q=0"},
    {"If-None-Match": "*"},
    {"If-None-Match": '"other"'},
    {"Origin": "http://a.example"},
]


@pytest.mark.parametrize("ending", [*PLAIN, *ODD])
def test_both_ways_answer_the_same(
    client: TestClient, documented: TestClient, start: str, ending: str
) -> None:
    path, _, query = f"{start}{ending}".partition("?")
    assert taken(path, query) == (ending in {*PLAIN, ".mvt?"})
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        for headers in ASKING:
            short, long = (
                who.request(method, f"{start}{ending}", headers=headers)
                for who in (client, documented)
            )
            assert short.status_code == long.status_code, (method, headers)
            assert sorted(short.headers.items()) == sorted(long.headers.items())
            assert short.content == long.content


@pytest.mark.parametrize("ending", [".mvt", ".png", ".png?pattern=true&size=512"])
def test_both_ways_know_each_others_tags(
    client: TestClient, documented: TestClient, start: str, ending: str
) -> None:
    for one, other in ((client, documented), (documented, client)):
        etag = one.get(start + ending).headers["etag"]
        again = other.get(start + ending, headers={"If-None-Match": etag})
        assert again.status_code == 304


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
def test_refusals_are_the_same(
    client: TestClient, documented: TestClient, start: str, status: int, ending: str
) -> None:
    short, long = client.get(start + ending), documented.get(start + ending)
    assert short.status_code == long.status_code == status
    assert short.content == long.content
    assert short.headers == long.headers


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
def test_what_is_no_tiles_address_goes_the_long_way(client: TestClient, path: str) -> None:
    assert not taken(path)
    assert client.get(quote(path) or "/").status_code in {200, 204, 404, 422}


def test_the_browser_that_has_it_is_told_so(client: TestClient, start: str) -> None:
    for ending in ENDINGS:
        etag = client.get(start + ending).headers["etag"]
        again = client.get(start + ending, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag


def test_head_has_the_headers_of_get(client: TestClient, start: str) -> None:
    for ending in ENDINGS:
        assert client.head(start + ending).headers == client.get(start + ending).headers


def test_nothing_but_get_is_taken(client: TestClient, start: str) -> None:
    assert client.post(f"{start}.mvt").status_code == 405


def test_behind_a_prefix_it_is_found_too(small_settings: Settings, start: str) -> None:
    assert taken(f"/zonasi{start}.mvt", root="/zonasi")
    assert not taken(f"/zonasi{start}.mvt")
    with TestClient(create_app(small_settings), root_path="/zonasi") as behind:
        assert behind.get(f"{start}.png").status_code == 200


def test_sizes_are_those_asked_for(client: TestClient, start: str) -> None:
    for ending, size in ((".png", 256), ("@2x.png", 512), (".png?pattern=true&size=512", 512)):
        picture = Image.open(io.BytesIO(client.get(start + ending).content))
        assert picture.size == (size, size)
        assert np.asarray(picture.convert("RGBA"))[..., 3].any()
