"""Commands on the database itself: make or upgrade its tables."""

from typing import Final

import typer

from api.cli.output import DEFAULT_DATABASE, Database, Json, say, say_json, spoken_errors
from geodata.store import shown_url, upgrade_store

database = typer.Typer(no_args_is_help=True, help="The database itself: make or upgrade it.")
_NONE: Final = 0


@database.callback()
def several() -> None:
    """Keep this a group, however many commands it has."""


@database.command()
def upgrade(
    database: Database = DEFAULT_DATABASE,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Make the tables of a new database, or bring those of an older one up to date.

    What they hold stays. All or nothing: an upgrade that is cut off leaves the database as it
    was. Stop the servers that use it first. A PostgreSQL database must be there: `createdb NAME`.
    """
    with spoken_errors():
        done = upgrade_store(database)
    if json:
        say_json(done._asdict())
    elif done.before == done.after:
        say(f"{shown_url(database)} is up to date (tables {done.after}).")
    elif done.before == _NONE:
        say(f"{shown_url(database)} has its tables now (version {done.after}).")
    else:
        say(f"{shown_url(database)} was upgraded from tables {done.before} to {done.after}.")
