"""The output of every command: tables for people, JSON for programs, errors as one sentence."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

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

from api.cli.terminal.headings import heading
from api.cli.terminal.language import LANGUAGE, localised
from geodata.errors import MikrozonasiError
from geodata.language import Bilingual, Progress
from zoning.tiles.progress import quarters

if TYPE_CHECKING:  # a list of commands must not import pandas
    import pandas as pd

_MAX_ROWS: Final = 50
STDERR: Final = Console(stderr=True)
"""For messages to people: standard output has the answer alone."""
_STDOUT: Final = Console()


@contextmanager
def report_errors() -> Iterator[None]:
    """Print a `MikrozonasiError` as one sentence on standard error; exit with status 1."""
    try:
        yield
    except MikrozonasiError as error:
        sentence = localised(error.indonesian, error.message)
        typer.echo(f"{sentence} [{error.code}]", err=True)
        raise typer.Exit(1) from None


def print_json(summary: Mapping[str, Any]) -> None:
    """Print a summary for programs: one JSON object on standard output."""
    sys.stdout.write(f"{json.dumps(summary, ensure_ascii=False, default=str)}\n")


def print_table(
    title: Bilingual,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    unwrapped: Sequence[str] = (),
) -> None:
    """Print a table for people on standard output.

    Parameters
    ----------
    columns
        English headings; `api.cli.terminal.headings` has the Indonesian headings.
    unwrapped
        Columns whose cells stay in one line, so that people can copy them. A narrow terminal
        folds the cells of other columns.
    """
    table = Table(title=title.text(LANGUAGE), title_justify="left")
    for column in columns:
        table.add_column(heading(column), no_wrap=column in unwrapped, overflow="fold")
    for row in rows:
        # Text, because rich reads a string with square brackets as markup.
        table.add_row(*(Text(str(cell)) for cell in row))
    _STDOUT.print(table)


def print_first_rows(
    title: Bilingual,
    rows: "pd.DataFrame",
    *,
    unwrapped: Sequence[str] = (),
    file: str = "FILE.xlsx",
) -> None:
    """Print the first rows of a list, and the option that writes all rows."""
    shown = rows.head(_MAX_ROWS).astype(object)
    shown = shown.where(shown.notna(), "")
    print_table(title, list(shown.columns), shown.to_numpy().tolist(), unwrapped=unwrapped)
    if len(rows) > len(shown):
        print_message(
            f"{len(shown)} baris pertama ditampilkan; --output {file} menulis semuanya.",
            f"The first {len(shown)} rows are shown; --output {file} writes all rows.",
        )


def print_message(indonesian: str, english: str) -> None:
    """Print a sentence for people on standard error."""
    sentence = localised(indonesian, english)
    STDERR.print(sentence, markup=False, highlight=False, soft_wrap=True)


def progress_bar() -> ProgressBar:
    """A progress bar on standard error, for work that may take more than two seconds."""
    return ProgressBar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=STDERR,
        transient=True,
    )


def bar_for_each_task(bar: ProgressBar) -> Progress:
    """Report progress with one line for each task."""
    lines: dict[str, TaskID] = {}

    def report(task: Bilingual, done: int, total: int) -> None:
        if task.en not in lines:
            lines[task.en] = bar.add_task(task.text(LANGUAGE), total=total)
        bar.update(lines[task.en], completed=done, total=total)

    return report


def bar_for_current_task(bar: ProgressBar) -> Progress:
    """Report progress with one line, which shows the current task."""
    line = bar.add_task("", total=None)

    def report(task: Bilingual, done: int, total: int) -> None:
        bar.update(line, description=task.text(LANGUAGE), completed=done, total=total)

    return report


@contextmanager
def show_progress(title: Bilingual) -> Iterator[Progress]:
    """Show the progress of long work: as a bar on a terminal, else as a few lines for a log."""
    if STDERR.is_terminal:
        with progress_bar() as bar:
            yield bar_for_each_task(bar)
        return
    starts: list[float] = []
    report_quarters = quarters(
        lambda line: print_message(f"{title.id}: {line.id}", f"{title.en}: {line.en}")
    )

    def report(task: Bilingual, done: int, total: int) -> None:
        if not starts:  # work without a report prints no line
            starts.append(monotonic())
            print_message(f"{title.id}: mulai", f"{title.en}: started")
        report_quarters(task, done, total)

    yield report
    if starts:
        seconds = monotonic() - starts[0]
        print_message(
            f"{title.id}: selesai dalam {seconds:.0f} detik",
            f"{title.en}: done in {seconds:.0f} s",
        )
