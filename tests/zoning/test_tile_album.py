"""Pictures kept on disk: the same as drawn, found without a copy, drawn where none is kept."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from geodata.boundaries import Boundaries
from tests import small_city
from zoning.placing.ground import Ground
from zoning.tiles.album import LAST_PREPARED, Pictures, prepare_pictures
from zoning.tiles.pictures import Picture, draw_picture, paint
from zoning.tiles.scheme import Tile, tiles_over


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
def prepared(ground: Ground, told: list[tuple[str, int, int]]) -> pa.Table:
    return prepare_pictures(ground, lambda *said: told.append(said))


@pytest.fixture(scope="module")
def pictures(
    prepared: pa.Table, ground: Ground, tmp_path_factory: pytest.TempPathFactory
) -> Pictures:
    path = tmp_path_factory.mktemp("pictures") / "pictures.arrow"
    write(path, prepared)
    return Pictures(pa.ipc.open_file(pa.memory_map(str(path))).read_all(), ground)


def write(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


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


def test_what_is_kept_is_sorted_by_its_key_and_of_one_chunk(prepared: pa.Table) -> None:
    keys = list(zip(*(prepared[name].to_pylist() for name in ("z", "x", "y", "size")), strict=True))
    assert keys == sorted(set(keys))
    assert {key[0] for key in keys} == set(range(8, LAST_PREPARED + 1))
    assert prepared["payload"].num_chunks == 1


def test_the_same_boundaries_are_the_same_table(prepared: pa.Table, boundaries: Boundaries) -> None:
    assert prepare_pictures(Ground(boundaries), lambda *_: None).equals(prepared)


def test_progress_goes_up_to_all(prepared: pa.Table, told: list[tuple[str, int, int]]) -> None:
    assert [done for _, done, _ in told] == list(range(1, told[-1][2] + 1))


def test_a_sliced_table_is_read_as_it_stands(prepared: pa.Table, ground: Ground) -> None:
    later = Pictures(prepared.slice(5), ground)
    whole = Pictures(prepared, ground)
    z, x, y, size = (prepared[name][7].as_py() for name in ("z", "x", "y", "size"))
    assert same(later.get(Tile(z, x, y), size), whole.get(Tile(z, x, y), size))
    z, x, y, size = (prepared[name][2].as_py() for name in ("z", "x", "y", "size"))
    assert later.get(Tile(z, x, y), size) is None


def test_an_empty_table_has_no_pictures(prepared: pa.Table, ground: Ground) -> None:
    none = Pictures(prepared.slice(0, 0), ground)
    assert none.get(tiles_over(ground.boundaries.leaves.total_bounds, 12)[0], 256) is None


def test_many_threads_get_the_same_pictures(prepared: pa.Table, ground: Ground) -> None:
    risks = np.zeros(len(ground.boundaries.leaves), dtype=np.uint8)
    tiles = tiles_over(ground.boundaries.leaves.total_bounds, 18)

    def painted(tile: Tile, shared: Pictures) -> bytes | None:
        picture = shared.get(tile, 256)
        return None if picture is None else paint(picture, risks)

    alone, shared = Pictures(prepared, ground), Pictures(prepared, ground)
    wanted = [painted(tile, alone) for tile in tiles]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda tile: painted(tile, shared), tiles * 4))
    assert found == wanted * 4
