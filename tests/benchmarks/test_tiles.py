"""The benchmark of tiles: compared tiles are equal, and differences are reported."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks import tiles as benchmark
from benchmarks.clients.tiles import ask
from benchmarks.clients.tiles_server import served
from benchmarks.measuring import Disagreement
from benchmarks.peers import tiles as peers
from benchmarks.tiles import Figure
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


def encode_ours(tiles: DayTiles, close: list[Tile]) -> peers.Tiles:
    return {tile: tiles.vector(tile) or b"" for tile in close}


def encode_with_mapbox(small_city: City, day: date, close: list[Tile]) -> peers.Tiles:
    zones = peers.zones_of_day(small_city, small_city.published(day))
    return peers.by_mapbox(peers.cut_shapes(zones, close))


def test_our_tiles_equal_those_of_mapbox(
    small_city: City, tiles: DayTiles, close: list[Tile]
) -> None:
    theirs = encode_with_mapbox(small_city, LAST, close)
    assert peers.check(encode_ours(tiles, close), theirs, "mapbox-vector-tile") > 300


def test_tiles_of_another_day_disagree(
    small_city: City, tiles: DayTiles, close: list[Tile]
) -> None:
    with pytest.raises(Disagreement, match="mapbox"):
        peers.check(
            encode_ours(tiles, close),
            encode_with_mapbox(small_city, FIRST, close),
            "mapbox-vector-tile",
        )


def test_a_missing_tile_or_feature_or_a_larger_shape_is_a_disagreement(
    small_city: City, tiles: DayTiles, close: list[Tile]
) -> None:
    zones = peers.zones_of_day(small_city, small_city.published(LAST))
    cuts = peers.cut_shapes(zones, close)
    with pytest.raises(Disagreement, match="tiles"):
        peers.check(encode_ours(tiles, close), peers.by_mapbox(dict(list(cuts.items())[1:])), "one")
    features = cuts[close[0]].layers[-1]["features"]
    feature = features.pop()
    with pytest.raises(Disagreement, match=feature["properties"]["code"]):
        peers.check(encode_ours(tiles, close), peers.by_mapbox(cuts), "one")
    large = max(features, key=lambda candidate: candidate["geometry"].area)
    features += [feature]
    large["geometry"] = large["geometry"].buffer(20)
    with pytest.raises(Disagreement, match="square units"):
        peers.check(encode_ours(tiles, close), peers.by_mapbox(cuts), "one")


def test_tiles_made_in_process_have_a_rate(tiles: DayTiles) -> None:
    figures = list(benchmark.measure_in_process(tiles))
    assert [figure.name for figure in figures][:2] == ["MVT made", "PNG made"]
    assert all(figure.value > 0 for figure in figures)


def test_a_served_city_has_rates_and_an_unknown_run_gives_an_error(
    small_database: str, small_city: City, tiles: DayTiles, tmp_path: Path
) -> None:
    # A copy: this process has the city open.
    runs = [small_city.published(day).public_id for day in (FIRST, LAST)]
    tiles_of_zoom = [tile for tile in tiles.pyramid.vectors if tile.z == benchmark.CLOSE]
    with served(copy_of(small_database, tmp_path)) as server:
        figures = list(benchmark.measure_server(server, runs, tiles_of_zoom))
        assert all(figure.value > 0 for figure in figures)
        answers = ask(server.port, [f"/tiles/{runs[0]}/14/0/0.mvt", "/tiles/nosuchrun/14/0/0.png"])
        assert answers.statuses == {"204": 1, "404": 1}
        with pytest.raises(ConnectionError, match="404"):
            list(benchmark.measure_server(server, [runs[0], "nosuchrun"], tiles_of_zoom))


def test_a_row_shows_whether_the_aim_is_reached() -> None:
    assert benchmark.table_row(Figure("made", 25_000, "tiles/s", 20_000)).endswith(">= 20,000  yes")
    assert benchmark.table_row(Figure("made", 19_000, "tiles/s", 20_000)).endswith("no")
    assert benchmark.table_row(Figure("held", 1_600, "MB", 1_500, higher_is_better=False)).endswith(
        "<= 1,500  no"
    )
    assert benchmark.table_row(Figure("held", 1_500, "MB")).endswith("MB")
