"""Opening a file of polygons by what it is, not by what it is called.

GeoJSON, GeoPackage, Shapefile (zipped too) and GeoParquet; everything else is turned away before
GDAL sees it, which reads a hundred formats, some of them by following links.
"""

import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from geodata.errors import BoundaryError

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


def open_polygons(path: Path, layer: str | None) -> pd.DataFrame:
    """Rows of a file as they are; a plain frame where the file knows no shapes.

    Raises
    ------
    BoundaryError
        ``no-file``, ``empty``, ``unreadable``, ``several-layers``.
    """
    opened = _reader(_head(path))
    if opened is None:
        raise BoundaryError(
            "unreadable",
            f"{path.name} is no GeoJSON, GeoPackage, Shapefile (.shp, or zipped) or GeoParquet. "
            "Save the polygons as one of these.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters of them is checked in `read`
            return opened(path, layer)
    except BROKEN:
        raise BoundaryError(
            "unreadable",
            f"{path.name} cannot be read as polygons: it is broken, cut off or of another kind. "
            "Save it again from where it came from, as GeoJSON or GeoPackage for instance.",
        ) from None


def _head(path: Path) -> bytes:
    """First bytes of a file that is there and not empty."""
    if not path.is_file():
        raise BoundaryError("no-file", f"There is no file {path.name}. Check the path.")
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError:
        raise BoundaryError(
            "no-file", f"{path.name} cannot be opened. Check who may read it."
        ) from None
    if not head.strip(b"\x00 \t\r\n"):
        raise BoundaryError("empty", f"{path.name} is empty. A file of polygons is wanted.")
    return head


def _reader(head: bytes) -> Callable[[Path, str | None], pd.DataFrame] | None:
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


def _read_parquet(path: Path, _: str | None) -> pd.DataFrame:
    return gpd.read_parquet(path)


def _frame(source: Path | str, layer: str | None = None) -> pd.DataFrame:
    rows: pd.DataFrame = pyogrio.read_dataframe(source, layer=layer)
    return rows


def _read_geojson(path: Path, layer: str | None) -> pd.DataFrame:
    # The prefix keeps GDAL from taking the file for another kind of JSON.
    return _frame(f"GeoJSON:{path.absolute()}", layer=layer)


def _read_geopackage(path: Path, layer: str | None) -> pd.DataFrame:
    layers = [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
    if layer is None and len(layers) > 1:
        raise _several(path, layers)
    if layer is not None and layer not in layers:
        raise BoundaryError(
            "several-layers",
            f"{path.name} has no layer of that name. It has: {', '.join(layers)}.",
        )
    return _frame(path, layer=layer or (layers[0] if layers else None))


def _read_shapefile(path: Path, _: str | None) -> pd.DataFrame:
    present = {found.suffix.lower() for found in path.parent.glob(f"{path.stem}.*")}
    missing = [suffix for suffix in _SIDE_FILES if suffix not in present]
    if missing:
        raise BoundaryError(
            "unreadable",
            f"{path.name} lies there without {' and '.join(missing)}. A Shapefile is several "
            "files: put them side by side, or zip them together.",
        )
    return _frame(path)


def _read_zip(path: Path, layer: str | None) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive:
        names = [PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()]
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise BoundaryError(
            "unreadable",
            f"{path.name} holds files whose paths lead outside it. Zip the Shapefile again, "
            "without folders.",
        )
    shapes = [
        name for name in names if name.suffix.lower() == ".shp" and name.parts[0] != "__MACOSX"
    ]
    chosen = [name for name in shapes if layer in (None, name.stem)]
    if not chosen:
        raise BoundaryError(
            "unreadable",
            f"{path.name} holds no Shapefile (.shp) that fits. Zip its .shp, .shx, .dbf and .prj "
            "together.",
        )
    if len(chosen) > 1:
        raise _several(path, [name.stem for name in chosen])
    return _frame(f"/vsizip/{{{path.absolute()}}}/{chosen[0]}")


def _several(path: Path, layers: list[str]) -> BoundaryError:
    return BoundaryError(
        "several-layers",
        f"{path.name} holds {len(layers)} layers: {', '.join(layers)}. Say which with --layer.",
    )
