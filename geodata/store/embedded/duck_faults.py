"""Translate DuckDB's errors of the file, the disk and the memory into `StoreError`.

DuckDB's message contains the system's message. The text is searched and never shown, because it may
contain a value of a row.
"""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb

from geodata.errors import StoreError
from geodata.files.system_errors import DISK_FULL_ERRNOS, PERMISSION_ERRNOS, TOO_MANY_FILES_ERRNOS
from geodata.store import faults

_HOLDER_PID: Final = re.compile(r"\(PID (\d+)\)")
_DATABASE_ERRORS: Final = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.TransactionException,
)
_FAULTS_BY_TEXT: Final[tuple[tuple[str, Callable[[], StoreError]], ...]] = (
    *((os.strerror(n), faults.disk_full) for n in sorted(DISK_FULL_ERRNOS)),
    # The limit of DuckDB's temporary files is the free space of the disk.
    ("max_temp_directory_size", faults.disk_full),
    *((os.strerror(n), faults.too_many_files) for n in sorted(TOO_MANY_FILES_ERRNOS)),
    (os.strerror(errno.EROFS), faults.read_only),
    *((os.strerror(n), faults.permission_denied) for n in sorted(PERMISSION_ERRNOS)),
    *(
        (words, faults.file_damaged)
        for words in (
            *("Corrupt", "Could not read enough bytes", "Failed to load metadata pointer"),
            *("replaying WAL", "WAL does not match"),
        )
    ),
    ("constraint violated", faults.key_conflict),
    ("Conflict on", faults.tables_locked),
)


def translate_error(error: duckdb.Error) -> StoreError | None:
    """The `StoreError` for a failure of the database; None for a mistake in the SQL."""
    if isinstance(error, duckdb.ConstraintException):
        return faults.key_conflict()
    # DuckDB reports a damaged block as its base class of errors.
    if not isinstance(error, _DATABASE_ERRORS) and type(error) is not duckdb.Error:
        return None
    for text, make_fault in _FAULTS_BY_TEXT:
        if text in str(error):
            return make_fault()
    if isinstance(error, duckdb.OutOfMemoryException):
        return faults.out_of_memory()
    return faults.database_failed()


def open_error(error: duckdb.Error, path: Path) -> StoreError:
    """The error for a file that cannot be opened as a database."""
    message = str(error)
    holder = _HOLDER_PID.search(message)
    if holder is not None:
        return StoreError(
            "database-held",
            f"{path.name} is in use by another process (PID {holder[1]}), which does not share "
            "the file. Only one process can open an embedded database: wait until that process "
            "ends, or stop it, then try again. If `mikrozonasi serve` has the file open, commands "
            "of the same user work through the server.",
            indonesian=f"{path.name} sedang dipakai proses lain (PID {holder[1]}), yang tidak "
            "membagi berkas itu. Basis data berkas hanya dapat dibuka satu proses: tunggu sampai "
            "proses itu selesai, atau hentikan, lalu coba lagi. Jika berkas itu dibuka oleh "
            "`mikrozonasi serve`, perintah dari pengguna yang sama bekerja melalui server itu.",
        )
    if "version number" in message:
        return StoreError(
            "schema-newer",
            f"{path.name} was made by a newer version of DuckDB than this program has. Install the "
            "newest version of mikrozonasi and open the file with it.",
            indonesian=f"{path.name} dibuat oleh versi DuckDB yang lebih baru daripada versi di "
            "program ini. Pasang versi terbaru mikrozonasi, lalu buka berkas dengan versi itu.",
        )
    if "valid DuckDB database" in message:
        return StoreError(
            "database-unreadable",
            f"{path.name} is no DuckDB database: the file is of another kind, or its beginning is "
            "damaged. Name another database with --database, or restore a backup into a new "
            "database (`mikrozonasi database restore`).",
            indonesian=f"{path.name} bukan basis data DuckDB: berkas itu berjenis lain, atau "
            "bagian awalnya rusak. Sebutkan basis data lain dengan --database, atau pulihkan "
            "cadangan ke basis data baru (`mikrozonasi database restore`).",
        )
    fault = translate_error(error)
    if fault is None or fault.code == "database-failed":
        return StoreError(
            "database-unreadable",
            f"{path.name} cannot be opened as a DuckDB database. Name another database with "
            "--database, or restore a backup into a new database (`mikrozonasi database "
            "restore`).",
            indonesian=f"{path.name} tidak dapat dibuka sebagai basis data DuckDB. Sebutkan "
            "basis data lain dengan --database, atau pulihkan cadangan ke basis data baru "
            "(`mikrozonasi database restore`).",
        )
    return StoreError(
        fault.code,
        f"{path.name} cannot be opened. {fault.message}",
        indonesian=f"{path.name} tidak dapat dibuka. {fault.indonesian}",
    )
