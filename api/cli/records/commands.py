"""Commands on records: take in a file, list what was turned away."""

from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_first,
    say_json,
    say_table,
    spoken_errors,
)
from api.cli.records.corrections import show_history, withdraw_records
from api.cli.records.dismissing import dismiss_rows
from api.cli.records.erase import erase
from api.cli.records.house_doubts import house_doubts
from api.cli.records.late_arrivals import arrivals
from api.cli.records.listing import distinct_cases, list_duplicates, list_records, same_case
from geodata.city_secret import key_path
from geodata.errors import RecordError
from geodata.language import Bilingual
from geodata.ledger.rejected import dismissed_frame, rejected_frame
from geodata.record_kinds import KindName
from geodata.records import kind_of, kinds_of_persons
from geodata.records.layout.source import Source, open_source, ready_sources
from geodata.records.parsing.rejection_reasons import REASONS
from geodata.records.parsing.row_warnings import WARNINGS
from geodata.store import is_embedded, open_store
from geodata.tables import write_table
from zoning.placing.placements import UNPLACED
from zoning.records.disagreements import disagreements_frame
from zoning.records.intake import IntakeReport, load_records

records = typer.Typer(
    no_args_is_help=True, help="Cases and newcomers: load, list what was rejected."
)

records.command("withdraw")(withdraw_records)
records.command("history")(show_history)
records.command("erase")(erase)
records.command("dismiss")(dismiss_rows)
records.command("arrivals")(arrivals)
records.command("list")(list_records)
records.command("duplicates")(list_duplicates)
records.command("same")(same_case)
records.command("distinct")(distinct_cases)
records.command("houses")(house_doubts)

Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help="An empty cell of a column that the file has clears what is known; a row may correct "
        "a wrong NIK.",
    ),
]
WithoutNumbers = Annotated[
    bool,
    typer.Option(
        "--without-numbers",
        help="Do not use the numbers of the file: for a list that numbers its rows anew.",
    ),
]


KEEP_KEY: Final = (
    "Keep a copy of it in another place than the database: without it nothing can be added to "
    "these records."
)


