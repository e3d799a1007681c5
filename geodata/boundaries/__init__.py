"""Boundaries: read, check, repair, name and store polygons of areas."""

from geodata.boundaries.coverage.assemble import assemble, build_boundaries, merged_codes
from geodata.boundaries.coverage.changes import Changes
from geodata.boundaries.coverage.check import CheckReport, check
from geodata.boundaries.coverage.extent import (
    Extent,
    check_in_indonesia,
    check_no_far_areas,
    far_area_remarks,
    file_extent,
)
from geodata.boundaries.coverage.faults import KINDS
from geodata.boundaries.coverage.loading import PreparedBoundaries, prepare_boundaries
from geodata.boundaries.coverage.parents import ParentPolygons
from geodata.boundaries.coverage.problem_layer import write_problems
from geodata.boundaries.coverage.repair import GAP_WIDTH, MAX_CHANGE, repair
from geodata.boundaries.files.attributes import read_attributes
from geodata.boundaries.files.city_name import add_city
from geodata.boundaries.files.columns import CANONICAL, Columns, required_texts
from geodata.boundaries.files.naming import name_areas
from geodata.boundaries.files.reading import PolygonFile, ReadOptions, read_file, read_polygons
from geodata.boundaries.files.smallest_zones import read_smallest_zone
from geodata.boundaries.files.writing import check_output, write_polygons
from geodata.boundaries.projection import local_utm
from geodata.boundaries.versions.area_table import AREA_COLUMNS, AreaFacts, AreaTable
from geodata.boundaries.versions.crosswalk import crosswalk
from geodata.boundaries.versions.model import WGS84, Area, Boundaries, identity
from geodata.boundaries.versions.storage import (
    add_version,
    areas_table,
    boundaries_from_table,
    load_areas,
    load_boundaries,
    save_boundaries,
)
from geodata.boundaries.versions.timeline import (
    Version,
    boundaries_in_force,
    timeline,
    version_in_force,
)

__all__ = [
    "AREA_COLUMNS",
    "CANONICAL",
    "GAP_WIDTH",
    "KINDS",
    "MAX_CHANGE",
    "WGS84",
    "Area",
    "AreaFacts",
    "AreaTable",
    "Boundaries",
    "Changes",
    "CheckReport",
    "Columns",
    "Extent",
    "ParentPolygons",
    "PolygonFile",
    "PreparedBoundaries",
    "ReadOptions",
    "Version",
    "add_city",
    "add_version",
    "areas_table",
    "assemble",
    "boundaries_from_table",
    "boundaries_in_force",
    "build_boundaries",
    "check",
    "check_in_indonesia",
    "check_no_far_areas",
    "check_output",
    "crosswalk",
    "far_area_remarks",
    "file_extent",
    "identity",
    "load_areas",
    "load_boundaries",
    "local_utm",
    "merged_codes",
    "name_areas",
    "prepare_boundaries",
    "read_attributes",
    "read_file",
    "read_polygons",
    "read_smallest_zone",
    "repair",
    "required_texts",
    "save_boundaries",
    "timeline",
    "version_in_force",
    "write_polygons",
    "write_problems",
]
