"""OGC API Tiles: the tiles of /tiles with the row before the column, and their descriptions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import mapbox_vector_tile
import pytest
import shapely
from fastapi.testclient import TestClient
from jsonschema import Draft7Validator

from api.ogc.tiles.tiling import Tileset, within_limits
from geodata.boundaries import Boundaries
from tests.api.ogc.schemas import ask, get_error, links
from zoning import City
from zoning.tiles.geometry.scheme import Tile, tiles_over

QUAD = "WebMercatorQuad"
MVT = "application/vnd.mapbox-vector-tile"
LAYERED = ["rt", "rw", "kelurahan", "kecamatan"]


@pytest.fixture(scope="module")
def middle(small_city: City) -> Tile:
    """A tile full of zones."""
    tiles = tiles_over(small_city.boundaries("kota").total_bounds, 15)
    return tiles[len(tiles) // 2]


def decode(content: bytes) -> dict[str, Any]:
    layers: dict[str, Any] = mapbox_vector_tile.decode(content)
    return layers


def tile_address(client: TestClient, path: str, tile: Tile) -> str:
    """Address of a tile, from the template in the description of the tileset."""
    [template] = [link for link in ask(client, path)["links"] if link["rel"] == "item"]
    assert template["templated"] is True
    numbers = {"{tileMatrix}": tile.z, "{tileRow}": tile.y, "{tileCol}": tile.x}
    address: str = template["href"]
    for name, number in numbers.items():
        address = address.replace(name, str(number))
    return address


def test_a_tile_equals_the_tile_of_the_path_tiles(client: TestClient, middle: Tile) -> None:
    z, x, y = middle
    for path, end in ((f"/tiles/{QUAD}", "mvt"), (f"/map/tiles/{QUAD}", "png")):
        expected = client.get(f"/tiles/latest/{z}/{x}/{y}.{end}")
        address = tile_address(client, path, middle)
        answer = client.get(address)
        assert answer.content == expected.content
        assert answer.headers["content-type"] == expected.headers["content-type"]
        assert answer.headers["cache-control"] == "public, max-age=60"
        second = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert second.status_code == 304
    picture = client.get(f"/ogc/tiles/{QUAD}/{z}/{y}/{x}", params={"f": "png"})
    assert picture.content == expected.content


@pytest.mark.parametrize("level", LAYERED)
def test_the_tiles_of_a_collection_have_only_its_layer(
    client: TestClient, middle: Tile, level: str
) -> None:
    layers = decode(client.get(tile_address(client, f"/tiles/{QUAD}", middle)).content)
    path = f"/collections/zones-{level}/tiles/{QUAD}"
    answer = client.get(tile_address(client, path, middle))
    assert answer.headers["content-type"] == MVT
    assert decode(answer.content) == {level: layers[level]}
    assert len(layers) >= len(LAYERED)


def test_a_tile_shows_the_requested_day(client: TestClient, middle: Tile, small_city: City) -> None:
    z, x, y = middle
    path = f"/ogc/tiles/{QUAD}/{z}/{y}/{x}"
    day = small_city.published_days()[0]
    by_run = client.get(f"/tiles/{small_city.published(day).public_id}/{z}/{x}/{y}.mvt").content
    assert client.get(path, params={"datetime": day.isoformat()}).content == by_run
    assert client.get(path, params={"datetime": f"../{day}"}).content == by_run
    newest = client.get(path, params={"datetime": "2021-06-20/.."})
    assert newest.content == client.get(path).content != by_run
    assert "immutable" not in newest.headers["cache-control"]
    assert client.get(path, params={"datetime": "2020-01-01"}).status_code == 204


@pytest.mark.parametrize(
    ("subset", "interval"),
    [
        ('datetime("2021-07-14")', "2021-07-14"),
        ('datetime("2021-06-15":"2021-07-14T02:00:00Z")', "2021-06-15/2021-07-14T02:00:00Z"),
        ('datetime(*:"2021-07-14")', "../2021-07-14"),
        ('datetime("2021-07-14":*)', "2021-07-14/.."),
        ('datetime("2020-01-01")', "2020-01-01"),
    ],
)
def test_a_subset_selects_the_days_of_the_same_datetime(
    client: TestClient, middle: Tile, subset: str, interval: str
) -> None:
    z, x, y = middle
    path = f"/ogc/tiles/{QUAD}/{z}/{y}/{x}"
    answer = client.get(path, params={"subset": subset})
    expected = client.get(path, params={"datetime": interval})
    assert (answer.status_code, answer.content) == (expected.status_code, expected.content)
    assert answer.headers.get("cache-control") == expected.headers.get("cache-control")


@pytest.mark.parametrize(
    ("path", "zoom"),
    [
        ("/tiles", 12),
        ("/map/tiles", 14),
        ("/collections/zones-kecamatan/tiles", 14),
        ("/collections/zones-rt/tiles", 16),
        ("/collections/zones-rt/map/tiles", 8),
    ],
)
def test_tiles_outside_the_limits_answer_404(client: TestClient, path: str, zoom: int) -> None:
    limits = ask(client, f"{path}/{QUAD}")["tileMatrixSetLimits"]
    [limit] = [entry for entry in limits if entry["tileMatrix"] == str(zoom)]
    rows = range(limit["minTileRow"], limit["maxTileRow"] + 1)
    columns = range(limit["minTileCol"], limit["maxTileCol"] + 1)
    statuses = {
        (row, column): client.get(f"/ogc{path}/{QUAD}/{zoom}/{row}/{column}").status_code
        for row in range(rows.start - 1, rows.stop + 1)
        for column in range(columns.start - 1, columns.stop + 1)
    }
    for (row, column), status in statuses.items():
        assert status in ((200, 204) if row in rows and column in columns else (404,))
    assert 200 in statuses.values()


def test_limits_begin_at_the_first_zoom_of_a_collection(client: TestClient) -> None:
    def zooms(path: str) -> list[str]:
        limits = ask(client, f"{path}/{QUAD}")["tileMatrixSetLimits"]
        return [entry["tileMatrix"] for entry in limits]

    all_zooms = [str(zoom) for zoom in range(8, 19)]
    assert zooms("/tiles") == zooms("/collections/zones-rt/map/tiles") == all_zooms
    assert zooms("/collections/zones-rw/tiles") == all_zooms[4:]
    first = ask(client, f"/tiles/{QUAD}")["tileMatrixSetLimits"][0]
    row, column = first["minTileRow"], first["minTileCol"]
    assert client.get(f"/ogc/tiles/{QUAD}/8/{row}/{column}").status_code == 200
    assert get_error(client, f"/collections/zones-rw/tiles/{QUAD}/8/{row}/{column}") == (
        404,
        "no-tile",
    )


def test_limits_include_tiles_whose_margin_shows_a_zone() -> None:
    # The eastern and northern edges of the square are 30 of 4,096 units inside a tile, so the
    # margins of the tiles to the east and to the north show the square.
    gap = 30 / 4096 * 360 / (1 << 14)
    box = Tile(14, 13214, 8510).box
    square = shapely.box(box.west, box.south, box.east - gap, box.north - gap)
    boundaries = Boundaries("0", gpd.GeoDataFrame(geometry=[square], crs=4326))
    tileset = Tileset("vector")
    assert within_limits(tileset, boundaries, Tile(14, 13215, 8509))
    assert not within_limits(tileset, boundaries, Tile(14, 13216, 8509))
    assert not within_limits(tileset, boundaries, Tile(14, 13215, 8508))


def test_the_tile_matrix_set_has_the_numbers_of_the_standard(client: TestClient) -> None:
    scheme = ask(client, f"/tileMatrixSets/{QUAD}")
    assert scheme["uri"] == f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{QUAD}"
    # OGC 17-083r4, annex D.1.
    first, last = scheme["tileMatrices"][0], scheme["tileMatrices"][24]
    assert first["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-12)
    assert first["cellSize"] == pytest.approx(156543.033928041, rel=1e-12)
    assert last["scaleDenominator"] == pytest.approx(33.3238997476528, rel=1e-12)
    assert last["matrixWidth"] == last["matrixHeight"] == 16777216
    assert first["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])


PATHS = [
    ("/tileMatrixSets", "/tileMatrixSets"),
    (f"/tileMatrixSets/{QUAD}", "/tileMatrixSets/{tileMatrixSetId}"),
    ("/tiles", "/tiles"),
    (f"/tiles/{QUAD}", "/tiles/{tileMatrixSetId}"),
    ("/map/tiles", "/tiles"),
    (f"/map/tiles/{QUAD}", "/tiles/{tileMatrixSetId}"),
    ("/collections/zones-rt/tiles", "/tiles"),
    (f"/collections/zones-rt/tiles/{QUAD}", "/tiles/{tileMatrixSetId}"),
    (f"/collections/zones-rt/map/tiles/{QUAD}", "/tiles/{tileMatrixSetId}"),
]


@pytest.mark.parametrize(("path", "template"), PATHS)
def test_answers_fit_the_description_of_ogc(
    client: TestClient, shared_data: Callable[[str], Path], path: str, template: str
) -> None:
    bundle = json.loads(shared_data("ogc/tiles-1.bundled.json").read_text())
    response = bundle["paths"][template]["get"]["responses"]["200"]
    name = response["$ref"].rpartition("/")[2]
    content = bundle["components"]["responses"][name]["content"]
    schema = content["application/json"]["schema"]
    validator = Draft7Validator({**schema, "components": bundle["components"]})
    assert list(validator.iter_errors(ask(client, path))) == []
    assert list(validator.iter_errors([])) != []


def test_the_list_of_tilesets_has_the_data_for_tile_requests(client: TestClient) -> None:
    for path in ("/tiles", "/map/tiles", "/collections/zones-rw/tiles"):
        [entry] = ask(client, path)["tilesets"]
        metadata = ask(client, f"{path}/{QUAD}")
        assert entry["tileMatrixSetLimits"] == metadata["tileMatrixSetLimits"]
        items = [link for link in entry["links"] if link["rel"] == "item"]
        assert items == [link for link in metadata["links"] if link["rel"] == "item"]
        assert items[0]["templated"] is True


def test_the_landing_page_and_a_collection_link_to_their_tilesets(client: TestClient) -> None:
    rel = "http://www.opengis.net/def/rel/ogc/1.0/"
    for kind in ("vector", "map"):
        for path in ("", "/collections/zones-rt"):
            tilesets = client.get(links(ask(client, path))[f"{rel}tilesets-{kind}"]).json()
            [entry] = tilesets["tilesets"]
            metadata = client.get(links(entry)["self"]).json()
            assert metadata["dataType"] == kind
            scheme = client.get(links(metadata)[f"{rel}tiling-scheme"]).json()
            assert scheme["id"] == QUAD


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/tiles/WorldCRS84Quad", 404, "no-tiles"),
        (f"/tiles/{QUAD}/7/0/0", 404, "no-tile"),
        (f"/tiles/{QUAD}/14/99999/0", 404, "no-tile"),
        (f"/tiles/{QUAD}/14/2147483647/2147483647", 404, "no-tile"),
        (f"/tiles/{QUAD}/14/0/0", 404, "no-tile"),
        (f"/tiles/{QUAD}/14/0/0?datetime=2020-01-01", 404, "no-tile"),
        (f"/collections/zones-rt/tiles/{QUAD}/14/0/0", 404, "no-tile"),
        (f"/tiles/{QUAD}/a/0/0", 404, "no-tile"),
        (f"/tiles/{QUAD}/+14/0/0", 404, "no-tile"),
        (f"/tiles/{QUAD}/14/%200/0", 404, "no-tile"),
        (f"/tiles/{QUAD}/14/0/1_0", 404, "no-tile"),
        (f"/tiles/{QUAD}/14/-1/0", 404, "no-tile"),
        (f"/tiles/{QUAD}/14/0/0?f=svg", 400, "invalid-parameter"),
        (f"/tiles/{QUAD}/14/0/0?layer=rt", 400, "unknown-parameter"),
        (f"/collections/zones-rw/tiles/{QUAD}/14/0/0?f=png", 400, "invalid-parameter"),
        ("/collections/places/tiles", 404, "no-tiles"),
        ("/collections/zones-kota/tiles", 404, "no-tiles"),
        ("/collections/zones-rw/map/tiles", 404, "no-tiles"),
        (f"/tiles/{QUAD}/14/0/0?datetime=soon", 400, "invalid-parameter"),
        (f"/tiles/{QUAD}/14/0/0?subset=Lat(1:2)", 400, "invalid-parameter"),
        (f'/tiles/{QUAD}/14/0/0?subset=datetime("soon")', 400, "invalid-parameter"),
        (f"/tiles/{QUAD}/14/0/0?subset=datetime(*)", 400, "invalid-parameter"),
        (f'/tiles/{QUAD}/14/0/0?subset=datetime("..")', 400, "invalid-parameter"),
        (
            f'/tiles/{QUAD}/14/0/0?datetime=2021-07-15&subset=datetime("2021-07-15")',
            400,
            "invalid-parameter",
        ),
    ],
)
def test_an_invalid_tile_is_rejected(client: TestClient, path: str, status: int, code: str) -> None:
    assert get_error(client, path) == (status, code)