@records.command()
def load(  # noqa: PLR0913, PLR0917  (each is an option)
    kind: KindName,
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, Parquet or GeoJSON points.")],
    database: Database = DEFAULT_DATABASE,
    source: Annotated[
        str | None,
        typer.Option(help="What form it is: a ready name (see `records sources`) or a .toml."),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Name of the sheet to take.")] = None,
    replace: Replace = False,  # noqa: FBT002
    without_numbers: WithoutNumbers = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Check every row of a file and keep what is new; the same file twice changes nothing."""
    with spoken_errors(), open_store(database) as store:
        form = _form(kind, source, sheet)
        has_key = not is_embedded(database) or key_path(database).exists()
        with progress() as bar:
            task = bar.add_task("Reading", total=None)
            report = load_records(
                store,
                kind,
                file,
                progress=lambda doing, step, of: bar.update(
                    task, description=doing, completed=step, total=of
                ),
                source=form,
                replace=replace,
                numbered=not without_numbers,
            )
        made_key = not has_key and key_path(database).exists()
        if json:
            say_json(report.plain())
        else:
            _say_report(report, file.name)
            _say_next(report, kind)
            if made_key:
                say(f"Made the secret key {key_path(database).name}. {KEEP_KEY}")
        if not report.accepted:
            raise _none_usable(report, file.name)


@records.command()
def sources(
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """List the ready sources: forms of files that `records load --source` knows."""
    with spoken_errors():
        ready = ready_sources()
        if json:
            say_json({"sources": {name: each.model_dump() for name, each in ready.items()}})
            return
        rows = [(name, each.kind, each.title) for name, each in ready.items()]
        say_table("Sources", ["--source", "kind", "what it is"], rows)


@records.command()
def rejected(
    database: Database = DEFAULT_DATABASE,
    kind: Annotated[KindName | None, typer.Option(help="Of this kind only.")] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write them to a .csv, .xlsx or .parquet file.")
    ] = None,
    dismissed: Annotated[  # noqa: FBT002
        bool, typer.Option("--dismissed", help="Those that were closed, and why.")
    ] = False,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """List the rows that were turned away, each with its reasons."""
    with spoken_errors(), open_store(database) as store:
        rows = dismissed_frame(store, kind) if dismissed else rejected_frame(store, kind)
        if output is not None:
            write_table(rows, output)
        if json:
            say_json({"rejected": len(rows), "rows": rows.to_dict("records")})
            return
        if output is not None:
            say(f"{len(rows)} rejected rows written to {output.name}.")
            say(
                "Mend the cells and load the file; leave the columns mends, nik and kk as they are."
            )
            if len(rows["kind"].drop_duplicates()) > 1:
                say("It holds rows of several kinds: with --kind each has a file of its own.")
            return
        shown = ["row_id", "kind", "source", "row", *(["closed"] if dismissed else []), "reasons"]
        title = "Dismissed rows" if dismissed else "Rejected rows"
        say_first(f"{title}: {len(rows)}", rows[shown])


@records.command()
def disagreements(
    database: Database = DEFAULT_DATABASE,
    kind: Annotated[KindName | None, typer.Option(help="Of this kind only.")] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write them to a .csv, .xlsx or .parquet file.")
    ] = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """List records whose coordinates and address name different RT, and which was believed."""
    with spoken_errors(), open_store(database) as store:
        rows = disagreements_frame(store, kind)
        if output is not None:
            write_table(rows, output)
        if json:
            say_json({"disagreements": len(rows), "rows": rows.to_dict("records")})
        elif output is not None:
            say(f"{len(rows)} records that disagree written to {output.name}.")
        else:
            _say_disagreements(rows)


def _say_disagreements(rows: pd.DataFrame) -> None:
    title = f"Records whose coordinates and address disagree: {len(rows)}"
    say_first(title, rows[["record", "point", "address", "metres"]])


def _form(kind: KindName, source: str | None, sheet: str | None) -> Source | None:
    """What is known of a file: its source, and the sheet that is asked for."""
    if sheet is not None and not sheet.strip():
        raise RecordError(
            "no-sheet",
            "--sheet names no sheet. Write its name, or leave it out.",
            indonesian="--sheet tidak menyebut lembar. Tulis nama lembarnya, atau hapus pilihan "
            "itu.",
        )
    if source is None:
        return None if sheet is None else Source(title="-", kind=kind, sheet=sheet)
    return open_source(source, kind_of(kind)).in_sheet(sheet)


def _say_report(report: IntakeReport, name: str) -> None:
    counts = report._asdict()
    told = ("read", "new", "corrected", "unchanged", "rejected", "mended")
    rows = [(what, counts[what]) for what in told]
    rows += [(f"rejected: {reason}", n) for reason, n in report.rejected_by_reason.items()]
    rows += [(f"placed: {way}", n) for way, n in report.placed.items()]
    if report.disagreeing:
        rows.append(("coordinates and address disagree", report.disagreeing))
    say_table(f"{name}: rows", ["", "rows"], rows)
    for reason, n in report.rejected_by_reason.items():
        say(f"{n} rows rejected: {REASONS[reason].en} [{reason}]: {report.details[reason]}.")
    if report.rejected_before:
        say(
            f"{report.rejected_before} of the {report.rejected} rejected rows were turned away "
            "before: `records rejected` has each once, or it is mended or dismissed."
        )
    for warning, n in report.warnings.items():
        named = f": {report.details[warning]}" if warning in report.details else ""
        say(f"{n} rows: {WARNINGS[warning].en} [{warning}]{named}.")
    for sentence in _named(report):
        say(sentence)


def _named(report: IntakeReport) -> list[str]:
    """Records that a report names, a sentence each."""
    found = [f"{each.id} moved from {each.before} to {each.now}." for each in report.moved]
    found += [
        f"{each.id} lay in {each.before} and lies in no RT now." for each in report.place_lost
    ]
    found += [
        f"{each.id}: known {each.known}, in the file {each.file}; {each.stands} stands."
        for each in report.dates_corrected
    ]
    found += [f"{new} is not counted beside {known}." for new, known in report.doubles]
    found += [f"{new} is not {known} here." for new, known in report.numbers_alike]
    return found


def _say_next(report: IntakeReport, kind: KindName) -> None:
    """Where to look at what the report counts."""
    unplaced = report.placed.get(UNPLACED, 0)
    if unplaced and kind in kinds_of_persons():
        say(
            f"{unplaced} rows lie in no RT: `mikrozonasi records list {kind} --placed "
            "unplaced` lists them, `mikrozonasi addresses undecided` those that you can decide."
        )


def _none_usable(report: IntakeReport, name: str) -> RecordError:
    reasons = ", ".join(f"{reason} {n}" for reason, n in report.rejected_by_reason.items())
    restarted = "ids-restarted" in report.warnings
    note = WARNINGS["ids-restarted"]
    hint = (
        Bilingual(f" Catatan: {note.id}.", f" Note: {note.en}.") if restarted else Bilingual("", "")
    )
    return RecordError(
        "no-usable-rows",
        f"Not one of the {report.read} rows of {name} could be used: {reasons}. They are kept "
        f"with their reasons: see `mikrozonasi records rejected`.{hint.en}",
        indonesian=f"Dari {report.read} baris {name} tidak ada satu pun yang dapat dipakai: "
        f"{reasons}. Baris itu disimpan dengan alasannya: lihat `mikrozonasi records "
        f"rejected`.{hint.id}",
    )
