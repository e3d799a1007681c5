"""Write the zones of a day to a file; the same run gives the same bytes."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal, get_args

import geopandas as gpd
import pandas as pd
import pyogrio

from geodata.errors import InputError
from geodata.files.atomic import atomic_file
from geodata.files.private import private_umask
from geodata.tables import table_content
from zoning.public.day import PublicDay
from zoning.risk import FOUR_COLOURS, Classes, class_keys
from zoning.tiles.archive import write_archive
from zoning.tiles.day import DayTiles
from zoning.tiles.formats.tilejson import tilejson
from zoning.zones.official_counts import OFFICIAL_COUNTS

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
"""Columns of every file. Above the RT, also the number of RT of each class.

Also ``remark`` if the smallest zones of the city are no RT.
"""
_DECIMALS: Final = 7
"""Decimals of degrees in GeoJSON: about a centimetre."""

_gdal_settings = Lock()


def export_zones(
    zones: gpd.GeoDataFrame, path: Path, form: Format, classes: Classes = FOUR_COLOURS
) -> None:
    """Write zones to a file; an existing file is replaced atomically.

    Parameters
    ----------
    zones
        Result of `zoning.City.zones` or `zoning.City.zones_for_officials`.
    path
        Path of the file, with any suffix.
    form
        Format of the file; CSV and XLSX have no geometry.
    classes
        Classes of the city's rules: a column each above the RT.

    Raises
    ------
    InputError
        ``unknown-format``, ``no-folder``, ``disk-full``, ``not-written``.
    """
    writer = _WRITERS.get(form)
    if writer is None:
        raise InputError(
            "unknown-format",
            f"{form} is not a known format. Choose one of: {', '.join(FORMATS)}.",
            indonesian=f"{form} bukan format yang dikenal. Pilih salah satu: {', '.join(FORMATS)}.",
        )
    columns = (*COLUMNS, *OFFICIAL_COUNTS, *class_keys(classes), "remark")
    present = [name for name in columns if name in zones.columns]
    with atomic_file(path) as file, private_umask():
        writer(zones[[*present, zones.geometry.name]], file)


def export_tiles(tiles: DayTiles, day: PublicDay, path: Path) -> int:
    """Write a day's vector tiles as PMTiles; an existing file is replaced atomically.

    Parameters
    ----------
    tiles
        The tiles of `day`.

    Returns
    -------
    int
        Number of tiles.

    Raises
    ------
    InputError
        ``no-folder``, ``disk-full``, ``not-written``.
    """
    pyramid = tiles.pyramid
    document = tilejson(pyramid.ground.boundaries, day, "mvt", "", pyramid.classes)
    with atomic_file(path) as file:
        return write_archive(tiles, {**document, "rule": day.rule}, file)


def _geojson(zones: gpd.GeoDataFrame, path: Path) -> None:
    _write_through_memory(zones, path, driver="GeoJSON", COORDINATE_PRECISION=str(_DECIMALS))


def _gpkg(zones: gpd.GeoDataFrame, path: Path) -> None:
    with _gdal_date(str(zones["date"].iloc[0]) if len(zones) else "1980-01-01"):
        _write_through_memory(zones, path, driver="GPKG")


def _write_through_memory(zones: gpd.GeoDataFrame, path: Path, **options: Any) -> None:  # noqa: ANN401  (GDAL's)
    """Write with GDAL into memory first: GDAL does not report all errors of the disk."""
    content = io.BytesIO()
    zones.to_file(content, layer="zones", engine="pyogrio", **options)
    path.write_bytes(content.getbuffer())


@contextmanager
def _gdal_date(day: str) -> Iterator[None]:
    """Make GDAL write the day of the zones instead of the current time, for equal bytes."""
    with _gdal_settings:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _parquet(zones: gpd.GeoDataFrame, path: Path) -> None:
    zones.to_parquet(path, index=False, compression="zstd")


def _csv(zones: gpd.GeoDataFrame, path: Path) -> None:
    path.write_bytes(table_content(_without_shapes(zones), ".csv"))


def _xlsx(zones: gpd.GeoDataFrame, path: Path) -> None:
    path.write_bytes(table_content(_without_shapes(zones), ".xlsx"))


def _without_shapes(zones: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(zones.drop(columns=zones.geometry.name))


_WRITERS: Final[dict[str, Callable[[gpd.GeoDataFrame, Path], None]]] = {
    "geojson": _geojson,
    "gpkg": _gpkg,
    "parquet": _parquet,
    "csv": _csv,
    "xlsx": _xlsx,
}
