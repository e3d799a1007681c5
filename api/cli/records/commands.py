"""Commands on records: load a file; list rejected rows, sources and disagreements."""

from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.records.load_report import no_usable_rows, print_next_steps, print_report
from api.cli.terminal.language import localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json, ListOutput
from api.cli.terminal.output import (
    bar_for_current_task,
    print_first_rows,
    print_json,
    print_message,
    print_table,
    progress_bar,
    report_errors,
)
from geodata.errors import RecordError
from geodata.language import Bilingual
from geodata.ledger.rejected import dismissed_frame, rejected_frame
from geodata.pseudonyms.city_secret import key_path
from geodata.record_kinds import KindName
from geodata.records import find_kind
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
            "Sel kosong menghapus isi yang diketahui, bila kolomnya ada dalam berkas; baris boleh "
            "memperbaiki NIK yang salah.",
            "An empty cell clears the known value, if the file has the column; a row may correct a "
            "wrong NIK.",
        ),
    ),
]
WithoutNumbers = Annotated[
    bool,
    typer.Option(
        "--without-numbers",
        help=localised(
            "Jangan pakai nomor dalam berkas: untuk daftar yang selalu dinomori ulang.",
            "Do not use the numbers of the file: for a list whose numbers always change.",
        ),
    ),
]
KindFilter = Annotated[
    KindName | None,
    typer.Option(help=localised("Hanya jenis ini.", "Only records of this kind.")),
]
_KEEP_KEY: Final = Bilingual(
    "Simpan salinan kunci itu terpisah dari basis data: tanpa kunci itu data baru tidak dapat "
    "dimuat.",
    "Keep a copy of the key apart from the database: without the key no new records can be loaded.",
)


def load(  # noqa: PLR0913, PLR0917  (each is an option)
    kind: KindName,
    file: Annotated[
        Path,
        typer.Argument(
            help=localised(
                "Tabel CSV, XLSX, atau Parquet, atau titik GeoJSON.",
                "A table as CSV, XLSX or Parquet, or points as GeoJSON.",
            )
        ),
    ],
    database: Database = DEFAULT_DATABASE,
    source: Annotated[
        str | None,
        typer.Option(
            help=localised(
                "Bentuk berkas: nama dari `records sources`, atau berkas .toml.",
                "Form of the file: a name from `records sources`, or a .toml file.",
            )
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(help=localised("Nama lembar yang dibaca.", "Name of the sheet to read.")),
    ] = None,
    replace: Replace = False,  # noqa: FBT002
    without_numbers: WithoutNumbers = False,  # noqa: FBT002
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records load``."""
    with report_errors(), open_store(database) as store:
        file_source = _file_source(kind, source, sheet)
        has_key = not is_embedded(database) or key_path(database).exists()
        with progress_bar() as bar:
            report = load_records(
                store,
                kind,
                file,
                progress=bar_for_current_task(bar),
                source=file_source,
                replace=replace,
                numbered=not without_numbers,
            )
        is_new_key = not has_key and key_path(database).exists()
        if json:
            print_json(report.to_dict())
        else:
            print_report(report, file.name)
            print_next_steps(report, kind)
            if is_new_key:
                print_message(
                    f"Kunci rahasia {key_path(database).name} dibuat. {_KEEP_KEY.id}",
                    f"Made the secret key {key_path(database).name}. {_KEEP_KEY.en}",
                )
        if not report.accepted:
            raise no_usable_rows(report, file.name)


def sources(
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records sources``."""
    with report_errors():
        sources_by_name = ready_sources()
        if json:
            models = {name: source.model_dump() for name, source in sources_by_name.items()}
            print_json({"sources": models})
            return
        rows = [(name, source.kind, source.title) for name, source in sources_by_name.items()]
        title = Bilingual("Bentuk berkas", "Forms of files")
        print_table(title, ["--source", "kind", "description"], rows)


def rejected(
    database: Database = DEFAULT_DATABASE,
    kind: KindFilter = None,
    output: ListOutput = None,
    dismissed: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--dismissed",
            help=localised(
                "Baris yang sudah ditutup, dan alasannya.", "Closed rows, with their reasons."
            ),
        ),
    ] = False,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records rejected``."""
    with report_errors(), open_store(database) as store:
        rows = dismissed_frame(store, kind) if dismissed else rejected_frame(store, kind)
        if output is not None:
            write_table(rows, output)
        if json:
            print_json({"rejected": len(rows), "rows": rows.to_dict("records")})
            return
        if output is not None:
            print_message(
                f"{len(rows)} baris yang ditolak ditulis ke {output.name}.",
                f"{len(rows)} rejected rows written to {output.name}.",
            )
            print_message(
                "Perbaiki sel-selnya, lalu muat berkas itu. Jangan ubah kolom mends, nik, dan kk.",
                "Correct the cells, then load the file. Do not change the columns mends, nik and "
                "kk.",
            )
            if len(rows["kind"].drop_duplicates()) > 1:
                print_message(
                    "Berkas itu berisi beberapa jenis data. Tulis satu berkas untuk tiap jenis "
                    "dengan --kind.",
                    "The file holds several kinds of records. Write one file for each kind with "
                    "--kind.",
                )
            return
        if dismissed:
            title = Bilingual("Baris yang ditutup", "Dismissed rows")
            shown = ["row_id", "kind", "source", "row", "closed", "reasons"]
        else:
            title = Bilingual("Baris yang ditolak", "Rejected rows")
            shown = ["row_id", "kind", "source", "row", "reasons"]
        count = len(rows)
        print_first_rows(Bilingual(f"{title.id}: {count}", f"{title.en}: {count}"), rows[shown])


def disagreements(
    database: Database = DEFAULT_DATABASE,
    kind: KindFilter = None,
    output: ListOutput = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``records disagreements``."""
    with report_errors(), open_store(database) as store:
        rows = disagreements_frame(store, kind)
        if output is not None:
            write_table(rows, output)
        if json:
            print_json({"disagreements": len(rows), "rows": rows.to_dict("records")})
        elif output is not None:
            print_message(
                f"{len(rows)} data yang berbeda ditulis ke {output.name}.",
                f"{len(rows)} disagreements written to {output.name}.",
            )
        else:
            title = Bilingual(
                f"Data yang koordinat dan alamatnya berbeda: {len(rows)}",
                f"Records whose coordinates and address disagree: {len(rows)}",
            )
            print_first_rows(title, rows[["record", "point", "address", "metres"]])


def _file_source(kind: KindName, source: str | None, sheet: str | None) -> Source | None:
    """The form of a file, from --source and --sheet; None if neither is given."""
    if sheet is not None and not sheet.strip():
        raise RecordError(
            "no-sheet",
            "--sheet is empty. Write the name of a sheet, or leave --sheet out.",
            indonesian="--sheet kosong. Tulis nama lembarnya, atau hapus --sheet.",
        )
    if source is None:
        return None if sheet is None else Source(title="-", kind=kind, sheet=sheet)
    return open_source(source, find_kind(kind)).with_sheet(sheet)
