"""Tiles as pictures: every pixel shows the area at its centre, in the day's colour."""

import io
import math
import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from PIL import Image

from geodata.boundaries import Boundaries
from tests.four_colours import TINTS, colour_rows, paint
from zoning import City
from zoning.drawing.palette import NO_DATA, OTHER, UNKNOWN, rgb
from zoning.locating.locator import Locator
from zoning.risk import NO_RISK
from zoning.tiles.geometry.scheme import Tile, tiles_over
from zoning.tiles.pictures import Kind, Picture, draw_picture, pixel_numbers

Pixels = NDArray[np.uint8]
Draw = Callable[[Tile, int], Picture | None]


@pytest.fixture(scope="module")
def boundaries(small_city: City) -> Boundaries:
    return small_city.ground().boundaries


@pytest.fixture(scope="module")
def kelurahan(boundaries: Boundaries) -> NDArray[np.int32]:
    names = sorted(set(boundaries.ancestors("kelurahan")))
    return np.array([names.index(name) for name in boundaries.ancestors("kelurahan")], np.int32)


@pytest.fixture(scope="module")
def draw(small_city: City, kelurahan: NDArray[np.int32]) -> Draw:
    locator = small_city.ground().locator
    return lambda tile, size: draw_picture(locator, kelurahan, tile, size)


@pytest.fixture(scope="module")
def risks(boundaries: Boundaries) -> NDArray[np.uint8]:
    values = (
        np.random.default_rng(7).integers(0, 4, len(boundaries.smallest_zones)).astype(np.uint8)
    )
    values[::50] = NO_DATA
    values[boundaries.smallest_zones["kind"].to_numpy() != "rt"] = NO_RISK
    return values


def decoded(png: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def drawn(picture: Picture | None) -> Picture:
    assert picture is not None
    return picture


def middle(boundaries: Boundaries, zoom: int) -> Tile:
    """The tile at the middle of the city."""
    west, south, east, north = boundaries.smallest_zones.total_bounds
    x, y = (west + east) / 2, (south + north) / 2
    return tiles_over((x, y, x, y), zoom)[0]


def pixel_centre(tile: Tile, size: int, row: int, column: int) -> tuple[float, float]:
    """Longitude and latitude of a pixel's centre, by the formula of the OpenStreetMap wiki."""
    n = 2.0**tile.z
    x, y = tile.x + (column + 0.5) / size, tile.y + (row + 0.5) / size
    return x / n * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / n))))


def pixel_at(zoom: int, size: int, lon: float, lat: float) -> tuple[Tile, int, int]:
    """The tile of a point, and the row and column of its pixel."""
    n = 2.0**zoom
    x = (lon + 180) / 360 * n
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n
    return Tile(zoom, int(x), int(y)), int(y % 1 * size), int(x % 1 * size)


@pytest.mark.parametrize("size", [256, 512])
@pytest.mark.parametrize("zoom", [8, 12, 14, 15, 16, 18])
def test_a_pixel_shows_the_polygon_at_its_centre(
    draw: Draw, boundaries: Boundaries, zoom: int, size: int
) -> None:
    tile = middle(boundaries, zoom)
    picture = drawn(draw(tile, size))
    numbers, n = pixel_numbers(picture), len(picture.areas)
    random = np.random.default_rng(zoom)
    tree = shapely.STRtree(boundaries.smallest_zones.geometry.to_numpy())
    checked = 0
    for row, column in random.integers(0, size, (400, 2)).tolist():
        holding = tree.query(
            shapely.Point(pixel_centre(tile, size, row, column)), "within"
        ).tolist()
        number = int(numbers[row, column])
        if number == n + 1:  # a seam shows only that some area is there
            assert holding
            continue
        area = number - 1 if number <= n else number - n - 2
        assert [int(picture.areas[area])] * (number > 0) == holding
        checked += 1
    assert checked > 300


@pytest.mark.parametrize("zoom", [10, 11, 12, 13, 14, 15, 16])
@pytest.mark.parametrize("pattern", [False, True])
def test_a_tile_of_512_pixels_equals_its_four_children_of_256(
    draw: Draw, boundaries: Boundaries, risks: NDArray[np.uint8], zoom: int, *, pattern: bool
) -> None:
    tile = middle(boundaries, zoom)
    pixels = decoded(paint(drawn(draw(tile, 512)), risks))
    for down in (0, 1):
        for right in (0, 1):
            quarter = draw(Tile(zoom + 1, 2 * tile.x + right, 2 * tile.y + down), 256)
            quarter_pixels = pixels[256 * down :, 256 * right :][:256, :256]
            if quarter is None:
                assert (quarter_pixels[..., 3] == 0).all()
            elif pattern:
                marked = decoded(paint(quarter, risks, pattern=True))
                assert_only_marked(marked, quarter_pixels)
            else:
                assert (decoded(paint(quarter, risks)) == quarter_pixels).all()


