"""Commands on records: load a file, list the rejected rows, the sources, the disagreements."""

from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.records.load_report import none_usable, say_next, say_report
from api.cli.terminal.language import localised
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_first,
    say_json,
    say_table,
    spoken_errors,
    stepper,
)
from geodata.errors import RecordError
from geodata.language import Bilingual
from geodata.ledger.rejected import dismissed_frame, rejected_frame
from geodata.pseudonyms.city_secret import key_path
from geodata.record_kinds import KindName
from geodata.records import kind_of
from geodata.records.layout.source import Source, open_source, ready_sources
from geodata.store import is_embedded, open_store
from geodata.tables import write_table
from zoning.records.disagreements import disagreements_frame
from zoning.records.intake import load_records

Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help=localised(
            "Sel kosong pada kolom yang ada di berkas menghapus isi yang diketahui; baris boleh "
            "memperbaiki NIK yang salah.",
            "An empty cell of a column that the file has clears what is known; a row may correct "
            "a wrong NIK.",
        ),
    ),
]
WithoutNumbers = Annotated[
    bool,
    typer.Option(
        "--without-numbers",
        help=localised(
            "Jangan pakai nomor dalam berkas: untuk daftar yang selalu dinomori ulang.",
            "Do not use the numbers of the file: for a list that numbers its rows anew.",
        ),
    ),
]


KEEP_KEY: Final = Bilingual(
    "Simpan salinannya di tempat lain dari basis data: tanpa kunci itu tidak ada yang dapat "
    "ditambahkan pada data ini.",
    "Keep a copy of it in another place than the database: without it nothing can be added to "
    "these records.",
)


def load(  # noqa: PLR0913, PLR0917  (each is an option)
    kind: KindName,
    file: Annotated[
        Path,
        typer.Argument(
            help=localised(
                "Titik dalam CSV, XLSX, Parquet, atau GeoJSON.",
                "CSV, XLSX, Parquet or GeoJSON points.",
            )
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    source: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Bentuk berkas: nama yang tersedia (lihat `records sources`) atau .toml.",
                "What form it is: a ready name (see `records sources`) or a .toml.",
            )
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(help=localised("Nama lembar yang dibaca.", "Name of the sheet to take.")),
    ] = None,
    replace: Replace = False,  # noqa: FBT002
    without_numbers: WithoutNumbers = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Check every row of a file and keep what is new; the same file twice changes nothing."""
    with spoken_errors(), open_store(database) as store:
        form = _form(kind, source, sheet)
        has_key = not is_embedded(database) or key_path(database).exists()
        with progress() as bar:
            report = load_records(
                store,
                kind,
                file,
                progress=stepper(bar),
                source=form,
                replace=replace,
                numbered=not without_numbers,
            )
        made_key = not has_key and key_path(database).exists()
        if json:
            say_json(report.plain())
        else:
            say_report(report, file.name)
            say_next(report, kind)
            if made_key:
                say(
                    f"Kunci rahasia {key_path(database).name} dibuat. {KEEP_KEY.id}",
                    f"Made the secret key {key_path(database).name}. {KEEP_KEY.en}",
                )
        if not report.accepted:
            raise none_usable(report, file.name)


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
        say_table(Bilingual("Bentuk berkas", "Sources"), ["--source", "kind", "what it is"], rows)


def rejected(
    database: Database = DEFAULT_DATABASE,
    kind: Annotated[
        KindName | None, typer.Option(help=localised("Hanya jenis ini.", "Of this kind only."))
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tulis ke berkas .csv, .xlsx, atau .parquet.",
                "Write them to a .csv, .xlsx or .parquet file.",
            )
        ),
    ] = None,
    dismissed: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--dismissed",
            help=localised(
                "Baris yang sudah ditutup, dan alasannya.", "Those that were closed, and why."
            ),
        ),
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
            say(
                f"{len(rows)} baris yang ditolak ditulis ke {output.name}.",
                f"{len(rows)} rejected rows written to {output.name}.",
            )
            say(
                "Perbaiki selnya lalu muat berkas itu; biarkan kolom mends, nik, dan kk apa "
                "adanya.",
                "Mend the cells and load the file; leave the columns mends, nik and kk as they "
                "are.",
            )
            if len(rows["kind"].drop_duplicates()) > 1:
                say(
                    "Isinya beberapa jenis baris: dengan --kind tiap jenis punya berkas sendiri.",
                    "It holds rows of several kinds: with --kind each has a file of its own.",
                )
            return
        shown = ["row_id", "kind", "source", "row", *(["closed"] if dismissed else []), "reasons"]
        if dismissed:
            title = Bilingual("Baris yang ditutup", "Dismissed rows")
        else:
            title = Bilingual("Baris yang ditolak", "Rejected rows")
        count = len(rows)
        say_first(Bilingual(f"{title.id}: {count}", f"{title.en}: {count}"), rows[shown])


def disagreements(
    database: Database = DEFAULT_DATABASE,
    kind: Annotated[
        KindName | None, typer.Option(help=localised("Hanya jenis ini.", "Of this kind only."))
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help=localised(
                "Tulis ke berkas .csv, .xlsx, atau .parquet.",
                "Write them to a .csv, .xlsx or .parquet file.",
            )
        ),
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
            say(
                f"{len(rows)} data yang berbeda ditulis ke {output.name}.",
                f"{len(rows)} records that disagree written to {output.name}.",
            )
        else:
            _say_disagreements(rows)


def _say_disagreements(rows: pd.DataFrame) -> None:
    title = Bilingual(
        f"Data yang koordinat dan alamatnya berbeda: {len(rows)}",
        f"Records whose coordinates and address disagree: {len(rows)}",
    )
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
