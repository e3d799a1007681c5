"""Boundaries: read polygons, check them, mend them into a coverage, name them, keep them."""

from geodata.boundaries.area_table import AREA_COLUMNS, AreaFacts, AreaTable
from geodata.boundaries.assemble import assemble, gather, merged_codes
from geodata.boundaries.changes import Changes
from geodata.boundaries.check import CheckReport, check
from geodata.boundaries.city import with_city
from geodata.boundaries.columns import CANONICAL, Columns, required
from geodata.boundaries.crosswalk import crosswalk
from geodata.boundaries.faults import KINDS
from geodata.boundaries.keeping import (
    add_version,
    areas_table,
    boundaries_from,
    load_areas,
    load_boundaries,
    save_boundaries,
)
from geodata.boundaries.loading import Prepared, prepare
from geodata.boundaries.model import WGS84, Area, Boundaries, identity
from geodata.boundaries.naming import name_areas
from geodata.boundaries.parents import Parents
from geodata.boundaries.places import (
    Place,
    far_remarks,
    place_of,
    refuse_abroad,
    refuse_far,
)
from geodata.boundaries.problems import write_problems
from geodata.boundaries.projection import local_utm
from geodata.boundaries.read import PolygonFile, Reading, read_file, read_polygons
from geodata.boundaries.repair import GAP_WIDTH, MAX_CHANGE, repair
from geodata.boundaries.signs import signs_of
from geodata.boundaries.smallest import read_smallest_zone
from geodata.boundaries.versions import Version, boundaries_in_force, timeline, version_on
from geodata.boundaries.write import check_output, write_polygons

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
    "check",
    "check_output",
    "crosswalk",
    "far_remarks",
    "gather",
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
