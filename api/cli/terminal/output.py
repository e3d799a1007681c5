"""How every command speaks: tables for people, JSON for machines, errors as one sentence."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import (
    Progress as ProgressBar,
)
from rich.table import Table
from rich.text import Text

from api.cli.terminal.language import LANGUAGE, localised
from api.cli.terminal.words import word
from geodata.errors import MikrozonasiError
from geodata.language import Bilingual, Progress
from zoning.tiles.progress import quarters

if TYPE_CHECKING:  # a list of commands must not wait for pandas
    import pandas as pd

Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help=localised(
            "Ringkasan JSON untuk program, pada keluaran standar.",
            "A machine-readable summary on standard output.",
        ),
    ),
]
Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="MIKROZONASI_DATABASE",
        help=localised(
            "duckdb:///city.duckdb, duckdb:////jalur/lengkap/city.duckdb, atau untuk banyak proses "
            "sekaligus postgresql://user@host/name dengan kata sandi di ~/.pgpass.",
            "duckdb:///city.duckdb, duckdb:////absolute/city.duckdb, or for many processes at "
            "once postgresql://user@host/name, the password in ~/.pgpass.",
        ),
    ),
]
DEFAULT_DATABASE = "duckdb:///city.duckdb"

_MOST_SHOWN = 50
PEOPLE: Final = Console(stderr=True)
"""Where people read beside any answer: standard error."""
_answer = Console()


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Turn an error of ours into its sentence on standard error and exit status 1."""
    try:
        yield
    except MikrozonasiError as error:
        # Whoever raises an error without an Indonesian sentence is understood in English at least.
        sentence = localised(error.indonesian, error.message)
        typer.echo(f"{sentence} [{error.code}]", err=True)
        raise typer.Exit(1) from None


def say_json(summary: Mapping[str, Any]) -> None:
    """Print the summary for machines: one JSON object on standard output."""
    sys.stdout.write(f"{json.dumps(summary, ensure_ascii=False, default=str)}\n")


def say_table(
    title: Bilingual,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    whole: Sequence[str] = (),
) -> None:
    """Print a table for people on standard output.

    Parameters
    ----------
    columns
        English headings; `api.cli.terminal.words` has the Indonesian ones.
    whole
        Columns whose cells stay in one line, to be copied; others are folded where it is narrow.
    """
    table = Table(title=title.text(LANGUAGE), title_justify="left")
    for column in columns:
        table.add_column(word(column), no_wrap=column in whole, overflow="fold")
    for row in rows:
        # As text: what stands in square brackets in a cell is no markup.
        table.add_row(*(Text(str(cell)) for cell in row))
    _answer.print(table)


def say_first(
    title: Bilingual, rows: "pd.DataFrame", *, whole: Sequence[str] = (), file: str = "FILE.xlsx"
) -> None:
    """Print the first rows of a list, and how to have them all."""
    shown = rows.head(_MOST_SHOWN).astype(object)
    shown = shown.where(shown.notna(), "")
    say_table(title, list(shown.columns), shown.to_numpy().tolist(), whole=whole)
    if len(rows) > len(shown):
        say(
            f"{len(shown)} yang pertama ditampilkan; --output {file} menulis semuanya.",
            f"The first {len(shown)} are shown; --output {file} writes them all.",
        )


def say(indonesian: str, english: str) -> None:
    """Print a sentence for people on standard error, beside any answer."""
    sentence = localised(indonesian, english)
    PEOPLE.print(sentence, markup=False, highlight=False, soft_wrap=True)


def progress() -> ProgressBar:
    """A progress bar on standard error, for anything that may take over two seconds."""
    return ProgressBar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=PEOPLE,
        transient=True,
    )


def teller(bar: ProgressBar) -> Progress:
    """Show each thing that is being done as a line of its own."""
    tasks: dict[str, TaskID] = {}

    def tell(doing: Bilingual, done: int, total: int) -> None:
        if doing.en not in tasks:
            tasks[doing.en] = bar.add_task(doing.text(LANGUAGE), total=total)
        bar.update(tasks[doing.en], completed=done, total=total)

    return tell


def stepper(bar: ProgressBar) -> Progress:
    """Show what is being done in one line, one thing after the other."""
    task = bar.add_task("", total=None)

    def tell(doing: Bilingual, done: int, total: int) -> None:
        bar.update(task, description=doing.text(LANGUAGE), completed=done, total=total)

    return tell


@contextmanager
def tracked(title: Bilingual) -> Iterator[Progress]:
    """Show how far a long work is: as a bar on a terminal, else in a few lines, for a log."""
    if PEOPLE.is_terminal:
        with progress() as bar:
            yield teller(bar)
        return
    begun: list[float] = []
    told = quarters(lambda said: say(f"{title.id}: {said.id}", f"{title.en}: {said.en}"))

    def tell(doing: Bilingual, done: int, total: int) -> None:
        if not begun:  # nothing is said where nothing is to be done
            begun.append(monotonic())
            say(f"{title.id}: mulai", f"{title.en}: begun")
        told(doing, done, total)

    yield tell
    if begun:
        seconds = monotonic() - begun[0]
        say(
            f"{title.id}: selesai dalam {seconds:.0f} detik",
            f"{title.en}: done in {seconds:.0f} s",
        )
