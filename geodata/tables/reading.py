"""Reading a file of records into a sheet, whatever program saved it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.clock import city_timezone
from geodata.errors import RecordError
from geodata.file_errors import not_read
from geodata.tables.delimited import read_delimited
from geodata.tables.pages import Page, first_with_rows
from geodata.tables.sheet import Sheet, empty_file, text_column
from geodata.tables.spreadsheets import read_spreadsheet

_MAGIC: Final = {
    b"PK\x03\x04": ".xlsx",
    b"\xd0\xcf\x11\xe0": ".xls",
    b"PAR1": ".parquet",
    b"%PDF": ".pdf",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
_CRS84: Final = ("CRS84", "EPSG::4326", "EPSG:4326")
_EXACT: Final = 2**53
"""Whole numbers below this are exact as float64."""


def read_table(path: Path) -> Sheet:
    """Cells of a file as text, under its first row; of several sheets the first that has rows.

    See `read_pages`.
    """
    return first_with_rows(read_pages(path))


def read_pages(path: Path) -> list[Page]:
    """Cells of a file as text, sheet by sheet.

    Parameters
    ----------
    path
        ``.csv``, ``.tsv`` or ``.txt`` (comma, semicolon or tab); ``.xlsx``, ``.xlsm``,
        ``.xlsb``, ``.xls``, ``.ods``; ``.parquet``; ``.geojson`` or ``.json`` (points; their
        coordinates become the columns ``lon`` and ``lat``; or a list of records).

    Raises
    ------
    NotFoundError
        ``no-file``.
    InputError
        ``not-read`` for a folder, or a file that this user may not read.
    RecordError
        ``empty-file``; ``unreadable`` for a file of another kind, or not of the kind its name
        says.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise not_read(error, path.name) from None
    return content_pages(content, path.name)


def read_content(content: bytes, name: str) -> Sheet:
    """Cells of a file that is in memory already; see `read_table`."""
    return first_with_rows(content_pages(content, name))


def content_pages(content: bytes, name: str) -> list[Page]:
    """Cells of a file that is in memory already, sheet by sheet; see `read_pages`.

    Parameters
    ----------
    name
        Of the file; its ending says how it is read.
    """
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise RecordError(
            "unreadable",
            f"{name} is not a kind of file that is read here. "
            "Save the table as CSV, XLSX, Parquet or GeoJSON.",
        )
    if not content.strip():
        raise empty_file(name)
    _refuse_disguise(content, Path(name))
    return reader(content, name)


def _refuse_disguise(content: bytes, path: Path) -> None:
    real = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)
    spreadsheets = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
    said = path.suffix.lower()
    if said in spreadsheets and real is None:
        raise _no_spreadsheet(content, path.name)
    if real is None or real == said or {real, said} <= spreadsheets:
        return
    raise RecordError(
        "unreadable",
        f"{path.name} ends in {said} but its content is of another kind ({real}). "
        "Save the table as CSV, XLSX, Parquet or GeoJSON and give that file.",
    )


def _no_spreadsheet(content: bytes, name: str) -> RecordError:
    looks_like = "a web page" if content[:2000].lstrip()[:1] == b"<" else "plain text"
    if b"\0" in content[:2000]:
        looks_like = "something else"
    return RecordError(
        "unreadable",
        f"{name} is named a spreadsheet but its content is {looks_like}. Open it and save it as "
        "XLSX, or name it .csv if that is what it is.",
    )


def _read_parquet(content: bytes, name: str) -> list[Page]:
    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowInvalid, OSError):
        raise _unreadable(name, "a Parquet file") from None
    columns = [_arrow_text(column) for column in table.columns]
    rows = np.arange(table.num_rows, dtype=np.int64) + 2
    return [Page(name, "", columns, rows, headings=tuple(table.column_names))]


def _arrow_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _arrow_text(column.cast(kind.value_type))
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
        whole = pc.all(pc.equal(pc.round(column), column)).as_py() is not False
        if whole and (pc.max(pc.abs(column)).as_py() or 0) < _EXACT:
            column = column.cast(pa.int64())
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = pc.local_timestamp(column.cast(pa.timestamp(kind.unit, city_timezone().key)))
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        # A geometry or a struct: nothing this project takes from a record.
        return pa.chunked_array([pa.nulls(len(column), pa.string())])
    return column.cast(pa.string())


def _read_json(content: bytes, name: str) -> list[Page]:
    """GeoJSON points, or a list of records: objects whose names are the headings."""
    try:
        document = json.loads(content)
        if b"\\ud" in content.lower():
            # Half a character, which no text can hold.
            json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise _unreadable(name, "JSON") from None
    if isinstance(document, list):
        return _page_of_objects(document, name)
    return _read_geojson(document, name)


def _page_of_objects(records: list[Any], name: str) -> list[Page]:
    if not records:
        raise empty_file(name)
    if not any(isinstance(record, dict) for record in records):
        raise _unreadable(name, "a list of records, each an object with its own column names")
    objects = [record if isinstance(record, dict) else {} for record in records]
    headings = list(dict.fromkeys(key for record in objects for key in record))
    columns = [text_column([_json_cell(row.get(key)) for row in objects]) for key in headings]
    rows = np.arange(len(records), dtype=np.int64) + 1
    page = Page(name, "", columns, rows, headings=tuple(headings))
    return [_with_faults(page, records)]


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
        raise _unreadable(name, "a GeoJSON file of points (a FeatureCollection)") from None
    if not crs.endswith(_CRS84):
        raise _unreadable(name, "GeoJSON in longitude and latitude (EPSG:4326)")
    # One feature that is none is one bad row.
    objects = [each if isinstance(each, dict) else {} for each in features]
    said = [each.get("properties") for each in objects]
    properties = [each if isinstance(each, dict) else {} for each in said]
    points = [_point(each.get("geometry")) for each in objects]
    own = dict.fromkeys(key for row in properties for key in row)
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
        different = [each for k, each in enumerate(coordinates) if each not in coordinates[:k]]
        # One point is one point; of several nobody knows which is the home.
        coordinates = different[0] if len(different) == 1 else None
    elif kind != "Point":
        coordinates = None
    if not isinstance(coordinates, list):
        return kind, None
    if not coordinates:
        return None, None  # an empty point
    lon, lat = [*map(_json_cell, coordinates), None][:2]
    return lon, lat


def _unreadable(name: str, wanted: str) -> RecordError:
    return RecordError(
        "unreadable",
        f"{name} cannot be read as {wanted}. Open it, save it again, and give that file.",
    )


_READERS: Final[dict[str, Callable[[bytes, str], list[Page]]]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".xlsx": read_spreadsheet,
    ".xlsm": read_spreadsheet,
    ".xlsb": read_spreadsheet,
    ".xls": read_spreadsheet,
    ".ods": read_spreadsheet,
    ".parquet": _read_parquet,
    ".geojson": _read_json,
    ".json": _read_json,
}
