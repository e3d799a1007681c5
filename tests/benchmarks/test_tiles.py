"""The benchmark of tiles: what is compared is the same, and what is not is said."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks import tiles as benchmark
from benchmarks.clients.tiles import ask
from benchmarks.clients.tiles_server import served
from benchmarks.measuring import Disagreement
from benchmarks.peers import tiles as peers
from benchmarks.tiles import Finding
from tests.conftest import FIRST, LAST
from tests.databases import copy_of
from zoning import City
from zoning.tiles.day import DayTiles
from zoning.tiles.geometry.scheme import Tile
from zoning.tiles.pyramid import Pyramid

pytestmark = pytest.mark.filterwarnings(
    # mapbox-vector-tile's encoder calls it.
    "ignore:The 'shapely.ops.transform:DeprecationWarning"
)


@pytest.fixture(scope="module")
def tiles(small_city: City, small_pyramid: Pyramid) -> DayTiles:
    return DayTiles(small_pyramid, small_city.public().risks(LAST))


@pytest.fixture(scope="module")
def close(tiles: DayTiles) -> list[Tile]:
    return [tile for tile in tiles.pyramid.vectors if tile.z == benchmark.CLOSE]


def made(tiles: DayTiles, close: list[Tile]) -> peers.Made:
    return {tile: tiles.vector(tile) or b"" for tile in close}


def encoded(small_city: City, day: date, close: list[Tile]) -> peers.Made:
    zones = peers.zones_of(small_city, small_city.published(day))
    return peers.by_mapbox(peers.cut(zones, close))


def test_ours_and_mapboxs_tiles_are_the_same(
    small_city: City, tiles: DayTiles, close: list[Tile]
) -> None:
    theirs = encoded(small_city, LAST, close)
    assert peers.check(made(tiles, close), theirs, "mapbox-vector-tile") > 300


def test_another_days_tiles_are_not(small_city: City, tiles: DayTiles, close: list[Tile]) -> None:
    with pytest.raises(Disagreement, match="mapbox"):
        peers.check(made(tiles, close), encoded(small_city, FIRST, close), "mapbox-vector-tile")


def test_a_tile_or_a_feature_too_few_and_a_larger_one_are_a_disagreement(
    small_city: City, tiles: DayTiles, close: list[Tile]
) -> None:
    zones = peers.zones_of(small_city, small_city.published(LAST))
    cuts = peers.cut(zones, close)
    with pytest.raises(Disagreement, match="tiles"):
        peers.check(made(tiles, close), peers.by_mapbox(dict(list(cuts.items())[1:])), "one")
    features = cuts[close[0]].layers[-1]["features"]
    feature = features.pop()
    with pytest.raises(Disagreement, match=feature["properties"]["code"]):
        peers.check(made(tiles, close), peers.by_mapbox(cuts), "one")
    large = max(features, key=lambda one: one["geometry"].area)
    features += [feature]
    large["geometry"] = large["geometry"].buffer(20)
    with pytest.raises(Disagreement, match="square units"):
        peers.check(made(tiles, close), peers.by_mapbox(cuts), "one")


def test_tiles_made_in_the_process_have_a_rate(tiles: DayTiles) -> None:
    found = list(benchmark.inside(tiles))
    assert [one.what for one in found][:2] == ["MVT made", "PNG made"]
    assert all(one.value > 0 for one in found)


def test_a_served_city_has_its_rates_and_an_unknown_run_none(
    small_database: str, small_city: City, tiles: DayTiles, tmp_path: Path
) -> None:
    # A copy: this process holds the city itself.
    runs = [small_city.published(day).public_id for day in (FIRST, LAST)]
    shown = [tile for tile in tiles.pyramid.vectors if tile.z == benchmark.CLOSE]
    with served(copy_of(small_database, tmp_path)) as server:
        found = list(benchmark.over_loopback(server, runs, shown))
        assert all(one.value > 0 for one in found)
        answers = ask(server.port, [f"/tiles/{runs[0]}/14/0/0.mvt", "/tiles/nosuchrun/14/0/0.png"])
        assert answers.statuses == {"204": 1, "404": 1}
        with pytest.raises(ConnectionError, match="404"):
            list(benchmark.over_loopback(server, [runs[0], "nosuchrun"], shown))


def test_a_row_says_whether_its_aim_is_reached() -> None:
    assert benchmark.line(Finding("made", 25_000, "tiles/s", 20_000)).endswith(">= 20,000  yes")
    assert benchmark.line(Finding("made", 19_000, "tiles/s", 20_000)).endswith("no")
    assert benchmark.line(Finding("held", 1_600, "MB", 1_500, more=False)).endswith("<= 1,500  no")
    assert benchmark.line(Finding("held", 1_500, "MB")).endswith("MB")
