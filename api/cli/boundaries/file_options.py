"""The argument for a file of polygons, the options for reading it, and the check of its place."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer
from numpy.typing import NDArray

from api.cli.boundaries.column_options import with_signature
from api.cli.terminal.language import localised
from geodata.boundaries import (
    Columns,
    Extent,
    PolygonFile,
    ReadOptions,
    check_in_indonesia,
    check_no_far_areas,
    file_extent,
    read_attributes,
)

File = Annotated[
    Path,
    typer.Argument(
        help=localised(
            "GeoJSON, GeoPackage, Shapefile (.shp atau .zip), atau GeoParquet.",
            "GeoJSON, GeoPackage, Shapefile (.shp or .zip) or GeoParquet.",
        )
    ),
]
OutsideIndonesia = Annotated[
    bool,
    typer.Option(
        "--outside-indonesia",
        help=localised(
            "Kota ini memang di luar Indonesia.", "The city really is outside Indonesia."
        ),
    ),
]
AllowFar = Annotated[
    bool,
    typer.Option(
        "--allow-far",
        help=localised(
            "Wilayah yang jauh dari yang lain adalah pulau milik kota, bukan kesalahan.",
            "Areas far from the other areas are islands of the city, not errors.",
        ),
    ),
]
_PANEL: Final = localised("Cara membaca berkas", "How the file is read")
_OPTIONS: Final[dict[str, Any]] = {
    "crs": Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Sistem koordinat, misalnya EPSG:32749; menggantikan yang tertulis di berkas.",
                "Coordinate system, for instance EPSG:32749; replaces the one of the file.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
    "layer": Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Lapisan yang dibaca, bila berkas punya beberapa.",
                "The layer to read, if the file has several.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
    "encoding": Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Pengodean teks Shapefile, bila .cpg-nya salah: UTF-8, cp1252.",
                "Encoding of the texts of a Shapefile, if its .cpg is wrong: UTF-8, cp1252.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
    "leave_out": Annotated[
        list[str] | None,
        typer.Option(
            metavar=localised("ATURAN", "RULE"),
            help=localised(
                "Baris yang dikeluarkan: KOLOM=NILAI, no-code (tanpa kode kelurahan), atau "
                "no-polygon (tanpa poligon); boleh beberapa kali.",
                "Rows to leave out: COLUMN=VALUE, no-code (no code of the kelurahan) or "
                "no-polygon; the option may be repeated.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
    "source": Annotated[
        str | None,
        typer.Option(
            metavar="bps",
            help=localised(
                "Berkas dengan kolom BPS: kdprov sampai kdsls, atau iddesa, idsls; nmkab sampai "
                "nmsls.",
                "A file with the columns of BPS: kdprov to kdsls, or iddesa, idsls; nmkab to "
                "nmsls.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
    "labels": Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tabel label,rt,rw berisi nomor untuk label yang tidak terbaca.",
                "Table label,rt,rw with the numbers for labels that cannot be read.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
}


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Decorate a command: one option for each field instead of ``reading: ReadOptions``."""

    def run(**arguments: Any) -> None:  # noqa: ANN401 - the options of the command
        values = {field.name: arguments.pop(field.name) for field in fields(ReadOptions)}
        values["leave_out"] = tuple(values["leave_out"] or ())
        command(**arguments, reading=ReadOptions(**values))

    options = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=_OPTIONS[field.name],
        )
        for field in fields(ReadOptions)
    ]
    return with_signature(run, command, "reading", options)


def checked_place(
    polygons: PolygonFile,
    reading: ReadOptions,
    columns: Columns | None = None,
    *,
    outside_indonesia: bool,
    allow_far: bool,
) -> Extent:
    """The place of a file, after the checks of that place.

    Parameters
    ----------
    columns
        Columns of the codes that an error names; None for row numbers.

    Raises
    ------
    BoundaryError
        ``outside-indonesia`` unless `outside_indonesia`; ``far-area`` unless `allow_far`.
    """
    place = file_extent(polygons.frame)
    if not outside_indonesia:
        check_in_indonesia(place, named_crs=reading.crs is not None)
    if not allow_far:
        check_no_far_areas(polygons.frame, row_labels(polygons, columns))
    return place


def row_labels(polygons: PolygonFile, columns: Columns | None) -> NDArray[np.object_] | None:
    """Code or name of each row of a file; None without columns."""
    return None if columns is None else read_attributes(polygons.frame, columns).shown
