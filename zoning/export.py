"""Zones of a day as a file: for a map, a spreadsheet or a notebook. One run, the same bytes."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final, Literal, get_args

import geopandas as gpd
import pandas as pd
import pyogrio

from geodata.errors import InputError
from geodata.tables import write_table
from zoning.public.day import PublicDay
from zoning.tiles.archive import write_archive
from zoning.tiles.day import DayTiles
from zoning.tiles.tilejson import tilejson
from zoning.zones.beside import BESIDE

Format = Literal["geojson", "gpkg", "parquet", "csv", "xlsx"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
COLUMNS: Final = (
    "code",
    "name",
    "level",
    "risk",
    "colour",
    "date",
    "rule",
    "run",
    "input_digest",
    "houses",
    "houses_at_least",
    "cases",
    "active",
    "flag",
)
"""Columns of every file; above the RT also how many RT have each colour.

And ``remark`` where the smallest zones of the city are no RT.
"""
_OF_PARENTS: Final = ("green", "yellow", "orange", "red")
_DECIMALS: Final = 7
"""Of degrees in GeoJSON: about a centimetre."""

_gdal_settings = Lock()


def export_zones(zones: gpd.GeoDataFrame, path: Path, form: Format) -> None:
    """Write zones; replaced whole or not at all.

    Parameters
    ----------
    zones
        As `zoning.City.zones` or `zoning.City.zones_for_officials` gives them.
    path
        Of any ending.
    form
        CSV and XLSX are without shapes.

    Raises
    ------
    InputError
        ``unknown-format``, ``no-folder``, ``not-written``.
    """
    writer = _WRITERS.get(form)
    if writer is None:
        raise InputError(
            "unknown-format", f"{form} is not written here. Choose one of: {', '.join(FORMATS)}."
        )
    names = [n for n in (*COLUMNS, *BESIDE, *_OF_PARENTS, "remark") if n in zones.columns]
    with _replacing(path, form) as part:
        writer(zones[[*names, zones.geometry.name]], part)


def export_tiles(tiles: DayTiles, day: PublicDay, path: Path) -> int:
    """Write a day's vector tiles as PMTiles, all levels; replaced whole or not at all.

    Parameters
    ----------
    tiles
        Those of `day`.

    Returns
    -------
    int
        How many tiles there are.

    Raises
    ------
    InputError
        ``no-folder``, ``not-written``.
    """
    about = tilejson(tiles.pyramid.ground.boundaries, day, "mvt", "")
    with _replacing(path, "pmtiles") as part:
        return write_archive(tiles, {**about, "rule": day.rule}, part)


@contextmanager
def _replacing(path: Path, ending: str) -> Iterator[Path]:
    """Where to write what is to be at a path: it gets there when all of it is written."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InputError("no-folder", f"The folder for {path.name} does not exist. Make it first.")
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".zones-") as made:
            part = Path(made) / f"zones.{ending}"
            yield part
            part.replace(path)
    except (OSError, pyogrio.errors.DataSourceError):
        raise InputError(
            "not-written", f"{path.name} cannot be written. Check who may write there."
        ) from None


def _geojson(zones: gpd.GeoDataFrame, path: Path) -> None:
    zones.to_file(path, driver="GeoJSON", engine="pyogrio", COORDINATE_PRECISION=str(_DECIMALS))


def _gpkg(zones: gpd.GeoDataFrame, path: Path) -> None:
    with _moment(str(zones["date"].iloc[0]) if len(zones) else "1980-01-01"):
        zones.to_file(path, driver="GPKG", layer="zones", engine="pyogrio")


@contextmanager
def _moment(day: str) -> Iterator[None]:
    """Let GDAL write the judged day where it would write this moment."""
    with _gdal_settings:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _parquet(zones: gpd.GeoDataFrame, path: Path) -> None:
    zones.to_parquet(path, index=False, compression="zstd")


def _table(zones: gpd.GeoDataFrame, path: Path) -> None:
    write_table(pd.DataFrame(zones.drop(columns=zones.geometry.name)), path)


_WRITERS: Final[dict[str, Callable[[gpd.GeoDataFrame, Path], None]]] = {
    "geojson": _geojson,
    "gpkg": _gpkg,
    "parquet": _parquet,
    "csv": _table,
    "xlsx": _table,
}
