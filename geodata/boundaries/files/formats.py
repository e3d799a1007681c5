"""Opening a file of polygons by what it is, not by what it is called.

GeoJSON, GeoPackage, Shapefile (zipped too) and GeoParquet; everything else is turned away before
GDAL sees it, which reads a hundred formats, some of them by following links.
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
from geodata.files.system_errors import not_read
from geodata.language import Bilingual

# What pyogrio, pyarrow, shapely, pyproj and zipfile raise on a broken file; none of it says
# anything to the person who has to mend it.
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
"""Of Shapefiles, by Python's names, beside the code pages of Windows and of ISO."""


class Opened(NamedTuple):
    """Rows of a file as they are.

    ``rows`` is a plain frame where the file knows no shapes; ``closed (n,)`` says of each row
    whether a ring of its shape was open and was closed.
    """

    rows: pd.DataFrame
    closed: NDArray[np.bool_]


class _Asked(NamedTuple):
    """What was asked of a reader: a layer, an encoding, what becomes of shapes with open rings."""

    layer: str | None
    encoding: str | None
    on_invalid: Literal["raise", "ignore", "fix"] = "raise"


_Reader = Callable[[Path, _Asked], pd.DataFrame]


def open_polygons(path: Path, layer: str | None, encoding: str | None = None) -> Opened:
    """Rows of a file as they are, open rings closed.

    Parameters
    ----------
    encoding
        Of the texts of a Shapefile; wins over its ``.cpg``.

    Raises
    ------
    BoundaryError
        ``no-file``, ``empty``, ``unreadable``, ``several-layers``, ``unknown-encoding``,
        ``wrong-encoding``.
    """
    opened = _reader(_head(path))
    if opened is None:
        raise BoundaryError(
            "unreadable",
            f"{path.name} is not a GeoJSON, GeoPackage, Shapefile (.shp, or zipped) or "
            "GeoParquet file. Save the polygons as one of these.",
            indonesian=f"{path.name} bukan GeoJSON, GeoPackage, Shapefile (.shp atau zip) atau "
            "GeoParquet. Simpan poligonnya dalam salah satu format itu.",
        )
    if encoding is not None:
        _check_encoding(path, encoding, opened)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters of them is checked in `read`
            found = _with_closed_rings(opened, path, _Asked(layer, encoding))
    except UnicodeDecodeError:
        raise _wrong_encoding(path, encoding) from None
    except BROKEN:
        raise BoundaryError(
            "unreadable",
            f"{path.name} cannot be read as polygons: it is broken, cut off or of another kind. "
            "Save it again from where it came from, as GeoJSON or GeoPackage for instance.",
            indonesian=f"{path.name} tidak dapat dibaca sebagai poligon: berkas itu rusak, "
            "terpotong, atau berjenis lain. Simpan lagi dari program asalnya, misalnya sebagai "
            "GeoJSON atau GeoPackage.",
        ) from None
    if encoding is None and opened in (_read_shapefile, _read_zip) and _is_misread(found.rows):
        raise _wrong_encoding(path, encoding)
    return found


def _is_misread(rows: pd.DataFrame) -> bool:
    """Whether texts are UTF-8 read as a western encoding: ``MÃ©lati``."""
    texts = rows.drop(columns="geometry", errors="ignore").select_dtypes(["object", "str"])
    cells = {cell for name in texts for cell in texts[name].unique() if isinstance(cell, str)}
    foreign = [cell for cell in cells if not cell.isascii()]
    return any(_as_utf8(cell) for cell in foreign)


def _as_utf8(cell: str) -> bool:
    for encoding in ("latin-1", "cp1252"):
        try:
            cell.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False


def _with_closed_rings(opened: _Reader, path: Path, asked: _Asked) -> Opened:
    """Read a file; where a ring is open, which only one bad row needs, read it closed."""
    try:
        rows = opened(path, asked)
    except shapely.errors.GEOSException:
        missing = _missing(opened(path, asked._replace(on_invalid="ignore")))
        rows = opened(path, asked._replace(on_invalid="fix"))
        return Opened(rows, missing & ~_missing(rows))
    return Opened(rows, np.zeros(len(rows), dtype=bool))


def _missing(rows: pd.DataFrame) -> NDArray[np.bool_]:
    if not isinstance(rows, gpd.GeoDataFrame):
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(shapely.is_missing(rows.geometry.to_numpy()))


def _check_encoding(path: Path, encoding: str, opened: _Reader) -> None:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if name not in _TEXT_ENCODINGS and not name.startswith(("cp", "iso8859", "windows")):
        raise BoundaryError(
            "unknown-encoding",
            f"{encoding!r} is not a text encoding for a Shapefile. Write for instance UTF-8, "
            "cp1252 (Windows) or ISO-8859-1.",
            indonesian=f"{encoding!r} bukan pengodean teks untuk Shapefile. Tulis misalnya "
            "UTF-8, cp1252 (Windows) atau ISO-8859-1.",
        )
    if opened not in {_read_shapefile, _read_zip}:
        raise BoundaryError(
            "unknown-encoding",
            f"{path.name} is not a Shapefile; files of its kind state their text encoding "
            "themselves. Leave --encoding out.",
            indonesian=f"{path.name} bukan Shapefile; berkas sejenis itu sudah menyebut "
            "pengodean teksnya sendiri. Hapus pilihan --encoding.",
        )


