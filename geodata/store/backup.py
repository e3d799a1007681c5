"""A database in one file: the same for both engines, whole or not at all.

A zip of one Parquet file a table and ``backup.json``, which says the version of the tables, and
the rows and checksum of each. It is what moves a city from the embedded database to PostgreSQL.
The secret behind the pseudonyms is not in the database, and so not in its backup.
"""

import hashlib
import json
import lzma
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.errors import InputError, StoreError
from geodata.file_errors import not_read, refused
from geodata.private_files import replacing
from geodata.store.migrating import SCHEMA_VERSION
from geodata.store.model import Reading, Store, Transaction, now
from geodata.whole_files import writing_to

Progress = Callable[[str, int, int], None]
"""Told the table that is being done, how many are, and of how many."""

_CONTENTS: Final = "backup.json"
_FORMAT: Final = "mikrozonasi-backup-1"
_OWN: Final = frozenset({"schema_version", "latest_moment"})
"""Tables that a new database has rows in."""
_TABLES: Final = """
select cast(table_name as text) as name from information_schema.tables
where cast(table_schema as text) = cast(current_schema() as text) order by 1
"""
_COLUMNS: Final = """
select cast(column_name as text) as name from information_schema.columns
where cast(table_schema as text) = cast(current_schema() as text) and table_name = $1
order by ordinal_position
"""
_KEY: Final = """
select cast(k.column_name as text) as name
from information_schema.key_column_usage k join information_schema.table_constraints c
  on c.constraint_name = k.constraint_name and c.table_name = k.table_name
 and c.table_schema = k.table_schema
where cast(k.table_schema as text) = cast(current_schema() as text)
  and c.constraint_type = 'PRIMARY KEY' and k.table_name = $1
order by k.ordinal_position
"""
_BLOCK: Final = 1 << 20
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, KeyError, OSError, RuntimeError, ValueError),
)
"""What reading a zip raises, according to which of its bytes is not as it was."""


class Backup(NamedTuple):
    """What a backup holds.

    Attributes
    ----------
    version
        Of the tables.
    made_at
        The moment of it, UTC.
    rows
        By table.
    """

    version: int
    made_at: datetime
    rows: dict[str, int]


def backup_store(store: Store, path: Path, progress: Progress | None = None) -> Backup:
    """Write everything a database holds, as it stands at one moment, into one file.

    Parameters
    ----------
    path
        The file to write; one that is there is replaced when the new one is whole.

    Raises
    ------
    InputError
        ``no-folder`` if the folder is not there; ``disk-full``, ``not-written``.
    """
    with writing_to(path), replacing(path) as file, store.snapshot() as moment:
        tables = moment.read(_TABLES)["name"].to_pylist()
        contents: dict[str, Any] = {
            "format": _FORMAT,
            "version": SCHEMA_VERSION,
            "made_at": now().isoformat(),
            "tables": {},
        }
        # Parquet is compressed already.
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for done, name in enumerate(tables):
                (progress or _silent)(name, done, len(tables))
                contents["tables"][name] = _write_table(archive, moment, name)
            archive.writestr(_CONTENTS, json.dumps(contents, indent=1))
    return _told(contents)


def restore_store(store: Store, path: Path, progress: Progress | None = None) -> Backup:
    """Fill an empty database with what a backup holds, all of it or nothing.

    Raises
    ------
    NotFoundError
        ``no-file``.
    InputError
        ``no-backup`` if the file is none; ``backup-damaged`` if it is not as it was written;
        ``backup-older``, ``backup-newer`` if its tables are of another version.
    StoreError
        ``not-empty`` if the database holds anything.
    """
    with _opened(path) as archive:
        contents = _contents(archive, path)
        tables: dict[str, Any] = contents["tables"]
        for name, described in tables.items():
            _check(archive, path, name, described)
        with store.transaction() as work:
            _check_empty(work)
            for done, name in enumerate(tables):
                (progress or _silent)(name, done, len(tables))
                _read_table(archive, work, name)
    return _told(contents)


