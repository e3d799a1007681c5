"""What DuckDB says when its file, its disk or its memory fails, as errors of ours.

DuckDB passes on the words of the system; they are looked for and never shown, for what stands
beside them may be a value of a row.
"""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb

from geodata.errors import StoreError
from geodata.files.system_errors import FORBIDDEN, FULL, TOO_MANY
from geodata.store import faults

_HOLDER: Final = re.compile(r"\(PID (\d+)\)")
_TROUBLE: Final = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.TransactionException,
)
_BY_WORDS: Final[tuple[tuple[str, Callable[[], StoreError]], ...]] = (
    *((os.strerror(n), faults.disk_full) for n in sorted(FULL)),
    # What does not fit into memory goes to the disk, as far as that has room.
    ("max_temp_directory_size", faults.disk_full),
    *((os.strerror(n), faults.too_many_files) for n in sorted(TOO_MANY)),
    (os.strerror(errno.EROFS), faults.read_only),
    *((os.strerror(n), faults.not_allowed) for n in sorted(FORBIDDEN)),
    *(
        (words, faults.damaged)
        for words in (
            *("Corrupt", "Could not read enough bytes", "Failed to load metadata pointer"),
            *("replaying WAL", "WAL does not match"),
        )
    ),
    ("constraint violated", faults.conflict),
    ("Conflict on", faults.in_the_way),
)


def fault_of(error: duckdb.Error) -> StoreError | None:
    """What happened to the database; None where it is a mistake in the SQL."""
    if isinstance(error, duckdb.ConstraintException):
        return faults.conflict()
    # A damaged block is told as an error of no kind.
    if not isinstance(error, _TROUBLE) and type(error) is not duckdb.Error:
        return None
    for words, fault in _BY_WORDS:
        if words in str(error):
            return fault()
    if isinstance(error, duckdb.OutOfMemoryException):
        return faults.out_of_memory()
    return faults.failed()


def not_opened(error: duckdb.Error, path: Path) -> StoreError:
    """Why a file could not be opened as a database."""
    said = str(error)
    holder = _HOLDER.search(said)
    if holder is not None:
        return StoreError(
            "database-held",
            f"{path.name} is held by another process (PID {holder[1]}) that works for no "
            "other. An embedded database has one process at a time: wait until that one is "
            "done, or stop it, then try again. While `mikrozonasi serve` holds it, commands "
            "of the same user work through the server.",
            indonesian=f"{path.name} sedang dipakai proses lain (PID {holder[1]}) yang tidak "
            "melayani program lain. Basis data berkas dipakai satu proses pada satu waktu: "
            "tunggu sampai proses itu selesai, atau hentikan, lalu coba lagi. Selama "
            "`mikrozonasi serve` memakainya, perintah dari pengguna yang sama bekerja melalui "
            "server itu.",
        )
    if "version number" in said:
        return StoreError(
            "schema-newer",
            f"{path.name} was made by a newer version of DuckDB than this program has. Install the "
            "newest version of mikrozonasi and open it with that.",
            indonesian=f"{path.name} dibuat oleh versi DuckDB yang lebih baru daripada versi di "
            "program ini. Pasang versi terbaru mikrozonasi, lalu buka dengan versi itu.",
        )
    if "valid DuckDB database" in said:
        return StoreError(
            "database-unreadable",
            f"{path.name} is no DuckDB database: the file is of another kind, or its beginning is "
            "damaged. Name another with --database, or restore a backup into a new one "
            "(`mikrozonasi database restore`).",
            indonesian=f"{path.name} bukan basis data DuckDB: berkas itu berjenis lain, atau "
            "bagian awalnya rusak. Sebutkan basis data lain dengan --database, atau pulihkan "
            "cadangan ke basis data baru (`mikrozonasi database restore`).",
        )
    fault = fault_of(error)
    if fault is None or fault.code == "database-failed":
        return StoreError(
            "database-unreadable",
            f"{path.name} cannot be opened as a DuckDB database.",
            indonesian=f"{path.name} tidak dapat dibuka sebagai basis data DuckDB.",
        )
    return StoreError(
        fault.code,
        f"{path.name} cannot be opened. {fault.message}",
        indonesian=f"{path.name} tidak dapat dibuka. {fault.indonesian}",
    )
