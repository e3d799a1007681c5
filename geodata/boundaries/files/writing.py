"""Writing polygons for other programs: GeoPackage, GeoJSON, GeoParquet, by the file's ending."""

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
from geodata.files.atomic import whole_file

_DRIVERS: Final = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON"}


def check_output(path: Path, endings: tuple[str, ...] = (*_DRIVERS, ".parquet")) -> None:
    """Refuse an output that could not be written, before any work is done for it.

    Raises
    ------
    InputError
        ``output-format`` or ``no-folder``.
    """
    if path.suffix.lower() not in endings:
        raise InputError(
            "output-format",
            f"{path.name} has an ending that cannot be written here. Use {' or '.join(endings)}.",
            indonesian=f"Akhiran {path.name} tidak dapat ditulis di sini. Pakai "
            f"{' atau '.join(endings)}.",
        )
    if not path.absolute().parent.is_dir():
        raise InputError(
            "no-folder",
            f"The folder for {path.name} does not exist. Make it first.",
            indonesian=f"Folder untuk {path.name} tidak ada. Buat folder itu dahulu.",
        )


class Layer(NamedTuple):
    """A layer of a file: its name, and the type of its shapes where there may be none."""

    frame: gpd.GeoDataFrame
    name: str
    shape: str | None


def write_polygons(
    frame: gpd.GeoDataFrame, path: Path, layer: str = "areas", shape: str | None = None
) -> None:
    """Write a frame, replacing what was there, whole or not at all.

    Parameters
    ----------
    layer
        Name of the layer; a GeoPackage keeps its other layers.
    shape
        Type of the layer's geometries, where there may be none to tell it from.

    Raises
    ------
    InputError
        ``output-format``, ``no-folder``, ``disk-full`` or ``not-written``.
    """
    write_layers([Layer(frame, layer, shape)], path)


def write_layers(layers: Sequence[Layer], path: Path) -> None:
    """Write layers, all of them or none; see `write_polygons`."""
    check_output(path)
    with whole_file(path) as part:
        if path.suffix.lower() == ".gpkg" and path.exists():
            shutil.copyfile(path, part)
        for layer in layers:
            _write(layer, part)
        if path.suffix.lower() == ".gpkg":
            _check_whole(part)


def _write(layer: Layer, path: Path) -> None:
    if path.suffix.lower() == ".parquet":
        layer.frame.to_parquet(path)
        return
    driver = _DRIVERS[path.suffix.lower()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL tells of harmless things, column widths
        layer.frame.to_file(path, layer=layer.name, driver=driver, geometry_type=layer.shape)


def _check_whole(path: Path) -> None:
    """Find out whether the disk kept all of a GeoPackage: GDAL does not always notice."""
    try:
        with closing(sqlite3.connect(path)) as written:
            found = written.execute("pragma integrity_check").fetchall()
    except sqlite3.DatabaseError:
        found = []
    if found != [("ok",)]:
        raise pyogrio.errors.DataSourceError("not whole")