def assert_only_marked(marked: Pixels, plain: Pixels) -> None:
    """Where the two differ, the marked picture has the mark colour of the plain picture's tint."""
    differ = (marked != plain).any(axis=2)
    for tint in (*TINTS, UNKNOWN, OTHER):
        of_tint = (plain[differ][:, :3] == rgb(tint.fill)).all(axis=1)
        assert (marked[differ][of_tint][:, :3] == rgb(tint.mark)).all()
        assert tint.pattern != "plain" or not of_tint.any()


@pytest.mark.parametrize("zoom", [12, 14, 15, 16])
def test_a_palette_of_areas_and_one_of_colours_give_the_same_pixels(
    draw: Draw, boundaries: Boundaries, risks: NDArray[np.uint8], zoom: int
) -> None:
    picture = drawn(draw(middle(boundaries, zoom), 256))
    kind = picture.kind & Kind.LINED
    numbers = pixel_numbers(picture).astype(np.uint16)
    dense = Picture(256, kind, picture.areas, numbers.tobytes())
    ready = decoded(paint(picture, risks))
    assert (ready == decoded(paint(dense, risks))).all()
    wide = dense._replace(kind=kind | Kind.WIDE, payload=numbers.astype(np.uint32).tobytes())
    assert paint(wide, risks) == paint(dense, risks)


def test_pixels_are_compressed_in_advance_only_if_areas_fit_into_a_palette(
    draw: Draw, boundaries: Boundaries
) -> None:
    few, many = (drawn(draw(middle(boundaries, zoom), 256)) for zoom in (17, 11))
    assert len(few.areas) < 100
    assert len(many.areas) > 254
    assert few.kind == Kind.LINED | Kind.READY
    assert many.kind == Kind(0)


@pytest.mark.parametrize("zoom", [16, 17])
@pytest.mark.parametrize("size", [256, 512])
def test_a_thousand_points_inside_rt_have_the_colour_of_their_rt(
    draw: Draw, boundaries: Boundaries, risks: NDArray[np.uint8], zoom: int, size: int
) -> None:
    pixel = 360 / (size << zoom)
    deep = shapely.buffer(boundaries.smallest_zones.geometry.to_numpy(), -2 * pixel)
    random, colours = np.random.default_rng(3), {}
    for risk, tint in [*enumerate(TINTS), (NO_DATA, UNKNOWN), (NO_RISK, OTHER)]:
        colours[risk] = (*rgb(tint.fill), 255)
    pictures: dict[Tile, Pixels] = {}
    checked = 0
    for row in random.permutation(np.repeat(np.flatnonzero(~shapely.is_empty(deep)), 4))[:1000]:
        west, south, east, north = deep[row].bounds
        lon, lat = random.uniform((west, south), (east, north))
        if not deep[row].contains(shapely.Point(lon, lat)):
            lon, lat = deep[row].representative_point().coords[0]
        tile, down, right = pixel_at(zoom, size, lon, lat)
        if tile not in pictures:
            pictures[tile] = decoded(paint(drawn(draw(tile, size)), risks))
        assert tuple(pictures[tile][down, right]) == colours[int(risks[row])]
        checked += 1
    assert checked == 1000


def test_outside_is_transparent_and_nothing_else_is(
    draw: Draw, boundaries: Boundaries, risks: NDArray[np.uint8]
) -> None:
    for zoom in (9, 12, 15):
        for tile in tiles_over(boundaries.smallest_zones.total_bounds, zoom):
            picture = draw(tile, 256)
            if picture is None:
                continue
            for pattern in (False, True):
                alpha = decoded(paint(picture, risks, pattern=pattern))[..., 3]
                assert ((alpha == 0) == (pixel_numbers(picture) == 0)).all()
                assert set(np.unique(alpha)) <= {0, 255}


def test_a_tile_with_no_area_is_no_picture(draw: Draw) -> None:
    assert draw(Tile(14, 0, 0), 256) is None


