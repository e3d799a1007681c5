"""The file of polygons that commands take: the options that say how to read it, where it lies."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer
from numpy.typing import NDArray

from api.cli.terminal.language import localised
from geodata.boundaries import (
    Columns,
    Place,
    PolygonFile,
    Reading,
    place_of,
    refuse_abroad,
    refuse_far,
    signs_of,
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
            "Kota ini memang di luar Indonesia.", "The city does lie outside Indonesia."
        ),
    ),
]
AllowFar = Annotated[
    bool,
    typer.Option(
        "--allow-far",
        help=localised(
            "Wilayah yang jauh dari yang lain adalah pulau milik kota, bukan kesalahan.",
            "Areas far from the rest are islands of the city, no slips.",
        ),
    ),
]
_PANEL: Final = localised("Cara membaca berkas", "How the file is read")
_OPTIONS: Final[dict[str, Any]] = {
    "crs": Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Sistem koordinat, misalnya EPSG:32749; mengalahkan yang tertulis di berkas.",
                "Coordinate system, for instance EPSG:32749; wins over what the file says.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
    "layer": Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Lapisan yang dibaca, bila berkas punya beberapa.",
                "Which layer, where the file holds several.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
    "encoding": Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Pengodean teks Shapefile, bila .cpg-nya salah: UTF-8, cp1252.",
                "Encoding of a Shapefile's texts, where its .cpg is wrong: UTF-8, cp1252.",
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
                "no-polygon; may be said several times.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
    "source": Annotated[
        str | None,
        typer.Option(
            metavar="bps",
            help=localised(
                "Kolom berkas seperti BPS: kdprov sampai kdsls, atau iddesa, idsls; nmkab sampai "
                "nmsls.",
                "The file has the columns of BPS: kdprov to kdsls, or iddesa, idsls; nmkab to "
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
                "A table label,rt,rw of numbers for labels that cannot be read.",
            ),
            rich_help_panel=_PANEL,
        ),
    ],
}


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes ``reading: Reading`` one option for each thing it says."""

    def run(**arguments: Any) -> None:  # noqa: ANN401 - whatever the command takes
        said = {field.name: arguments.pop(field.name) for field in fields(Reading)}
        said["leave_out"] = tuple(said["leave_out"] or ())
        command(**arguments, reading=Reading(**said))

    own = [p for p in inspect.signature(command).parameters.values() if p.name != "reading"]
    options = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=_OPTIONS[field.name],
        )
        for field in fields(Reading)
    ]
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in [*own, *options]]
    run.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in keyword}
    run.__doc__, run.__name__ = command.__doc__, command.__name__
    return run


def settled(
    found: PolygonFile,
    reading: Reading,
    columns: Columns | None = None,
    *,
    outside_indonesia: bool,
    allow_far: bool,
) -> Place:
    """Where a file lies, refused where that is no place for it.

    Parameters
    ----------
    columns
        Which column says what, to name areas by their codes.

    Raises
    ------
    BoundaryError
        ``outside-indonesia`` or ``far-area``, unless it was said that they are right.
    """
    place = place_of(found.frame)
    if not outside_indonesia:
        refuse_abroad(place, named_crs=reading.crs is not None)
    if not allow_far:
        refuse_far(found.frame, codes_of(found, columns))
    return place


def codes_of(found: PolygonFile, columns: Columns | None) -> NDArray[np.object_] | None:
    """What each row of a file is called, as far as its columns say."""
    return None if columns is None else signs_of(found.frame, columns).shown
