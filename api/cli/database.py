"""Commands on the database itself: make or upgrade its tables, back it up, restore it."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_json,
    say_table,
    spoken_errors,
    teller,
)
from geodata.city_secret import key_path, why_not_given
from geodata.settings import SECRET
from geodata.store import is_embedded, open_store, shown_url
from geodata.store.backups.restoring import restore_store
from geodata.store.backups.writing import Backup, backup_store
from geodata.upgrading import upgrade_store

_WITHOUT_KEY = (
    "The city's secret was not at hand. Runs of before have new ids all the same, but none that it "
    "makes again: a day of then that is run again is kept once more. Nothing public depends on it."
)
database = typer.Typer(
    no_args_is_help=True, help="The database itself: make, upgrade, back up, restore."
)

File = Annotated[Path, typer.Argument(help="One file, the same for both databases: city.zip.")]


@database.command()
def upgrade(
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Make the tables of a new database, or bring those of an older one up to date.

    What they hold stays. All or nothing: an upgrade that is cut off leaves the database as it
    was. Stop the servers that use it first, and have the city's secret at hand, as the key file or
    MIKROZONASI_SECRET. A PostgreSQL database must be there: `createdb NAME`.
    """
    with spoken_errors(), progress() as bar:
        done = upgrade_store(database, teller(bar))
    if json:
        say_json(done._asdict())
    elif done.before == done.after:
        say(f"{shown_url(database)} is up to date (tables {done.after}).")
    elif done.before == 0:
        say(f"{shown_url(database)} has its tables now (version {done.after}).")
    else:
        say(f"{shown_url(database)} was upgraded from tables {done.before} to {done.after}.")
        if done.secret_missing:
            say(_WITHOUT_KEY)


@database.command()
def backup(
    file: File,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Write everything the database holds, as it stands at one moment, into one file.

    Servers may go on meanwhile. The file holds people's records: keep it as you keep them. The
    secret behind the pseudonyms is not in it; keep that apart, for without it a restored database
    cannot take in records.
    """
    with spoken_errors(), open_store(database) as store, progress() as bar:
        task = bar.add_task("", total=None)
        made = backup_store(
            store,
            file,
            lambda table, done, of: bar.update(task, description=table, completed=done, total=of),
        )
    if json:
        say_json(_summary(made, file))
        return
    _say(made, f"Backed up to {file.name}")
    if is_embedded(database):
        say(f"The secret is not in it: keep the .key file beside the database, or {SECRET}.")
    else:
        say(f"The secret is not in it: keep {SECRET} apart from it.")


@database.command()
def restore(
    file: File,
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Fill an empty database with what a backup holds, all of it or nothing.

    Its tables are made where there are none. Also the way from one kind of database to another.
    Give the restored database the secret it had.
    """
    with spoken_errors(), open_store(database, create=True) as store, progress() as bar:
        task = bar.add_task("Checking", total=None)
        made = restore_store(
            store,
            file,
            lambda table, done, of: bar.update(task, description=table, completed=done, total=of),
        )
        fault = why_not_given(store)
    if json:
        say_json(_summary(made, file))
        return
    _say(made, f"Restored from {file.name}")
    if fault is None:
        say("Its secret is here too: records can be taken in.")
    elif fault.code == "other-secret":
        say(f"The secret that is given is another than the city's. {fault.message}")
    elif fault.code != "no-secret":
        say(fault.message)
    elif is_embedded(database):
        name = key_path(database).name
        say(
            f"Give it the secret it had before records are taken in: as the file {name} beside it, "
            f"or as {SECRET}."
        )
    else:
        say(
            f"Give it the secret it had before records are taken in: set {SECRET}; for a city "
            "that was in a file, to the text of its key file."
        )


def _summary(made: Backup, file: Path) -> dict[str, object]:
    return {**made._asdict(), "file": str(file)}


def _say(made: Backup, title: str) -> None:
    rows = [(name, f"{n:,}") for name, n in made.rows.items() if n]
    say_table(f"{title}, as of {made.made_at:%Y-%m-%d %H:%M} UTC", ["table", "rows"], rows)
