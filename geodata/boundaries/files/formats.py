"""Open a boundary file by its content, not by its name.

Reads GeoJSON, GeoPackage, Shapefile (also zipped) and GeoParquet. All other files are rejected
before GDAL opens them, because GDAL reads a hundred formats, and some of them follow links.
"""

import codecs
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from numpy.typing import NDArray

from geodata.errors import BoundaryError
from geodata.files.system_errors import read_error
from geodata.language import Bilingual

# Exceptions of pyogrio, pyarrow, shapely, pyproj and zipfile for a broken file. Their messages do
# not help the person who must correct the file.
BROKEN: Final = (
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    shapely.errors.ShapelyError,
    zipfile.BadZipFile,
)
_SIDE_FILES: Final = (".shx", ".dbf")
_TEXT_ENCODINGS: Final = frozenset({"utf-8", "ascii", "latin-1"})
"""Encodings of Shapefiles (names of Python), besides the code pages of Windows and ISO."""


class OpenedFile(NamedTuple):
    """Rows of a file.

    ``rows`` is a plain data frame for a file without geometry; ``closed (n,)`` flags the rows with
    an open ring that was closed.
    """

    rows: pd.DataFrame
    closed: NDArray[np.bool_]


class _ReadOptions(NamedTuple):
    """Options of a reader: layer, encoding, and treatment of open rings."""

    layer: str | None
    encoding: str | None
    on_invalid: Literal["raise", "ignore", "fix"] = "raise"


_Reader = Callable[[Path, _ReadOptions], pd.DataFrame]


def open_polygons(path: Path, layer: str | None, encoding: str | None = None) -> OpenedFile:
    """Read the rows of a file, and close open rings.

    Parameters
    ----------
    encoding
        Text encoding of a Shapefile; replaces the encoding in its ``.cpg``.

    Raises
    ------
    BoundaryError
        ``no-file``, ``empty``, ``unreadable``, ``several-layers``, ``unknown-encoding``,
        ``wrong-encoding``.
    """
    reader = _choose_reader(_read_head(path))
    if reader is None:
        raise BoundaryError(
            "unreadable",
            f"{path.name} is not a GeoJSON, GeoPackage, Shapefile (.shp, or zipped) or "
            "GeoParquet file. Save the polygons as one of these.",
            indonesian=f"{path.name} bukan GeoJSON, GeoPackage, Shapefile (.shp atau zip) atau "
            "GeoParquet. Simpan poligonnya dalam salah satu format itu.",
        )
    if encoding is not None:
        _check_encoding(path, encoding, reader)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `reading` checks the relevant ones
            result = _read_with_closed_rings(reader, path, _ReadOptions(layer, encoding))
    except UnicodeDecodeError:
        raise _wrong_encoding(path, encoding) from None
    except BROKEN:
        raise BoundaryError(
            "unreadable",
            f"{path.name} cannot be read as polygons: it is broken, incomplete or of another kind. "
            "Save it again from the original program, for example as GeoJSON or GeoPackage.",
            indonesian=f"{path.name} tidak dapat dibaca sebagai poligon: berkas itu rusak, "
            "terpotong, atau berjenis lain. Simpan lagi dari program asalnya, misalnya sebagai "
            "GeoJSON atau GeoPackage.",
        ) from None
    if encoding is None and reader in (_read_shapefile, _read_zip) and _is_misread(result.rows):
        raise _wrong_encoding(path, encoding)
    return result


def _is_misread(rows: pd.DataFrame) -> bool:
    """Whether texts are UTF-8 that was read as a western encoding: ``MÃ©lati``."""
    texts = rows.drop(columns="geometry", errors="ignore").select_dtypes(["object", "str"])
    cells = {cell for name in texts for cell in texts[name].unique() if isinstance(cell, str)}
    foreign = [cell for cell in cells if not cell.isascii()]
    return any(_is_utf8(cell) for cell in foreign)


def _is_utf8(cell: str) -> bool:
    for encoding in ("latin-1", "cp1252"):
        try:
            cell.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False


