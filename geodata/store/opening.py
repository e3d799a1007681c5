"""Open a database: choose the engine by the URL, and check the version of the tables."""

from pathlib import Path

from geodata.errors import StoreError
from geodata.settings import CitySettings, read_city_settings
from geodata.store.address import database_path, is_embedded, shown_url
from geodata.store.embedded.database_file import database_exists, make_file
from geodata.store.embedded.duck import DuckEngine
from geodata.store.migrating import SCHEMA_VERSION, migrate, schema_version
from geodata.store.model import Clock, Engine, Store, now
from geodata.store.shared.client import RemoteEngine
from geodata.store.shared.server import SharedEngine


def check_url(url: str) -> None:
    """Check a URL before any work is done.

    Raises
    ------
    InputError
        ``database-url`` if the URL names neither a file nor a server.
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
        Make the tables if there are none, and the file of an embedded database. A PostgreSQL
        database itself must exist.
    share
        While this store is open, other processes of the same user may open the file too: they
        work through this process. PostgreSQL does not need this option.
    clock
        Gives the recorded moments. If the clock is set back, later moments still increase.
    settings
        Settings of the city; from the environment if None.

    Raises
    ------
    InputError
        ``database-url`` if the URL is not understood; and see
        `geodata.settings.read_city_settings`.
    StoreError
        If there is no database and `create` is false, the server cannot be reached, another
        process holds the file, the database is of another program, or the tables are of another
        version.
    """
    # A process that shares the file must hold the file itself.
    city_settings = settings or read_city_settings()
    engine = open_engine(url, city_settings, create=create, alone=share)
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
    return Store(engine, url, clock, city_settings)


def open_engine(url: str, settings: CitySettings, *, create: bool, alone: bool = False) -> Engine:
    """Open the engine of a database with tables of any version.

    Parameters
    ----------
    alone
        Hold the file in this process. Do not work through a server that holds the file.

    Raises
    ------
    StoreError
        As `open_store`, except for the version of the tables.
    """
    if not is_embedded(url):
        # The driver is slow to import and only needed for a server.
        from geodata.store.postgres import PostgresEngine  # noqa: PLC0415

        return PostgresEngine(url)
    path = database_path(url)
    exists = database_exists(path)
    if not create and not exists:
        raise _no_database(path.name)
    if not path.absolute().parent.is_dir():
        raise StoreError(
            "no-folder",
            f"The folder for {path.name} does not exist. Make the folder first.",
            indonesian=f"Folder untuk {path.name} tidak ada. Buat folder itu dahulu.",
        )
    if not exists:
        make_file(path, settings.duckdb_megabytes)
    try:
        return DuckEngine(path, settings.duckdb_megabytes)
    except StoreError as error:
        if error.code != "database-held" or alone:
            raise
        return _connect_to_server(path, error)


def _connect_to_server(path: Path, file_held: StoreError) -> Engine:
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
        raise file_held from None


def check_version(version: int, url: str) -> None:
    """Reject tables of another version.

    Raises
    ------
    StoreError
        ``no-database``, ``schema-older`` or ``schema-newer``.
    """
    if version == SCHEMA_VERSION:
        return
    name = shown_url(url)
    if version == 0:
        raise _no_database(name)
    if version < SCHEMA_VERSION:
        raise StoreError(
            "schema-older",
            f"{name} was made by an older version of mikrozonasi. Upgrade the tables, which keeps "
            f"all rows: `mikrozonasi database upgrade --database {name}`.",
            indonesian=f"{name} dibuat oleh versi mikrozonasi yang lebih lama. Perbarui tabelnya "
            f"tanpa kehilangan isi: `mikrozonasi database upgrade --database {name}`.",
        )
    raise StoreError(
        "schema-newer",
        f"{name} was made by a newer version of mikrozonasi (tables {version}, this program knows "
        f"{SCHEMA_VERSION}). Install the newest version of mikrozonasi and open the database with "
        "it.",
        indonesian=f"{name} dibuat oleh versi mikrozonasi yang lebih baru (tabel {version}, "
        f"program ini mengenal {SCHEMA_VERSION}). Pasang versi terbaru mikrozonasi, lalu buka "
        "basis data dengan versi itu.",
    )


def _no_database(name: str) -> StoreError:
    return StoreError(
        "no-database",
        f"There is no database {name} yet. Make a database with `mikrozonasi boundaries load` or "
        "`mikrozonasi demo`, or name another database with --database.",
        indonesian=f"Belum ada basis data {name}. Buat dengan `mikrozonasi boundaries load` atau "
        "`mikrozonasi demo`, atau sebutkan basis data lain dengan --database.",
    )
