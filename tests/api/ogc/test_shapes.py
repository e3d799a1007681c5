"""Geometries as a GIS takes a layer: all of one kind."""

import json

import numpy as np
import pytest
import shapely

from api.ogc.crs import CRS84, Crs
from api.ogc.shapes import Box, Shapes, boxed
from zoning.caching import Cache

ONE = shapely.box(110, -7, 111, -6)
TWO = shapely.MultiPolygon([shapely.box(112, -7, 113, -6), shapely.box(114, -7, 115, -6)])
UTM = Crs("http://www.opengis.net/def/crs/EPSG/0/32749", "EPSG:32749", False, 2)


def stored(*shapes: shapely.geometry.base.BaseGeometry | None) -> Shapes:
    held = np.empty(len(shapes), dtype=object)
    held[:] = shapes
    ready = [json.dumps(None if one is None else one.__geo_interface__).encode() for one in shapes]
    return Shapes(held, Cache(1), ("shapes",), lambda: ready)


@pytest.mark.parametrize("crs", [CRS84, UTM])
def test_where_one_area_has_several_parts_all_are_written_in_parts(crs: Crs) -> None:
    shapes = stored(ONE, TWO, None)
    written = [json.loads(text) for text in shapes.encoded(crs)]
    assert [None if one is None else one["type"] for one in written] == [
        "MultiPolygon",
        "MultiPolygon",
        None,
    ]
    if crs == CRS84:
        drawn = [shapely.geometry.shape(one) for one in written[:2]]
        assert shapely.equals(drawn, [ONE, TWO]).all()


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [((ONE, None), "Polygon"), ((TWO, TWO), "MultiPolygon"), ((shapely.Point(1, 2),), "Point")],
)
def test_shapes_of_one_kind_are_written_as_they_are(
    shapes: tuple[shapely.geometry.base.BaseGeometry | None, ...], kind: str
) -> None:
    written = [json.loads(text) for text in stored(*shapes).encoded(CRS84)]
    assert {one["type"] for one in written if one is not None} == {kind}


@pytest.mark.parametrize(
    ("box", "area"),
    [
        ((179.0, 0.0, -179.0, 1.0), 2.0),
        ((1e150, 0.0, -179.0, 1.0), 1.0),
        ((179.0, 0.0, -1e150, 1.0), 1.0),
        ((1e150, -1e308, 6e16, 9e-60), 32400.0),
    ],
)
def test_a_box_over_180_degrees_has_the_sides_that_lie_in_the_world(box: Box, area: float) -> None:
    assert boxed(box).intersection(shapely.box(-180, -90, 180, 90)).area == pytest.approx(area)