def _write_table(archive: zipfile.ZipFile, moment: Reading, name: str) -> dict[str, Any]:
    key = moment.read(_KEY, name)["name"].to_pylist()
    columns = moment.read(_COLUMNS, name)["name"].to_pylist()
    order = ", ".join(f'"{column}"' for column in key or columns)
    found = moment.read(f'select * from "{name}" order by {order}')  # noqa: S608  (names are ours)
    with tempfile.TemporaryFile() as parquet:
        pq.write_table(found, parquet, compression="zstd")
        parquet.seek(0)
        digest = hashlib.sha256()
        with archive.open(_member(name), "w", force_zip64=True) as member:
            while block := parquet.read(_BLOCK):
                digest.update(block)
                member.write(block)
    return {"rows": found.num_rows, "sha256": digest.hexdigest()}


def _read_table(archive: zipfile.ZipFile, work: Transaction, name: str) -> None:
    try:
        with tempfile.TemporaryFile() as parquet, archive.open(_member(name)) as member:
            shutil.copyfileobj(member, parquet, _BLOCK)
            parquet.seek(0)
            rows = pq.read_table(parquet)
    except OSError as error:
        raise refused(error) from None
    if name == "schema_version" or not rows.num_rows:
        return
    if name == "latest_moment":
        _go_on_after(work, rows)
        return
    columns = ", ".join(f'"{column}"' for column in rows.column_names)
    work.append(f'insert into "{name}" ({columns}) select {columns} from stage', rows)  # noqa: S608


def _go_on_after(work: Transaction, moments: pa.Table) -> None:
    last = pc.max(moments["moment"]).as_py()
    work.execute("update latest_moment set moment = greatest(moment, $1)", last)


def _check_empty(work: Transaction) -> None:
    for name in work.read(_TABLES)["name"].to_pylist():
        if name not in _OWN and work.read(f'select 1 as n from "{name}" limit 1').num_rows:  # noqa: S608
            raise StoreError(
                "not-empty",
                "The database holds something already, and a backup is restored only into an empty "
                "one: name a new one with --database. Nothing was changed.",
            )


def _contents(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(archive.read(_CONTENTS))
        known = found["format"] == _FORMAT
    except _UNREADABLE:
        known = False
    if not known:
        raise _no_backup(path)
    if found["version"] < SCHEMA_VERSION:
        raise InputError(
            "backup-older",
            f"{path.name} holds tables of version {found['version']}, this program has version "
            f"{SCHEMA_VERSION}. Restore it with the version of mikrozonasi that made it, then "
            "upgrade: `mikrozonasi database upgrade`.",
        )
    if found["version"] > SCHEMA_VERSION:
        raise InputError(
            "backup-newer",
            f"{path.name} was made by a newer version of mikrozonasi. Install that one.",
        )
    return found


def _check(archive: zipfile.ZipFile, path: Path, name: str, described: dict[str, Any]) -> None:
    digest = hashlib.sha256()
    try:
        with archive.open(_member(name)) as member:
            while block := member.read(_BLOCK):
                digest.update(block)
    except _UNREADABLE:
        raise _damaged(path) from None
    if digest.hexdigest() != described["sha256"]:
        raise _damaged(path)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        path.open("rb").close()
    except OSError as error:
        raise not_read(error, path.name) from None
    try:
        archive = zipfile.ZipFile(path)
    except _UNREADABLE:
        raise _no_backup(path) from None
    with archive:
        yield archive


def _told(contents: dict[str, Any]) -> Backup:
    rows = {name: described["rows"] for name, described in contents["tables"].items()}
    made_at = datetime.fromisoformat(contents["made_at"])
    return Backup(contents["version"], made_at, {n: k for n, k in rows.items() if n not in _OWN})


def _member(table: str) -> str:
    return f"{table}.parquet"


def _no_backup(path: Path) -> InputError:
    return InputError(
        "no-backup", f"{path.name} is no backup made by `mikrozonasi database backup`."
    )


def _damaged(path: Path) -> InputError:
    return InputError(
        "backup-damaged",
        f"{path.name} is not as it was written: a part is missing or changed. Take another copy; "
        "nothing was restored.",
    )


def _silent(_table: str, _done: int, _of: int) -> None:
    """Tell nobody."""
