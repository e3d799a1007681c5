"""A database in one file: the same for both engines, of one moment.

A zip of one Parquet file a table and ``backup.json``, which says the version of the tables, and
the rows and checksum of each. It is what moves a city from the embedded database to PostgreSQL.
The secret behind the pseudonyms is not in the database, and so not in its backup. How it is read
is in `geodata.store.backups.restoring`.
"""

import hashlib
import json
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.parquet as pq

from geodata.files.atomic import writing_to
from geodata.files.private import replacing
from geodata.language import Bilingual, Progress
from geodata.store.backups.backup_file import CONTENTS, FORMAT, member
from geodata.store.migrating import SCHEMA_VERSION
from geodata.store.model import Reading, Store, now
from geodata.store.schema import TableSchema, schema
from geodata.store.statements import with_names

OWN: Final = frozenset({"schema_version", "latest_moment"})
"""Tables that a new database has rows in."""
_BLOCK: Final = 1 << 20
_ROWS_AT_ONCE: Final = 128
"""Rows after which a page's size is looked at: a page of large shapes stays small."""


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
    made_at = now()
    with writing_to(path), replacing(path) as file, store.snapshot() as moment:
        tables: dict[str, dict[str, Any]] = {}
        # Parquet is compressed already.
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for done, (name, table) in enumerate(schema().items()):
                (progress or silent)(Bilingual(name, name), done, len(schema()))
                tables[name] = _write_table(archive, moment, name, table)
            contents = {
                "format": FORMAT,
                "version": SCHEMA_VERSION,
                "made_at": made_at.isoformat(),
                "tables": tables,
            }
            archive.writestr(CONTENTS, json.dumps(contents, indent=1))
    rows = {name: described["rows"] for name, described in tables.items() if name not in OWN}
    return Backup(SCHEMA_VERSION, made_at, rows)


def _write_table(
    archive: zipfile.ZipFile, moment: Reading, name: str, table: TableSchema
) -> dict[str, Any]:
    columns = table.columns.names
    found = moment.read(
        with_names(
            "select {columns} from {table} order by {order}",
            columns=columns,
            table=name,
            order=table.key or columns,
        )
    )
    with tempfile.TemporaryFile() as parquet:
        pq.write_table(found, parquet, compression="zstd", write_batch_size=_ROWS_AT_ONCE)
        parquet.seek(0)
        digest = hashlib.sha256()
        with archive.open(member(name), "w", force_zip64=True) as part:
            while block := parquet.read(_BLOCK):
                digest.update(block)
                part.write(block)
    return {"rows": found.num_rows, "sha256": digest.hexdigest()}


def silent(_table: Bilingual, _done: int, _of: int) -> None:
    """Tell nobody."""