def _read_with_closed_rings(reader: _Reader, path: Path, options: _ReadOptions) -> OpenedFile:
    """Read a file; if a row has an open ring, read again and close the rings."""
    try:
        rows = reader(path, options)
    except shapely.errors.GEOSException:
        missing = _missing_geometries(reader(path, options._replace(on_invalid="ignore")))
        rows = reader(path, options._replace(on_invalid="fix"))
        return OpenedFile(rows, missing & ~_missing_geometries(rows))
    return OpenedFile(rows, np.zeros(len(rows), dtype=bool))


def _missing_geometries(rows: pd.DataFrame) -> NDArray[np.bool_]:
    if not isinstance(rows, gpd.GeoDataFrame):
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(shapely.is_missing(rows.geometry.to_numpy()))


def _check_encoding(path: Path, encoding: str, reader: _Reader) -> None:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if name not in _TEXT_ENCODINGS and not name.startswith(("cp", "iso8859", "windows")):
        raise BoundaryError(
            "unknown-encoding",
            f"{encoding!r} is not a text encoding for a Shapefile. Write for example UTF-8, "
            "cp1252 (Windows) or ISO-8859-1.",
            indonesian=f"{encoding!r} bukan pengodean teks untuk Shapefile. Tulis misalnya "
            "UTF-8, cp1252 (Windows) atau ISO-8859-1.",
        )
    if reader not in {_read_shapefile, _read_zip}:
        raise BoundaryError(
            "unknown-encoding",
            f"{path.name} is not a Shapefile; a file of this kind contains its text encoding. "
            "Delete the option --encoding.",
            indonesian=f"{path.name} bukan Shapefile; berkas sejenis ini sudah memuat "
            "pengodean teksnya. Hapus pilihan --encoding.",
        )


def _wrong_encoding(path: Path, encoding: str | None) -> BoundaryError:
    encoding_name = (
        Bilingual("pengodean teks yang disebut berkas .cpg", "the encoding that its .cpg names")
        if encoding is None
        else Bilingual(encoding, encoding)
    )
    return BoundaryError(
        "wrong-encoding",
        f"The texts of {path.name} are not in {encoding_name.en}. Give the encoding with "
        "--encoding, for example cp1252 (Windows) or UTF-8.",
        indonesian=f"Teks di {path.name} tidak ditulis dalam {encoding_name.id}. Sebutkan "
        "pengodean teksnya dengan --encoding, misalnya cp1252 (Windows) atau UTF-8.",
    )


def _read_head(path: Path) -> bytes:
    """First bytes of a file; raises for a missing or empty file."""
    if not path.is_file():
        raise BoundaryError(
            "no-file",
            f"There is no file {path.name}. Check the path.",
            indonesian=f"Tidak ada berkas {path.name}. Periksa letak dan namanya.",
        )
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise read_error(error, path.name) from None
    if not head.strip(b"\x00 \t\r\n"):
        raise BoundaryError(
            "empty",
            f"{path.name} is empty. Give a file with polygons.",
            indonesian=f"{path.name} kosong. Berikan berkas yang berisi poligon.",
        )
    return head


def _choose_reader(head: bytes) -> _Reader | None:
    if head.startswith(b"PAR1"):
        return _read_parquet
    if head.startswith(b"PK\x03\x04"):
        return _read_zip
    if head.startswith(b"SQLite format 3\x00"):
        return _read_geopackage
    if head.startswith(b"\x00\x00\x27\x0a"):
        return _read_shapefile
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _read_geojson
    return None


def _read_parquet(path: Path, options: _ReadOptions) -> pd.DataFrame:
    _check_layer(path, options.layer, [path.stem])
    if options.on_invalid == "raise":
        return gpd.read_parquet(path)
    # GeoPandas reads all geometries or none; this reads each row separately.
    return _parquet_row_by_row(path, options)


def _parquet_row_by_row(path: Path, options: _ReadOptions) -> pd.DataFrame:
    table = pq.read_table(path)
    metadata = json.loads((table.schema.metadata or {})[b"geo"])
    column = metadata["primary_column"]
    cells = table[column].to_numpy(zero_copy_only=False)
    geometries = shapely.from_wkb(cells, on_invalid=options.on_invalid)
    crs = metadata["columns"][column].get("crs", "OGC:CRS84")
    rows = table.drop_columns([column]).to_pandas()
    return gpd.GeoDataFrame(rows, geometry=geometries, crs=crs)


