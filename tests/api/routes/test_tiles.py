"""Tiles over HTTP: immutable by run, cached for a minute by ``latest``, and their errors."""

import gzip
from datetime import date
from io import BytesIO
from typing import Any

import jsonschema
import pytest
import shapely
from fastapi.testclient import TestClient
from PIL import Image

from tests.four_colours import TINTS
from tests.zoning.tiles.tiles_decoded import decoded
from zoning import City
from zoning.drawing.palette import rgb
from zoning.tiles.geometry.scheme import Tile, tiles_over, to_tiles

LAST = date(2021, 7, 15)
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def run(small_city: City) -> str:
    return small_city.published(LAST).public_id


@pytest.fixture(scope="module")
def tile(small_city: City) -> Tile:
    """A tile in the middle of the city."""
    point = small_city.boundaries("kota").geometry.iloc[0].representative_point()
    (tile,) = tiles_over((point.x, point.y, point.x, point.y), 14)
    return tile


def path(run: str, tile: Tile, ending: str = "mvt") -> str:
    return f"/tiles/{run}/{tile.z}/{tile.x}/{tile.y}.{ending}"


def test_a_tile_of_a_run_is_immutable_and_has_the_colours_of_its_day(
    client: TestClient, small_city: City, tile: Tile, run: str
) -> None:
    answer = client.get(path(run, tile))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["cache-control"] == FOREVER
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    risks = small_city.zones(LAST).set_index("code")["risk"]
    rt = decoded(answer.content)["rt"]
    assert rt
    assert all(risks[zone.properties["code"]] == zone.properties["risk"] for zone in rt)


def test_tiles_of_two_days_have_the_same_shapes_and_different_colours(
    client: TestClient, small_city: City, tile: Tile
) -> None:
    days = [date(2021, 6, 15), LAST]
    layers = [
        decoded(client.get(path(small_city.published(day).public_id, tile)).content)["rt"]
        for day in days
    ]
    assert [zone.shape for zone in layers[0]] == [zone.shape for zone in layers[1]]
    risks = [[zone.properties["risk"] for zone in layer] for layer in layers]
    assert risks[0] != risks[1]


def test_the_etag_is_strong_and_the_second_request_gets_304(
    client: TestClient, tile: Tile, run: str
) -> None:
    first = client.get(path(run, tile))
    etag = first.headers["etag"]
    assert etag.startswith('"')
    second = client.get(path(run, tile), headers={"If-None-Match": etag})
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["cache-control"] == FOREVER
    plain = client.get(path(run, tile), headers={"Accept-Encoding": "identity"})
    assert plain.headers["etag"] != etag


