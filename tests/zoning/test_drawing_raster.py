"""The picture of a day: the right colour at the right place, nothing outside."""

import io
import math

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from PIL import Image

from geodata.boundaries import Boundaries
from zoning import City
from zoning.drawing.mercator import Frame, latitude_of, to_plane
from zoning.drawing.palette import NO_DATA, OTHER, TINTS, UNKNOWN, rgb
from zoning.drawing.raster import Raster, draw_raster, overlay_png
from zoning.zones import NO_RISK

WIDTH = 700


@pytest.fixture(scope="module")
def boundaries(small_city: City) -> Boundaries:
    return small_city.ground().boundaries


@pytest.fixture(scope="module")
def raster(small_city: City) -> Raster:
    ground = small_city.ground()
    return draw_raster(ground.boundaries, ground.locator, WIDTH)


def pixels(png: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def pixel_of(raster: Raster, lon: float, lat: float) -> tuple[int, int]:
    """Row and column by the textbook's formula, not the module's."""

    def height(degrees: float) -> float:
        return math.log(math.tan(math.pi / 4 + math.radians(degrees) / 2))

    box, (rows, columns) = raster.box, raster.leaf.shape
    x = (lon - box.west) / (box.east - box.west) * columns
    y = (height(box.north) - height(lat)) / (height(box.north) - height(box.south)) * rows
    return int(y), int(x)


def test_the_pixel_at_a_place_inside_an_rt_is_that_rt(
    raster: Raster, boundaries: Boundaries
) -> None:
    shapes = boundaries.leaves.geometry.to_numpy()
    pixel = (raster.box.east - raster.box.west) / WIDTH
    deep = [
        (row, circle.centroid)
        for row, circle in enumerate(shapely.maximum_inscribed_circle(shapes))
        if circle.length > 1.5 * pixel
    ]
    assert len(deep) > 100
    for row, centre in deep:
        assert raster.leaf[pixel_of(raster, centre.x, centre.y)] == row


def test_every_rt_has_its_days_colour_and_nothing_else_is_drawn(
    raster: Raster, boundaries: Boundaries
) -> None:
    risks = (np.arange(len(boundaries.leaves)) % 4).astype(np.uint8)
    drawn = pixels(overlay_png(raster, risks))
    plain = raster.shade == 0
    for risk, tint in enumerate(TINTS):
        here = plain & (raster.leaf >= 0) & (risks[raster.leaf] == risk)
        assert here.any()
        assert (drawn[here] == (*rgb(tint.fill), 255)).all()
    assert (drawn[raster.leaf < 0][:, 3] == 0).all()
    assert (drawn[raster.leaf >= 0][:, 3] == 255).all()


@pytest.mark.parametrize(("risk", "tint"), [(NO_RISK, OTHER), (NO_DATA, UNKNOWN), (77, UNKNOWN)])
def test_no_data_and_no_rt_are_not_green(
    raster: Raster, boundaries: Boundaries, risk: int, tint: object
) -> None:
    risks = np.full(len(boundaries.leaves), risk, dtype=np.uint8)
    drawn = pixels(overlay_png(raster, risks))[(raster.shade == 0) & (raster.leaf >= 0)]
    assert (drawn[:, :3] == rgb(getattr(tint, "fill", ""))).all()


def test_risks_keep_their_patterns_for_who_cannot_tell_the_colours(
    raster: Raster, boundaries: Boundaries
) -> None:
    inside = (raster.leaf >= 0) & (raster.shade < 8)
    shares = []
    for risk, tint in enumerate(TINTS):
        risks = np.full(len(boundaries.leaves), risk, dtype=np.uint8)
        drawn = pixels(overlay_png(raster, risks))[inside]
        shares.append(float((drawn[:, :3] == rgb(tint.mark)).all(axis=1).mean()))
    assert shares[0] == 0.0
    assert 0.02 < shares[1] < shares[2] < shares[3] < 0.5


def test_the_same_day_is_the_same_bytes(raster: Raster, boundaries: Boundaries) -> None:
    risks = np.zeros(len(boundaries.leaves), dtype=np.uint8)
    assert overlay_png(raster, risks) == overlay_png(raster, risks)


def test_the_plane_and_back_is_the_same_latitude() -> None:
    latitudes = np.linspace(-85, 85, 101)
    _, y = to_plane(np.zeros(101), latitudes)
    assert latitude_of(y) == pytest.approx(latitudes, abs=1e-12)


def test_a_frame_holds_its_bounds_with_square_pixels() -> None:
    frame = Frame.around([110.27, -7.12, 110.51, -6.93], 1000)
    assert shapely.box(*frame.box).contains(shapely.box(110.27, -7.12, 110.51, -6.93))
    (x0, x1), (y0, y1) = to_plane(
        [frame.box.west, frame.box.east], [frame.box.south, frame.box.north]
    )
    assert (x1 - x0) / frame.width == pytest.approx((y1 - y0) / frame.height, rel=1e-9)
