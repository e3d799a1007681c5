"""What no command foresaw, as one sentence: never a traceback, which may show a record's values."""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import typer

from api.cli.terminal.output import spoken_errors
from api.cli.terminal.typer_texts import LocalisedGroup, localised_usage_errors
from geodata.errors import MikrozonasiError
from geodata.files.system_errors import refused


class SpokenGroup(LocalisedGroup):
    """A group of commands in which every error ends as one sentence and an exit status."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  (typer's own)
        """Read the words of a command."""
        with localised_usage_errors():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer's own Context
        """Run a command."""
        with spoken_errors(), _foreseen(), localised_usage_errors():
            answer: object = super().invoke(ctx)
            _say_all()
            return answer


@contextmanager
def _foreseen() -> Iterator[None]:
    """Make an error of ours of any other."""
    try:
        yield
    except (MikrozonasiError, typer.Exit, typer.Abort, typer.TyperException):
        raise
    except MemoryError:
        raise MikrozonasiError(
            "out-of-memory",
            "The memory did not suffice. What was begun in the database is undone. Close other "
            "programs or take a machine with more memory, then do it again.",
            indonesian="Memori tidak cukup. Perubahan yang belum selesai di basis data "
            "dibatalkan. Tutup program lain atau pakai mesin dengan memori lebih banyak, lalu "
            "ulangi.",
        ) from None
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # who read the answer has seen enough; the command ends without a word
        raise refused(error) from None
    except Exception as error:  # noqa: BLE001  (its words may be of a record)
        raise MikrozonasiError(
            "unforeseen",
            f"Something failed that nobody foresaw: {type(error).__name__} at {_place(error)}. "
            "What was begun in the database is undone. Please report this line to who maintains "
            "mikrozonasi.",
            indonesian=f"Terjadi kegagalan yang tidak terduga: {type(error).__name__} di "
            f"{_place(error)}. Perubahan yang belum selesai di basis data "
            "dibatalkan. Laporkan baris ini kepada pemelihara mikrozonasi.",
        ) from None


def _place(error: Exception) -> str:
    """Module and line of ours that was at work last."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if "site-packages" not in each.filename] or frames
    return f"{'/'.join(Path(own[-1].filename).parts[-3:])}:{own[-1].lineno}"


def _say_all() -> None:
    """Let the answer out while a disk that is full can still be said."""
    try:
        sys.stdout.flush()
    except OSError:
        # What is left would be tried again when the process ends, and fail there with noise.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