def test_a_client_without_gzip_gets_the_same_tile_uncompressed(
    client: TestClient, tile: Tile, run: str
) -> None:
    plain = client.get(path(run, tile), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", path(run, tile)) as compressed:
        assert gzip.decompress(b"".join(compressed.iter_raw())) == plain.content


@pytest.mark.parametrize("encoding", ["gzip", "identity", "br", "zstd, br", ""])
def test_vary_of_a_vector_tile_has_accept_encoding_once(
    client: TestClient, tile: Tile, run: str, encoding: str
) -> None:
    for address in (path(run, tile), f"/ogc/tiles/WebMercatorQuad/14/{tile.y}/{tile.x}"):
        answer = client.get(address, headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert answer.headers["vary"].split(", ").count("Accept-Encoding") == 1


def test_latest_is_the_newest_day_for_a_minute(client: TestClient, tile: Tile, run: str) -> None:
    newest, by_run = client.get(path("latest", tile)), client.get(path(run, tile))
    assert newest.content == by_run.content
    assert newest.headers["cache-control"] == "public, max-age=60"


def test_an_empty_tile_answers_204(client: TestClient, run: str) -> None:
    answer = client.get(path(run, Tile(14, 3, 3)))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == FOREVER


@pytest.mark.parametrize(
    ("template", "status", "code"),
    [
        ("/tiles/{run}/7/0/0.mvt", 404, "no-tile"),
        ("/tiles/{run}/19/0/0.mvt", 404, "no-tile"),
        ("/tiles/{run}/8/256/0.mvt", 404, "no-tile"),
        ("/tiles/{run}/8/-1/0.mvt", 404, "no-tile"),
        ("/tiles/{run}/8/0/99999999999999999999999999.mvt", 404, "no-tile"),
        ("/tiles/0123456789abcdef/8/0/0.mvt", 404, "no-run"),
        ("/tiles/{run}/8/0/0.tiff", 404, "not-found"),
        ("/tiles/{run}/8/0/0.5.mvt", 422, "invalid-parameter"),
        ("/tiles/{run}/8.0/0/0.mvt", 422, "invalid-parameter"),
        ("/tiles/{run}/+8/0/0.png", 422, "invalid-parameter"),
        ("/tiles/{run}/8/%208/0.mvt", 422, "invalid-parameter"),
        ("/tiles/{run}/8/0/1_0@2x.png", 422, "invalid-parameter"),
        ("/tiles/{run}/8/0/%D9%A3.mvt", 422, "invalid-parameter"),
        ("/tiles/{run}/eight/0/0.mvt", 422, "invalid-parameter"),
        ("/tiles/RUN!/8/0/0.mvt", 422, "invalid-parameter"),
    ],
)
def test_an_invalid_address_of_a_tile_is_rejected(
    client: TestClient, run: str, template: str, status: int, code: str
) -> None:
    answer = client.get(template.format(run=run))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("ending", "size"),
    [(".png", 256), (".png?size=256", 256), (".png?size=512", 512), ("@2x.png", 512)],
)
def test_a_picture_has_the_requested_size(
    client: TestClient, tile: Tile, run: str, ending: str, size: int
) -> None:
    answer = client.get(f"/tiles/{run}/{tile.z}/{tile.x}/{tile.y}{ending}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["cache-control"] == FOREVER
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (size, size)


def test_a_picture_shows_each_rt_in_its_colour(
    client: TestClient, small_city: City, run: str
) -> None:
    zones = small_city.zones(LAST).sample(100, random_state=1)
    points = shapely.get_coordinates(zones.representative_point().to_numpy()).tolist()
    for (lon, lat), risk in zip(points, zones["risk"], strict=True):
        (tile,) = tiles_over((lon, lat, lon, lat), 17)
        (x,), (y,) = to_tiles([lon], [lat], 17)
        with Image.open(BytesIO(client.get(path(run, tile, "png")).content)) as picture:
            pixel = int((x - tile.x) * 256), int((y - tile.y) * 256)
            assert picture.convert("RGBA").getpixel(pixel) == (*rgb(TINTS[risk].fill), 255)


def test_a_pattern_changes_the_picture_and_its_etag(
    client: TestClient, tile: Tile, run: str
) -> None:
    plain = client.get(path(run, tile, "png"))
    patterned = client.get(path(run, tile, "png"), params={"pattern": "true"})
    assert plain.headers["etag"] != patterned.headers["etag"]
    assert plain.content != patterned.content


@pytest.mark.parametrize("query", ["size=128", "size=big", "pattern=maybe"])
def test_invalid_options_of_a_picture_are_rejected(
    client: TestClient, tile: Tile, run: str, query: str
) -> None:
    answer = client.get(f"{path(run, tile, 'png')}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")


def test_an_empty_picture_answers_204(client: TestClient, run: str) -> None:
    for zoom in (8, 18):
        assert client.get(path(run, Tile(zoom, 3, 3), "png")).status_code == 204


def test_tilejson_of_pictures_has_the_chosen_options(client: TestClient, tile: Tile) -> None:
    plain = ask(client, format="png")
    assert (plain["maxzoom"], "vector_layers" in plain) == (18, False)
    large = ask(client, format="png", size=512, pattern=True)
    (address,) = large["tiles"]
    answer = client.get(address.format(z=tile.z, x=tile.x, y=tile.y))
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (512, 512)


@pytest.mark.parametrize(
    ("query", "ending"),
    [
        ({"format": "mvt", "size": 512, "pattern": True}, "mvt"),
        ({"format": "png"}, "png"),
        ({"format": "png", "size": 512}, "png?size=512"),
        ({"format": "png", "pattern": True}, "png?pattern=true"),
        ({"format": "png", "size": 512, "pattern": True}, "png?size=512&pattern=true"),
    ],
)
def test_tilejson_has_only_options_that_differ_from_the_default(
    client: TestClient, run: str, query: dict[str, Any], ending: str
) -> None:
    tiles = ask(client, **query)["tiles"]
    assert tiles == [f"http://testserver/tiles/{run}/{{z}}/{{x}}/{{y}}.{ending}"]


@pytest.mark.parametrize("form", ["mvt", "png"])
def test_tilejson_fits_its_description(client: TestClient, form: str) -> None:
    description = client.get("/openapi.json").json()
    answers = description["paths"]["/tilejson"]["get"]["responses"]
    schema = answers["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/TileJson"}
    whole_schema = {**description, **schema}
    tilejson = ask(client, format=form)
    jsonschema.validate(tilejson, whole_schema, cls=jsonschema.Draft202012Validator)
    properties = description["components"]["schemas"]["TileJson"]["properties"]
    assert tilejson.keys() == properties.keys() - ({"vector_layers"} if form == "png" else set())
    invalid = {**tilejson, "tiles": 5}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(invalid, whole_schema, cls=jsonschema.Draft202012Validator)


def ask(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/tilejson", params=query)
    assert answer.status_code == 200, answer.text
    tilejson: dict[str, Any] = answer.json()
    return tilejson


def test_the_tiles_of_tilejson_answer_with_its_layers(
    client: TestClient, small_city: City, tile: Tile, run: str
) -> None:
    tilejson = ask(client, date="2021-07-15", format="mvt")
    assert tilejson["tilejson"] == "3.0.0"
    assert tilejson["run"] == run
    (address,) = tilejson["tiles"]
    assert address.startswith("http://testserver/tiles/")
    answer = client.get(address.format(z=tile.z, x=tile.x, y=tile.y))
    assert answer.status_code == 200
    layers = decoded(answer.content)
    vector_layers = {layer["id"]: layer for layer in tilejson["vector_layers"]}
    assert layers.keys() <= vector_layers.keys()
    for name, zones in layers.items():
        layer = vector_layers[name]
        assert layer["minzoom"] <= tile.z <= layer["maxzoom"]
        assert all(zone.properties.keys() == layer["fields"].keys() for zone in zones)
    assert tilejson["bounds"] == pytest.approx(small_city.boundaries("kota").total_bounds)
    west, south, east, north = tilejson["bounds"]
    assert west < tilejson["center"][0] < east
    assert south < tilejson["center"][1] < north
    assert (tilejson["minzoom"], tilejson["maxzoom"]) == (8, 16)


def test_tilejson_is_of_the_newest_day_by_default_and_rejects_unpublished_days(
    client: TestClient, run: str
) -> None:
    assert ask(client)["run"] == run
    assert client.get("/tilejson", params={"date": "2020-01-01"}).status_code == 404
    assert client.get("/tilejson", params={"format": "tiff"}).status_code == 422


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("identity", False),
        ("", False),
        ("*, gzip;q=0", False),
        ("gzip;q=0, *", False),
    ],
)
def test_gzip_is_sent_to_a_client_that_accepts_it_with_another_etag(
    client: TestClient, tile: Tile, run: str, header: str, *, accepted: bool
) -> None:
    tags = {
        is_gzip: client.get(path(run, tile), headers={"Accept-Encoding": name}).headers["etag"]
        for is_gzip, name in ((True, "gzip"), (False, "identity"))
    }
    answer = client.get(path(run, tile), headers={"Accept-Encoding": header})
    assert (answer.headers.get("content-encoding") == "gzip") == accepted
    assert answer.headers["etag"] == tags[accepted] != tags[not accepted]


def test_a_304_has_the_header_vary(client: TestClient, tile: Tile, run: str) -> None:
    first = client.get(path(run, tile))
    headers = {"If-None-Match": first.headers["etag"]}
    second = client.get(path(run, tile), headers=headers)
    assert second.status_code == 304
    assert "Accept-Encoding" in second.headers["vary"]


def test_etags_may_come_in_several_headers(client: TestClient, tile: Tile, run: str) -> None:
    etag = client.get(path(run, tile)).headers["etag"]
    for tags in (['"x"', etag], [etag, '"x"'], ['"x", W/' + etag]):
        headers = [("If-None-Match", tag) for tag in tags]
        assert client.get(path(run, tile), headers=headers).status_code == 304


def test_the_style_draws_every_rt_once_in_the_colour_of_its_risk(
    client: TestClient, tile: Tile, run: str
) -> None:
    style = client.get("/tilestyle").json()
    rt = [layer for layer in style["layers"] if layer["source-layer"] == "rt"]
    fills = {layer["filter"][2]: layer["paint"]["fill-color"] for layer in rt}
    assert all(layer["filter"][:2] == ["==", ["get", "risk"]] for layer in rt)
    assert len(fills) == len(rt)
    zones = decoded(client.get(path(run, tile)).content)["rt"]
    expected = {tint.risk: tint.fill for tint in TINTS}
    risks = {zone.properties["risk"] for zone in zones}
    assert len(risks) > 1
    assert {risk: fills[risk] for risk in risks} == {risk: expected[risk] for risk in risks}


def test_the_style_has_the_layers_of_its_tiles(client: TestClient) -> None:
    query = {"date": "2021-07-01"}
    answer = client.get("/tilestyle", params=query)
    style = answer.json()
    assert answer.headers["etag"]
    (source,) = style["sources"].values()
    tilejson = client.get(source["url"]).json()
    assert (tilejson["date"], tilejson["name"]) == ("2021-07-01", style["name"])
    zooms = {layer["id"]: layer["minzoom"] for layer in tilejson["vector_layers"]}
    assert {layer["source-layer"]: layer["minzoom"] for layer in style["layers"]} == zooms
    names = [layer["id"] for layer in style["layers"]]
    assert len(set(names)) == len(names)


def test_the_style_of_an_unpublished_day_answers_404(client: TestClient) -> None:
    answer = client.get("/tilestyle", params={"date": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no-run")
