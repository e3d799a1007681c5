"""New databases for tests, on either engine: a file, or a database of a PostgreSQL server.

The server is the one named by ``MIKROZONASI_TEST_POSTGRES`` (a URL of someone who may create
databases), else one that is started here and ends with the process that started it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
"""Makes a database with tables and nothing in them, and gives its URL."""
VARIABLE: Final = "MIKROZONASI_TEST_POSTGRES"
LOCKED: Final = "locked"
"""A role of our own server that must give its password."""
_TABLES: Final = "select table_name as name from information_schema.tables order by 1"
_PATIENCE: Final = 120
"""Seconds a server may take to start or stop on a busy machine."""
_PREFIX: Final = "mz-pg-"
_FAST: Final = (
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


class Files:
    """New embedded databases. The tables are made once, each database is a copy of that file."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._template: str | None = None

    def new(self) -> str:
        """URL of a new database with tables."""
        if self._template is None:
            self._template = new_file(self._folders)
        return copy_of(self._template, self._folders.mktemp("database"))


def copy_of(url: str, folder: Path) -> str:
    """URL of a copy of an embedded database with its key, which a test may change."""
    path = database_path(url)
    for part in path.parent.glob(f"{path.name}*"):
        if part.is_file():
            shutil.copy(part, folder / part.name)
    return f"duckdb:///{folder / path.name}"


@contextmanager
def unchanged(url: str) -> Iterator[None]:
    """A database that several tests share: whoever changes it fails here, in whatever order."""
    before = _contents(url)
    yield
    assert _contents(url) == before, "a shared database was changed: take a copy_of it"


class Server:
    """A PostgreSQL server on which a test may make databases."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._names = (f"mz_{os.getpid()}_{number}" for number in count())
        self._made: list[str] = []
        self._template: str | None = None

    def run(self, sql: str) -> None:
        """Run one statement on the maintenance database."""
        with postgres.connect(self.url, autocommit=True) as own, own.cursor() as cursor:
            cursor.execute(sql)

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
        """URL of a new database with all that another holds, to which nobody is connected."""
        return self._new(_name(url))

    def disconnect(self, url: str) -> None:
        """End every connection to a database, and wait until they are gone."""
        self._disconnect(_name(url))

    def add_locked_role(self) -> None:
        """Make the role that must give its password, which is ``right-enough``."""
        with suppress(postgres.Error):
            self.run(f"create role {LOCKED} login password 'right-enough'")

    @contextmanager
    def dropping(self) -> Iterator[None]:
        """Drop at the end what was made within: hundreds of databases fill a disk."""
        kept = len(self._made)
        template = self._template
        try:
            yield
        finally:
            made, self._made = self._made[kept:], self._made[:kept]
            if template is None and self._template is not None:
                made.remove(self._template)
                self._made.append(self._template)
            self._drop(made)

    def drop_all(self) -> None:
        """Drop what was made."""
        self._drop(self._made)

    def _drop(self, names: list[str]) -> None:
        for name in names:
            # A test may have dropped its database itself.
            self.run(f"drop database if exists {name} with (force)")

    def _disconnect(self, name: str) -> None:
        # Without a time to wait it answers when they are told, and one may serve a little longer.
        self.run(
            f"select count(pg_terminate_backend(pid, {_PATIENCE * 1000})) "  # noqa: S608  (our own)
            f"from pg_stat_activity where datname = '{name}' and backend_type = 'client backend'"
        )

    def _new(self, template: str) -> str:
        name = next(self._names)
        self._disconnect(template)  # or it cannot be copied: who has closed goes a little later
        # Indonesian order of text, as a city's own server has it: nothing may depend on it.
        how = "" if template != "template0" else " locale_provider icu icu_locale 'id-ID'"
        self.run(f"create database {name} template {template}{how}")
        self._made.append(name)
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))


@contextmanager
def server() -> Iterator[Server]:
    """A server to test on, or a skip that says why there is none."""
    given = os.environ.get(VARIABLE)
    if given is not None:
        named = Server(given)
        try:
            yield named
        finally:
            named.drop_all()
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip(f"no PostgreSQL: {VARIABLE} names none, and Debian's postgresql is missing")
    with own_server(programs[-1]) as url:
        yield Server(url)


@contextmanager
def own_server(programs: Path) -> Iterator[str]:
    """Start a cluster in a new folder; it dies with this process, whatever becomes of that."""
    _remove_left_over()
    # The path of a socket may have some hundred characters, so not below pytest's folder.
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    (folder / "owner").write_text(str(os.getpid()))
    who: list[str | Path]
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    else:
        who = ["setpriv"]
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
            [*who, *initdb, "-E", "UTF8", "--locale=C.UTF-8"], check=True, capture_output=True
        )
        rules = data / "pg_hba.conf"
        rules.write_text(f"local all {LOCKED} scram-sha-256\n" + rules.read_text())
        settings = [part for setting in _FAST for part in ("-c", setting)]
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
                [*who, "--pdeathsig=QUIT", *command], cwd=folder, stdout=log, stderr=log
            )
        url = f"postgresql://postgres@/postgres?host={folder}&connect_timeout={_PATIENCE}"
        try:
            _await(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=_PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_over() -> None:
    """Remove the clusters of processes that were killed: each may hold gigabytes."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, ValueError):
            owner = int((folder / "owner").read_text())
            if not Path(f"/proc/{owner}").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _contents(url: str) -> dict[str, pa.Table]:
    with open_store(url) as store:
        names = store.read(_TABLES)["name"].to_pylist()
        return {name: store.read(f"select * from {name} order by all") for name in names}  # noqa: S608  # names of our own tables


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            postgres.connect(url).close()
        except postgres.OperationalError:
            if process.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("PostgreSQL did not start")


def given(store: Store, secret: str | None) -> Store:
    """The same open database, with this text for its secret in the settings."""
    other = copy(store)
    other.settings = replace(store.settings, secret=secret)
    return other
