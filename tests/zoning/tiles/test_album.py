"""Pictures kept on disk: the same as drawn, found without a copy, drawn where none is kept."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from geodata.boundaries import Boundaries
from tests.cities import small_city
from tests.four_colours import paint
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import Ground
from zoning.tiles.album import LAST_PREPARED, Pictures, prepare_pictures
from zoning.tiles.artifact_cache import Shelf
from zoning.tiles.geometry.scheme import Tile, tiles_over
from zoning.tiles.pictures import Picture, draw_picture


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return small_city.small_city()


@pytest.fixture(scope="module")
def ground(boundaries: Boundaries) -> Ground:
    return Ground(boundaries)


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def prepared(
    ground: Ground,
    told: list[tuple[str, int, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Shelf:
    shelf = Shelf(tmp_path_factory.mktemp("pictures"), "b1", "pictures")
    for zoom, parts in prepare_pictures(ground, lambda *said: told.append(said)):
        shelf.write(zoom, parts)
    return shelf


@pytest.fixture(scope="module")
def pictures(prepared: Shelf, ground: Ground) -> Pictures:
    return Pictures(prepared, ground, Cache(1), lambda: pytest.fail("all are prepared"))


def same(one: Picture | None, other: Picture | None) -> bool:
    if one is None or other is None:
        return one is other
    alike = one.size == other.size and one.kind == other.kind
    return alike and bool((one.areas == other.areas).all()) and one.payload == other.payload


@pytest.mark.parametrize("zoom", [8, 12, 14, 16, 17, 18])
@pytest.mark.parametrize("size", [256, 512])
def test_a_picture_is_what_one_draws_whether_it_was_kept_or_not(
    pictures: Pictures, ground: Ground, zoom: int, size: int
) -> None:
    ancestors = ground.boundaries.ancestors("kelurahan").tolist()
    groups = np.array([sorted(set(ancestors)).index(one) for one in ancestors], dtype=np.int32)
    tiles = tiles_over(ground.boundaries.leaves.total_bounds, zoom)
    for tile in tiles:
        assert same(pictures.get(tile, size), draw_picture(ground.locator, groups, tile, size))
    # At zoom 8 this city lies between the centres of two pixels.
    assert zoom == 8 or any(pictures.get(tile, size) for tile in tiles)


@pytest.mark.parametrize("zoom", [8, 16, 17, 18])
def test_far_away_there_is_no_picture(pictures: Pictures, zoom: int) -> None:
    assert pictures.get(Tile(zoom, 3, 5), 256) is None


@pytest.mark.parametrize(
    "tile", [Tile(19, 0, 0), Tile(7, 0, 0), Tile(17, -1, 4), Tile(17, 1 << 17, 4)]
)
def test_off_the_world_there_is_no_picture(pictures: Pictures, tile: Tile) -> None:
    assert pictures.get(tile, 256) is None


def test_the_same_boundaries_are_the_same_files(
    prepared: Shelf, boundaries: Boundaries, tmp_path: Path
) -> None:
    again = Shelf(tmp_path, "b1", "pictures")
    for zoom, parts in prepare_pictures(Ground(boundaries), lambda *_: None):
        again.write(zoom, parts)
        assert again.path(zoom).read_bytes() == prepared.path(zoom).read_bytes()
    assert len(list(tmp_path.iterdir())) == LAST_PREPARED - 7


def test_progress_goes_up_to_all(prepared: Shelf, told: list[tuple[str, int, int]]) -> None:
    assert [done for _, done, _ in told] == list(range(1, told[-1][2] + 1))


def test_what_is_not_prepared_is_drawn_and_told(
    pictures: Pictures, ground: Ground, tmp_path: Path
) -> None:
    told: list[int] = []
    empty = Shelf(tmp_path, "b1", "pictures")
    drawn = Pictures(empty, ground, Cache(1), lambda: told.append(1))
    tiles = [
        tile
        for zoom in (8, 12, 16)
        for tile in tiles_over(ground.boundaries.areas.total_bounds, zoom)
    ]
    for tile in tiles:
        assert same(drawn.get(tile, 512), pictures.get(tile, 512))
    assert len(told) == len(tiles)
    told.clear()
    assert drawn.get(Tile(16, 3, 5), 256) is None


def test_many_threads_get_the_same_pictures(prepared: Shelf, ground: Ground) -> None:
    risks = np.zeros(len(ground.boundaries.leaves), dtype=np.uint8)
    tiles = tiles_over(ground.boundaries.leaves.total_bounds, 18)

    def painted(tile: Tile, shared: Pictures) -> bytes | None:
        picture = shared.get(tile, 256)
        return None if picture is None else paint(picture, risks)

    alone, shared = (Pictures(prepared, ground, Cache(1)) for _ in range(2))
    wanted = [painted(tile, alone) for tile in tiles]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda tile: painted(tile, shared), tiles * 4))
    assert found == wanted * 4
