"""JSON as a page of text: a list of records, or GeoJSON points."""

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from geodata.language import Bilingual
from geodata.tables.limits import (
    MOST_COLUMNS,
    MOST_OBJECTS,
    MOST_VALUES,
    check_shape,
    too_many,
)
from geodata.tables.pages import Page
from geodata.tables.sheet import empty_file, text_column, unreadable

_CRS84: Final = ("CRS84", "EPSG::4326", "EPSG:4326")


def read_json(content: bytes, name: str) -> list[Page]:
    """GeoJSON points, or a list of records: objects whose names are the headings.

    Raises
    ------
    RecordError
        ``unreadable``, ``empty-file``, ``too-large``.
    """
    # Each value follows one of these, so that there are no more of them; in text they count too.
    objects = content.count(b"[") + content.count(b"{")
    values = objects + content.count(b",")
    if values > MOST_VALUES:
        raise too_many(Bilingual("nilai", "values"), values, MOST_VALUES, name)
    if objects > MOST_OBJECTS:
        raise too_many(
            Bilingual("daftar dan objek", "lists and objects"), objects, MOST_OBJECTS, name
        )
    try:
        return _pages(_document(content), name)
    except (ValueError, RecursionError):
        raise unreadable(name, Bilingual("JSON", "JSON")) from None


def _document(content: bytes) -> Any:  # noqa: ANN401  (JSON holds anything)
    document = json.loads(content)
    if b"\\ud" in content.lower():
        # Half a character, which no text can hold.
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
    headings = _names_in(objects, name)
    columns = [text_column([_json_cell(row.get(key)) for row in objects]) for key in headings]
    rows = np.arange(len(records), dtype=np.int64) + 1
    page = Page(name, "", columns, rows, headings=tuple(headings))
    return [_with_faults(page, records)]


def _names_in(objects: Sequence[dict[str, Any]], name: str) -> list[str]:
    """Names that objects have, in the order they come.

    Raises
    ------
    RecordError
        ``too-large``: each would be a column of all rows.
    """
    names: dict[str, None] = {}
    for each in objects:
        names |= dict.fromkeys(each)
        if len(names) > MOST_COLUMNS:
            break
    check_shape(len(objects), len(names), name)
    return list(names)


def _with_faults(page: Page, records: list[Any]) -> Page:
    """The page with entries that are no objects marked, each as it came in its first cell."""
    faults = {k: each for k, each in enumerate(records) if not isinstance(each, dict)}
    if not faults or not page.columns:
        return page
    first = page.columns[0].to_pylist()
    for k, each in faults.items():
        first[k] = json.dumps(each, ensure_ascii=False)
    return page._replace(
        columns=[text_column(first), *page.columns[1:]],
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
    if not crs.endswith(_CRS84):
        raise unreadable(
            name,
            Bilingual(
                "GeoJSON dalam bujur dan lintang (EPSG:4326)",
                "GeoJSON in longitude and latitude (EPSG:4326)",
            ),
        )
    # One feature that is none is one bad row.
    objects = [each if isinstance(each, dict) else {} for each in features]
    said = [each.get("properties") for each in objects]
    properties = [each if isinstance(each, dict) else {} for each in said]
    points = [_point(each.get("geometry")) for each in objects]
    own = _names_in(properties, name)
    headings = ["lon", "lat", *(key for key in own if key not in ("lon", "lat"))]
    columns = [text_column([point[axis] for point in points]) for axis in (0, 1)]
    columns += [
        text_column([_json_cell(row.get(key)) for row in properties]) for key in headings[2:]
    ]
    rows = np.arange(len(features), dtype=np.int64) + 1
    page = Page(name, "", columns, rows, headings=tuple(headings))
    return [_with_faults(page, features)]


def _point(geometry: Any) -> tuple[Any, Any]:  # noqa: ANN401  (JSON holds anything)
    """Two coordinates; the kind of geometry where it is no point, which is said as unreadable."""
    if geometry is None:
        return None, None
    if not isinstance(geometry, dict):
        return "no geometry", None
    kind, coordinates = str(geometry.get("type")), geometry.get("coordinates")
    if kind == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        parts = geometry["geometries"]
        return _point(parts[0]) if len(parts) == 1 else (kind, None)
    if kind == "MultiPoint" and isinstance(coordinates, list):
        # One point is one point; of several nobody knows which is the home.
        alike = all(each == coordinates[0] for each in coordinates)
        coordinates = coordinates[0] if coordinates and alike else None
    elif kind != "Point":
        coordinates = None
    if not isinstance(coordinates, list):
        return kind, None
    if not coordinates:
        return None, None  # an empty point
    lon, lat = [*map(_json_cell, coordinates), None][:2]
    return lon, lat
