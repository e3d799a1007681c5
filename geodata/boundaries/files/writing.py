"""Write polygons as GeoPackage, GeoJSON or GeoParquet, by the ending of the file name."""

import shutil
import sqlite3
import warnings
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import pyogrio

from geodata.errors import InputError
from geodata.files.atomic import atomic_file

_DRIVERS: Final = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON"}


def check_output(path: Path, endings: tuple[str, ...] = (*_DRIVERS, ".parquet")) -> None:
    """Raise for an output that cannot be written, before the work for the output begins.

    Raises
    ------
    InputError
        ``output-format`` or ``no-folder``.
    """
    if path.suffix.lower() not in endings:
        raise InputError(
            "output-format",
            f"The format of {path.name} cannot be written. Use the ending {' or '.join(endings)}.",
            indonesian=f"Format {path.name} tidak dapat ditulis. Pakai akhiran "
            f"{' atau '.join(endings)}.",
        )
    if not path.absolute().parent.is_dir():
        raise InputError(
            "no-folder",
            f"The folder for {path.name} does not exist. Make the folder first.",
            indonesian=f"Folder untuk {path.name} tidak ada. Buat folder itu dahulu.",
        )


class Layer(NamedTuple):
    """Layer of a file; ``shape`` is the geometry type, required for an empty layer."""

    frame: gpd.GeoDataFrame
    name: str
    shape: str | None


def write_polygons(
    frame: gpd.GeoDataFrame, path: Path, layer: str = "areas", shape: str | None = None
) -> None:
    """Write a frame to a file and replace the file; after an error the old file remains.

    Parameters
    ----------
    layer
        Name of the layer; other layers of a GeoPackage remain.
    shape
        Geometry type of the layer, required for an empty layer.

    Raises
    ------
    InputError
        ``output-format``, ``no-folder``, ``disk-full`` or ``not-written``.
    """
    write_layers([Layer(frame, layer, shape)], path)


def write_layers(layers: Sequence[Layer], path: Path) -> None:
    """Write all layers or none; see `write_polygons`."""
    check_output(path)
    with atomic_file(path) as part:
        if path.suffix.lower() == ".gpkg" and path.exists():
            shutil.copyfile(path, part)
        for layer in layers:
            _write(layer, part)
        if path.suffix.lower() == ".gpkg":
            _check_integrity(part)


def _write(layer: Layer, path: Path) -> None:
    if path.suffix.lower() == ".parquet":
        layer.frame.to_parquet(path)
        return
    driver = _DRIVERS[path.suffix.lower()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL warns about harmless things such as column widths
        layer.frame.to_file(path, layer=layer.name, driver=driver, geometry_type=layer.shape)


def _check_integrity(path: Path) -> None:
    """Check that a GeoPackage is complete: GDAL does not always report a full disk."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            result = connection.execute("pragma integrity_check").fetchall()
    except sqlite3.DatabaseError:
        result = []
    if result != [("ok",)]:
        raise pyogrio.errors.DataSourceError("not whole")
