"""Check or make the file of an embedded database before DuckDB opens the file.

A file of 0 bytes, which a full disk leaves when a database is made, counts as no file. DuckDB would
delete a journal without its database, and silently ignore a file that is no journal. Both are
rejected here: the journal may be the only copy of the newest rows.
"""

import errno
import fcntl
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb

from geodata.errors import StoreError
from geodata.files.private import INCOMPLETE_PREFIX, OWNER_ONLY
from geodata.files.system_errors import DISK_FULL_ERRNOS, TOO_MANY_FILES_ERRNOS
from geodata.store import faults
from geodata.store.embedded.connecting import connect
from geodata.store.embedded.duck_faults import open_error
from geodata.store.embedded.file_length import is_truncated

_JOURNAL_MAGIC: Final = b"d\x00b"
"""Field 100 of the first entry is the entry type 98: the version of the journal."""
_DESCRIPTORS_NEEDED: Final = 6
"""File descriptors for the file, its journal, the temporary file, and a reserve."""


def database_exists(path: Path) -> bool:
    """Whether there is a file at a path that may hold a database.

    Raises
    ------
    StoreError
        ``database-unreadable`` for a folder; ``database-damaged`` for a journal without its
        database, or for a file that is no journal.
    """
    if path.is_dir():
        raise StoreError(
            "database-unreadable",
            f"{path.name} is a folder, but a database is one file. Name a file in this folder: "
            f"--database duckdb:///{path}/city.duckdb.",
            indonesian=f"{path.name} adalah folder, padahal basis data adalah satu berkas. "
            f"Sebutkan berkas di folder ini: --database duckdb:///{path}/city.duckdb.",
        )
    exists = path.exists() and (not path.is_file() or path.stat().st_size > 0)
    _check_journal(path, database_exists=exists)
    return exists


def make_file(path: Path, megabytes: int) -> None:
    """Make a database without tables at a path without a file, or with a file of 0 bytes.

    Raises
    ------
    StoreError
        ``disk-full``, ``database-read-only``, ``database-refused``, ``too-many-files``.
    """
    try:
        check_descriptors()
        content = _new_database(path.absolute().parent, megabytes)
        _write_new_file(path, content)
    except duckdb.Error as error:
        raise open_error(error, path) from None
    except OSError as error:
        raise _creation_error(error, path) from None


def check_length(path: Path) -> None:
    """Check that the file is complete. DuckDB opens a truncated file without an error.

    Raises
    ------
    StoreError
        ``database-damaged``.
    """
    if is_truncated(path):
        fault = faults.file_damaged()
        raise StoreError(
            fault.code,
            f"{path.name} cannot be opened. {fault.message}",
            indonesian=f"{path.name} tidak dapat dibuka. {fault.indonesian}",
        )


def check_descriptors() -> None:
    """Check that a few more files can be opened. If none can, DuckDB aborts the whole process.

    Raises
    ------
    StoreError
        ``too-many-files``.
    """
    descriptors: list[int] = []
    try:
        for _ in range(_DESCRIPTORS_NEEDED):
            descriptors.append(os.open(os.devnull, os.O_RDONLY))  # noqa: PERF401  (closed where one fails)
    except OSError:
        raise faults.too_many_files() from None
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _new_database(folder: Path, megabytes: int) -> bytes:
    with tempfile.TemporaryDirectory(dir=folder, prefix=INCOMPLETE_PREFIX) as folder_name:
        file = Path(folder_name) / "new.duckdb"
        connect(file, megabytes).close()
        return file.read_bytes()


def _write_new_file(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            # The same lock as DuckDB's: another process that makes the file now holds the lock.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        if os.fstat(file.fileno()).st_size:
            return
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                os.ftruncate(file.fileno(), 0)
                path.unlink()
            raise


def _check_journal(path: Path, *, database_exists: bool) -> None:
    journal = path.with_name(f"{path.name}.wal")
    try:
        with journal.open("rb") as file:
            head = file.read(len(_JOURNAL_MAGIC))
    except OSError:
        return  # no journal, or DuckDB cannot open it either
    if not head:
        return
    if not database_exists:
        raise StoreError(
            "database-damaged",
            f"{path.name} is missing or empty, but its journal {journal.name} exists and holds "
            f"the newest rows. Put {path.name} back into the same folder, or restore a backup "
            f"(`mikrozonasi database restore`) under another name. Move {journal.name} to another "
            "folder to begin with an empty database.",
            indonesian=f"{path.name} tidak ada atau kosong, tetapi jurnalnya, {journal.name}, "
            f"ada dan memuat baris terbaru. Kembalikan {path.name} ke folder yang sama, atau "
            "pulihkan cadangan (`mikrozonasi database restore`) dengan nama lain. Pindahkan "
            f"{journal.name} ke folder lain untuk mulai dengan basis data kosong.",
        )
    if not _JOURNAL_MAGIC.startswith(head):
        raise StoreError(
            "database-damaged",
            f"{journal.name} next to {path.name} is no journal of a database, or the journal is "
            "damaged. Put the right journal back, or restore a backup (`mikrozonasi database "
            f"restore`). If you move the journal to another folder, {path.name} opens without the "
            "newest rows.",
            indonesian=f"{journal.name} di samping {path.name} bukan jurnal basis data, atau "
            "jurnal itu rusak. Kembalikan jurnal yang benar, atau pulihkan cadangan "
            f"(`mikrozonasi database restore`). Jika jurnal itu dipindahkan ke folder lain, "
            f"{path.name} terbuka tanpa baris terbaru.",
        )


def _creation_error(error: OSError, path: Path) -> StoreError:
    if error.errno in DISK_FULL_ERRNOS:
        fault = faults.disk_full()
    elif error.errno == errno.EROFS:
        fault = faults.read_only()
    elif error.errno in TOO_MANY_FILES_ERRNOS:
        fault = faults.too_many_files()
    else:
        return StoreError(
            "database-refused",
            f"{path.name} cannot be made ({os.strerror(error.errno or 0)}). Check who may write in "
            "its folder, or name another database with --database.",
            indonesian=f"{path.name} tidak dapat dibuat ({os.strerror(error.errno or 0)}). "
            "Periksa siapa yang boleh menulis di foldernya, atau sebutkan basis data lain "
            "dengan --database.",
        )
    return StoreError(
        fault.code,
        f"{path.name} cannot be made. {fault.message}",
        indonesian=f"{path.name} tidak dapat dibuat. {fault.indonesian}",
    )
