"""Indexes of one version of the boundaries: areas at a point and in a box."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely

from geodata.areas import Level
from geodata.errors import InputError
from tests.cities.small_city import BRINGIN, MARKET, SIDE, SOUTH, WEST, code, middle, small_city
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import BBox, IndexedBoundaries, boundaries_key

CITY = small_city()
INDEXED = IndexedBoundaries(CITY)
LEVELS: tuple[Level, ...] = ("rt", "rw", "kelurahan", "kecamatan", "kota")


@pytest.mark.parametrize("square", [(0, 1, 1), (3, 2, 3), (BRINGIN, 2, 3)])
def test_a_point_has_the_area_of_its_square(square: tuple[int, int, int]) -> None:
    area = INDEXED.locate(*middle(*square))
    assert area is not None
    assert area.code == code(*square)


def test_a_point_outside_has_no_area() -> None:
    assert INDEXED.locate(WEST - SIDE, SOUTH + SIDE) is None
    # The row of the first zone is 0, which is a zone.
    first = INDEXED.locate(*shapely.get_coordinates(CITY.smallest_zones.geometry[0].centroid)[0])
    assert first is not None
    assert first.code == CITY.smallest_zones["code"][0]


@pytest.mark.parametrize("point", [(math.nan, -7.0), (110.4, math.nan), (math.nan, math.nan)])
def test_a_missing_coordinate_is_no_error(point: tuple[float, float]) -> None:
    assert INDEXED.locate(*point) is None


@pytest.mark.parametrize("point", [(210.4, -7.0), (110.4, 99.5), (math.inf, -7.0)])
def test_a_point_that_is_no_place_on_earth_is_an_error(point: tuple[float, float]) -> None:
    with pytest.raises(InputError) as raised:
        INDEXED.locate(*point)
    assert raised.value.code == "no-place-on-earth"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "box",
    [
        (WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE / 2),
        (WEST + 2.5 * SIDE, SOUTH + 0.5 * SIDE, WEST + 4.5 * SIDE, SOUTH + 2.5 * SIDE),
        (WEST - 2, SOUTH - 2, WEST - 1, SOUTH - 1),
        (WEST - 1, SOUTH - 1, WEST + 1, SOUTH + 1),
        # A box without width is a line: it meets the areas that it crosses.
        (WEST + SIDE / 2, SOUTH, WEST + SIDE / 2, SOUTH + SIDE / 2),
    ],
)
def test_a_box_meets_the_areas_whose_bounds_it_touches(level: Level, box: BBox) -> None:
    west, south, east, north = box
    bounds = CITY.level(level).bounds
    touches = (
        (bounds["minx"] <= east)
        & (bounds["maxx"] >= west)
        & (bounds["miny"] <= north)
        & (bounds["maxy"] >= south)
    )
    rows = INDEXED.within(box, level)
    assert rows.tolist() == np.flatnonzero(touches).tolist()
    assert rows.dtype == np.intp


def test_threads_may_search_at_once() -> None:
    indexed = IndexedBoundaries(CITY)
    box = (WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE / 2)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda level: indexed.within(box, level).tolist(), LEVELS * 40))
    assert answers == [INDEXED.within(box, level).tolist() for level in LEVELS] * 40


def test_the_estimated_memory_grows_with_areas_and_corners() -> None:
    corners = sum(len(shapely.get_coordinates(shape)) for shape in CITY.areas.geometry)
    assert INDEXED.nbytes == corners * 120 + len(CITY.areas) * 4000


def test_versions_have_different_keys() -> None:
    assert boundaries_key("a") == boundaries_key("a") != boundaries_key("b")


def test_public_answers_and_officials_share_the_boundaries_of_a_version() -> None:
    # A part of the cache has its own keys, except for the kinds that it shares: `ground`.
    cache = Cache()
    public = cache.section("public", frozenset({"ground"}))
    key = boundaries_key("a")
    indexed = cache.get_or_build(key, lambda: INDEXED, lambda built: built.nbytes)
    assert public.get(key) is indexed


def test_the_market_is_an_area_without_rt() -> None:
    area = INDEXED.locate(*middle(BRINGIN, 2, 3))
    assert area is not None
    assert (area.code, area.kind) == (MARKET, "other")