@pytest.mark.parametrize(
    ("zoom", "size", "seams", "edges"),
    [
        (11, 256, False, False),
        (12, 256, True, False),
        (11, 512, True, False),
        (14, 256, True, False),
        (15, 256, True, True),
        (14, 512, True, True),
    ],
)
def test_lines_are_drawn_from_their_lowest_zoom_on(
    draw: Draw, boundaries: Boundaries, zoom: int, size: int, *, seams: bool, edges: bool
) -> None:
    picture = drawn(draw(middle(boundaries, zoom), size))
    numbers, n = pixel_numbers(picture), len(picture.areas)
    assert bool((numbers == n + 1).any()) == seams
    assert bool((numbers > n + 1).any()) == edges


@pytest.mark.large
@pytest.mark.parametrize("size", [256, 512])
def test_patterns_continue_in_the_next_tile(size: int) -> None:
    locator = Locator([shapely.box(110, -8, 111, -6)])
    one = np.zeros(1, dtype=np.int32)
    tile = tiles_over((110.5, -7, 110.5, -7), 14)[0]
    period = size // 32
    for risk, tint in enumerate(TINTS[1:], start=1):
        pictures = [
            drawn(draw_picture(locator, one, Tile(14, tile.x + right, tile.y + down), size))
            for down in (0, 1)
            for right in (0, 1)
        ]
        risks = np.full(1, risk, dtype=np.uint8)
        shown = [decoded(paint(picture, risks, pattern=True)) for picture in pictures]
        sheet = np.vstack([np.hstack(shown[:2]), np.hstack(shown[2:])])
        marked = (sheet[..., :3] == rgb(tint.mark)).all(axis=2)
        assert 0.05 < marked.mean() < 0.5
        assert (marked[:, period:] == marked[:, :-period]).all()
        assert (marked[period:] == marked[:-period]).all()


@pytest.mark.large
def test_more_areas_than_two_bytes_can_number_are_shown() -> None:
    side = 300
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    tile = tiles_over((110.5, -7.2, 110.5, -7.2), 8)[0]
    west, south = tile.box.west + 0.1, tile.box.south + 0.1
    step = 360 / 2**8 * 0.8 / side
    squares = shapely.box(
        west + x * step, south + y * step, west + (x + 1) * step, south + (y + 1) * step
    ).ravel()
    locator = Locator(squares)
    picture = drawn(draw_picture(locator, np.zeros(len(squares), np.int32), tile, 512))
    assert len(picture.areas) > 1 << 16
    assert picture.kind == Kind.WIDE
    risks = (np.arange(len(squares)) % 4).astype(np.uint8)
    shown = decoded(paint(picture, risks))
    for row, column in np.random.default_rng(5).integers(0, 512, (500, 2)).tolist():
        lon, lat = pixel_centre(tile, 512, row, column)
        right, up = math.floor((lon - west) / step), math.floor((lat - south) / step)
        inside = 0 <= right < side and 0 <= up < side
        expected = (*rgb(TINTS[(up * side + right) % 4].fill), 255)
        assert tuple(shown[row, column]) == expected if inside else shown[row, column][3] == 0


def test_the_same_day_gives_the_same_bytes(
    draw: Draw, boundaries: Boundaries, risks: NDArray[np.uint8]
) -> None:
    for zoom in (11, 15):
        tile = middle(boundaries, zoom)
        for pattern in (False, True):
            first, again = (paint(drawn(draw(tile, 256)), risks, pattern=pattern) for _ in "12")
            assert first == again


def test_an_unknown_risk_is_shown_as_no_data(draw: Draw, boundaries: Boundaries) -> None:
    picture = drawn(draw(middle(boundaries, 13), 256))
    unknown_risks, no_data = (
        np.full(len(boundaries.smallest_zones), risk, np.uint8) for risk in (77, NO_DATA)
    )
    assert (colour_rows(picture, unknown_risks) == colour_rows(picture, no_data)).all()


_BARE = """
import numpy as np, shapely, sys
from zoning.locating.locator import Locator
from zoning.risk import FOUR_COLOURS
from zoning.tiles.formats.tints import TileColours
from zoning.tiles.geometry.scheme import Tile
from zoning.tiles.pictures import draw_picture, paint
colours = TileColours(FOUR_COLOURS)
squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
picture = draw_picture(Locator(squares), np.arange(2, dtype=np.int32), Tile(8, 128, 127), 256)
for pattern in (False, True):
    sys.stdout.buffer.write(paint(picture, np.array([1, 3], np.uint8), colours, pattern=pattern))
"""


def test_plain_python_and_compiled_code_paint_the_same_bytes() -> None:
    painted = {
        subprocess.run(
            [sys.executable, "-c", _BARE],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            check=True,
            capture_output=True,
        ).stdout
        for disabled in ("0", "1")
    }
    assert len(painted) == 1
    assert painted != {b""}
