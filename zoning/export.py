"""Zones of a day as a file: for a map, a spreadsheet or a notebook. One run, the same bytes."""

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
from geodata.files.atomic import whole_file
from geodata.files.private import created_private
from geodata.tables import table_content
from zoning.public.day import PublicDay
from zoning.risk import FOUR_COLOURS, Classes, keys_of
from zoning.tiles.archive import write_archive
from zoning.tiles.day import DayTiles
from zoning.tiles.formats.tilejson import tilejson
from zoning.zones.official_counts import BESIDE

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
"""Columns of every file; above the RT also how many RT have each class.

And ``remark`` where the smallest zones of the city are no RT.
"""
_DECIMALS: Final = 7
"""Of degrees in GeoJSON: about a centimetre."""

_gdal_settings = Lock()


def export_zones(
    zones: gpd.GeoDataFrame, path: Path, form: Format, classes: Classes = FOUR_COLOURS
) -> None:
    """Write zones; replaced whole or not at all.

    Parameters
    ----------
    zones
        As `zoning.City.zones` or `zoning.City.zones_for_officials` gives them.
    path
        Of any ending.
    form
        CSV and XLSX are without shapes.
    classes
        Of the city's rules: above the RT a column each.

    Raises
    ------
    InputError
        ``unknown-format``, ``no-folder``, ``disk-full``, ``not-written``.
    """
    writer = _WRITERS.get(form)
    if writer is None:
        raise InputError(
            "unknown-format",
            f"{form} is not written here. Choose one of: {', '.join(FORMATS)}.",
            indonesian=f"{form} tidak dapat ditulis di sini. Pilih salah satu: "
            f"{', '.join(FORMATS)}.",
        )
    named = (*COLUMNS, *BESIDE, *keys_of(classes), "remark")
    names = [n for n in named if n in zones.columns]
    with whole_file(path) as part, created_private():
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
        ``no-folder``, ``disk-full``, ``not-written``.
    """
    pyramid = tiles.pyramid
    about = tilejson(pyramid.ground.boundaries, day, "mvt", "", pyramid.classes)
    with whole_file(path) as part:
        return write_archive(tiles, {**about, "rule": day.rule}, part)


def _geojson(zones: gpd.GeoDataFrame, path: Path) -> None:
    _through_memory(zones, path, driver="GeoJSON", COORDINATE_PRECISION=str(_DECIMALS))


def _gpkg(zones: gpd.GeoDataFrame, path: Path) -> None:
    with _moment(str(zones["date"].iloc[0]) if len(zones) else "1980-01-01"):
        _through_memory(zones, path, driver="GPKG")


def _through_memory(zones: gpd.GeoDataFrame, path: Path, **how: Any) -> None:  # noqa: ANN401  (GDAL's)
    """Let GDAL write into memory: it does not notice all of what a disk refuses to keep."""
    content = io.BytesIO()
    zones.to_file(content, layer="zones", engine="pyogrio", **how)
    path.write_bytes(content.getbuffer())


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
