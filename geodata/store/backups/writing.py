"""Write a backup: the database at one moment in one file, the same for both engines.

A backup is a zip of one Parquet file for each table and ``backup.json``, which has the version of
the tables and the rows and checksum of each table. A backup also moves a city from the embedded
database to PostgreSQL. The city's secret is not in the database, so it is not in the backup.
`geodata.store.backups.restoring` reads a backup.
"""

import hashlib
import json
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.parquet as pq

from geodata.files.atomic import translate_write_errors
from geodata.files.private import atomic_private_file
from geodata.language import Bilingual, Progress
from geodata.store.backups.backup_file import FORMAT, MANIFEST, member_name
from geodata.store.migrating import SCHEMA_VERSION
from geodata.store.model import Snapshot, Store, now
from geodata.store.schema import TableSchema, schema
from geodata.store.statements import with_names

INITIAL_TABLES: Final = frozenset({"schema_version", "latest_moment"})
"""Tables that have rows in a new database."""
_BLOCK: Final = 1 << 20
_ROWS_AT_ONCE: Final = 128
"""Rows between checks of a page's size, so that a page of large shapes stays small."""


class Backup(NamedTuple):
    """Summary of a backup.

    Attributes
    ----------
    version
        Version of the tables.
    made_at
        Moment of the backup, UTC.
    rows
        Number of rows by table.
    """

    version: int
    made_at: datetime
    rows: dict[str, int]


def backup_store(store: Store, path: Path, progress: Progress | None = None) -> Backup:
    """Write all tables of a database, in their state at one moment, into one file.

    Parameters
    ----------
    path
        The file to write. An existing file is replaced when the new file is complete.

    Raises
    ------
    InputError
        ``no-folder`` if the folder does not exist; ``disk-full``, ``not-written``.
    """
    made_at = now()
    with (
        translate_write_errors(path),
        atomic_private_file(path) as file,
        store.snapshot() as snapshot,
    ):
        tables: dict[str, dict[str, Any]] = {}
        # Parquet is compressed already.
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for number, (name, table) in enumerate(schema().items()):
                (progress or no_progress)(Bilingual(name, name), number, len(schema()))
                tables[name] = _write_table(archive, snapshot, name, table)
            manifest = {
                "format": FORMAT,
                "version": SCHEMA_VERSION,
                "made_at": made_at.isoformat(),
                "tables": tables,
            }
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    rows = {name: entry["rows"] for name, entry in tables.items() if name not in INITIAL_TABLES}
    return Backup(SCHEMA_VERSION, made_at, rows)


def _write_table(
    archive: zipfile.ZipFile, snapshot: Snapshot, name: str, table: TableSchema
) -> dict[str, Any]:
    columns = table.columns.names
    rows = snapshot.read(
        with_names(
            "select {columns} from {table} order by {order}",
            columns=columns,
            table=name,
            order=table.key or columns,
        )
    )
    with tempfile.TemporaryFile() as parquet:
        pq.write_table(rows, parquet, compression="zstd", write_batch_size=_ROWS_AT_ONCE)
        parquet.seek(0)
        digest = hashlib.sha256()
        with archive.open(member_name(name), "w", force_zip64=True) as member:
            while block := parquet.read(_BLOCK):
                digest.update(block)
                member.write(block)
    return {"rows": rows.num_rows, "sha256": digest.hexdigest()}


def no_progress(_table: Bilingual, _done: int, _total: int) -> None:
    """Ignore the progress."""
