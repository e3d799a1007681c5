"""Geometries of a layer have one type, as a GIS requires."""

import json

import numpy as np
import pytest
import shapely

from api.ogc.crs import CRS84, Crs
from api.ogc.shapes import Box, Shapes, box_shape
from zoning.caching import Cache

POLYGON = shapely.box(110, -7, 111, -6)
MULTIPOLYGON = shapely.MultiPolygon([shapely.box(112, -7, 113, -6), shapely.box(114, -7, 115, -6)])
UTM = Crs("http://www.opengis.net/def/crs/EPSG/0/32749", "EPSG:32749", False, 2)


def make_shapes(*geometries: shapely.geometry.base.BaseGeometry | None) -> Shapes:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    interfaces = [None if shape is None else shape.__geo_interface__ for shape in geometries]
    texts = [json.dumps(interface).encode() for interface in interfaces]
    return Shapes(array, Cache(1), ("shapes",), lambda: texts)


@pytest.mark.parametrize("crs", [CRS84, UTM])
def test_if_one_area_has_several_parts_every_polygon_becomes_a_multipolygon(crs: Crs) -> None:
    shapes = make_shapes(POLYGON, MULTIPOLYGON, None)
    geometries = [json.loads(text) for text in shapes.encoded(crs)]
    assert [None if geometry is None else geometry["type"] for geometry in geometries] == [
        "MultiPolygon",
        "MultiPolygon",
        None,
    ]
    if crs == CRS84:
        decoded = [shapely.geometry.shape(geometry) for geometry in geometries[:2]]
        assert shapely.equals(decoded, [POLYGON, MULTIPOLYGON]).all()


@pytest.mark.parametrize(
    ("shapes", "geometry_type"),
    [
        ((POLYGON, None), "Polygon"),
        ((MULTIPOLYGON, MULTIPOLYGON), "MultiPolygon"),
        ((shapely.Point(1, 2),), "Point"),
    ],
)
def test_shapes_of_one_type_keep_their_type(
    shapes: tuple[shapely.geometry.base.BaseGeometry | None, ...], geometry_type: str
) -> None:
    geometries = [json.loads(text) for text in make_shapes(*shapes).encoded(CRS84)]
    types = {geometry["type"] for geometry in geometries if geometry is not None}
    assert types == {geometry_type}


@pytest.mark.parametrize(
    ("box", "area"),
    [
        ((179.0, 0.0, -179.0, 1.0), 2.0),
        ((1e150, 0.0, -179.0, 1.0), 1.0),
        ((179.0, 0.0, -1e150, 1.0), 1.0),
        ((1e150, -1e308, 6e16, 9e-60), 32400.0),
    ],
)
def test_a_box_across_the_180th_meridian_has_the_halves_within_the_world(
    box: Box, area: float
) -> None:
    world = shapely.box(-180, -90, 180, 90)
    assert box_shape(box).intersection(world).area == pytest.approx(area)
