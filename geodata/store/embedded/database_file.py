"""The file of an embedded database before DuckDB opens it: whether it is there, and making it.

A file of 0 bytes is what a full disk leaves where a database was to be made: nothing is in it, so
it counts as none. What DuckDB would do to a journal without its database (delete it) or to one that
is none (pass over it without a word) is refused: it may be the only copy of what was written last.
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
from geodata.files.private import OWNER_ONLY, UNFINISHED
from geodata.files.system_errors import FULL, TOO_MANY
from geodata.store import faults
from geodata.store.embedded.connecting import connect
from geodata.store.embedded.duck_faults import not_opened
from geodata.store.embedded.file_length import is_cut

_JOURNAL_BEGINS: Final = b"d\x00b"
"""Field 100 of the first entry is its type, 98: the version of the journal."""
_WANTED: Final = 6
"""Descriptors: of the file, its journal, what does not fit into memory, and some to spare."""


def is_there(path: Path) -> bool:
    """Whether there is anything at a path that can hold a database.

    Raises
    ------
    StoreError
        ``database-unreadable`` for a folder; ``database-damaged`` for a journal without its
        database, or one that is none.
    """
    if path.is_dir():
        raise StoreError(
            "database-unreadable",
            f"{path.name} is a folder, and a database is one file. Name a file in it: "
            f"--database duckdb:///{path}/city.duckdb.",
            indonesian=f"{path.name} adalah folder, padahal basis data adalah satu berkas. "
            f"Sebutkan berkas di dalamnya: --database duckdb:///{path}/city.duckdb.",
        )
    there = path.exists() and (not path.is_file() or path.stat().st_size > 0)
    _check_journal(path, there=there)
    return there


def make_file(path: Path, megabytes: int) -> None:
    """Make a database without tables at a path where there is none, or a file of 0 bytes.

    Raises
    ------
    StoreError
        ``disk-full``, ``database-read-only``, ``database-refused``, ``too-many-files``.
    """
    try:
        check_descriptors()
        content = _new_database(path.absolute().parent, megabytes)
        _fill(path, content)
    except duckdb.Error as error:
        raise not_opened(error, path) from None
    except OSError as error:
        raise _not_made(error, path) from None


def check_length(path: Path) -> None:
    """See that the file is as long as it was written: DuckDB opens one that was cut.

    Raises
    ------
    StoreError
        ``database-damaged``.
    """
    if is_cut(path):
        fault = faults.damaged()
        raise StoreError(
            fault.code,
            f"{path.name} cannot be opened. {fault.message}",
            indonesian=f"{path.name} tidak dapat dibuka. {fault.indonesian}",
        )


def check_descriptors() -> None:
    """See that a few more files can be opened: where none can, DuckDB aborts the whole process.

    Raises
    ------
    StoreError
        ``too-many-files``.
    """
    opened: list[int] = []
    try:
        for _ in range(_WANTED):
            opened.append(os.open(os.devnull, os.O_RDONLY))  # noqa: PERF401  (closed where one fails)
    except OSError:
        raise faults.too_many_files() from None
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _new_database(folder: Path, megabytes: int) -> bytes:
    with tempfile.TemporaryDirectory(dir=folder, prefix=UNFINISHED) as made:
        file = Path(made) / "new.duckdb"
        connect(file, megabytes).close()
        return file.read_bytes()


def _fill(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            # As DuckDB locks it: who makes it at this moment holds it.
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


def _check_journal(path: Path, *, there: bool) -> None:
    journal = path.with_name(f"{path.name}.wal")
    try:
        with journal.open("rb") as file:
            begins = file.read(len(_JOURNAL_BEGINS))
    except OSError:
        return  # none, or one that DuckDB cannot open either
    if not begins:
        return
    if not there:
        raise StoreError(
            "database-damaged",
            f"{path.name} is not there or empty, and its journal {journal.name} is there, with "
            f"what was written last. Put {path.name} back beside it, or restore a backup "
            f"(`mikrozonasi database restore`) under another name. Move {journal.name} away to "
            "begin anew.",
            indonesian=f"{path.name} tidak ada atau kosong, tetapi jurnalnya, {journal.name}, "
            f"ada dan memuat tulisan terakhir. Kembalikan {path.name} ke sampingnya, atau "
            "pulihkan cadangan (`mikrozonasi database restore`) dengan nama lain. Pindahkan "
            f"{journal.name} untuk mulai dari awal.",
        )
    if not _JOURNAL_BEGINS.startswith(begins):
        raise StoreError(
            "database-damaged",
            f"{journal.name} beside {path.name} is no journal of a database, or it is damaged. Put "
            "the right one back, or restore a backup (`mikrozonasi database restore`). Moved away, "
            f"{path.name} opens without what was written last.",
            indonesian=f"{journal.name} di samping {path.name} bukan jurnal basis data, atau "
            "jurnal itu rusak. Kembalikan jurnal yang benar, atau pulihkan cadangan "
            f"(`mikrozonasi database restore`). Jika jurnal itu dipindahkan, {path.name} dapat "
            "dibuka tanpa tulisan terakhir.",
        )


def _not_made(error: OSError, path: Path) -> StoreError:
    if error.errno in FULL:
        fault = faults.disk_full()
    elif error.errno == errno.EROFS:
        fault = faults.read_only()
    elif error.errno in TOO_MANY:
        fault = faults.too_many_files()
    else:
        return StoreError(
            "database-refused",
            f"{path.name} cannot be made ({os.strerror(error.errno or 0)}). Check who may write in "
            "its folder, or name another with --database.",
            indonesian=f"{path.name} tidak dapat dibuat ({os.strerror(error.errno or 0)}). "
            "Periksa siapa yang boleh menulis di foldernya, atau sebutkan basis data lain "
            "dengan --database.",
        )
    return StoreError(
        fault.code,
        f"{path.name} cannot be made. {fault.message}",
        indonesian=f"{path.name} tidak dapat dibuat. {fault.indonesian}",
    )
