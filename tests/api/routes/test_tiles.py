"""Tiles over HTTP: for ever by run, for a minute by ``latest``, and clear refusals."""

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
    (found,) = tiles_over((point.x, point.y, point.x, point.y), 14)
    return found


def path(run: str, tile: Tile, ending: str = "mvt") -> str:
    return f"/tiles/{run}/{tile.z}/{tile.x}/{tile.y}.{ending}"


def test_a_tile_of_a_run_is_kept_for_ever_and_holds_the_colours_of_its_day(
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


def test_two_days_are_two_addresses_with_the_same_shapes_and_other_colours(
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


def test_the_etag_is_strong_and_spares_the_second_sending(
    client: TestClient, tile: Tile, run: str
) -> None:
    first = client.get(path(run, tile))
    etag = first.headers["etag"]
    assert etag.startswith('"')
    again = client.get(path(run, tile), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == FOREVER
    plain = client.get(path(run, tile), headers={"Accept-Encoding": "identity"})
    assert plain.headers["etag"] != etag


def test_a_client_without_gzip_gets_the_same_tile_plain(
    client: TestClient, tile: Tile, run: str
) -> None:
    plain = client.get(path(run, tile), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", path(run, tile)) as packed:
        assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content


@pytest.mark.parametrize("encoding", ["gzip", "identity", "br", "zstd, br", ""])
def test_what_a_vector_tile_varies_by_is_said_once(
    client: TestClient, tile: Tile, run: str, encoding: str
) -> None:
    for asked in (path(run, tile), f"/ogc/tiles/WebMercatorQuad/14/{tile.y}/{tile.x}"):
        answer = client.get(asked, headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert answer.headers["vary"].split(", ").count("Accept-Encoding") == 1


def test_latest_is_the_newest_day_for_a_minute(client: TestClient, tile: Tile, run: str) -> None:
    newest, same = client.get(path("latest", tile)), client.get(path(run, tile))
    assert newest.content == same.content
    assert newest.headers["cache-control"] == "public, max-age=60"


def test_a_tile_where_nothing_is_has_no_content(client: TestClient, run: str) -> None:
    answer = client.get(path(run, Tile(14, 3, 3)))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == FOREVER


@pytest.mark.parametrize(
    ("asked", "status", "code"),
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
def test_what_cannot_be_is_refused_with_a_sentence(
    client: TestClient, run: str, asked: str, status: int, code: str
) -> None:
    answer = client.get(asked.format(run=run))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "size"),
    [(".png", 256), (".png?size=256", 256), (".png?size=512", 512), ("@2x.png", 512)],
)
def test_a_picture_is_as_wide_as_asked(
    client: TestClient, tile: Tile, run: str, asked: str, size: int
) -> None:
    answer = client.get(f"/tiles/{run}/{tile.z}/{tile.x}/{tile.y}{asked}")
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
            at = int((x - tile.x) * 256), int((y - tile.y) * 256)
            assert picture.convert("RGBA").getpixel(at) == (*rgb(TINTS[risk].fill), 255)


def test_a_pattern_is_another_picture_of_the_same_colours(
    client: TestClient, tile: Tile, run: str
) -> None:
    plain = client.get(path(run, tile, "png"))
    patterned = client.get(path(run, tile, "png"), params={"pattern": "true"})
    assert plain.headers["etag"] != patterned.headers["etag"]
    assert plain.content != patterned.content


@pytest.mark.parametrize("asked", ["size=128", "size=big", "pattern=maybe"])
def test_a_picture_of_another_kind_is_refused(
    client: TestClient, tile: Tile, run: str, asked: str
) -> None:
    answer = client.get(f"{path(run, tile, 'png')}?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameter")


def test_a_picture_where_nothing_is_has_no_content(client: TestClient, run: str) -> None:
    for zoom in (8, 18):
        assert client.get(path(run, Tile(zoom, 3, 3), "png")).status_code == 204


def test_tilejson_of_pictures_asks_for_them_as_chosen(client: TestClient, tile: Tile) -> None:
    plain = ask(client, format="png")
    assert (plain["maxzoom"], "vector_layers" in plain) == (18, False)
    chosen = ask(client, format="png", size=512, pattern=True)
    (address,) = chosen["tiles"]
    answer = client.get(address.format(z=tile.z, x=tile.x, y=tile.y))
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (512, 512)


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ({"format": "mvt", "size": 512, "pattern": True}, "mvt"),
        ({"format": "png"}, "png"),
        ({"format": "png", "size": 512}, "png?size=512"),
        ({"format": "png", "pattern": True}, "png?pattern=true"),
        ({"format": "png", "size": 512, "pattern": True}, "png?size=512&pattern=true"),
    ],
)
def test_tilejson_says_only_what_is_not_as_usual(
    client: TestClient, run: str, query: dict[str, Any], address: str
) -> None:
    found = ask(client, **query)["tiles"]
    assert found == [f"http://testserver/tiles/{run}/{{z}}/{{x}}/{{y}}.{address}"]


@pytest.mark.parametrize("form", ["mvt", "png"])
def test_tilejson_is_described_and_answers_as_described(client: TestClient, form: str) -> None:
    described = client.get("/openapi.json").json()
    answers = described["paths"]["/tilejson"]["get"]["responses"]
    schema = answers["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/TileJson"}
    known = {**described, **schema}
    found = ask(client, format=form)
    jsonschema.validate(found, known, cls=jsonschema.Draft202012Validator)
    properties = described["components"]["schemas"]["TileJson"]["properties"]
    assert found.keys() == properties.keys() - ({"vector_layers"} if form == "png" else set())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**found, "tiles": 5}, known, cls=jsonschema.Draft202012Validator)


