"""Unexpected errors as one sentence: a traceback could show values of a record."""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import typer

from api.cli.terminal.output import report_errors
from api.cli.terminal.typer_texts import LocalisedGroup, localised_usage_errors
from geodata.errors import MikrozonasiError
from geodata.files.system_errors import system_error


class ErrorReportingGroup(LocalisedGroup):
    """A group of commands that turns every error into one sentence and an exit status."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (the type of typer)
        """Parse the arguments of a command."""
        with localised_usage_errors():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # the Context of typer
        """Run a command."""
        with report_errors(), _translate_unexpected_errors(), localised_usage_errors():
            result: object = super().invoke(ctx)
            _flush_stdout()
            return result


@contextmanager
def _translate_unexpected_errors() -> Iterator[None]:
    """Raise a `MikrozonasiError` instead of any other error."""
    try:
        yield
    except (MikrozonasiError, typer.Exit, typer.Abort, typer.TyperException):
        raise
    except MemoryError:
        raise MikrozonasiError(
            "out-of-memory",
            "There was not enough memory. Unfinished changes in the database are undone. Close "
            "other programs or use a machine with more memory, then repeat the command.",
            indonesian="Memori tidak cukup. Perubahan yang belum selesai di basis data "
            "dibatalkan. Tutup program lain atau pakai mesin dengan memori lebih banyak, lalu "
            "ulangi perintah itu.",
        ) from None
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # the reader closed the pipe on purpose; typer ends the command silently
        raise system_error(error) from None
    except Exception as error:  # noqa: BLE001  (the message of the error may hold record values)
        raise MikrozonasiError(
            "unforeseen",
            f"An unexpected error occurred: {type(error).__name__} at {_code_line(error)}. "
            "Unfinished changes in the database are undone. Please report this line to the "
            "maintainers of mikrozonasi.",
            indonesian=f"Terjadi kesalahan yang tidak terduga: {type(error).__name__} di "
            f"{_code_line(error)}. Perubahan yang belum selesai di basis data "
            "dibatalkan. Laporkan baris ini kepada pemelihara mikrozonasi.",
        ) from None


def _code_line(error: Exception) -> str:
    """File and line of the innermost frame that is not of a library."""
    frames = traceback.extract_tb(error.__traceback__)
    own_frames = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    frame = own_frames[-1]
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno}"


def _flush_stdout() -> None:
    """Write the answer now, so that a full disk is reported as an error of the command."""
    try:
        sys.stdout.flush()
    except OSError:
        # Python flushes again at exit and would print a traceback there.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