def _read_frame(source: Path | str, options: _ReadOptions) -> pd.DataFrame:
    rows: pd.DataFrame = pyogrio.read_dataframe(
        source, layer=options.layer, encoding=options.encoding, on_invalid=options.on_invalid
    )
    return rows


def _read_geojson(path: Path, options: _ReadOptions) -> pd.DataFrame:
    # The prefix prevents GDAL from reading the file as another kind of JSON.
    source = f"GeoJSON:{path.absolute()}"
    if options.layer is not None:
        _check_layer(path, options.layer, [str(name) for name, _ in pyogrio.list_layers(source)])
    return _read_frame(source, options)


def _read_geopackage(path: Path, options: _ReadOptions) -> pd.DataFrame:
    layer = options.layer
    layers = [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
    if layer is None and len(layers) > 1:
        raise _layers_error(path, layers)
    _check_layer(path, layer, layers)
    return _read_frame(path, options._replace(layer=layer or (layers[0] if layers else None)))


def _read_shapefile(path: Path, options: _ReadOptions) -> pd.DataFrame:
    present = {side_file.suffix.lower() for side_file in path.parent.glob(f"{path.stem}.*")}
    missing = [suffix for suffix in _SIDE_FILES if suffix not in present]
    if missing:
        raise BoundaryError(
            "unreadable",
            f"{path.name} has no {' and '.join(missing)} beside it. A Shapefile consists of "
            "several files: put them into one folder, or into one zip.",
            indonesian=f"{path.name} tidak disertai {' dan '.join(missing)}. Shapefile terdiri "
            "dari beberapa berkas: taruh semuanya dalam satu folder, atau jadikan satu zip.",
        )
    _check_layer(path, options.layer, [path.stem])
    return _read_frame(path, options._replace(layer=None))


def _read_zip(path: Path, options: _ReadOptions) -> pd.DataFrame:
    layer = options.layer
    with zipfile.ZipFile(path) as archive:
        names = [PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()]
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise BoundaryError(
            "unreadable",
            f"{path.name} has files with paths outside the zip. Zip the Shapefile again, without "
            "folders.",
            indonesian=f"{path.name} memuat berkas yang letaknya menunjuk ke luar zip. Buat lagi "
            "zip Shapefile itu tanpa folder.",
        )
    shapefiles = [
        name for name in names if name.suffix.lower() == ".shp" and name.parts[0] != "__MACOSX"
    ]
    if shapefiles:
        _check_layer(path, layer, [name.stem for name in shapefiles])
    selected = [name for name in shapefiles if layer in (None, name.stem)]
    if not selected:
        raise BoundaryError(
            "unreadable",
            f"{path.name} has no Shapefile (.shp). Zip the .shp, .shx, .dbf and .prj together.",
            indonesian=f"{path.name} tidak memuat Shapefile (.shp). Masukkan .shp, .shx, .dbf "
            "dan .prj bersama-sama ke dalam zip.",
        )
    if len(selected) > 1:
        raise _layers_error(path, [name.stem for name in selected])
    return _read_frame(f"/vsizip/{{{path.absolute()}}}/{selected[0]}", options._replace(layer=None))


def _check_layer(path: Path, layer: str | None, layers: list[str]) -> None:
    """Raise for a layer that the file does not have."""
    if layer is not None and layer not in layers:
        raise BoundaryError(
            "several-layers",
            f"{path.name} has no layer {layer!r}. It has: {', '.join(layers)}.",
            indonesian=f"{path.name} tidak punya layer {layer!r}. Layer yang ada: "
            f"{', '.join(layers)}.",
        )


def _layers_error(path: Path, layers: list[str]) -> BoundaryError:
    return BoundaryError(
        "several-layers",
        f"{path.name} has {len(layers)} layers: {', '.join(layers)}. Choose one with --layer.",
        indonesian=f"{path.name} memuat {len(layers)} layer: {', '.join(layers)}. Sebutkan yang "
        "mana dengan --layer.",
    )
