"""Opening a database: the right engine for its URL, and tables of the right version."""

from pathlib import Path

from geodata.errors import StoreError
from geodata.settings import CitySettings, read_city_settings
from geodata.store.address import database_path, is_embedded, shown_url
from geodata.store.embedded.database_file import is_there, make_file
from geodata.store.embedded.duck import DuckEngine
from geodata.store.migrating import SCHEMA_VERSION, migrate, schema_version
from geodata.store.model import Clock, Engine, Store, now
from geodata.store.shared.client import RemoteEngine
from geodata.store.shared.server import SharedEngine


def check_url(url: str) -> None:
    """Say what is wrong with a URL before any work is done.

    Raises
    ------
    InputError
        ``database-url`` if it names neither a file nor a server.
    """
    is_embedded(url)


def open_store(
    url: str,
    *,
    create: bool = False,
    share: bool = False,
    clock: Clock = now,
    settings: CitySettings | None = None,
) -> Store:
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
    settings
        What the city sets for itself; from the environment where not given.

    Raises
    ------
    InputError
        ``database-url`` if the URL is not understood; and see
        `geodata.settings.read_city_settings`.
    StoreError
        If there is none and `create` is false, it cannot be reached, another process holds the
        file, it is a database of something else, or its tables are of another version.
    """
    # Who works for others must hold the file itself.
    city = settings or read_city_settings()
    engine = open_engine(url, city, create=create, alone=share)
    try:
        if create and schema_version(engine) == 0:
            with engine.writing() as session:
                migrate(session, engine.dialect)
        check_version(schema_version(engine), url)
        if share and isinstance(engine, DuckEngine):
            engine = SharedEngine(engine, database_path(url))
    except BaseException:
        engine.close()
        raise
    return Store(engine, url, clock, city)


def open_engine(url: str, settings: CitySettings, *, create: bool, alone: bool = False) -> Engine:
    """Open the engine of a database, whatever the version of its tables.

    Parameters
    ----------
    alone
        Hold the file in this process: never work through a server that holds it.

    Raises
    ------
    StoreError
        As `open_store` does, but for the version of the tables.
    """
    if not is_embedded(url):
        # Its driver takes a while to import, and only who has a server needs it.
        from geodata.store.postgres import PostgresEngine  # noqa: PLC0415

        return PostgresEngine(url)
    path = database_path(url)
    there = is_there(path)
    if not create and not there:
        raise _nothing_there(path.name)
    if not path.absolute().parent.is_dir():
        raise StoreError(
            "no-folder",
            f"The folder for {path.name} does not exist. Make it first.",
            indonesian=f"Folder untuk {path.name} tidak ada. Buat folder itu dahulu.",
        )
    if not there:
        make_file(path, settings.duckdb_megabytes)
    try:
        return DuckEngine(path, settings.duckdb_megabytes)
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
            indonesian=f"{path.name} sedang dipakai server milik pengguna lain. Jalankan "
            "perintah ini sebagai pengguna itu.",
        ) from None
    except OSError:
        raise held from None


def check_version(found: int, url: str) -> None:
    """Refuse tables of another version.

    Raises
    ------
    StoreError
        ``no-database``, ``schema-older`` or ``schema-newer``.
    """
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
            indonesian=f"{name} dibuat oleh versi mikrozonasi yang lebih lama. Perbarui tabelnya "
            f"tanpa kehilangan isi: `mikrozonasi database upgrade --database {name}`.",
        )
    raise StoreError(
        "schema-newer",
        f"{name} was made by a newer version of mikrozonasi (tables {found}, this program knows "
        f"{SCHEMA_VERSION}). Install the newest version and open it with that.",
        indonesian=f"{name} dibuat oleh versi mikrozonasi yang lebih baru (tabel {found}, "
        f"program ini mengenal {SCHEMA_VERSION}). Pasang versi terbaru, lalu buka dengan versi "
        "itu.",
    )


def _nothing_there(name: str) -> StoreError:
    return StoreError(
        "no-database",
        f"There is no database {name} yet. Make one with `mikrozonasi boundaries load` or "
        "`mikrozonasi demo`, or name another with --database.",
        indonesian=f"Belum ada basis data {name}. Buat dengan `mikrozonasi boundaries load` atau "
        "`mikrozonasi demo`, atau sebutkan basis data lain dengan --database.",
    )
