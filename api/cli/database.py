"""Commands on the database: make or upgrade its tables, back it up, restore it."""

from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.terminal.language import format_number, localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json
from api.cli.terminal.output import (
    bar_for_current_task,
    print_json,
    print_message,
    print_table,
    progress_bar,
    report_errors,
    show_progress,
)
from geodata.language import Bilingual
from geodata.pseudonyms.city_secret import key_path, secret_error
from geodata.settings import SECRET
from geodata.store import is_embedded, open_store, shown_url
from geodata.store.backups.restoring import restore_store
from geodata.store.backups.writing import Backup, backup_store
from geodata.upgrading import upgrade_store

_WITHOUT_SECRET: Final = Bilingual(
    "Rahasia kota tidak tersedia. Hitungan lama mendapat id baru, tetapi hari lama yang dihitung "
    "ulang mendapat id lain dan disimpan sekali lagi. Tidak ada jawaban publik yang bergantung "
    "pada id itu.",
    "The city's secret was not available. Old runs have new ids, but a later run of the same day "
    "gets another id and is stored again. No public answer depends on these ids.",
)
_UPGRADING: Final = Bilingual("Memutakhirkan tabel", "Upgrading the tables")
_CHECKING: Final = Bilingual("Memeriksa", "Checking")
File = Annotated[
    Path,
    typer.Argument(
        help=localised(
            "Satu berkas, sama untuk kedua jenis basis data: city.zip.",
            "One file, the same for both databases: city.zip.",
        )
    ),
]


def upgrade(
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``database upgrade``."""
    with report_errors(), show_progress(_UPGRADING) as report:
        upgraded = upgrade_store(database, report)
    if json:
        print_json(upgraded._asdict())
        return
    url, before, after = shown_url(database), upgraded.before, upgraded.after
    if before == after:
        print_message(
            f"{url} sudah mutakhir (tabel versi {after}).",
            f"{url} is up to date (tables of version {after}).",
        )
    elif before == 0:
        print_message(
            f"Tabel {url} sudah dibuat (versi {after}).",
            f"{url} has its tables now (version {after}).",
        )
    else:
        print_message(
            f"{url} diperbarui dari tabel versi {before} ke {after}.",
            f"{url} was upgraded from tables of version {before} to {after}.",
        )
        if upgraded.secret_missing:
            print_message(*_WITHOUT_SECRET)


def backup(
    file: File,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``database backup``."""
    with report_errors(), open_store(database) as store, progress_bar() as bar:
        content = backup_store(store, file, bar_for_current_task(bar))
    if json:
        print_json(_summary(content, file))
        return
    _print_rows(content, Bilingual(f"Dicadangkan ke {file.name}", f"Backed up to {file.name}"))
    if is_embedded(database):
        print_message(
            "Rahasia kota tidak ada dalam cadangan. Simpan juga berkas .key di samping basis "
            f"data, atau {SECRET}.",
            "The city's secret is not in the backup. Also keep the .key file beside the database, "
            f"or {SECRET}.",
        )
    else:
        print_message(
            f"Rahasia kota tidak ada dalam cadangan. Simpan {SECRET} di tempat lain.",
            f"The city's secret is not in the backup. Keep {SECRET} in another place.",
        )


def restore(
    file: File,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``database restore``."""
    with report_errors(), open_store(database, create=True) as store, progress_bar() as bar:
        report = bar_for_current_task(bar)
        report(_CHECKING, 0, 1)
        content = restore_store(store, file, report)
        fault = secret_error(store)
    if json:
        print_json(_summary(content, file))
        return
    _print_rows(content, Bilingual(f"Dipulihkan dari {file.name}", f"Restored from {file.name}"))
    if fault is None:
        print_message(
            "Rahasia kota tersedia: data dapat dimuat.",
            "The city's secret is available: records can be loaded.",
        )
    elif fault.code == "other-secret":
        print_message(
            f"Rahasia yang diberikan bukan rahasia kota ini. {fault.indonesian}",
            f"The given secret is not the secret of this city. {fault.message}",
        )
    elif fault.code != "no-secret":
        print_message(fault.indonesian, fault.message)
    elif is_embedded(database):
        name = key_path(database).name
        print_message(
            "Sebelum data dimuat, beri basis data ini rahasia yang dulu dipakainya: sebagai berkas "
            f"{name} di sampingnya, atau sebagai {SECRET}.",
            f"Before you load records, give this database its old secret: as the file {name} "
            f"beside it, or as {SECRET}.",
        )
    else:
        print_message(
            "Sebelum data dimuat, beri basis data ini rahasia yang dulu dipakainya: isi "
            f"{SECRET}. Jika kota ini dulu ada dalam berkas, isi {SECRET} dengan teks berkas "
            "kuncinya.",
            f"Before you load records, give this database its old secret: set {SECRET}. If the "
            f"city was in a file before, set {SECRET} to the text of its key file.",
        )


def _summary(content: Backup, file: Path) -> dict[str, object]:
    return {**content._asdict(), "file": str(file)}


def _print_rows(content: Backup, title: Bilingual) -> None:
    rows = [(table, format_number(count)) for table, count in content.rows.items() if count]
    moment = f"{content.made_at:%Y-%m-%d %H:%M} UTC"
    dated_title = Bilingual(f"{title.id}, keadaan {moment}", f"{title.en}, as of {moment}")
    print_table(dated_title, ["table", "rows"], rows)
