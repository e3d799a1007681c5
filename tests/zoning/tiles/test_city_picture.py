"""The picture of the whole city: every pixel shows the area at its centre, in the day's colour."""

import io
import math

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from PIL import Image

from geodata.boundaries import Boundaries
from zoning import City
from zoning.drawing.palette import INK, NO_DATA, OTHER, UNKNOWN, class_tints, rgb, towards_white
from zoning.risk import FOUR_COLOURS, NO_RISK
from zoning.tiles.city_picture import NARROWEST, WIDEST, draw_city, frame
from zoning.tiles.formats.tints import TileColours, tile_colours

TINTS = (*class_tints(FOUR_COLOURS), UNKNOWN, OTHER)
SEAM = rgb(towards_white(INK, 0.3))
WHITE = (255, 255, 255)


@pytest.fixture(scope="module")
def boundaries(small_city: City) -> Boundaries:
    return small_city.ground().boundaries


@pytest.fixture(scope="module")
def risks(boundaries: Boundaries) -> NDArray[np.uint8]:
    values = np.random.default_rng(3).integers(0, 4, len(boundaries.smallest_zones))
    values[::40] = NO_DATA
    values[boundaries.smallest_zones["kind"].to_numpy() != "rt"] = NO_RISK
    return values.astype(np.uint8)


def pixels_of(png: bytes) -> NDArray[np.uint8]:
    image = Image.open(io.BytesIO(png))
    assert "transparency" not in image.info
    return np.asarray(image.convert("RGB"))


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    y = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return math.radians(longitude), y


def latitude_of(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(y)) - math.pi / 2)


@pytest.mark.parametrize("width", [NARROWEST, 233, 950])
def test_a_pixel_shows_the_colour_or_the_mark_of_the_zone_at_its_centre(
    small_city: City, boundaries: Boundaries, risks: NDArray[np.uint8], width: int
) -> None:
    png = draw_city(small_city.ground(), risks, tile_colours(FOUR_COLOURS), width)
    pixels = pixels_of(png)
    zones = boundaries.smallest_zones.geometry.to_numpy()
    (left, bottom), (right, top) = (
        mercator(*corner) for corner in np.asarray(shapely.total_bounds(zones)).reshape(2, 2)
    )
    height = pixels.shape[0]
    assert pixels.shape == (round(width * (top - bottom) / (right - left)), width, 3)
    # The city fits into whole pixels, so it may be half a pixel smaller than the picture.
    pixel = max((right - left) / width, (top - bottom) / height)
    tint_of = {tint.risk: tint for tint in TINTS}
    rng = np.random.default_rng(width)
    kinds = {"outside": 0, "plain": 0, "mark": 0, "seam": 0}
    for row, column in zip(rng.integers(0, height, 800), rng.integers(0, width, 800), strict=True):
        x = math.degrees((left + right) / 2 + (column + 0.5 - width / 2) * pixel)
        y = latitude_of((top + bottom) / 2 + (height / 2 - row - 0.5) * pixel)
        [*inside] = np.flatnonzero(shapely.contains_xy(zones, x, y))
        colour = tuple(pixels[row, column].tolist())
        if not inside:
            assert colour == WHITE
            kinds["outside"] += 1
            continue
        tint = tint_of[int(risks[inside[0]])]
        kind = {rgb(tint.fill): "plain", rgb(tint.mark): "mark", SEAM: "seam"}[colour]
        kinds[kind] += 1
    # The small city has one kecamatan, so only its wide picture has seams.
    assert (kinds["seam"] > 0) == (width >= 900)
    assert min(kinds["outside"], kinds["mark"]) > 0
    assert kinds["plain"] > kinds["mark"] + kinds["seam"]


def test_a_wide_picture_has_seams_only_where_two_kelurahan_meet(
    small_city: City, boundaries: Boundaries, risks: NDArray[np.uint8]
) -> None:
    png = draw_city(small_city.ground(), risks, tile_colours(FOUR_COLOURS), 900)
    rows, columns = np.nonzero((pixels_of(png) == SEAM).all(axis=2))
    outlines = [shapely.boundary(area) for area in boundaries.level("kelurahan").geometry]
    borders = shapely.union_all(outlines)
    place = frame(boundaries.smallest_zones.total_bounds, 900)
    for row, column in list(zip(rows, columns, strict=True))[::25]:
        x = (place.west + (column + 0.5) * place.pixel) * 360
        y = latitude_of((place.north - (row + 0.5) * place.pixel) * 2 * math.pi)
        assert shapely.distance(borders, shapely.Point(x, y)) < 1.5 * place.pixel * 360
    assert len(rows) > 900


def test_more_classes_than_four_bits_can_address_give_the_same_picture(
    small_city: City, risks: NDArray[np.uint8]
) -> None:
    narrow, wide = TileColours(FOUR_COLOURS), TileColours(FOUR_COLOURS)
    wide.depth = 8
    first, second = (draw_city(small_city.ground(), risks, each, 301) for each in (narrow, wide))
    assert first != second
    np.testing.assert_array_equal(pixels_of(first), pixels_of(second))


@pytest.mark.parametrize(
    ("bounds", "height"),
    [((110, -8, 110.2, -6), 400), ((110, -7.001, 112, -7), 50), ((110, 0, 110.1, 0.1), 200)],
)
def test_a_long_city_lies_in_the_middle_of_a_picture_of_limited_height(
    bounds: tuple[float, float, float, float], height: int
) -> None:
    picture = frame(bounds, 200)
    assert (picture.width, picture.height) == (200, height)
    west, south, east, north = bounds
    (left, bottom), (right, top) = mercator(west, south), mercator(east, north)
    middle = (
        picture.west + picture.pixel * picture.width / 2,
        picture.north - picture.pixel * picture.height / 2,
    )
    expected = ((left + right) / 4 / math.pi, (bottom + top) / 4 / math.pi)
    assert middle == pytest.approx(expected, abs=1e-12)
    assert picture.pixel * 200 >= (right - left) / 2 / math.pi - 1e-12
    assert picture.pixel * height >= (top - bottom) / 2 / math.pi - 1e-12


def test_the_limits_of_the_width_are_in_order() -> None:
    assert NARROWEST < WIDEST
