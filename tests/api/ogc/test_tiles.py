"""OGC API Tiles: the same tiles as under /tiles, row before column, described as OGC wants."""

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
from tests.api.ogc.schemas import ask, links, refused
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


def decoded(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(content)
    return found


def item(client: TestClient, path: str, tile: Tile) -> str:
    """Address of a tile, from the template that the tileset's description gives."""
    [template] = [one for one in ask(client, path)["links"] if one["rel"] == "item"]
    assert template["templated"] is True
    numbers = {"{tileMatrix}": tile.z, "{tileRow}": tile.y, "{tileCol}": tile.x}
    address: str = template["href"]
    for name, number in numbers.items():
        address = address.replace(name, str(number))
    return address


def test_a_tile_is_the_one_under_tiles_by_row_and_column(client: TestClient, middle: Tile) -> None:
    z, x, y = middle
    for path, end in ((f"/tiles/{QUAD}", "mvt"), (f"/map/tiles/{QUAD}", "png")):
        wanted = client.get(f"/tiles/latest/{z}/{x}/{y}.{end}")
        found = client.get(item(client, path, middle))
        assert found.content == wanted.content
        assert found.headers["content-type"] == wanted.headers["content-type"]
        assert found.headers["cache-control"] == "public, max-age=60"
        again = client.get(
            item(client, path, middle), headers={"If-None-Match": found.headers["etag"]}
        )
        assert again.status_code == 304
    either = client.get(f"/ogc/tiles/{QUAD}/{z}/{y}/{x}", params={"f": "png"})
    assert either.content == wanted.content


@pytest.mark.parametrize("level", LAYERED)
def test_a_collections_tiles_have_its_layer_alone(
    client: TestClient, middle: Tile, level: str
) -> None:
    every = decoded(client.get(item(client, f"/tiles/{QUAD}", middle)).content)
    path = f"/collections/zones-{level}/tiles/{QUAD}"
    answer = client.get(item(client, path, middle))
    assert answer.headers["content-type"] == MVT
    assert decoded(answer.content) == {level: every[level]}
    assert len(every) >= len(LAYERED)


def test_a_tile_is_of_the_day_asked_for(client: TestClient, middle: Tile, small_city: City) -> None:
    z, x, y = middle
    path = f"/ogc/tiles/{QUAD}/{z}/{y}/{x}"
    run = small_city.published_days()[0]
    by_run = client.get(f"/tiles/{small_city.published(run).public_id}/{z}/{x}/{y}.mvt").content
    assert client.get(path, params={"datetime": run.isoformat()}).content == by_run
    assert client.get(path, params={"datetime": f"../{run}"}).content == by_run
    newest = client.get(path, params={"datetime": "2021-06-20/.."})
    assert newest.content == client.get(path).content != by_run
    assert "immutable" not in newest.headers["cache-control"]
    assert client.get(path, params={"datetime": "2020-01-01"}).status_code == 204


@pytest.mark.parametrize(
    ("subset", "when"),
    [
        ('datetime("2021-07-14")', "2021-07-14"),
        ('datetime("2021-06-15":"2021-07-14T02:00:00Z")', "2021-06-15/2021-07-14T02:00:00Z"),
        ('datetime(*:"2021-07-14")', "../2021-07-14"),
        ('datetime("2021-07-14":*)', "2021-07-14/.."),
        ('datetime("2020-01-01")', "2020-01-01"),
    ],
)
def test_a_subset_means_the_days_that_datetime_means(
    client: TestClient, middle: Tile, subset: str, when: str
) -> None:
    z, x, y = middle
    path = f"/ogc/tiles/{QUAD}/{z}/{y}/{x}"
    found, wanted = (
        client.get(path, params=one) for one in ({"subset": subset}, {"datetime": when})
    )
    assert (found.status_code, found.content) == (wanted.status_code, wanted.content)
    assert found.headers.get("cache-control") == wanted.headers.get("cache-control")


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
def test_nothing_lies_outside_the_limits_and_to_ask_there_is_a_fault(
    client: TestClient, path: str, zoom: int
) -> None:
    limits = ask(client, f"{path}/{QUAD}")["tileMatrixSetLimits"]
    [at] = [one for one in limits if one["tileMatrix"] == str(zoom)]
    rows = range(at["minTileRow"], at["maxTileRow"] + 1)
    columns = range(at["minTileCol"], at["maxTileCol"] + 1)
    statuses = {
        (row, column): client.get(f"/ogc{path}/{QUAD}/{zoom}/{row}/{column}").status_code
        for row in range(rows.start - 1, rows.stop + 1)
        for column in range(columns.start - 1, columns.stop + 1)
    }
    for (row, column), status in statuses.items():
        assert status in ((200, 204) if row in rows and column in columns else (404,))
    assert 200 in statuses.values()


def test_limits_begin_at_the_zoom_that_first_shows_a_collection(client: TestClient) -> None:
    def zooms(path: str) -> list[str]:
        found = ask(client, f"{path}/{QUAD}")["tileMatrixSetLimits"]
        return [one["tileMatrix"] for one in found]

    every = [str(zoom) for zoom in range(8, 19)]
    assert zooms("/tiles") == zooms("/collections/zones-rt/map/tiles") == every
    assert zooms("/collections/zones-rw/tiles") == every[4:]
    first = ask(client, f"/tiles/{QUAD}")["tileMatrixSetLimits"][0]
    row, column = first["minTileRow"], first["minTileCol"]
    assert client.get(f"/ogc/tiles/{QUAD}/8/{row}/{column}").status_code == 200
    assert refused(client, f"/collections/zones-rw/tiles/{QUAD}/8/{row}/{column}") == (
        404,
        "no-tile",
    )


def test_limits_hold_tiles_that_show_no_more_than_a_margin() -> None:
    # The eastern edge lies 30 of a tile's 4,096 units west of a tile's edge, the northern one 30
    # units south of one, so that the margins of the tiles beyond show them.
    tile, bit = 360 / (1 << 14), 30 / 4096
    edge = Tile(14, 13214, 8510).box
    square = shapely.box(edge.west, edge.south, edge.east - bit * tile, edge.north - bit * tile)
    areas = Boundaries("0", gpd.GeoDataFrame(geometry=[square], crs=4326))
    everything = Tileset("vector")
    assert within_limits(everything, areas, Tile(14, 13215, 8509))
    assert not within_limits(everything, areas, Tile(14, 13216, 8509))
    assert not within_limits(everything, areas, Tile(14, 13215, 8508))


def test_the_tile_matrix_set_is_the_registered_one(client: TestClient) -> None:
    found = ask(client, f"/tileMatrixSets/{QUAD}")
    assert found["uri"] == f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{QUAD}"
    # OGC 17-083r4, annex D.1.
    first, last = found["tileMatrices"][0], found["tileMatrices"][24]
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


@pytest.mark.parametrize(("path", "described"), PATHS)
def test_answers_are_what_ogcs_description_says(
    client: TestClient, shared_data: Callable[[str], Path], path: str, described: str
) -> None:
    bundle = json.loads(shared_data("ogc/tiles-1.bundled.json").read_text())
    answer = bundle["paths"][described]["get"]["responses"]["200"]
    named = answer["$ref"].rpartition("/")[2]
    content = bundle["components"]["responses"][named]["content"]
    schema = content["application/json"]["schema"]
    validator = Draft7Validator({**schema, "components": bundle["components"]})
    assert list(validator.iter_errors(ask(client, path))) == []
    assert list(validator.iter_errors([])) != []


def test_the_list_of_tilesets_says_all_it_takes_to_ask_for_a_tile(client: TestClient) -> None:
    for path in ("/tiles", "/map/tiles", "/collections/zones-rw/tiles"):
        [listed] = ask(client, path)["tilesets"]
        described = ask(client, f"{path}/{QUAD}")
        assert listed["tileMatrixSetLimits"] == described["tileMatrixSetLimits"]
        item = [one for one in listed["links"] if one["rel"] == "item"]
        assert item == [one for one in described["links"] if one["rel"] == "item"]
        assert item[0]["templated"] is True


def test_every_tileset_is_linked_from_what_it_is_of(client: TestClient) -> None:
    rel = "http://www.opengis.net/def/rel/ogc/1.0/"
    for kind in ("vector", "map"):
        for path in ("", "/collections/zones-rt"):
            listed = client.get(links(ask(client, path))[f"{rel}tilesets-{kind}"]).json()
            [one] = listed["tilesets"]
            metadata = client.get(links(one)["self"]).json()
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
def test_what_is_no_tile_is_refused(client: TestClient, path: str, status: int, code: str) -> None:
    assert refused(client, path) == (status, code)
