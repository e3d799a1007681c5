"""Restore a database from a backup, all or nothing.

No text of the backup is executed: every name in a statement comes from the migrations, and every
value is a parameter or a column of an Arrow table with checked types.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.errors import StoreError
from geodata.language import Bilingual, Progress
from geodata.store.backups.backup_file import BackupFile, Manifest, TableEntry, open_backup
from geodata.store.backups.parquet_pages import ForeignParquetError, check_footer, check_pages
from geodata.store.backups.writing import INITIAL_TABLES, Backup, no_progress
from geodata.store.model import Store, Transaction
from geodata.store.schema import TableSchema, schema
from geodata.store.statements import with_names

_BLOCK: Final = 1 << 20
_ROWS_AT_ONCE: Final = 16_384
_LARGEST_BATCH: Final = 256 << 20
"""Bytes of one batch of rows."""
_EXPANSION_LIMIT: Final = (64 << 20, 250)
"""A table may expand to these bytes plus this many times the size of its file.

The tables of a real city expand to at most 25 times the size of their files.
"""
_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
_MOMENT_LIMITS: Final = (datetime(2000, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001  (UTC without a zone)
_INVALID_PARQUET: Final = (
    ForeignParquetError,
    pa.ArrowException,
    OSError,
    ValueError,
    OverflowError,
)
"""Errors from reading a damaged Parquet file."""


def restore_store(store: Store, path: Path, progress: Progress | None = None) -> Backup:
    """Fill an empty database with the tables of a backup, all or nothing.

    Raises
    ------
    NotFoundError
        ``no-file``.
    InputError
        ``no-backup`` if the file is no backup; ``backup-damaged`` if the file is damaged;
        ``backup-older``, ``backup-newer`` if the tables are of another version.
    StoreError
        ``not-empty`` if the database has any rows.
    """
    with open_backup(path) as backup:
        manifest = backup.manifest()
        for name, entry in manifest.tables.items():
            backup.check_table(name, entry)
        with store.transaction() as work:
            _check_empty(work)
            for number, (name, table) in enumerate(schema().items()):
                (progress or no_progress)(Bilingual(name, name), number, len(manifest.tables))
                _fill(backup, work, name, table, manifest.tables[name])
    return _restored(manifest)


def _fill(
    backup: BackupFile, work: Transaction, name: str, table: TableSchema, entry: TableEntry
) -> None:
    insert = with_names(
        "insert into {table} ({columns}) select {columns} from stage",
        table=name,
        columns=table.columns.names,
    )
    with backup.open_table(name, entry) as file:
        for rows in _rows(backup, file, table, entry):
            if name == "latest_moment":
                _advance_latest_moment(backup, work, rows)
            elif name != "schema_version":
                _append(backup, work, insert, rows)


def _append(backup: BackupFile, work: Transaction, insert: str, rows: pa.Table) -> None:
    try:
        work.append(insert, rows)
    except StoreError as error:
        # The database was empty: so the backup itself has a key twice or lacks a value.
        raise backup.damaged() if error.code == "conflict" else error from None


def _rows(
    backup: BackupFile, file: IO[bytes], table: TableSchema, entry: TableEntry
) -> Iterator[pa.Table]:
    """The rows of one table in groups, after all checks."""
    try:
        yield from _checked_rows(file, table, entry)
    except _INVALID_PARQUET:
        raise backup.damaged() from None


def _checked_rows(file: IO[bytes], table: TableSchema, entry: TableEntry) -> Iterator[pa.Table]:
    size = check_footer(file)
    metadata = pq.read_metadata(file)
    file_schema = metadata.schema.to_arrow_schema().remove_metadata()
    if not _same_schema(file_schema, table.columns) or metadata.num_rows != entry.rows:
        raise ForeignParquetError("columns")
    if not metadata.num_rows:
        return
    check_pages(file, metadata)
    # Read texts as dictionaries: a text in a million rows is stored once.
    texts = [field.name for field in table.columns if field.type in {pa.string(), pa.binary()}]
    parquet = pq.ParquetFile(file, read_dictionary=texts, buffer_size=_BLOCK)
    bytes_left = _EXPANSION_LIMIT[0] + _EXPANSION_LIMIT[1] * size
    for batch in parquet.iter_batches(_ROWS_AT_ONCE, use_threads=False):
        expanded = sum(map(_expanded_bytes, batch.columns))
        bytes_left -= expanded
        if expanded > _LARGEST_BATCH or bytes_left < 0:
            raise ForeignParquetError("expands too far")
        rows = pa.Table.from_batches([batch]).cast(table.columns)
        rows.validate(full=True)
        if not all(map(_has_valid_values, rows.columns)):
            raise ForeignParquetError("values")
        yield rows


def _same_schema(file_schema: pa.Schema, table_schema: pa.Schema) -> bool:
    return bool(file_schema.names == table_schema.names and file_schema.types == table_schema.types)


def _expanded_bytes(column: pa.Array) -> int:
    """Bytes of a column without dictionary encoding."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary)
    return 8 * len(column) + int(pc.sum(lengths.take(column.indices)).as_py() or 0)


def _has_valid_values(column: pa.ChunkedArray) -> bool:
    """Whether both databases and Python can hold the values."""
    if column.type == pa.string():
        return not pc.any(pc.match_substring(column, "\0")).as_py()
    if column.type in {pa.date32(), pa.timestamp("us")}:
        limits = [pa.scalar(day).cast(column.type) for day in (_FIRST_DAY, _LAST_DAY)]
        least, most = (pc.min_max(column)[end] for end in ("min", "max"))
        return not least.is_valid or bool(
            pc.less_equal(limits[0], least).as_py() and pc.less_equal(most, limits[1]).as_py()
        )
    return True


def _advance_latest_moment(backup: BackupFile, work: Transaction, moments: pa.Table) -> None:
    latest: Any = pc.max(moments["moment"]).as_py()
    if latest is None or not _MOMENT_LIMITS[0] <= latest < _MOMENT_LIMITS[1]:
        raise backup.damaged()
    work.execute("update latest_moment set moment = greatest(moment, $1)", latest)


def _check_empty(work: Transaction) -> None:
    for name in schema():
        one_row = with_names("select 1 as n from {table} limit 1", table=name)
        if name not in INITIAL_TABLES and work.read(one_row).num_rows:
            raise StoreError(
                "not-empty",
                "The database is not empty. Nothing was changed. A backup is restored only into an "
                "empty database: name a new database with --database.",
                indonesian="Basis data tidak kosong. Tidak ada yang diubah. Cadangan hanya "
                "dipulihkan ke basis data kosong: sebutkan basis data baru dengan --database.",
            )


def _restored(manifest: Manifest) -> Backup:
    rows = {
        name: entry.rows for name, entry in manifest.tables.items() if name not in INITIAL_TABLES
    }
    return Backup(manifest.version, manifest.made_at, rows)
