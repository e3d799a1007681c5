"""Read JSON into a page of text: a list of records, or GeoJSON points."""

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from geodata.language import Bilingual
from geodata.tables.limits import (
    MAX_COLUMNS,
    MAX_JSON_OBJECTS,
    MAX_JSON_VALUES,
    check_shape,
    too_many,
)
from geodata.tables.pages import Page
from geodata.tables.sheet import empty_file, text_column, unreadable

_LONGITUDE_LATITUDE_CRS: Final = ("CRS84", "EPSG::4326", "EPSG:4326")


def read_json(content: bytes, name: str) -> list[Page]:
    """Read GeoJSON points, or a list of records: the names in the objects are the headings.

    Raises
    ------
    RecordError
        ``unreadable``, ``empty-file``, ``too-large``.
    """
    # Each value follows one of these characters. Characters inside text count too: an upper bound.
    objects = content.count(b"[") + content.count(b"{")
    values = objects + content.count(b",")
    if values > MAX_JSON_VALUES:
        raise too_many(Bilingual("nilai", "values"), values, MAX_JSON_VALUES, name)
    if objects > MAX_JSON_OBJECTS:
        raise too_many(
            Bilingual("daftar dan objek", "lists and objects"), objects, MAX_JSON_OBJECTS, name
        )
    try:
        return _pages(_parse_json(content), name)
    except (ValueError, RecursionError):
        raise unreadable(name, Bilingual("JSON", "JSON")) from None


def _parse_json(content: bytes) -> Any:  # noqa: ANN401  (JSON holds anything)
    document = json.loads(content)
    if b"\\ud" in content.lower():
        # Raises UnicodeEncodeError (a ValueError) for half of a surrogate pair.
        json.dumps(document, ensure_ascii=False).encode()
    return document


def _pages(document: Any, name: str) -> list[Page]:  # noqa: ANN401  (JSON holds anything)
    if isinstance(document, list):
        return _page_of_objects(document, name)
    return _read_geojson(document, name)


def _page_of_objects(records: list[Any], name: str) -> list[Page]:
    if not records:
        raise empty_file(name)
    if not any(isinstance(record, dict) for record in records):
        raise unreadable(
            name,
            Bilingual(
                "daftar catatan, masing-masing sebuah objek dengan nama kolomnya sendiri",
                "a list of records, each an object with its own column names",
            ),
        )
    objects = [record if isinstance(record, dict) else {} for record in records]
    headings = _column_names(objects, name)
    columns = [text_column([_json_cell(row.get(key)) for row in objects]) for key in headings]
    rows = np.arange(len(records), dtype=np.int64) + 1
    page = Page(name, "", columns, rows, headings=tuple(headings))
    return [_mark_faults(page, records)]


def _column_names(objects: Sequence[dict[str, Any]], name: str) -> list[str]:
    """Names in the objects, in the order of their first use.

    Raises
    ------
    RecordError
        ``too-large``: each name becomes a column.
    """
    names: dict[str, None] = {}
    for row in objects:
        names |= dict.fromkeys(row)
        if len(names) > MAX_COLUMNS:
            break
    check_shape(len(objects), len(names), name)
    return list(names)


def _mark_faults(page: Page, records: list[Any]) -> Page:
    """Mark entries that are no objects as faults, with their JSON in the first cell."""
    faults = {k: entry for k, entry in enumerate(records) if not isinstance(entry, dict)}
    if not faults or not page.columns:
        return page
    first_column = page.columns[0].to_pylist()
    for k, entry in faults.items():
        first_column[k] = json.dumps(entry, ensure_ascii=False)
    return page._replace(
        columns=[text_column(first_column), *page.columns[1:]],
        faults={k + 1: "not-an-object" for k in faults},
    )


def _json_cell(cell: Any) -> Any:  # noqa: ANN401  (JSON holds anything)
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else cell


def _read_geojson(document: Any, name: str) -> list[Page]:  # noqa: ANN401  (JSON holds anything)
    try:
        features = list(document["features"])
        crs = str(((document.get("crs") or {}).get("properties") or {}).get("name", "CRS84"))
    except (KeyError, TypeError, AttributeError):
        raise unreadable(
            name,
            Bilingual(
                "berkas GeoJSON berisi titik (FeatureCollection)",
                "a GeoJSON file of points (a FeatureCollection)",
            ),
        ) from None
    if not crs.endswith(_LONGITUDE_LATITUDE_CRS):
        raise unreadable(
            name,
            Bilingual(
                "GeoJSON dalam bujur dan lintang (EPSG:4326)",
                "GeoJSON in longitude and latitude (EPSG:4326)",
            ),
        )
    # A feature that is no object becomes a bad row.
    objects = [feature if isinstance(feature, dict) else {} for feature in features]
    members = [feature.get("properties") for feature in objects]
    properties = [member if isinstance(member, dict) else {} for member in members]
    points = [_point(feature.get("geometry")) for feature in objects]
    property_names = _column_names(properties, name)
    headings = ["lon", "lat", *(key for key in property_names if key not in ("lon", "lat"))]
    columns = [text_column([point[axis] for point in points]) for axis in (0, 1)]
    columns += [
        text_column([_json_cell(row.get(key)) for row in properties]) for key in headings[2:]
    ]
    rows = np.arange(len(features), dtype=np.int64) + 1
    page = Page(name, "", columns, rows, headings=tuple(headings))
    return [_mark_faults(page, features)]


def _point(geometry: Any) -> tuple[Any, Any]:  # noqa: ANN401  (JSON holds anything)
    """Longitude and latitude as in the file.

    For another geometry the first value is its type, which later counts as unreadable.
    """
    if geometry is None:
        return None, None
    if not isinstance(geometry, dict):
        return "no geometry", None
    kind, coordinates = str(geometry.get("type")), geometry.get("coordinates")
    if kind == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        geometries = geometry["geometries"]
        return _point(geometries[0]) if len(geometries) == 1 else (kind, None)
    if kind == "MultiPoint" and isinstance(coordinates, list):
        # Of several different points, the home is unknown.
        all_equal = all(point == coordinates[0] for point in coordinates)
        coordinates = coordinates[0] if coordinates and all_equal else None
    elif kind != "Point":
        coordinates = None
    if not isinstance(coordinates, list):
        return kind, None
    if not coordinates:
        return None, None  # an empty point
    lon, lat = [*map(_json_cell, coordinates), None][:2]
    return lon, lat
