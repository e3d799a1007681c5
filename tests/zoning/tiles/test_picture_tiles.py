"""Prepared pictures on disk equal drawn ones; missing pictures are drawn on request."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from geodata.boundaries import Boundaries
from tests.cities import small_city
from tests.four_colours import paint
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.tiles.artifact_cache import ArtifactCache
from zoning.tiles.geometry.scheme import Tile, tiles_over
from zoning.tiles.picture_tiles import LAST_PREPARED, PictureTiles, prepare_pictures
from zoning.tiles.pictures import Picture, draw_picture


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return small_city.small_city()


@pytest.fixture(scope="module")
def ground(boundaries: Boundaries) -> IndexedBoundaries:
    return IndexedBoundaries(boundaries)


@pytest.fixture(scope="module")
def reports() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def prepared(
    ground: IndexedBoundaries,
    reports: list[tuple[str, int, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> ArtifactCache:
    artifacts = ArtifactCache(tmp_path_factory.mktemp("pictures"), "b1", "pictures")
    for zoom, blobs in prepare_pictures(ground, lambda *report: reports.append(report)):
        artifacts.write(zoom, blobs)
    return artifacts


@pytest.fixture(scope="module")
def pictures(prepared: ArtifactCache, ground: IndexedBoundaries) -> PictureTiles:
    return PictureTiles(prepared, ground, Cache(1), lambda: pytest.fail("all are prepared"))


def are_equal(first: Picture | None, second: Picture | None) -> bool:
    if first is None or second is None:
        return first is second
    same_form = first.size == second.size and first.kind == second.kind
    return (
        same_form and bool((first.areas == second.areas).all()) and first.payload == second.payload
    )


@pytest.mark.parametrize("zoom", [8, 12, 14, 16, 17, 18])
@pytest.mark.parametrize("size", [256, 512])
def test_a_prepared_picture_equals_a_drawn_one(
    pictures: PictureTiles, ground: IndexedBoundaries, zoom: int, size: int
) -> None:
    ancestors = ground.boundaries.ancestors("kelurahan").tolist()
    groups = np.array([sorted(set(ancestors)).index(code) for code in ancestors], dtype=np.int32)
    tiles = tiles_over(ground.boundaries.smallest_zones.total_bounds, zoom)
    for tile in tiles:
        assert are_equal(pictures.get(tile, size), draw_picture(ground.locator, groups, tile, size))
    # At zoom 8 this city lies between the centres of two pixels.
    assert zoom == 8 or any(pictures.get(tile, size) for tile in tiles)


@pytest.mark.parametrize("zoom", [8, 16, 17, 18])
def test_a_tile_far_from_the_city_has_no_picture(pictures: PictureTiles, zoom: int) -> None:
    assert pictures.get(Tile(zoom, 3, 5), 256) is None


@pytest.mark.parametrize(
    "tile", [Tile(19, 0, 0), Tile(7, 0, 0), Tile(17, -1, 4), Tile(17, 1 << 17, 4)]
)
def test_a_tile_off_the_world_has_no_picture(pictures: PictureTiles, tile: Tile) -> None:
    assert pictures.get(tile, 256) is None


def test_the_same_boundaries_give_the_same_files(
    prepared: ArtifactCache, boundaries: Boundaries, tmp_path: Path
) -> None:
    again = ArtifactCache(tmp_path, "b1", "pictures")
    for zoom, blobs in prepare_pictures(IndexedBoundaries(boundaries), lambda *_: None):
        again.write(zoom, blobs)
        assert again.path(zoom).read_bytes() == prepared.path(zoom).read_bytes()
    assert len(list(tmp_path.iterdir())) == LAST_PREPARED - 7


def test_progress_goes_up_to_all(
    prepared: ArtifactCache, reports: list[tuple[str, int, int]]
) -> None:
    assert [done for _, done, _ in reports] == list(range(1, reports[-1][2] + 1))


def test_a_missing_picture_is_drawn_and_reported(
    pictures: PictureTiles, ground: IndexedBoundaries, tmp_path: Path
) -> None:
    calls: list[int] = []
    empty = ArtifactCache(tmp_path, "b1", "pictures")
    drawn = PictureTiles(empty, ground, Cache(1), lambda: calls.append(1))
    tiles = [
        tile
        for zoom in (8, 12, 16)
        for tile in tiles_over(ground.boundaries.areas.total_bounds, zoom)
    ]
    for tile in tiles:
        assert are_equal(drawn.get(tile, 512), pictures.get(tile, 512))
    assert len(calls) == len(tiles)
    calls.clear()
    assert drawn.get(Tile(16, 3, 5), 256) is None


def test_many_threads_get_the_same_pictures(
    prepared: ArtifactCache, ground: IndexedBoundaries
) -> None:
    risks = np.zeros(len(ground.boundaries.smallest_zones), dtype=np.uint8)
    tiles = tiles_over(ground.boundaries.smallest_zones.total_bounds, 18)

    def paint_tile(tile: Tile, shared: PictureTiles) -> bytes | None:
        picture = shared.get(tile, 256)
        return None if picture is None else paint(picture, risks)

    single, shared = (PictureTiles(prepared, ground, Cache(1)) for _ in range(2))
    expected = [paint_tile(tile, single) for tile in tiles]
    with ThreadPoolExecutor(8) as pool:
        painted = list(pool.map(lambda tile: paint_tile(tile, shared), tiles * 4))
    assert painted == expected * 4
