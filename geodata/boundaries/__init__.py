"""Boundaries: read, check, repair, name and store polygons of areas."""

from geodata.boundaries.coverage.assemble import assemble, build_boundaries, merged_codes
from geodata.boundaries.coverage.changes import Changes
from geodata.boundaries.coverage.check import CheckReport, check
from geodata.boundaries.coverage.extent import (
    Place,
    far_remarks,
    place_of,
    refuse_abroad,
    refuse_far,
)
from geodata.boundaries.coverage.faults import KINDS
from geodata.boundaries.coverage.loading import Prepared, prepare
from geodata.boundaries.coverage.parents import Parents
from geodata.boundaries.coverage.problem_layer import write_problems
from geodata.boundaries.coverage.repair import GAP_WIDTH, MAX_CHANGE, repair
from geodata.boundaries.files.attributes import signs_of
from geodata.boundaries.files.city_name import with_city
from geodata.boundaries.files.columns import CANONICAL, Columns, required
from geodata.boundaries.files.naming import name_areas
from geodata.boundaries.files.reading import PolygonFile, Reading, read_file, read_polygons
from geodata.boundaries.files.smallest_zones import read_smallest_zone
from geodata.boundaries.files.writing import check_output, write_polygons
from geodata.boundaries.projection import local_utm
from geodata.boundaries.versions.area_table import AREA_COLUMNS, AreaFacts, AreaTable
from geodata.boundaries.versions.crosswalk import crosswalk
from geodata.boundaries.versions.model import WGS84, Area, Boundaries, identity
from geodata.boundaries.versions.storage import (
    add_version,
    areas_table,
    boundaries_from,
    load_areas,
    load_boundaries,
    save_boundaries,
)
from geodata.boundaries.versions.timeline import Version, boundaries_in_force, timeline, version_on

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
    "Parents",
    "Place",
    "PolygonFile",
    "Prepared",
    "Reading",
    "Version",
    "add_version",
    "areas_table",
    "assemble",
    "boundaries_from",
    "boundaries_in_force",
    "build_boundaries",
    "check",
    "check_output",
    "crosswalk",
    "far_remarks",
    "identity",
    "load_areas",
    "load_boundaries",
    "local_utm",
    "merged_codes",
    "name_areas",
    "place_of",
    "prepare",
    "read_file",
    "read_polygons",
    "read_smallest_zone",
    "refuse_abroad",
    "refuse_far",
    "repair",
    "required",
    "save_boundaries",
    "signs_of",
    "timeline",
    "version_on",
    "with_city",
    "write_polygons",
    "write_problems",
]
