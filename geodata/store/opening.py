"""Opening a database: the right engine for its URL, and tables of the right version."""

from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, NamedTuple

from geodata.errors import StoreError
from geodata.store.address import database_path, is_embedded, shown_url
from geodata.store.duck import DuckEngine
from geodata.store.embedded_file import is_there, make_file
from geodata.store.migrating import PUBLIC_SINCE, SCHEMA_VERSION, migrate, schema_version
from geodata.store.model import Clock, Engine, Store, now
from geodata.store.remote import RemoteEngine
from geodata.store.sharing import SharedEngine
from geodata.store.translating import Progress

if TYPE_CHECKING:
    from geodata.identity import Pseudonymiser


class Upgrade(NamedTuple):
    """Versions of the tables before and after; 0 where there were none."""

    before: int
    after: int
    secret_missing: bool = False
    """Whether ids of runs had to be keyed without the city's secret: see `upgrade_store`."""


def check_url(url: str) -> None:
    """Say what is wrong with a URL before any work is done.

    Raises
    ------
    InputError
        ``database-url`` if it names neither a file nor a server.
    """
    is_embedded(url)


def open_store(url: str, *, create: bool = False, share: bool = False, clock: Clock = now) -> Store:
    """Open a database.

    Parameters
    ----------
    url
        ``duckdb:///city.duckdb`` or ``postgresql://user@host/name``.
    create
        Make the tables where there are none yet, and the file they are in. A PostgreSQL
        database itself must be there.
    share
        While this store is open, other processes of the same user may open the file too: they
        work through this one. A server has no need of it.
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
    # Who works for others must hold the file itself.
    engine = _engine(url, create=create, alone=share)
    try:
        if create and schema_version(engine) == 0:
            with engine.writing() as session:
                migrate(session, engine.dialect)
        _check_version(schema_version(engine), url)
        if share and isinstance(engine, DuckEngine):
            engine = SharedEngine(engine, database_path(url))
    except BaseException:
        engine.close()
        raise
    return Store(engine, url, clock)


def upgrade_store(url: str, progress: Progress | None = None) -> Upgrade:
    """Make the tables of a database, or bring older ones to the newest version, all or nothing.

    Ids of runs from before version 4 are keyed with the city's secret. Where the secret is not at
    hand, they are keyed with one that is forgotten at once: nobody can guess cases from them, and a
    day of then that is run again is kept once more.

    Raises
    ------
    StoreError
        As `open_store` does; ``schema-newer`` if the tables are newer than this program.
    """
    # Not through a server: it would find other tables under its hands.
    engine = _engine(url, create=True, alone=True)
    try:
        old = 0 < schema_version(engine) < PUBLIC_SINCE
        secret = _secret(Store(engine, url, now)) if old else None
        keyed = (secret or _forgotten()).pseudonym if old else None
        with engine.writing() as session:
            before = migrate(session, engine.dialect, keyed=keyed, progress=progress)
        _check_version(schema_version(engine), url)
    finally:
        engine.close()
    return Upgrade(before, SCHEMA_VERSION, secret_missing=old and secret is None)


def _secret(store: Store) -> "Pseudonymiser | None":
    """The city's; None where it is not at hand."""
    # That floor builds on this one.
    from geodata.identity import open_pseudonymiser  # noqa: PLC0415

    try:
        return open_pseudonymiser(store)
    except StoreError as error:
        if error.code != "no-secret":
            raise
        return None


def _forgotten() -> "Pseudonymiser":
    from geodata.identity import Pseudonymiser  # noqa: PLC0415

    return Pseudonymiser(token_bytes(32))


def _engine(url: str, *, create: bool, alone: bool = False) -> Engine:
    if not is_embedded(url):
        # Its driver takes a while to import, and only who has a server needs it.
        from geodata.store.postgres import PostgresEngine  # noqa: PLC0415

        return PostgresEngine(url)
    path = database_path(url)
    there = is_there(path)
    if not create and not there:
        raise _nothing_there(path.name)
    if not path.absolute().parent.is_dir():
        raise StoreError("no-folder", f"The folder for {path.name} does not exist. Make it first.")
    if not there:
        make_file(path)
    try:
        return DuckEngine(path)
    except StoreError as error:
        if error.code != "database-held" or alone:
            raise
        return _shared(path, error)


def _shared(path: Path, held: StoreError) -> Engine:
    try:
        return RemoteEngine(path)
    except PermissionError:
        raise StoreError(
            "database-held",
            f"{path.name} is held by a server of another user. Run the command as that user.",
        ) from None
    except OSError:
        raise held from None


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
