"""Writing polygons for other programs: GeoPackage, GeoJSON, GeoParquet, by the file's ending."""

import warnings
from pathlib import Path
from typing import Final

import geopandas as gpd

from geodata.boundaries.formats import BROKEN
from geodata.errors import InputError

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
            f"{path.name} has an ending that is not written here. Use {' or '.join(endings)}.",
        )
    if not path.absolute().parent.is_dir():
        raise InputError("no-folder", f"The folder for {path.name} does not exist. Make it first.")


def write_polygons(
    frame: gpd.GeoDataFrame, path: Path, layer: str = "areas", shape: str | None = None
) -> None:
    """Write a frame, replacing what was there.

    Parameters
    ----------
    layer
        Name of the layer; a GeoPackage keeps its other layers.
    shape
        Type of the layer's geometries, where there may be none to tell it from.

    Raises
    ------
    InputError
        ``output-format``, ``no-folder`` or ``not-written``.
    """
    check_output(path)
    try:
        if path.suffix.lower() == ".parquet":
            frame.to_parquet(path)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # GDAL tells of harmless things, column widths
                driver = _DRIVERS[path.suffix.lower()]
                frame.to_file(path, layer=layer, driver=driver, geometry_type=shape)
    except BROKEN:
        raise InputError(
            "not-written", f"{path.name} cannot be written. Check who may write there."
        ) from None
