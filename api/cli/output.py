"""How every command speaks: tables for people, JSON for machines, errors as one sentence."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from geodata.errors import MikrozonasiError
from zoning.tiles.progress import quarters

Json = Annotated[
    bool, typer.Option("--json", help="A machine-readable summary on standard output.")
]
Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="MIKROZONASI_DATABASE",
        help="duckdb:///city.duckdb, duckdb:////absolute/city.duckdb, or for many processes at "
        "once postgresql://user@host/name, the password in ~/.pgpass.",
    ),
]
DEFAULT_DATABASE = "duckdb:///city.duckdb"

_MOST_SHOWN = 50
_people = Console(stderr=True)
_answer = Console()


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Turn an error of ours into its sentence on standard error and exit status 1."""
    try:
        yield
    except MikrozonasiError as error:
        typer.echo(f"{error.message} [{error.code}]", err=True)
        raise typer.Exit(1) from None


def say_json(summary: Mapping[str, Any]) -> None:
    """Print the summary for machines: one JSON object on standard output."""
    sys.stdout.write(f"{json.dumps(summary, ensure_ascii=False, default=str)}\n")


def say_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    whole: Sequence[str] = (),
) -> None:
    """Print a table for people on standard output.

    Parameters
    ----------
    whole
        Columns whose cells stay in one line, to be copied; others are folded where it is narrow.
    """
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, no_wrap=column in whole, overflow="fold")
    for row in rows:
        # As text: what stands in square brackets in a cell is no markup.
        table.add_row(*(Text(str(cell)) for cell in row))
    _answer.print(table)


def say_first(title: str, rows: pd.DataFrame) -> None:
    """Print the first rows of a list, and how to have them all."""
    shown = rows.head(_MOST_SHOWN).astype(object)
    say_table(title, list(shown.columns), shown.to_numpy().tolist())
    if len(rows) > len(shown):
        say(f"The first {len(shown)} are shown; --output FILE.xlsx writes them all.")


def say(sentence: str) -> None:
    """Print a sentence for people on standard error, beside any answer."""
    _people.print(sentence, markup=False, highlight=False, soft_wrap=True)


def progress() -> Progress:
    """A progress bar on standard error, for anything that may take over two seconds."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=_people,
        transient=True,
    )


def teller(bar: Progress) -> Callable[[str, int, int], None]:
    """Show each thing that is being done as a line of its own."""
    tasks: dict[str, Any] = {}

    def tell(doing: str, done: int, total: int) -> None:
        if doing not in tasks:
            tasks[doing] = bar.add_task(doing, total=total)
        bar.update(tasks[doing], completed=done, total=total)

    return tell


@contextmanager
def tracked(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far a long work is: as a bar on a terminal, else in a few lines, for a log."""
    if _people.is_terminal:
        with progress() as bar:
            yield teller(bar)
        return
    begun: list[float] = []
    told = quarters(lambda said: say(f"{title}: {said}"))

    def tell(doing: str, done: int, total: int) -> None:
        if not begun:  # nothing is said where nothing is to be done
            begun.append(monotonic())
            say(f"{title}: begun")
        told(doing, done, total)

    yield tell
    if begun:
        say(f"{title}: done in {monotonic() - begun[0]:.0f} s")