def _wrong_encoding(path: Path, encoding: str | None) -> BoundaryError:
    said = (
        Bilingual("pengodean teks yang disebut berkas .cpg", "the encoding that its .cpg names")
        if encoding is None
        else Bilingual(encoding, encoding)
    )
    return BoundaryError(
        "wrong-encoding",
        f"The texts of {path.name} are not in {said.en}. Say which encoding they are in with "
        "--encoding, for instance cp1252 (Windows) or UTF-8.",
        indonesian=f"Teks di {path.name} tidak ditulis dalam {said.id}. Sebutkan pengodean "
        "teksnya dengan --encoding, misalnya cp1252 (Windows) atau UTF-8.",
    )


def _head(path: Path) -> bytes:
    """First bytes of a file that is there and not empty."""
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
        raise not_read(error, path.name) from None
    if not head.strip(b"\x00 \t\r\n"):
        raise BoundaryError(
            "empty",
            f"{path.name} is empty. A file of polygons is wanted.",
            indonesian=f"{path.name} kosong. Berikan berkas yang berisi poligon.",
        )
    return head


def _reader(head: bytes) -> _Reader | None:
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


def _read_parquet(path: Path, asked: _Asked) -> pd.DataFrame:
    _check_layer(path, asked.layer, [path.stem])
    if asked.on_invalid == "raise":
        return gpd.read_parquet(path)
    # GeoPandas reads all shapes or none, so they are read here, those that fit to their crs.
    return _parquet_row_by_row(path, asked)


def _parquet_row_by_row(path: Path, asked: _Asked) -> pd.DataFrame:
    table = pq.read_table(path)
    about = json.loads((table.schema.metadata or {})[b"geo"])
    column = about["primary_column"]
    cells = table[column].to_numpy(zero_copy_only=False)
    shapes = shapely.from_wkb(cells, on_invalid=asked.on_invalid)
    crs = about["columns"][column].get("crs", "OGC:CRS84")
    rows = table.drop_columns([column]).to_pandas()
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=crs)


def _frame(source: Path | str, asked: _Asked) -> pd.DataFrame:
    rows: pd.DataFrame = pyogrio.read_dataframe(
        source, layer=asked.layer, encoding=asked.encoding, on_invalid=asked.on_invalid
    )
    return rows


def _read_geojson(path: Path, asked: _Asked) -> pd.DataFrame:
    # The prefix keeps GDAL from taking the file for another kind of JSON.
    source = f"GeoJSON:{path.absolute()}"
    if asked.layer is not None:
        _check_layer(path, asked.layer, [str(name) for name, _ in pyogrio.list_layers(source)])
    return _frame(source, asked)


def _read_geopackage(path: Path, asked: _Asked) -> pd.DataFrame:
    layer = asked.layer
    layers = [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
    if layer is None and len(layers) > 1:
        raise _several(path, layers)
    _check_layer(path, layer, layers)
    return _frame(path, asked._replace(layer=layer or (layers[0] if layers else None)))


def _read_shapefile(path: Path, asked: _Asked) -> pd.DataFrame:
    present = {found.suffix.lower() for found in path.parent.glob(f"{path.stem}.*")}
    missing = [suffix for suffix in _SIDE_FILES if suffix not in present]
    if missing:
        raise BoundaryError(
            "unreadable",
            f"{path.name} is not accompanied by {' and '.join(missing)}. A Shapefile is several "
            "files: put them side by side, or zip them together.",
            indonesian=f"{path.name} tidak disertai {' dan '.join(missing)}. Shapefile terdiri "
            "dari beberapa berkas: taruh semuanya dalam satu folder, atau jadikan satu zip.",
        )
    _check_layer(path, asked.layer, [path.stem])
    return _frame(path, asked._replace(layer=None))


def _read_zip(path: Path, asked: _Asked) -> pd.DataFrame:
    layer = asked.layer
    with zipfile.ZipFile(path) as archive:
        names = [PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()]
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise BoundaryError(
            "unreadable",
            f"{path.name} holds files whose paths lead outside it. Zip the Shapefile again, "
            "without folders.",
            indonesian=f"{path.name} memuat berkas yang letaknya menunjuk ke luar zip. Buat lagi "
            "zip Shapefile itu tanpa folder.",
        )
    shapes = [
        name for name in names if name.suffix.lower() == ".shp" and name.parts[0] != "__MACOSX"
    ]
    if shapes:
        _check_layer(path, layer, [name.stem for name in shapes])
    chosen = [name for name in shapes if layer in (None, name.stem)]
    if not chosen:
        raise BoundaryError(
            "unreadable",
            f"{path.name} holds no Shapefile (.shp). Zip its .shp, .shx, .dbf and .prj together.",
            indonesian=f"{path.name} tidak memuat Shapefile (.shp). Masukkan .shp, .shx, .dbf "
            "dan .prj bersama-sama ke dalam zip.",
        )
    if len(chosen) > 1:
        raise _several(path, [name.stem for name in chosen])
    return _frame(f"/vsizip/{{{path.absolute()}}}/{chosen[0]}", asked._replace(layer=None))


def _check_layer(path: Path, layer: str | None, layers: list[str]) -> None:
    """Refuse the name of a layer that is not there."""
    if layer is not None and layer not in layers:
        raise BoundaryError(
            "several-layers",
            f"{path.name} has no layer {layer!r}. It has: {', '.join(layers)}.",
            indonesian=f"{path.name} tidak punya layer {layer!r}. Layer yang ada: "
            f"{', '.join(layers)}.",
        )


def _several(path: Path, layers: list[str]) -> BoundaryError:
    return BoundaryError(
        "several-layers",
        f"{path.name} holds {len(layers)} layers: {', '.join(layers)}. Say which with --layer.",
        indonesian=f"{path.name} memuat {len(layers)} layer: {', '.join(layers)}. Sebutkan yang "
        "mana dengan --layer.",
    )
