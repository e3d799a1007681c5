"""New databases for tests: a DuckDB file, or a database on a PostgreSQL server.

The variable ``MIKROZONASI_TEST_POSTGRES`` names the server (a URL of a user who may create
databases). Without the variable, a server is started here and ends with this process.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from copy import copy
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import adbc_driver_postgresql.dbapi as postgres
import pyarrow as pa
import pytest

from geodata.store import Store, database_path, open_store

NewDatabase = Callable[[], str]
"""Makes a database with empty tables; gives its URL."""
CopyDatabase = Callable[[str], str]
"""Copies a closed database; gives the URL of the copy."""
SERVER_VARIABLE: Final = "MIKROZONASI_TEST_POSTGRES"
LOCKED: Final = "locked"
"""A role of our server that needs a password."""
_TABLES: Final = "select table_name as name from information_schema.tables order by 1"
_TIMEOUT: Final = 120
"""Seconds a server may take to start or stop on a busy machine."""
_PREFIX: Final = "mz-pg-"
_FAST_SETTINGS: Final = (
    "max_wal_size=128MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)


def new_file(folders: pytest.TempPathFactory) -> str:
    """URL of a new embedded database with tables."""
    url = f"duckdb:///{folders.mktemp('database')}/city.duckdb"
    open_store(url, create=True).close()
    return url


class FileDatabases:
    """New embedded databases. The tables are made once; each database is a copy of that file."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._template: str | None = None

    def new(self) -> str:
        """URL of a new database with tables."""
        if self._template is None:
            self._template = new_file(self._folders)
        return copy_of(self._template, self._folders.mktemp("database"))


def copy_of(url: str, folder: Path) -> str:
    """Copy an embedded database with its key file into a folder; the URL of the copy."""
    path = database_path(url)
    for part in path.parent.glob(f"{path.name}*"):
        if part.is_file():
            shutil.copy(part, folder / part.name)
    return f"duckdb:///{folder / path.name}"


@contextmanager
def assert_unchanged(url: str) -> Iterator[None]:
    """Fail if a database that tests share was changed inside the block."""
    before = _read_tables(url)
    yield
    assert _read_tables(url) == before, "a shared database was changed: take a copy_of it"


class Server:
    """A PostgreSQL server on which tests may make databases."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._names = (f"mz_{os.getpid()}_{number}" for number in count())
        self._databases: list[str] = []
        self._template: str | None = None
        self._connection: postgres.Connection | None = None

    def run(self, sql: str) -> None:
        """Run one statement on the maintenance database.

        The connection stays open until `close`: a new connection costs more than most statements.
        """
        if self._connection is None:
            self._connection = postgres.connect(self.url, autocommit=True)
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def close(self) -> None:
        """Close the connection to the maintenance database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def new_empty(self) -> str:
        """URL of a new database without tables."""
        return self._new("template0")

    def new(self) -> str:
        """URL of a new database with tables."""
        if self._template is None:
            url = self.new_empty()
            open_store(url, create=True).close()
            self._template = _name(url)
        return self._new(self._template)

    def copy(self, url: str) -> str:
        """URL of a copy of a database; ends the connections to the original first."""
        return self._new(_name(url))

    def disconnect(self, url: str) -> None:
        """End every connection to a database, and wait until all are closed."""
        self._disconnect(_name(url))

    def add_locked_role(self) -> None:
        """Make the role `LOCKED` with the password ``right-enough``."""
        with suppress(postgres.Error):
            self.run(f"create role {LOCKED} login password 'right-enough'")

    @contextmanager
    def dropping(self) -> Iterator[None]:
        """Drop the databases that were made inside the block: hundreds of them fill a disk."""
        count = len(self._databases)
        template = self._template
        try:
            yield
        finally:
            new_databases, self._databases = self._databases[count:], self._databases[:count]
            if template is None and self._template is not None:
                new_databases.remove(self._template)
                self._databases.append(self._template)
            self._drop(new_databases)

    def drop_all(self) -> None:
        """Drop every database that was made."""
        self._drop(self._databases)

    def _drop(self, names: list[str]) -> None:
        for name in names:
            # The test may have dropped the database.
            self.run(f"drop database if exists {name} with (force)")

    def _disconnect(self, name: str) -> None:
        # Without a timeout the function returns before the other processes have ended.
        self.run(
            f"select count(pg_terminate_backend(pid, {_TIMEOUT * 1000})) "  # noqa: S608  (our own)
            f"from pg_stat_activity where datname = '{name}' and backend_type = 'client backend'"
        )

    def _new(self, template: str) -> str:
        name = next(self._names)
        self._disconnect(template)  # a closed connection may still end, and blocks the copy
        # Indonesian text order, as on a city's server: no test may depend on the order.
        locale = "" if template != "template0" else " locale_provider icu icu_locale 'id-ID'"
        self.run(f"create database {name} template {template}{locale}")
        self._databases.append(name)
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))


@contextmanager
def server() -> Iterator[Server]:
    """A server for tests; skips the test if there is none."""
    configured_url = os.environ.get(SERVER_VARIABLE)
    if configured_url is not None:
        configured = Server(configured_url)
        try:
            yield configured
        finally:
            configured.drop_all()
            configured.close()
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip(f"no PostgreSQL: {SERVER_VARIABLE} is not set, and postgresql is missing")
    with own_server(programs[-1]) as url, closing(Server(url)) as own:
        yield own


@contextmanager
def own_server(programs: Path) -> Iterator[str]:
    """Start a cluster in a new folder. The cluster ends with this process in every case."""
    _remove_old_clusters()
    # The path of a socket has at most about a hundred bytes, so pytest's folder is too deep.
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    (folder / "owner").write_text(str(os.getpid()))
    run_as: list[str | Path]
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        run_as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    else:
        run_as = ["setpriv"]
    data = folder / "data"
    try:
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
        ]
        subprocess.run(
            [*run_as, *initdb, "-E", "UTF8", "--locale=C.UTF-8"], check=True, capture_output=True
        )
        access_rules = data / "pg_hba.conf"
        access_rules.write_text(f"local all {LOCKED} scram-sha-256\n" + access_rules.read_text())
        settings = [part for setting in _FAST_SETTINGS for part in ("-c", setting)]
        command: list[str | Path] = [
            programs / "postgres",
            "-D",
            data,
            "-k",
            folder,
            "-h",
            "",
            *settings,
        ]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*run_as, "--pdeathsig=QUIT", *command], cwd=folder, stdout=log, stderr=log
            )
        url = f"postgresql://postgres@/postgres?host={folder}&connect_timeout={_TIMEOUT}"
        try:
            _wait_for_server(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=_TIMEOUT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_old_clusters() -> None:
    """Remove the clusters of killed processes: each may hold gigabytes."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, ValueError):
            owner = int((folder / "owner").read_text())
            if not Path(f"/proc/{owner}").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _read_tables(url: str) -> dict[str, pa.Table]:
    with open_store(url) as store:
        names = store.read(_TABLES)["name"].to_pylist()
        return {name: store.read(f"select * from {name} order by all") for name in names}  # noqa: S608  # names of our own tables


def _wait_for_server(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _TIMEOUT
    while time.monotonic() < deadline:
        try:
            postgres.connect(url).close()
        except postgres.OperationalError:
            if process.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("PostgreSQL did not start")


def store_with_secret(store: Store, secret: str | None) -> Store:
    """The same open database with this secret in its settings."""
    changed = copy(store)
    changed.settings = replace(store.settings, secret=secret)
    return changed
