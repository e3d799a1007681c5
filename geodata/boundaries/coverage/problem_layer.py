"""Write faults as a GeoPackage for QGIS: points, and polygons of the faults."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from geodata.boundaries.coverage.check import CheckReport
from geodata.boundaries.files.writing import Layer, check_output, write_layers

POINTS: Final = "problem_points"
POLYGONS: Final = "problem_ground"


def write_problems(report: CheckReport, path: Path) -> None:
    """Write the faults of a report.

    Two layers in EPSG:4326, both with ``kind, codes, names, m2, note``: ``problem_points`` with a
    point for every fault, ``problem_ground`` with the polygons of faults that have an area.

    Raises
    ------
    InputError
        ``output-format`` for an ending other than ``.gpkg``; ``no-folder``; ``not-written``.
    """
    check_output(path, (".gpkg",))
    spots = report.spots
    points = spots.set_geometry(spots.geometry.representative_point())
    with_area = spots[shapely.get_dimensions(spots.geometry.to_numpy()) == 2]
    polygons = Layer(with_area.set_geometry(_multipolygons(with_area)), POLYGONS, "MultiPolygon")
    write_layers([Layer(points, POINTS, "Point"), polygons], path)


def _multipolygons(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Convert to MultiPolygon: GIS programs need one type per layer."""
    geometries = [shapely.MultiPolygon(list(shapely.get_parts(shape))) for shape in frame.geometry]
    return gpd.GeoSeries(geometries, index=frame.index, crs=frame.crs)
