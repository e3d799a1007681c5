"""A database filled from a backup, all of it or nothing.

Nothing of the backup is executed: every name in a statement is of our own tables, and every value
is a parameter or a column of an Arrow table whose types were checked.
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
from geodata.store.backups.backup_file import BackupFile, Contents, Part, open_backup
from geodata.store.backups.parquet_pages import UnlikeOurs, check_footer, check_pages
from geodata.store.backups.writing import OWN, Backup, silent
from geodata.store.model import Store, Transaction
from geodata.store.schema import TableSchema, schema
from geodata.store.statements import with_names

_BLOCK: Final = 1 << 20
_ROWS_AT_ONCE: Final = 16_384
_LARGEST_BATCH: Final = 256 << 20
"""Bytes of so many rows."""
_EXPANSION: Final = (64 << 20, 250)
"""Bytes that any part may hold, and how many times its own size it may hold beside them.

The parts of a real city hold 25 times their size at most.
"""
_EARLIEST, _LATEST = date(1, 1, 1), date(9999, 12, 31)
_CLOCK: Final = (datetime(2000, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001  (UTC without a zone)
_BROKEN: Final = (UnlikeOurs, pa.ArrowException, OSError, ValueError, OverflowError)
"""What reading a Parquet file raises that is not as we wrote it."""


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
    with open_backup(path) as backup:
        contents = backup.contents()
        for name, part in contents.tables.items():
            backup.check(name, part)
        with store.transaction() as work:
            _check_empty(work)
            for done, (name, table) in enumerate(schema().items()):
                (progress or silent)(Bilingual(name, name), done, len(contents.tables))
                _fill(backup, work, name, table, contents.tables[name])
    return _told(contents)


def _fill(backup: BackupFile, work: Transaction, name: str, table: TableSchema, part: Part) -> None:
    insert = with_names(
        "insert into {table} ({columns}) select {columns} from stage",
        table=name,
        columns=table.columns.names,
    )
    with backup.part(name, part) as file:
        for rows in _rows(backup, file, table, part):
            if name == "latest_moment":
                _go_on_after(backup, work, rows)
            elif name != "schema_version":
                _append(backup, work, insert, rows)


def _append(backup: BackupFile, work: Transaction, insert: str, rows: pa.Table) -> None:
    try:
        work.append(insert, rows)
    except StoreError as error:
        # The database was empty: the backup itself holds a key twice, or lacks a value.
        raise backup.damaged() if error.code == "conflict" else error from None


def _rows(
    backup: BackupFile, file: IO[bytes], table: TableSchema, part: Part
) -> Iterator[pa.Table]:
    """The rows of one part, some at a time, every one of them checked."""
    try:
        yield from _checked_rows(file, table, part)
    except _BROKEN:
        raise backup.damaged() from None


def _checked_rows(file: IO[bytes], table: TableSchema, part: Part) -> Iterator[pa.Table]:
    size = check_footer(file)
    metadata = pq.read_metadata(file)
    found = metadata.schema.to_arrow_schema().remove_metadata()
    if not _alike(found, table.columns) or metadata.num_rows != part.rows:
        raise UnlikeOurs("columns")
    if not metadata.num_rows:
        return
    check_pages(file, metadata)
    # Texts as they are kept, each once: a text that stands in a million rows is not repeated.
    texts = [field.name for field in table.columns if field.type in {pa.string(), pa.binary()}]
    parquet = pq.ParquetFile(file, read_dictionary=texts, buffer_size=_BLOCK)
    left = _EXPANSION[0] + _EXPANSION[1] * size
    for batch in parquet.iter_batches(_ROWS_AT_ONCE, use_threads=False):
        expanded = sum(map(_size, batch.columns))
        left -= expanded
        if expanded > _LARGEST_BATCH or left < 0:
            raise UnlikeOurs("expands too far")
        rows = pa.Table.from_batches([batch]).cast(table.columns)
        rows.validate(full=True)
        if not all(map(_is_sensible, rows.columns)):
            raise UnlikeOurs("values")
        yield rows


def _alike(found: pa.Schema, ours: pa.Schema) -> bool:
    return bool(found.names == ours.names and found.types == ours.types)


def _size(column: pa.Array) -> int:
    """Bytes of a column, written out."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary)
    return 8 * len(column) + int(pc.sum(lengths.take(column.indices)).as_py() or 0)


def _is_sensible(column: pa.ChunkedArray) -> bool:
    """Whether both databases, and Python, can hold the values."""
    if column.type == pa.string():
        return not pc.any(pc.match_substring(column, "\0")).as_py()
    if column.type in {pa.date32(), pa.timestamp("us")}:
        ends = [pa.scalar(each).cast(column.type) for each in (_EARLIEST, _LATEST)]
        least, most = (pc.min_max(column)[end] for end in ("min", "max"))
        return not least.is_valid or bool(
            pc.less_equal(ends[0], least).as_py() and pc.less_equal(most, ends[1]).as_py()
        )
    return True


def _go_on_after(backup: BackupFile, work: Transaction, moments: pa.Table) -> None:
    last: Any = pc.max(moments["moment"]).as_py()
    if last is None or not _CLOCK[0] <= last < _CLOCK[1]:
        raise backup.damaged()
    work.execute("update latest_moment set moment = greatest(moment, $1)", last)


def _check_empty(work: Transaction) -> None:
    for name in schema():
        one_row = with_names("select 1 as n from {table} limit 1", table=name)
        if name not in OWN and work.read(one_row).num_rows:
            raise StoreError(
                "not-empty",
                "The database holds something already, and a backup is restored only into an empty "
                "one: name a new one with --database. Nothing was changed.",
                indonesian="Basis data sudah berisi, padahal cadangan hanya dipulihkan ke basis "
                "data kosong: sebutkan basis data baru dengan --database. Tidak ada yang "
                "diubah.",
            )


def _told(contents: Contents) -> Backup:
    rows = {name: part.rows for name, part in contents.tables.items() if name not in OWN}
    return Backup(contents.version, contents.made_at, rows)
