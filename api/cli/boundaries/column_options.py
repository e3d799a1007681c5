"""The options that name the columns of a file of polygons."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Annotated, Any, Final

import typer

from api.cli.terminal.language import localised
from geodata.boundaries import Columns
from geodata.language import Bilingual

_HELP: Final = {
    "kelurahan_code": Bilingual(
        "Kode kelurahan tempat wilayah itu.", "Code of the kelurahan that contains the area."
    ),
    "kelurahan_name": Bilingual("Nama kelurahan itu.", "Name of the kelurahan."),
    "kecamatan_code": Bilingual(
        "Kode kecamatan; kode kelurahan Kemendagri memuat kode ini.",
        "Code of the kecamatan; Kemendagri codes of kelurahan contain this code.",
    ),
    "kecamatan_name": Bilingual("Nama kecamatan itu.", "Name of the kecamatan."),
    "kota_code": Bilingual(
        "Kode kota; kode kecamatan memuat kode ini.",
        "Code of the city; codes of kecamatan contain this code.",
    ),
    "kota_name": Bilingual("Nama kota.", "Name of the city."),
    "rt_label": Bilingual(
        "Label yang menyebut RT, seperti 'RT 002 RW 003'; label lain adalah nama wilayah yang "
        "bukan RT.",
        "Label that names the RT, like 'RT 002 RW 003'; another label is the name of an area that "
        "is not an RT.",
    ),
    "rw": Bilingual("Nomor RW, bila tidak ada label.", "Number of the RW, if there is no label."),
    "rt": Bilingual(
        "Nomor RT, bila tidak ada label; kosong untuk wilayah yang bukan RT.",
        "Number of the RT, if there is no label; empty for an area that is not an RT.",
    ),
    "code": Bilingual(
        "Kode RT dalam berkas; harus diawali kode RW.",
        "Code of the RT in the file; must begin with the code of the RW.",
    ),
    "kind": Bilingual(
        "'other' untuk wilayah yang bukan RT.", "'other' for an area that is not an RT."
    ),
    "name": Bilingual("Nama wilayah yang bukan RT.", "Name of an area that is not an RT."),
    "population": Bilingual("Jumlah penduduk wilayah itu.", "Number of people in the area."),
}
_PANEL: Final = localised(
    "Kolom berkas (=TEKS sebagai ganti kolom: teks itu untuk setiap baris)",
    "Columns of the file (=TEXT instead of a column: this text for every row)",
)


def with_columns(command: Callable[..., None]) -> Callable[..., None]:
    """Decorate a command: one option for each column instead of ``columns: Columns``."""

    def run(**arguments: Any) -> None:  # noqa: ANN401 - the options of the command
        columns = {field.name: arguments.pop(field.name) for field in fields(Columns)}
        command(**arguments, columns=Columns(**columns))

    options = [_option(field.name, str(field.default)) for field in fields(Columns)]
    return with_signature(run, command, "columns", options)


def with_signature(
    run: Callable[..., None],
    command: Callable[..., None],
    replaced: str,
    options: list[inspect.Parameter],
) -> Callable[..., None]:
    """Give `run` the name and the parameters of a command, with options for one parameter.

    Parameters
    ----------
    replaced
        The parameter of the command that the options replace.
    """
    others = [p for p in inspect.signature(command).parameters.values() if p.name != replaced]
    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in [*others, *options]]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__doc__, run.__name__ = command.__doc__, command.__name__
    return run


def _option(name: str, default: str) -> inspect.Parameter:
    option = typer.Option(
        "--" + name.replace("_", "-"),
        help=localised(*_HELP[name]),
        metavar=localised("KOLOM", "COLUMN"),
        rich_help_panel=_PANEL,
    )
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[str, option]
    )