def ask(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/tilejson", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_tilejson_names_tiles_that_answer(
    client: TestClient, small_city: City, tile: Tile, run: str
) -> None:
    found = ask(client, date="2021-07-15", format="mvt")
    assert found["tilejson"] == "3.0.0"
    assert found["run"] == run
    (address,) = found["tiles"]
    assert address.startswith("http://testserver/tiles/")
    answer = client.get(address.format(z=tile.z, x=tile.x, y=tile.y))
    assert answer.status_code == 200
    layers = decoded(answer.content)
    described = {one["id"]: one for one in found["vector_layers"]}
    assert layers.keys() <= described.keys()
    for name, zones in layers.items():
        assert described[name]["minzoom"] <= tile.z <= described[name]["maxzoom"]
        assert all(zone.properties.keys() == described[name]["fields"].keys() for zone in zones)
    assert found["bounds"] == pytest.approx(small_city.boundaries("kota").total_bounds)
    west, south, east, north = found["bounds"]
    assert west < found["center"][0] < east
    assert south < found["center"][1] < north
    assert (found["minzoom"], found["maxzoom"]) == (8, 16)


def test_tilejson_of_no_day_is_of_the_newest_and_of_an_unpublished_one_is_refused(
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
def test_gzip_is_sent_to_who_takes_it_under_a_tag_of_its_own(
    client: TestClient, tile: Tile, run: str, header: str, *, accepted: bool
) -> None:
    tags = {
        taken: client.get(path(run, tile), headers={"Accept-Encoding": name}).headers["etag"]
        for taken, name in ((True, "gzip"), (False, "identity"))
    }
    answer = client.get(path(run, tile), headers={"Accept-Encoding": header})
    assert (answer.headers.get("content-encoding") == "gzip") == accepted
    assert answer.headers["etag"] == tags[accepted] != tags[not accepted]


def test_what_was_not_modified_says_what_it_varies_by(
    client: TestClient, tile: Tile, run: str
) -> None:
    first = client.get(path(run, tile))
    known = {"If-None-Match": first.headers["etag"]}
    again = client.get(path(run, tile), headers=known)
    assert again.status_code == 304
    assert "Accept-Encoding" in again.headers["vary"]


def test_tags_may_come_in_several_headers(client: TestClient, tile: Tile, run: str) -> None:
    etag = client.get(path(run, tile)).headers["etag"]
    for tags in (['"x"', etag], [etag, '"x"'], ['"x", W/' + etag]):
        known = [("If-None-Match", tag) for tag in tags]
        assert client.get(path(run, tile), headers=known).status_code == 304


def test_the_style_draws_every_rt_once_in_the_colour_of_its_risk(
    client: TestClient, tile: Tile, run: str
) -> None:
    found = client.get("/tilestyle").json()
    rt = [layer for layer in found["layers"] if layer["source-layer"] == "rt"]
    fills = {layer["filter"][2]: layer["paint"]["fill-color"] for layer in rt}
    assert all(layer["filter"][:2] == ["==", ["get", "risk"]] for layer in rt)
    assert len(fills) == len(rt)
    zones = decoded(client.get(path(run, tile)).content)["rt"]
    wanted = {tint.risk: tint.fill for tint in TINTS}
    seen = {zone.properties["risk"] for zone in zones}
    assert len(seen) > 1
    assert {risk: fills[risk] for risk in seen} == {risk: wanted[risk] for risk in seen}


def test_the_styles_layers_are_those_of_the_tiles_it_leads_to(client: TestClient) -> None:
    query = {"date": "2021-07-01"}
    answer = client.get("/tilestyle", params=query)
    found = answer.json()
    assert answer.headers["etag"]
    (source,) = found["sources"].values()
    tilejson = client.get(source["url"]).json()
    assert (tilejson["date"], tilejson["name"]) == ("2021-07-01", found["name"])
    described = {layer["id"]: layer["minzoom"] for layer in tilejson["vector_layers"]}
    assert {one["source-layer"]: one["minzoom"] for one in found["layers"]} == described
    names = [layer["id"] for layer in found["layers"]]
    assert len(set(names)) == len(names)


def test_the_style_of_a_day_that_was_not_published_is_refused(client: TestClient) -> None:
    answer = client.get("/tilestyle", params={"date": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no-run")
