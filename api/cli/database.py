"""Commands on the database itself: make or upgrade its tables, back it up, restore it."""

from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.terminal.language import localised, number
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_json,
    say_table,
    spoken_errors,
    stepper,
    tracked,
)
from geodata.language import Bilingual
from geodata.pseudonyms.city_secret import key_path, why_not_given
from geodata.settings import SECRET
from geodata.store import is_embedded, open_store, shown_url
from geodata.store.backups.restoring import restore_store
from geodata.store.backups.writing import Backup, backup_store
from geodata.upgrading import upgrade_store

_WITHOUT_KEY: Final = Bilingual(
    "Rahasia kota tidak tersedia. Hitungan lama tetap mendapat id baru, tetapi bukan id yang akan "
    "dibuat lagi: hari lama yang dihitung ulang akan disimpan sekali lagi. Tidak ada yang publik "
    "bergantung pada ini.",
    "The city's secret was not available. Old runs have new ids, but a later run of the same day "
    "gets another id and is stored once more. No public answer depends on these ids.",
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
    """Make the tables of a new database, or bring those of an older one up to date."""
    with spoken_errors(), tracked(_UPGRADING) as tell:
        done = upgrade_store(database, tell)
    if json:
        say_json(done._asdict())
    elif done.before == done.after:
        say(
            f"{shown_url(database)} sudah mutakhir (tabel versi {done.after}).",
            f"{shown_url(database)} is up to date (tables {done.after}).",
        )
    elif done.before == 0:
        say(
            f"Tabel {shown_url(database)} sudah dibuat (versi {done.after}).",
            f"{shown_url(database)} has its tables now (version {done.after}).",
        )
    else:
        say(
            f"{shown_url(database)} diperbarui dari tabel versi {done.before} ke {done.after}.",
            f"{shown_url(database)} was upgraded from tables {done.before} to {done.after}.",
        )
        if done.secret_missing:
            say(*_WITHOUT_KEY)


def backup(
    file: File,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Write everything the database holds, as it stands at one moment, into one file."""
    with spoken_errors(), open_store(database) as store, progress() as bar:
        made = backup_store(store, file, stepper(bar))
    if json:
        say_json(_summary(made, file))
        return
    _say(made, Bilingual(f"Dicadangkan ke {file.name}", f"Backed up to {file.name}"))
    if is_embedded(database):
        say(
            "Rahasia kota tidak ada di dalamnya: simpan berkas .key di samping basis data, atau "
            f"{SECRET}.",
            f"The secret is not in it: keep the .key file beside the database, or {SECRET}.",
        )
    else:
        say(
            f"Rahasia kota tidak ada di dalamnya: simpan {SECRET} di tempat lain.",
            f"The secret is not in it: keep {SECRET} apart from it.",
        )


def restore(
    file: File,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Fill an empty database with what a backup holds, all of it or nothing."""
    with spoken_errors(), open_store(database, create=True) as store, progress() as bar:
        tell = stepper(bar)
        tell(_CHECKING, 0, 1)
        made = restore_store(store, file, tell)
        fault = why_not_given(store)
    if json:
        say_json(_summary(made, file))
        return
    _say(made, Bilingual(f"Dipulihkan dari {file.name}", f"Restored from {file.name}"))
    if fault is None:
        say(
            "Rahasianya juga ada di sini: data dapat dimuat.",
            "Its secret is here too: records can be taken in.",
        )
    elif fault.code == "other-secret":
        say(
            f"Rahasia yang diberikan bukan rahasia kota ini. {fault.indonesian}",
            f"The secret that is given is another than the city's. {fault.message}",
        )
    elif fault.code != "no-secret":
        say(fault.indonesian, fault.message)
    elif is_embedded(database):
        name = key_path(database).name
        say(
            "Sebelum data dimuat, beri basis data ini rahasia yang dulu dipakainya: sebagai berkas "
            f"{name} di sampingnya, atau sebagai {SECRET}.",
            f"Before you load records, give this database its old secret: as the file {name} "
            f"beside it, or as {SECRET}.",
        )
    else:
        say(
            "Sebelum data dimuat, beri basis data ini rahasia yang dulu dipakainya: isi "
            f"{SECRET}; untuk kota yang dulu dalam berkas, dengan teks berkas kuncinya.",
            f"Before you load records, give this database its old secret: set {SECRET}; for a city "
            "that was in a file, to the text of its key file.",
        )


def _summary(made: Backup, file: Path) -> dict[str, object]:
    return {**made._asdict(), "file": str(file)}


def _say(made: Backup, title: Bilingual) -> None:
    rows = [(name, number(n)) for name, n in made.rows.items() if n]
    moment = f"{made.made_at:%Y-%m-%d %H:%M} UTC"
    dated = Bilingual(f"{title.id}, keadaan {moment}", f"{title.en}, as of {moment}")
    say_table(dated, ["table", "rows"], rows)
