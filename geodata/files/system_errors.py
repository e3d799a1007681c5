"""What the operating system refuses about a file, as an error of ours: a code and one sentence.

A sentence names the file, never what is in the file.
"""

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from geodata.errors import InputError, MikrozonasiError, NotFoundError
from geodata.language import Bilingual

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""No room: the disk, a user's quota, or a limit on the size of files."""
TOO_MANY: Final = frozenset({errno.EMFILE, errno.ENFILE})
FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM})
_NAMELESS: Final = Bilingual("Yang disebut", "What is named")
"""The name of ``.`` and ``/`` is empty."""


def is_full(error: OSError) -> bool:
    """Whether there is no room: on the disk, or where temporary files go."""
    # Python looks for a folder of temporary files by writing to each, and finds none.
    return error.errno in FULL or "temporary directory" in str(error.strerror)


def temporary_folder() -> str:
    """Where temporary files go, for a sentence; also where no file can be written there."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return os.environ.get("TMPDIR", "/tmp")  # noqa: S108  (the name of it, not a use)


def not_written(error: OSError, name: str) -> InputError:
    """Why a file could not be written."""
    if is_full(error):
        return InputError(
            "disk-full",
            f"There is no room to write {name}: the disk of its folder or of the temporary folder "
            f"({temporary_folder()}) is full, or a limit on the size of files is reached. A "
            "file of that name is as it was before. Make room, then do it again.",
            indonesian=f"Tidak ada ruang untuk menulis {name}: disk foldernya atau disk folder "
            f"sementara ({temporary_folder()}) penuh, atau batas ukuran berkas tercapai. Berkas "
            "dengan nama itu tetap seperti semula. Sediakan ruang, lalu ulangi.",
        )
    if error.errno in TOO_MANY:
        return _too_many_files()
    if error.errno == errno.EROFS:
        reason = Bilingual(
            "disk itu hanya dapat dibaca. Sebutkan berkas di disk lain.",
            "the disk is read-only. Name a file on another disk.",
        )
    elif error.errno in FORBIDDEN:
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
            f"sistem menjawab: {_words(error)}.", f"the system says: {_words(error)}."
        )
    return InputError(
        "not-written",
        f"{name or _NAMELESS.en} cannot be written: {reason.en}",
        indonesian=f"{name or _NAMELESS.id} tidak dapat ditulis: {reason.id}",
    )


def not_read(error: OSError, name: str) -> MikrozonasiError:
    """Why a file could not be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NotFoundError(
            "no-file",
            f"There is no file {name} to read. Check its name and folder.",
            indonesian=f"Tidak ada berkas {name} untuk dibaca. Periksa nama dan foldernya.",
        )
    if error.errno in TOO_MANY:
        return _too_many_files()
    if isinstance(error, IsADirectoryError):
        reason = Bilingual(
            "adalah folder. Sebutkan berkas di folder itu.",
            "is a folder. Name a file in that folder.",
        )
    elif error.errno in FORBIDDEN:
        reason = Bilingual(
            "tidak boleh dibaca pengguna ini. Periksa siapa yang boleh membaca berkas itu.",
            "cannot be read by this user. Check who may read the file.",
        )
    else:
        reason = Bilingual(
            f"tidak dapat dibaca: sistem menjawab: {_words(error)}.",
            f"cannot be read: the system says: {_words(error)}.",
        )
    return InputError(
        "not-read",
        f"{name or _NAMELESS.en} {reason.en}",
        indonesian=f"{name or _NAMELESS.id} {reason.id}",
    )


def refused(error: OSError) -> MikrozonasiError:
    """What the system refused, where nobody said what was being done."""
    name = Path(os.fsdecode(error.filename)).name if _is_path(error.filename) else ""
    if is_full(error):
        return InputError(
            "disk-full",
            f"There is no room {f'to write {name}' if name else 'on the disk'}: a disk or the "
            f"temporary folder ({temporary_folder()}) is full. Make room, then do it again.",
            indonesian=f"Tidak ada ruang {f'untuk menulis {name}' if name else 'di disk'}: "
            f"sebuah disk atau folder sementara ({temporary_folder()}) penuh. Sediakan ruang, "
            "lalu ulangi.",
        )
    if error.errno in TOO_MANY:
        return _too_many_files()
    unnamed = Bilingual("Sebuah berkas atau koneksi", "A file or a connection")
    what = Bilingual(name, name) if name else unnamed
    return InputError(
        "system-refused",
        f"{what.en} cannot be used: the system says: {_words(error)}.",
        indonesian=f"{what.id} tidak dapat dipakai: sistem menjawab: {_words(error)}.",
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


def _words(error: OSError) -> str:
    # Not the error's own text: a library may have put anything into that.
    return os.strerror(error.errno) if error.errno else type(error).__name__
