"""Encoding of vector tiles: another decoder gives the same polygons."""

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from tests.zoning.tiles.tiles_decoded import decoded
from zoning.tiles.formats.mvt import Feature, geometries, template, varint
from zoning.tiles.geometry.coverage import snap_to_units

numbers = st.integers(-64, 4160)
stars = st.lists(st.tuples(numbers, numbers), min_size=3, max_size=12, unique=True)


def tile_of(*shapes: BaseGeometry, name: str = "RT 001") -> bytes:
    encoded = geometries(np.array(shapes, dtype=object))
    features = [
        Feature(row + 1, f"code-{row}", name, coloured=True, geometry=geometry)
        for row, geometry in enumerate(encoded)
        if geometry
    ]
    return template([("rt", features)], 4).tile


@given(st.lists(stars, min_size=1, max_size=5))
def test_decoded_polygons_equal_the_encoded_ones(corners: list[list[tuple[int, int]]]) -> None:
    shapes = snap_to_units(np.array([shapely.Polygon(ring) for ring in corners], dtype=object))
    areal = [shape for shape in shapes if shape.area > 0]
    if not areal:
        return
    zones = decoded(tile_of(*shapes))["rt"]
    assert all(zone.shape.is_valid for zone in zones)
    assert all(zone.shape.equals(shape) for shape, zone in zip(areal, zones, strict=True))


def test_a_hole_with_an_island_is_encoded() -> None:
    holed = shapely.Polygon(
        [(0, 0), (100, 0), (100, 100), (0, 100)], [[(10, 10), (90, 10), (90, 90), (10, 90)]]
    )
    multipolygon = shapely.MultiPolygon([holed, shapely.box(20, 20, 30, 30)])
    (zone,) = decoded(tile_of(multipolygon))["rt"]
    assert zone.shape.equals(multipolygon)


def test_corners_that_repeat_and_shapes_without_area_are_left_out() -> None:
    doubled = shapely.Polygon([(0, 0), (0, 0), (50, 0), (50, 0), (50, 50), (0, 0)])
    flat = shapely.Polygon([(0, 0), (10, 0), (10, 0), (0, 0)])
    zones = decoded(tile_of(doubled, flat, shapely.Polygon()))["rt"]
    assert [zone.shape.equals(shapely.Polygon([(0, 0), (50, 0), (50, 50)])) for zone in zones] == [
        True
    ]


@given(st.text(max_size=300))
def test_names_with_any_characters_are_encoded(name: str) -> None:
    encoded = name.encode("utf-8", "ignore").decode()
    (zone,) = decoded(tile_of(shapely.box(0, 0, 9, 9), name=encoded))["rt"]
    assert zone.properties == {"risk": 0, "code": "code-0", "name": encoded}


@pytest.mark.parametrize("n", [1, 130, 17_000])
def test_all_features_are_encoded(n: int) -> None:
    tile = tile_of(*[shapely.box(k % 4000, 0, k % 4000 + 5, 5) for k in range(n)])
    features = mapbox_vector_tile.decode(tile)["rt"]["features"]
    assert [feature["properties"]["code"] for feature in features] == [
        f"code-{k}" for k in range(n)
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, b"\x00"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (300, b"\xac\x02"),
        (1 << 32, b"\x80\x80\x80\x80\x10"),
    ],
)
def test_varints_follow_protocol_buffers(value: int, written: bytes) -> None:
    assert varint(value) == written
