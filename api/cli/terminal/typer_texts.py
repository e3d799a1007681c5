"""Texts of typer in Indonesian: titles of the help, the help option, usage errors."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from api.cli.terminal.language import LANGUAGE

_TITLES: Final = {
    "DEPRECATED_STRING": "(tidak dianjurkan lagi) ",
    "DEFAULT_STRING": "[bawaan: {}]",
    "ENVVAR_STRING": "[variabel lingkungan: {}]",
    "REQUIRED_LONG_STRING": "[wajib]",
    "ARGUMENTS_PANEL_TITLE": "Argumen",
    "OPTIONS_PANEL_TITLE": "Opsi",
    "COMMANDS_PANEL_TITLE": "Perintah",
    "ERRORS_PANEL_TITLE": "Kesalahan",
    "ABORTED_TEXT": "Dibatalkan.",
    "RICH_HELP": "Bantuan: [blue]'{command_path} {help_option}'[/].",
}
_OPTIONS: Final = {
    "help": "Tampilkan bantuan ini, lalu selesai.",
    "install_completion": "Pasang pelengkapan otomatis untuk shell ini.",
    "show_completion": "Tampilkan skrip pelengkapan otomatis untuk shell ini.",
}
_USAGE: Final = (
    ("Usage: ", "Pemakaian: "),
    ("[OPTIONS]", "[OPSI]"),
    ("COMMAND [ARGS]...", "PERINTAH [ARGUMEN]..."),
)
_USAGE_ERRORS: Final = tuple(
    (re.compile(pattern, re.DOTALL), indonesian)
    for pattern, indonesian in (
        (r"Missing argument (.+?)\.", r"Argumen \1 belum diisi."),
        (r"Missing argument (.+?)\. Choose from:\s*(.+)", r"Argumen \1 belum diisi. Pilihan: \2"),
        (r"Missing (?:option|parameter) (.+?)\.", r"Opsi \1 belum diisi."),
        (
            r"Missing (?:option|parameter) (.+?)\. Choose from:\s*(.+)",
            r"Opsi \1 belum diisi. Pilihan: \2",
        ),
        (r"Missing command\.", "Perintah belum disebut."),
        (r"No such option: (\S+?)\.?", r"Tidak ada opsi \1."),
        (
            r"No such option: (\S+) (?:\(Possible options: (.+)\)|Did you mean (.+)\?)",
            r"Tidak ada opsi \1. Mungkin maksud Anda: \2\3.",
        ),
        (r"No such command ('.+?')\.", r"Tidak ada perintah \1."),
        (
            r"No such command ('.+?')\. Did you mean (.+)\?",
            r"Tidak ada perintah \1. Mungkin maksud Anda \2.",
        ),
        (r"Option (.+) requires an argument\.?", r"Opsi \1 memerlukan nilai."),
        (r"Option (.+) does not take a value\.?", r"Opsi \1 tidak menerima nilai."),
        (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"Ada kata yang berlebih: \1."),
        (r"Input should be a valid integer.*", "Tulis bilangan bulat."),
        (r"Input should be a valid number.*", "Tulis angka."),
        (r"Input should be less than or equal to (.+)", r"Paling besar \1."),
        (r"Input should be greater than or equal to (.+)", r"Paling kecil \1."),
        (r"Value error, ('.*') is not one of (.+)\.", r"\1 tidak ada dalam pilihan: \2."),
    )
)
_INVALID: Final = re.compile(r"Invalid value(?: for (.+?))?: (.+)", re.DOTALL)


def translate_usage_error(message: str) -> str:
    """Typer's message of a usage error in Indonesian; an unknown message stays in English."""
    invalid = _INVALID.fullmatch(message)
    if invalid is not None:
        parameter = f" untuk {invalid[1]}" if invalid[1] else ""
        return f"Nilai{parameter} tidak dapat dipakai: {translate_usage_error(invalid[2])}"
    for pattern, indonesian in _USAGE_ERRORS:
        match = pattern.fullmatch(message)
        if match is not None:
            return match.expand(indonesian).strip()
    return message


@contextmanager
def localised_usage_errors() -> Iterator[None]:
    """Translate the message of a usage error into the language of this process."""
    try:
        yield
    except typer.TyperException as error:
        # NoArgsIsHelpError carries the help of a group, which is already in the right language.
        if LANGUAGE == "id" and type(error).__name__ != "NoArgsIsHelpError":
            message = translate_usage_error(error.format_message())
            error.format_message = lambda: message  # type: ignore[method-assign]
        raise


class _LocalisedHelp:
    """Help texts of commands and groups."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401  (the type of click)
        """The line that shows how to write the command."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        for english, indonesian in _USAGE if LANGUAGE == "id" else ():
            usage = usage.replace(english, indonesian, 1)
        return usage

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  (the type of click)
        """The parameters, and the options that typer adds."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params if LANGUAGE == "id" else ():
            if param.name in _OPTIONS:
                param.help = _OPTIONS[param.name]
        return params


class LocalisedCommand(_LocalisedHelp, TyperCommand):
    """A command whose help is in the language of this process."""


class LocalisedGroup(_LocalisedHelp, TyperGroup):
    """A group of commands whose help is in the language of this process."""


def localise_titles() -> None:
    """Set the Indonesian titles in the help of typer."""
    if LANGUAGE == "id":
        from typer import rich_utils  # noqa: PLC0415  (English needs no change)

        for name, indonesian in _TITLES.items():
            setattr(rich_utils, name, indonesian)
