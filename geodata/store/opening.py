"""Opening a database: the right engine for its URL, and tables of the right version."""

from typing import NamedTuple

from geodata.errors import StoreError
from geodata.store.address import database_path, is_embedded, shown_url
from geodata.store.duck import DuckEngine
from geodata.store.migrating import SCHEMA_VERSION, migrate, schema_version
from geodata.store.model import Clock, Engine, Store, now


class Upgrade(NamedTuple):
    """Versions of the tables before and after; 0 where there were none."""

    before: int
    after: int


def check_url(url: str) -> None:
    """Say what is wrong with a URL before any work is done.

    Raises
    ------
    InputError
        ``database-url`` if it names neither a file nor a server.
    """
    is_embedded(url)


def open_store(url: str, *, create: bool = False, clock: Clock = now) -> Store:
    """Open a database.

    Parameters
    ----------
    url
        ``duckdb:///city.duckdb`` or ``postgresql://user@host/name``.
    create
        Make the tables where there are none yet, and the file they are in. A PostgreSQL
        database itself must be there.
    clock
        Tells the moments that are recorded; where it is set back, they go on all the same.

    Raises
    ------
    InputError
        ``database-url`` if the URL is not understood.
    StoreError
        If there is none and `create` is false, it cannot be reached, another process holds the
        file, it is a database of something else, or its tables are of another version.
    """
    engine = _engine(url, create=create)
    try:
        if create and schema_version(engine) == 0:
            with engine.writing() as session:
                migrate(session, engine.dialect)
        _check_version(schema_version(engine), url)
    except BaseException:
        engine.close()
        raise
    return Store(engine, url, clock)


def upgrade_store(url: str) -> Upgrade:
    """Make the tables of a database, or bring older ones to the newest version, all or nothing.

    Raises
    ------
    StoreError
        As `open_store` does; ``schema-newer`` if the tables are newer than this program.
    """
    engine = _engine(url, create=True)
    try:
        with engine.writing() as session:
            before = migrate(session, engine.dialect)
        _check_version(schema_version(engine), url)
    finally:
        engine.close()
    return Upgrade(before, SCHEMA_VERSION)


def _engine(url: str, *, create: bool) -> Engine:
    if not is_embedded(url):
        # Its driver takes a while to import, and only who has a server needs it.
        from geodata.store.postgres import PostgresEngine  # noqa: PLC0415

        return PostgresEngine(url)
    path = database_path(url)
    if not create and not path.exists():
        raise _nothing_there(path.name)
    if not path.absolute().parent.is_dir():
        raise StoreError("no-folder", f"The folder for {path.name} does not exist. Make it first.")
    return DuckEngine(path)


def _check_version(found: int, url: str) -> None:
    if found == SCHEMA_VERSION:
        return
    name = shown_url(url)
    if found == 0:
        raise _nothing_there(name)
    if found < SCHEMA_VERSION:
        raise StoreError(
            "schema-older",
            f"{name} was made by an older version of mikrozonasi. Bring its tables up to date, "
            f"which keeps what they hold: `mikrozonasi database upgrade --database {name}`.",
        )
    raise StoreError(
        "schema-newer",
        f"{name} was made by a newer version of mikrozonasi (tables {found}, this program knows "
        f"{SCHEMA_VERSION}). Install the newest version and open it with that.",
    )


def _nothing_there(name: str) -> StoreError:
    return StoreError(
        "no-database",
        f"There is no database {name} yet. Make one with `mikrozonasi boundaries load` or "
        "`mikrozonasi demo`, or name another with --database.",
    )
