"""Problem spots as a GeoPackage that QGIS opens: points to jump to, and the ground at fault."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from geodata.boundaries.coverage.check import CheckReport
from geodata.boundaries.files.writing import Layer, check_output, write_layers

POINTS: Final = "problem_points"
GROUND: Final = "problem_ground"


def write_problems(report: CheckReport, path: Path) -> None:
    """Write the spots of a report.

    Two layers in EPSG:4326, both with ``kind, codes, names, m2, note``: ``problem_points`` with
    a point for every fault, ``problem_ground`` with polygons for those that have any extent.

    Raises
    ------
    InputError
        ``output-format`` if it is no ``.gpkg``; ``no-folder``; ``not-written``.
    """
    check_output(path, (".gpkg",))
    spots = report.spots
    points = spots.set_geometry(spots.geometry.representative_point())
    wide = spots[shapely.get_dimensions(spots.geometry.to_numpy()) == 2]
    ground = Layer(wide.set_geometry(_multipolygons(wide)), GROUND, "MultiPolygon")
    write_layers([Layer(points, POINTS, "Point"), ground], path)


def _multipolygons(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """One type for the whole layer: GIS programs want that."""
    shapes = [shapely.MultiPolygon(list(shapely.get_parts(shape))) for shape in frame.geometry]
    return gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
