"""The tile scheme, against formulas and figures of others."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile, tiles_over, to_tiles


def slippy(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """The formula of the OpenStreetMap wiki."""
    n = 2.0**zoom
    y = (1.0 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2.0 * n
    return int((lon + 180.0) / 360.0 * n), int(y)


@given(st.floats(-179.9, 179.9), st.floats(-85, 85), st.integers(MIN_ZOOM, MAX_ZOOM))
def test_a_point_is_in_the_tile_of_the_wiki_formula_and_in_its_box(
    lon: float, lat: float, zoom: int
) -> None:
    (tile,) = tiles_over((lon, lat, lon, lat), zoom)
    west, south, east, north = tile.box
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9
    x, y = slippy(lon, lat, zoom)
    assert abs(tile.x - x) <= 1
    assert abs(tile.y - y) <= 1


def test_the_tile_of_semarang_is_the_known_one() -> None:
    assert tiles_over((110.42, -6.98, 110.42, -6.98), 12) == [Tile(12, *slippy(110.42, -6.98, 12))]


def test_all_tiles_between_the_corners_are_given() -> None:
    tiles = tiles_over((110.3, -7.1, 110.5, -6.95), 14)
    (x0, x1), (y0, y1) = to_tiles([110.3, 110.5], [-6.95, -7.1], 14).astype(int).tolist()
    assert len(tiles) == len(set(tiles)) == (x1 - x0 + 1) * (y1 - y0 + 1)
    assert tiles[0] == (14, x0, y0)
    assert tiles[-1] == (14, x1, y1)


@pytest.mark.parametrize(
    ("tile", "exists"),
    [
        (Tile(8, 0, 0), True),
        (Tile(8, 255, 255), True),
        (Tile(18, (1 << 18) - 1, 0), True),
        (Tile(7, 0, 0), False),
        (Tile(19, 0, 0), False),
        (Tile(8, 256, 0), False),
        (Tile(8, 0, -1), False),
        (Tile(-1, 0, 0), False),
        (Tile(10**9, 0, 0), False),
    ],
)
def test_a_tile_off_the_world_or_the_zooms_does_not_exist(tile: Tile, *, exists: bool) -> None:
    assert tile.exists == exists


def test_several_bounds_give_only_their_tiles_each_once() -> None:
    first, second = (110.4, -7.0, 110.4001, -6.9999), (11.04, -7.0, 11.0401, -6.9999)
    tiles = tiles_over([first, second, first], 16)
    assert sorted(tiles) == sorted({*tiles_over(first, 16), *tiles_over(second, 16)})
    assert len(tiles) <= 8


@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(MIN_ZOOM, MAX_ZOOM))
def test_every_tile_given_exists(lon: float, lat: float, zoom: int) -> None:
    assert all(tile.exists for tile in tiles_over((lon, lat, lon, lat), zoom))
