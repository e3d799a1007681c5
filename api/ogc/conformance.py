"""Conformance classes of the OGC standards that this service implements; tests check each class."""

from typing import Final

_SPEC: Final = "http://www.opengis.net/spec/"
_CLASSES: Final = {
    "ogcapi-common-1/1.0": ("core", "landing-page", "json", "html", "oas30"),
    "ogcapi-common-2/1.0": ("collections",),
    "ogcapi-features-1/1.0": ("core", "geojson", "html", "oas30"),
    "ogcapi-features-2/1.0": ("crs",),
    "ogcapi-features-3/1.0": (
        "queryables",
        "queryables-query-parameters",
        "filter",
        "features-filter",
    ),
    "cql2/1.0": (
        "cql2-text",
        "cql2-json",
        "basic-cql2",
        "advanced-comparison-operators",
        "case-insensitive-comparison",
        "accent-insensitive-comparison",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "spatial-functions",
        "temporal-functions",
        "property-property",
        "arithmetic",
    ),
    "ogcapi-tiles-1/1.0": (
        "core",
        "tileset",
        "tilesets-list",
        "dataset-tilesets",
        "geodata-tilesets",
        "datetime",
        "mvt",
        "png",
        "oas30",
    ),
    "tms/2.0": (
        "tilematrixset",
        "json-tilematrixset",
        "tilesetmetadata",
        "json-tilesetmetadata",
        "tilematrixsetlimits",
        "json-tilematrixsetlimits",
    ),
}
CONFORMS_TO: Final = tuple(
    f"{_SPEC}{standard}/conf/{name}" for standard, names in _CLASSES.items() for name in names
)
