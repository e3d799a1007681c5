"""Errors of the operating system about files, translated to our errors: a code and a sentence.

A sentence has the name of the file, never its content.
"""

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from geodata.errors import InputError, MikrozonasiError, NotFoundError
from geodata.language import Bilingual

DISK_FULL_ERRNOS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The disk, a quota, or a limit on the size of files is full."""
TOO_MANY_FILES_ERRNOS: Final = frozenset({errno.EMFILE, errno.ENFILE})
PERMISSION_ERRNOS: Final = frozenset({errno.EACCES, errno.EPERM})
_UNNAMED_PATH: Final = Bilingual("Jalur yang disebut", "The named path")
"""The name of ``.`` and of ``/`` is empty."""


def is_disk_full(error: OSError) -> bool:
    """Whether the disk is full, or the disk of temporary files."""
    # Python tests folders for temporary files by a write; on a full disk every test fails.
    return error.errno in DISK_FULL_ERRNOS or "temporary directory" in str(error.strerror)


def temporary_folder() -> str:
    """The folder of temporary files, for a sentence; its disk may be full."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return os.environ.get("TMPDIR", "/tmp")  # noqa: S108  (only its name is used)


def write_error(error: OSError, name: str) -> InputError:
    """Why a file could not be written."""
    if is_disk_full(error):
        return InputError(
            "disk-full",
            f"There is no room to write {name}: the disk of its folder or of the temporary folder "
            f"({temporary_folder()}) is full, or a limit on the size of files is reached. A "
            "file of that name is as it was before. Make room, then do it again.",
            indonesian=f"Tidak ada ruang untuk menulis {name}: disk foldernya atau disk folder "
            f"sementara ({temporary_folder()}) penuh, atau batas ukuran berkas tercapai. Berkas "
            "dengan nama itu tetap seperti semula. Sediakan ruang, lalu ulangi.",
        )
    if error.errno in TOO_MANY_FILES_ERRNOS:
        return _too_many_files()
    if error.errno == errno.EROFS:
        reason = Bilingual(
            "disk itu hanya dapat dibaca. Sebutkan berkas di disk lain.",
            "the disk is read-only. Name a file on another disk.",
        )
    elif error.errno in PERMISSION_ERRNOS:
        reason = Bilingual(
            "pengguna ini tidak boleh menulis di sana. Periksa siapa yang boleh menulis di folder "
            "itu.",
            "this user may not write there. Check who may write in the folder.",
        )
    elif error.errno is None:
        reason = Bilingual(
            "periksa siapa yang boleh menulis di sana, dan apakah berkas dengan nama itu berjenis "
            "sama.",
            "check who may write there, and that a file of that name is of the same kind.",
        )
    else:
        reason = Bilingual(
            f"sistem menjawab: {_error_text(error)}.", f"the system says: {_error_text(error)}."
        )
    return InputError(
        "not-written",
        f"{name or _UNNAMED_PATH.en} cannot be written: {reason.en}",
        indonesian=f"{name or _UNNAMED_PATH.id} tidak dapat ditulis: {reason.id}",
    )


def read_error(error: OSError, name: str) -> MikrozonasiError:
    """Why a file could not be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NotFoundError(
            "no-file",
            f"There is no file {name} to read. Check its name and folder.",
            indonesian=f"Tidak ada berkas {name} untuk dibaca. Periksa nama dan foldernya.",
        )
    if error.errno in TOO_MANY_FILES_ERRNOS:
        return _too_many_files()
    if isinstance(error, IsADirectoryError):
        reason = Bilingual(
            "adalah folder. Sebutkan berkas di folder itu.",
            "is a folder. Name a file in that folder.",
        )
    elif error.errno in PERMISSION_ERRNOS:
        reason = Bilingual(
            "tidak boleh dibaca pengguna ini. Periksa siapa yang boleh membaca berkas itu.",
            "cannot be read by this user. Check who may read the file.",
        )
    else:
        reason = Bilingual(
            f"tidak dapat dibaca: sistem menjawab: {_error_text(error)}.",
            f"cannot be read: the system says: {_error_text(error)}.",
        )
    return InputError(
        "not-read",
        f"{name or _UNNAMED_PATH.en} {reason.en}",
        indonesian=f"{name or _UNNAMED_PATH.id} {reason.id}",
    )


def system_error(error: OSError) -> MikrozonasiError:
    """An error of the system that no other function here explains."""
    name = Path(os.fsdecode(error.filename)).name if _is_path(error.filename) else ""
    if is_disk_full(error):
        return InputError(
            "disk-full",
            f"There is no room {f'to write {name}' if name else 'on the disk'}: a disk or the "
            f"temporary folder ({temporary_folder()}) is full. Make room, then do it again.",
            indonesian=f"Tidak ada ruang {f'untuk menulis {name}' if name else 'di disk'}: "
            f"sebuah disk atau folder sementara ({temporary_folder()}) penuh. Sediakan ruang, "
            "lalu ulangi.",
        )
    if error.errno in TOO_MANY_FILES_ERRNOS:
        return _too_many_files()
    unnamed = Bilingual("Sebuah berkas atau koneksi", "A file or a connection")
    subject = Bilingual(name, name) if name else unnamed
    return InputError(
        "system-refused",
        f"{subject.en} cannot be used: the system says: {_error_text(error)}.",
        indonesian=f"{subject.id} tidak dapat dipakai: sistem menjawab: {_error_text(error)}.",
    )


def _too_many_files() -> InputError:
    return InputError(
        "too-many-files",
        "This process or this machine has too many files open. Close other programs or raise the "
        "limit (`ulimit -n`), then do it again.",
        indonesian="Proses ini atau mesin ini membuka terlalu banyak berkas. Tutup program lain "
        "atau naikkan batasnya (`ulimit -n`), lalu ulangi.",
    )


def _is_path(name: object) -> bool:
    return isinstance(name, str | bytes)


def _error_text(error: OSError) -> str:
    # The text of the error itself may hold content of the file.
    return os.strerror(error.errno) if error.errno else type(error).__name__
