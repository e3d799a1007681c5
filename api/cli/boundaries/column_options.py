"""The options that say which column of a file says what, for every command that needs them."""

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
        "Kode kelurahan tempat wilayah itu.", "Code of the kelurahan an area lies in."
    ),
    "kelurahan_name": Bilingual("Nama kelurahan itu.", "Name of that kelurahan."),
    "kecamatan_code": Bilingual(
        "Kode kecamatan; dapat diturunkan dari kode kelurahan Kemendagri.",
        "Code of the kecamatan; follows from Kemendagri codes of kelurahan.",
    ),
    "kecamatan_name": Bilingual("Nama kecamatan itu.", "Name of that kecamatan."),
    "kota_code": Bilingual(
        "Kode kota; dapat diturunkan dari kode kecamatan.",
        "Code of the city; follows from the codes of the kecamatan.",
    ),
    "kota_name": Bilingual("Nama kota.", "Name of the city."),
    "rt_label": Bilingual(
        "Label yang menyebut RT, seperti 'RT 002 RW 003'; label lain adalah nama wilayah yang "
        "bukan "
        "RT.",
        "Label that names the RT, like 'RT 002 RW 003'; other labels are names of areas that are "
        "no RT.",
    ),
    "rw": Bilingual(
        "Nomor RW, bila tidak ada label.", "Number of the RW, where there is no label."
    ),
    "rt": Bilingual(
        "Nomor RT, bila tidak ada label; kosong untuk wilayah yang bukan RT.",
        "Number of the RT, where there is no label; empty for an area that is no RT.",
    ),
    "code": Bilingual(
        "Kode RT milik berkas itu sendiri; harus diawali kode RW.",
        "The file's own code of the RT; must begin with the code of the RW.",
    ),
    "kind": Bilingual("'other' untuk wilayah yang bukan RT.", "'other' for an area that is no RT."),
    "name": Bilingual("Nama wilayah yang bukan RT.", "Name of an area that is no RT."),
    "population": Bilingual("Jumlah penduduk wilayah itu.", "People living in the area."),
}
_PANEL: Final = localised(
    "Kolom berkas (=TEKS sebagai ganti kolom: teks itu untuk setiap baris)",
    "Columns of the file (=TEXT instead of a column: that text for every row)",
)


def with_columns(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes ``columns: Columns`` one option for every column."""

    def run(**arguments: Any) -> None:  # noqa: ANN401 - whatever the command takes
        chosen = {field.name: arguments.pop(field.name) for field in fields(Columns)}
        command(**arguments, columns=Columns(**chosen))

    own = [p for p in inspect.signature(command).parameters.values() if p.name != "columns"]
    options = [_option(field.name, str(field.default)) for field in fields(Columns)]
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in [*own, *options]]
    run.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in keyword}
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
